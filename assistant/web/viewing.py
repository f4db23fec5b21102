"""A document as the source viewer shows it: every line of it, told apart into headings, paragraphs and asides."""

from __future__ import annotations

from collections.abc import Iterator

from index import Document, Span
from index.headings import levels_of
from index.passages import paragraphs
from index.sentences import trimmed


def document_view(document: Document) -> dict[str, object]:
    """JSON-ready: the canonical text, and blocks whose spans hold every character of it that is not white space.

    A block has a ``kind`` (heading, paragraph, lines: a paragraph whose line breaks count, or aside), ``start`` and
    ``end`` in code points, the number of its ``paragraph``, None for headings and asides, and the ``page`` on which it
    begins, None in a format without pages. ``extractor`` names what made the text of the file, None where that is the
    file itself, read as UTF-8.
    """
    blocks = _told if document.blocks is not None else _inferred
    return {
        "document": document.id,
        "title": document.title,
        "sha256": document.sha256,
        "text_sha256": document.text_sha256(),
        "extractor": document.structure.extractor if document.structure else None,
        "pages": len(document.structure.pages) if document.structure and document.structure.pages else None,
        "text": document.text,
        "blocks": [
            {
                "kind": kind,
                "start": span.start,
                "end": span.end,
                "paragraph": number,
                "page": document.page_of(span.start),
            }
            for kind, span, number in blocks(document)
        ],
    }


def _told(document: Document) -> Iterator[tuple[str, Span, int | None]]:
    numbers = {p.span: p.number for p in paragraphs(document.text, document.blocks) if not p.heads}
    for block in document.blocks or ():
        span = Span(block.start, block.end)
        number = numbers.get(span)
        # A document of nothing but headings counts them as its paragraphs.
        yield "paragraph" if number is not None and block.kind == "heading" else block.kind, span, number


def _inferred(document: Document) -> Iterator[tuple[str, Span, int | None]]:
    text = document.text
    at = 0
    for paragraph in paragraphs(text):
        lines = list(_lines(text, at, paragraph.span.start))
        levels = levels_of(paragraph.heading)
        # Of several alike the last, which may have a rule below it.
        heads = {words: line for line in lines if (words := " ".join(line.of(text).split())) in levels}
        for line in lines:
            yield "heading" if line in heads.values() else "aside", line, None
        yield "lines" if paragraph.lines else "paragraph", paragraph.span, paragraph.number
        at = paragraph.span.end
    for line in _lines(text, at, len(text)):
        yield "aside", line, None


def _lines(text: str, start: int, end: int) -> Iterator[Span]:
    while start < end:
        stop = text.find("\n", start, end)
        stop = end if stop < 0 else stop
        line = trimmed(text, start, stop)
        if line is not None:
            yield line
        start = stop + 1
