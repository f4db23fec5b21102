"""A document as the source viewer shows it: every line of it, told apart into headings, paragraphs and asides."""

from __future__ import annotations

from collections.abc import Iterator

from index import Document, Span
from index.passages import paragraphs
from index.sentences import trimmed


def document_view(document: Document) -> dict[str, object]:
    """JSON-ready: the canonical text, and blocks whose spans hold every character of it that is not white space.

    A block has a ``kind`` (heading, paragraph, lines: a paragraph whose line breaks count, or aside), ``start`` and
    ``end`` in code points, and the number of its ``paragraph``, None for headings and asides.
    """
    return {
        "document": document.id,
        "title": document.title,
        "sha256": document.sha256,
        "text": document.text,
        "blocks": [
            {"kind": kind, "start": span.start, "end": span.end, "paragraph": number}
            for kind, span, number in _blocks(document.text)
        ],
    }


def _blocks(text: str) -> Iterator[tuple[str, Span, int | None]]:
    at = 0
    for paragraph in paragraphs(text):
        lines = list(_lines(text, at, paragraph.span.start))
        for line in lines:
            heads = line == lines[-1] and " ".join(line.of(text).split()) == paragraph.heading
            yield "heading" if heads else "aside", line, None
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
