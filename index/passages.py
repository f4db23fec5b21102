"""Document → passages: paragraphs under their headings, the long ones split at sentence ends."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import regex

from index.documents import Document, Span
from index.headings import Headings, levels_of
from index.plain_text.blocks import PlainBlock, plain_blocks
from index.plain_text.capitals import below_capitals
from index.plain_text.letters import in_letters
from index.plain_text.numbering import number_of, under
from index.plain_text.questions import heading_answers
from index.sentences import split_sentences
from index.structure import Block

# Part of an index's identity: raise it when this file, or one it imports, splits differently.
SPLITTER = 11

# Among the lines at the head of a mail: "From: …", "Subject: …". A long one goes on behind an indent.
_SUBJECT = regex.compile(
    r"\s*(?:\p{L}[\p{L}-]{1,30}:[^\n]*\n(?:[ \t]+\S[^\n]*\n)*){0,30}?"
    r"Subject:[ \t]*(?P<subject>\S[^\n]*(?:\n[ \t]+\S[^\n]*)*)",
    regex.I,
)
# Of the headings that stand over others, those with a year tell when something was: "2.4.0 – 2025-01-20".
_YEAR = regex.compile(r"(?<![\p{L}\p{N}])(?:19|20)\p{N}\p{N}(?![\p{L}\p{N}]|\.\p{N})")
_QUOTABLE = ("paragraph", "lines")
# Page furniture: "Comment" and "5 min read" above a text, "Author(s)" below it.
_BELOW_TEXT = regex.compile(r"[\p{Lu}\p{Ll}\p{M}()'’-]+")
_ABOVE_TEXT = regex.compile(_BELOW_TEXT.pattern + r"|\p{N}+(?:\s\p{Ll}+){1,2}")
_FURNITURE_LINES = 4


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph as a reader counts them: ``number`` is 1-based. ``lines``: each line stands for itself.

    ``heading``: those it stands under, as ``Headings`` tells them.
    ``joined``: of those lines, the starts of the ones that carry on the line before. ``heads``: it is a heading that
    tells a date, and has the number of the paragraph that follows.
    """

    span: Span
    number: int
    heading: str | None
    lines: bool
    joined: tuple[int, ...] = ()
    heads: bool = False


@dataclass(frozen=True, slots=True)
class PassageSpan:
    """A run of whole sentences of one paragraph, and those sentences, in reading order."""

    span: Span
    sentences: tuple[Span, ...]
    heading: str | None
    paragraph: int


def split_passages(
    text: str, passage_chars: int, blocks: Sequence[Block] | None = None, title: object = ""
) -> list[PassageSpan]:
    """The passages of a document, in reading order, each of one paragraph; ``blocks``, ``title`` as for ``paragraphs``.

    A passage holds at most ``passage_chars`` characters unless one sentence alone is longer. Headings and page
    furniture belong to no passage.
    """
    passages: list[PassageSpan] = []
    for paragraph in paragraphs(text, blocks, title):
        run: list[Span] = []
        for sentence in split_sentences(text, paragraph.span, lines=paragraph.lines, joined=paragraph.joined):
            if run and sentence.end - run[0].start > passage_chars:
                passages.append(_passage(run, paragraph))
                run = []
            run.append(sentence)
        if run:
            passages.append(_passage(run, paragraph))
    return passages


def split_document(document: Document, passage_chars: int) -> list[PassageSpan]:
    """``split_passages`` of all that is known of a document."""
    return split_passages(document.text, passage_chars, document.blocks, document.card.get("title"))


def first_heading(text: str, blocks: Sequence[Block] | None = None) -> str | None:
    """The first heading of a document, which names it when it has no card; ``blocks`` as for ``paragraphs``.

    Where it is inferred it is the subject of a mail, or where several lines stand before the first paragraph, the first
    of them.
    """
    if blocks is not None:
        return next((_words(text, block) for block in blocks if block.kind == "heading"), None)
    if mail := _SUBJECT.match(text):
        return " ".join(mail["subject"].split())
    opening: list[PlainBlock] = []
    for block in _blocks(text):
        if not block.may_head:
            if len(opening) > 1:
                return _line(text, opening[0])
            break
        opening.append(block)
    headings = (levels_of(paragraph.heading)[0] for paragraph in paragraphs(text) if paragraph.heading)
    # A question that heads its answer names no document.
    return next((heading for heading in headings if not heading.endswith("?")), None)


def paragraphs(text: str, blocks: Sequence[Block] | None = None, title: object = "") -> Iterator[Paragraph]:
    """Paragraphs in reading order, each with the headings it stands under.

    ``blocks`` are what the document's format tells of it, ``title`` what its card calls it. Without blocks all is
    inferred, and none but a numbered heading stands under another:

    A heading is the last of a run of short unterminated lines right before a paragraph; a line that tells a fact,
    such as "Door code: 4711", is a paragraph. The others of the run head nothing and are kept as text, but for page
    furniture: a word, or a count such as "5 min read", above the first heading or, by itself, at the end. A document
    of nothing but such lines keeps them all.
    """
    if blocks is not None:
        yield from _told(text, blocks, title if isinstance(title, str) else "")
        return
    number = 0
    heading: str | None = None
    numbered: dict[str, str] = {}
    waiting: list[PlainBlock] = []

    def kept(blocks: Iterable[PlainBlock]) -> Iterator[Paragraph]:
        nonlocal number
        for block in blocks:
            number += 1
            yield Paragraph(block.span, number, heading, block.lines, block.joined)

    for block in _blocks(text):
        if block.may_head:
            waiting.append(block)
            continue
        if waiting and not waiting[-1].trails:
            lines = [_line(text, each) for each in waiting]
            numbered |= {number_of(line): line for line in lines}
            found = under(lines[-1], numbered)
            opens = heading is None and len(lines) <= _FURNITURE_LINES
            yield from kept(
                each
                for each, line in zip(waiting, lines, strict=True)
                if line not in levels_of(found) and not (opens and _ABOVE_TEXT.fullmatch(line))
            )
            heading, waiting = found, []
        yield from kept([*waiting, block])
        waiting = []
    furniture = len(waiting) == 1 and not waiting[0].trails and _BELOW_TEXT.fullmatch(_line(text, waiting[0]))
    # Where the document holds nothing else, these lines are what it says.
    yield from kept([] if furniture and number else waiting)


def _blocks(text: str) -> list[PlainBlock]:
    blocks = list(plain_blocks(text))
    for told in (below_capitals, heading_answers, in_letters):
        blocks = list(told(text, blocks))
    return blocks


def _line(text: str, block: PlainBlock) -> str:
    return " ".join(block.span.of(text).split())


def _told(text: str, blocks: Sequence[Block], title: str) -> Iterator[Paragraph]:
    quotable = any(block.kind in _QUOTABLE for block in blocks)
    # A document of nothing but headings is a document all the same.
    kinds = _QUOTABLE if quotable else ("heading",)
    headings = Headings([block.level for block in blocks if block.kind == "heading"], " ".join(title.split()))
    number = 0
    heading: str | None = None
    for block in blocks:
        if block.kind == "heading" and quotable:
            heading = headings.under(_words(text, block), block.level)
            if block.level and headings.over_another() and _YEAR.search(heading.rpartition("\n")[2]):
                above = heading.rpartition("\n")[0] or None
                yield Paragraph(Span(block.start, block.end), number + 1, above, lines=False, heads=True)
        elif block.kind in kinds:
            number += 1
            yield Paragraph(Span(block.start, block.end), number, heading, block.kind == "lines")


def _words(text: str, block: Block) -> str:
    return " ".join(text[block.start : block.end].split())


def _passage(run: list[Span], paragraph: Paragraph) -> PassageSpan:
    return PassageSpan(Span(run[0].start, run[-1].end), tuple(run), paragraph.heading, paragraph.number)
