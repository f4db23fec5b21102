"""Quotes are cut here, by offset, and checked once more before they leave. Nothing else makes a quotation."""

from __future__ import annotations

from collections.abc import Iterable

from assistant.replies import Quote
from index import Document, Passage, PassageIndex, Span

CONTEXT_CHARS = 32


class BadQuote(Exception):
    """A quote that is not what stands in its document: a fault of this program, never shown as a quote."""


def cut(passage: Passage, span: Span, *, number: int, score: float, answer: Span | None = None) -> Quote:
    """The words of ``span``, with their place. Raises ValueError when the span leaves the passage."""
    if not passage.span.contains(span) or (answer is not None and not span.contains(answer)):
        raise ValueError(f"{span} is not inside {passage.span}, or {answer} not inside it")
    document = passage.document
    return Quote(
        number=number,
        document=document.id,
        document_sha256=document.sha256,
        title=document.title,
        heading=passage.heading,
        paragraph=passage.paragraph,
        start=span.start,
        end=span.end,
        exact=span.of(document.text),
        prefix=document.text[max(0, span.start - CONTEXT_CHARS) : span.start],
        suffix=document.text[span.end : span.end + CONTEXT_CHARS],
        score=round(score, 4),
        answer_start=answer.start if answer else None,
        answer_end=answer.end if answer else None,
    )


def verify(quotes: Iterable[Quote], index: PassageIndex) -> None:
    """Check every quote against the documents of the generation it came from. Raises BadQuote."""
    for quote in quotes:
        document = index.documents.get(quote.document)
        if document is None or document.sha256 != quote.document_sha256:
            raise BadQuote(f"{quote.document} is not a document of {index.generation}")
        check(quote, document)


def check(quote: Quote, document: Document) -> None:
    """Check that ``quote`` is what stands in ``document`` at its place. Raises BadQuote."""
    text = document.text
    if not 0 <= quote.start < quote.end <= len(text) or text[quote.start : quote.end] != quote.exact:
        raise BadQuote(f"{quote.document}[{quote.start}:{quote.end}] is not {quote.exact!r}")
    before = text[max(0, quote.start - CONTEXT_CHARS) : quote.start]
    after = text[quote.end : quote.end + CONTEXT_CHARS]
    if (before, after) != (quote.prefix, quote.suffix):
        raise BadQuote(f"{quote.document}[{quote.start}:{quote.end}]: its context is not the document's")
    inside = (quote.answer_start, quote.answer_end)
    if inside != (None, None) and not _within(quote):
        raise BadQuote(f"an answer at {inside} is outside its quote")


def _within(quote: Quote) -> bool:
    start, end = quote.answer_start, quote.answer_end
    return start is not None and end is not None and quote.start <= start < end <= quote.end
