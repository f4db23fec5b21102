"""Document → passages: paragraphs under their headings, the long ones split at sentence ends."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import regex

from index.documents import Span
from index.sentences import ends_like_a_sentence, split_sentences, trimmed
from index.structure import Block

# Part of an index's identity: raise it when this file or sentences.py splits differently.
SPLITTER = 1

_QUOTABLE = ("paragraph", "lines")
_HEADING_CHARS = 120
_WRAP_CHARS = 120
_FURNITURE_WORDS = 3
_ITEM = regex.compile(r"(?:[-*•‣◦–—·]|\(?\p{N}{1,3}[.)]|\(?\p{L}[.)])\s")


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph as a reader counts them: ``number`` is 1-based. ``lines``: each line stands for itself."""

    span: Span
    number: int
    heading: str | None
    lines: bool


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


def split_passages(text: str, passage_chars: int, blocks: Sequence[Block] | None = None) -> list[PassageSpan]:
    """The passages of a document, in reading order, each of one paragraph; ``blocks`` as for ``paragraphs``.

    A passage holds at most ``passage_chars`` characters unless one sentence alone is longer. Headings, the
    title and page furniture (a line of at most three words that heads nothing) belong to no passage.
    """
    passages: list[PassageSpan] = []
    for paragraph in paragraphs(text, blocks):
        run: list[Span] = []
        for sentence in split_sentences(text, paragraph.span, lines=paragraph.lines):
            if run and sentence.end - run[0].start > passage_chars:
                passages.append(_passage(run, paragraph))
                run = []
            run.append(sentence)
        if run:
            passages.append(_passage(run, paragraph))
    return passages


def first_heading(text: str, blocks: Sequence[Block] | None = None) -> str | None:
    """The first heading of a document, which names it when it has no card; ``blocks`` as for ``paragraphs``."""
    if blocks is not None:
        return next((_words(text, block) for block in blocks if block.kind == "heading"), None)
    return next((paragraph.heading for paragraph in paragraphs(text) if paragraph.heading), None)


def paragraphs(text: str, blocks: Sequence[Block] | None = None) -> Iterator[Paragraph]:
    """Paragraphs in reading order, each with the heading it stands under.

    ``blocks`` are what the document's format tells of it. Without them all is inferred:

    A heading is the last of a run of short unterminated lines right before a paragraph. The others of the run
    head nothing: they are dropped when they are page furniture or the document's title, else kept as text. A
    document of nothing but such lines keeps them all.
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
        yield Paragraph(block.span, number, heading, block.lines)
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
    block: list[Span] = []
    at = 0
    while at <= len(text):
        end = text.find("\n", at)
        end = len(text) if end < 0 else end
        line = trimmed(text, at, end)
        if line is not None:
            block.append(line)
        elif block:
            yield from _parts(text, block)
            block = []
        at = end + 1
    if block:
        yield from _parts(text, block)


def _parts(text: str, block: list[Span]) -> Iterator[_Block]:
    """Take a run of non-blank lines apart: hard-wrapped prose, a list, or lines that stand for themselves."""
    whole = Span(block[0].start, block[-1].end)
    if len(block) == 1:
        yield _line(text, whole)
    elif _is_wrapped(block):
        yield _Block(whole)
    elif _is_wrapped(block[1:]) and _line(text, block[0]).may_head:
        yield _line(text, block[0])
        yield _Block(Span(block[1].start, block[-1].end))
    else:
        bare: list[Span] = []
        for line in block:
            if ends_like_a_sentence(line.of(text)) and not _ITEM.match(line.of(text)):
                yield from _bare_lines(text, bare)
                bare = []
                yield _Block(line)
            else:
                bare.append(line)
        yield from _bare_lines(text, bare)


def _bare_lines(text: str, bare: list[Span]) -> Iterator[_Block]:
    if len(bare) >= 3 or (bare and all(_ITEM.match(line.of(text)) for line in bare)):
        yield _Block(Span(bare[0].start, bare[-1].end), lines=True)
    else:
        for line in bare:
            yield _line(text, line)


def _line(text: str, line: Span) -> _Block:
    words = line.of(text)
    may_head = len(words) <= _HEADING_CHARS and not ends_like_a_sentence(words) and not _ITEM.match(words)
    return _Block(line, may_head=may_head)


def _is_wrapped(block: list[Span]) -> bool:
    if len(block) < 2:
        return False
    lengths = [line.end - line.start for line in block]
    longest = max(lengths)
    return 40 <= longest <= _WRAP_CHARS and min(lengths[:-1]) >= 0.6 * longest
