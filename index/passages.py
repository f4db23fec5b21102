"""Document → passages: paragraphs under their headings, the long ones split at sentence ends."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

import regex

from index.documents import Span
from index.numbering import heads
from index.sentences import ends_like_a_sentence, split_sentences, trimmed
from index.structure import Block

# Part of an index's identity: raise it when this file or sentences.py splits differently.
SPLITTER = 4

_QUOTABLE = ("paragraph", "lines")
_HEADING_CHARS = 120
_WRAP_LEAST, _WRAP_CHARS = 40, 120
_FURNITURE_WORDS = 3
_TITLE_WORDS = 5
_LEAD_CHARS = 100
# A bullet, a number, that of a clause (not "3.5 tons"), or the time of a line of chat.
_ITEM = regex.compile(
    r"(?:[-*•‣◦–—·]|\p{N}{1,3}(?:\.\p{N}{1,3})+\.?(?=\s+[\p{Lu}\p{Lo}(\"“‘'])|\(?\p{N}{1,3}[.)]|\(?\p{L}[.)]|"
    r"\[\p{N}[\p{N}:., /-]*\]|\p{N}{1,2}:\p{N}{2}(?::\p{N}{2})?)\s"
)
# The marks before each line of a mail that is answered.
_CITED = regex.compile(r"[^\S\n]*+(?:>[^\S\n]*+)+")
_ROW = regex.compile(r"\||.*\S\t+\S")
# "Door code: 4711", but also "10:35 Anna: ok".
_FACT = regex.compile(
    r"(?:[^:]|:(?=\p{N})){1,40}:\s+\S|(?:tel|phone|fax|mobile)\b\P{N}*+\p{N}|(?:\S{1,40}\s)?\S{1,64}@\S{1,64}$", regex.I
)
_DIVISION = regex.compile(r"(?:chapter|part|section|appendix)\b", regex.I)
_VALUE = regex.compile(r"[\p{N})]$|\S@\S{1,64}$")


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph as a reader counts them: ``number`` is 1-based. ``lines``: each line stands for itself.

    ``joined``: of those lines, the starts of the ones that carry on the line before.
    """

    span: Span
    number: int
    heading: str | None
    lines: bool
    joined: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class PassageSpan:
    """A run of whole sentences of one paragraph, and those sentences, in reading order."""

    span: Span
    sentences: tuple[Span, ...]
    heading: str | None
    paragraph: int


@dataclass(frozen=True, slots=True)
class _Block:
    """A paragraph, or a short line without a closing mark that may turn out to be a heading."""

    span: Span
    lines: bool = False
    may_head: bool = False
    joined: tuple[int, ...] = ()


def split_passages(text: str, passage_chars: int, blocks: Sequence[Block] | None = None) -> list[PassageSpan]:
    """The passages of a document, in reading order, each of one paragraph; ``blocks`` as for ``paragraphs``.

    A passage holds at most ``passage_chars`` characters unless one sentence alone is longer. Headings, the
    title and page furniture (a line of at most three words that heads nothing) belong to no passage.
    """
    passages: list[PassageSpan] = []
    for paragraph in paragraphs(text, blocks):
        run: list[Span] = []
        for sentence in split_sentences(text, paragraph.span, lines=paragraph.lines, joined=paragraph.joined):
            if run and sentence.end - run[0].start > passage_chars:
                passages.append(_passage(run, paragraph))
                run = []
            run.append(sentence)
        if run:
            passages.append(_passage(run, paragraph))
    return passages


def first_heading(text: str, blocks: Sequence[Block] | None = None) -> str | None:
    """The first heading of a document, which names it when it has no card; ``blocks`` as for ``paragraphs``.

    Where it is inferred and several lines stand before the first paragraph, the first of them.
    """
    if blocks is not None:
        return next((_words(text, block) for block in blocks if block.kind == "heading"), None)
    opening: list[_Block] = []
    for block in _blocks(text):
        if not block.may_head:
            if len(opening) > 1:
                return " ".join(opening[0].span.of(text).split())
            break
        opening.append(block)
    return next((paragraph.heading for paragraph in paragraphs(text) if paragraph.heading), None)


def paragraphs(text: str, blocks: Sequence[Block] | None = None) -> Iterator[Paragraph]:
    """Paragraphs in reading order, each with the heading it stands under.

    ``blocks`` are what the document's format tells of it. Without them all is inferred:

    A heading is the last of a run of short unterminated lines right before a paragraph; a line that tells a fact,
    such as "Door code: 4711", is a paragraph. The others of the run head nothing: they are dropped when they are page
    furniture or the document's title, else kept as text. A document of nothing but such lines keeps them all.
    """
    if blocks is not None:
        yield from _told(text, blocks)
        return
    number = 0
    heading: str | None = None
    waiting: list[_Block] = []
    seen_text = False

    def settle(headless: list[_Block]) -> Iterator[Paragraph]:
        nonlocal number
        kept: list[_Block] = []
        for position, block in enumerate(headless):
            words = len(block.span.of(text).split())
            is_title = not seen_text and position == 0
            if len(headless) > 3 or (words > _FURNITURE_WORDS and not is_title):
                kept.append(block)
        if headless is waiting and not number and not kept:
            # The document ends and holds nothing else: then these lines are what it says.
            kept = headless
        for block in kept:
            number += 1
            yield Paragraph(block.span, number, heading, lines=False)

    for block in _blocks(text):
        if block.may_head:
            waiting.append(block)
            continue
        yield from settle(waiting[:-1])
        if waiting:
            heading = " ".join(waiting[-1].span.of(text).split())
            waiting = []
        number += 1
        seen_text = True
        yield Paragraph(block.span, number, heading, block.lines, block.joined)
    yield from settle(waiting)


def _told(text: str, blocks: Sequence[Block]) -> Iterator[Paragraph]:
    quotable = any(block.kind in _QUOTABLE for block in blocks)
    # A document of nothing but headings is a document all the same.
    kinds = _QUOTABLE if quotable else ("heading",)
    number = 0
    heading: str | None = None
    for block in blocks:
        if block.kind == "heading" and quotable:
            heading = _words(text, block)
        elif block.kind in kinds:
            number += 1
            yield Paragraph(Span(block.start, block.end), number, heading, block.kind == "lines")


def _words(text: str, block: Block) -> str:
    return " ".join(text[block.start : block.end].split())


def _passage(run: list[Span], paragraph: Paragraph) -> PassageSpan:
    return PassageSpan(Span(run[0].start, run[-1].end), tuple(run), paragraph.heading, paragraph.number)


def _blocks(text: str) -> Iterator[_Block]:
    found = list(_unnumbered(text))
    words = ["", *(block.span.of(text) for block in found), ""]
    for block, (before, its, after) in zip(found, zip(words, words[1:], words[2:], strict=False), strict=False):
        bare = not block.lines and "\n" not in its and not ends_like_a_sentence(its) and not _FACT.match(its)
        yield replace(block, may_head=True) if bare and heads(before, its, after) else block


def _unnumbered(text: str) -> Iterator[_Block]:
    """The blocks, in which no numbered line may head. Each level of a mail that is answered has its own."""
    block: list[Span] = []
    at = depth = 0
    while at <= len(text):
        end = text.find("\n", at)
        end = len(text) if end < 0 else end
        marks = _CITED.match(text, at, end)
        line = trimmed(text, marks.end() if marks else at, end)
        deep = marks.group().count(">") if marks else 0
        if block and (line is None or deep != depth):
            yield from _parts(text, block)
            block = []
        if line is not None:
            block.append(line)
        at, depth = end + 1, deep
    if block:
        yield from _parts(text, block)


def _parts(text: str, block: list[Span]) -> Iterator[_Block]:
    """Take a run of non-blank lines apart: hard-wrapped prose, a list, or lines that stand for themselves."""
    whole = Span(block[0].start, block[-1].end)
    if len(block) == 1:
        yield _line(text, whole)
    elif _is_wrapped(text, block):
        yield _Block(whole)
    elif _is_wrapped(text, block[1:]) and _is_bare(block[0].of(text)):
        yield _line(text, block[0], followed=True)
        yield _Block(Span(block[1].start, block[-1].end))
    else:
        bare: list[list[Span]] = []
        for group in _groups(text, block):
            words = text[group[0].start : group[-1].end]
            if ends_like_a_sentence(words) and not _ITEM.match(words):
                yield from _bare_lines(text, bare, followed=True)
                bare = []
                yield _Block(Span(group[0].start, group[-1].end))
            else:
                bare.append(group)
        yield from _bare_lines(text, bare, followed=False)


def _groups(text: str, block: list[Span]) -> Iterator[list[Span]]:
    """The lines of a block, each with those that carry it on."""
    longest = max(line.end - line.start for line in block)
    group = [block[0]]
    for line in block[1:]:
        if _carries_on(text, group, line, longest):
            group.append(line)
        else:
            yield group
            group = [line]
    yield group


def _carries_on(text: str, group: list[Span], line: Span, longest: int) -> bool:
    words = line.of(text)
    if _ITEM.match(words) or _ROW.match(words):
        return False
    in_item = _ITEM.match(group[0].of(text)) is not None
    if in_item and _indent(text, line) > _indent(text, group[0]):
        return True
    before = group[-1].of(text)
    # In a list without bullets lines may begin in lower case too, but they are short.
    if len(before) < _WRAP_LEAST or ends_like_a_sentence(before):
        return False
    return words[0].islower() or (in_item and not _fits(before, words, longest))


def _fits(line: str, following: str, width: int) -> bool:
    """Whether the first word of the following line would have gone on this one."""
    return len(line) + 1 + len(following.split(maxsplit=1)[0]) <= width


def _indent(text: str, line: Span) -> int:
    return line.start - text.rfind("\n", 0, line.start)


def _bare_lines(text: str, bare: list[list[Span]], followed: bool) -> Iterator[_Block]:
    if len(bare) >= 3 or (bare and all(_ITEM.match(group[0].of(text)) for group in bare)):
        joined = tuple(text.rfind("\n", 0, line.start) + 1 for group in bare for line in group[1:])
        yield _Block(Span(bare[0][0].start, bare[-1][-1].end), lines=True, joined=joined)
    else:
        spans = [Span(group[0].start, group[-1].end) for group in bare]
        # Two figures one below the other are both facts.
        followed |= len(spans) > 1 and all(_VALUE.search(span.of(text)) for span in spans)
        for position, span in enumerate(spans, 1):
            yield _line(text, span, followed or position < len(spans))


def _line(text: str, line: Span, followed: bool = False) -> _Block:
    """``followed``: by a line of the same block, not by a blank one."""
    words = line.of(text)
    tells = bool(_FACT.match(words) or (followed and _VALUE.search(words))) and not _DIVISION.match(words)
    if tells and not followed and len(words.split()) >= _TITLE_WORDS:
        # "The Lamp Tax: A Short History" opens a document.
        tells = line.start >= _LEAD_CHARS or bool(text[: line.start].strip())
    # "Dear Ms. Hall," opens a letter.
    may_head = len(words) <= _HEADING_CHARS and _is_bare(words) and not tells and not words.endswith(",")
    return _Block(line, may_head=may_head and not _ROW.match(words) and "\n" not in words)


def _is_bare(words: str) -> bool:
    return not ends_like_a_sentence(words) and not _ITEM.match(words)


def _is_wrapped(text: str, block: list[Span]) -> bool:
    if len(block) < 2:
        return False
    lines = [line.of(text) for line in block]
    if sum(bool(_ITEM.match(line) or _ROW.match(line)) for line in lines) > 1 or all(map(_FACT.match, lines)):
        return False
    if _FACT.match(lines[0]) and _VALUE.search(lines[0]) and not lines[1][0].islower():
        return False
    # A line of one long word, an address say, is as long as that word.
    longest = max((len(line) for line in lines if len(line.split()) > 1), default=0)
    return _WRAP_LEAST <= longest <= _WRAP_CHARS and all(
        len(line) >= 0.6 * longest or not _fits(line, following, longest) for line, following in pairwise(lines)
    )
