"""Quotes are cut here, by offset, and checked once more before they leave. Nothing else makes a quotation."""

from __future__ import annotations

from collections.abc import Iterable

from assistant.replies import Place, Quote
from index import Document, Passage, PassageIndex, Span
from index.headings import shown

CONTEXT_CHARS = 32


class BadQuote(Exception):
    """A quote that is not what stands in its document: a fault of this program, never shown as a quote."""


def cut(
    passage: Passage,
    span: Span,
    *,
    number: int,
    score: float,
    answer: Span | None = None,
    also: Iterable[tuple[Passage, Span]] = (),
) -> Quote:
    """The words of ``span``, with their place, and ``also``; a ``score`` beyond 0 to 1 is taken for the nearer end.

    Raises ValueError when a span leaves its passage.
    """
    if not passage.span.contains(span) or (answer is not None and not span.contains(answer)):
        raise ValueError(f"{span} is not inside {passage.span}, or {answer} not inside it")
    document = passage.document
    return Quote(
        number=number,
        document=document.id,
        document_sha256=document.sha256,
        title=document.title,
        heading=shown(passage.heading),
        paragraph=passage.paragraph,
        start=span.start,
        end=span.end,
        exact=span.of(document.text),
        prefix=document.text[max(0, span.start - CONTEXT_CHARS) : span.start],
        suffix=document.text[span.end : span.end + CONTEXT_CHARS],
        score=round(max(0.0, min(1.0, score)), 4),
        answer_start=answer.start if answer else None,
        answer_end=answer.end if answer else None,
        page=document.page_of(span.start),
        also=tuple(_place(*other) for other in also),
    )


def _place(passage: Passage, span: Span) -> Place:
    if not passage.span.contains(span):
        raise ValueError(f"{span} is not inside {passage.span}")
    document = passage.document
    return Place(
        document=document.id,
        document_sha256=document.sha256,
        title=document.title,
        heading=shown(passage.heading),
        paragraph=passage.paragraph,
        page=document.page_of(span.start),
        start=span.start,
        end=span.end,
        exact=span.of(document.text),
    )


def verify(quotes: Iterable[Quote], index: PassageIndex) -> None:
    """Check every quote against the documents of the generation it came from. Raises BadQuote."""
    for quote in quotes:
        check(quote, _document(quote, index))
        for place in quote.also:
            _check_words(place, _document(place, index))


def check(quote: Quote, document: Document) -> None:
    """Check that ``quote`` is what stands in ``document`` at its place. Raises BadQuote."""
    _check_words(quote, document)
    text = document.text
    before = text[max(0, quote.start - CONTEXT_CHARS) : quote.start]
    after = text[quote.end : quote.end + CONTEXT_CHARS]
    if (before, after) != (quote.prefix, quote.suffix):
        raise BadQuote(f"{quote.document}[{quote.start}:{quote.end}]: its context is not the document's")
    inside = (quote.answer_start, quote.answer_end)
    if inside != (None, None) and not _within(quote):
        raise BadQuote(f"an answer at {inside} is outside its quote")


def _document(said: Quote | Place, index: PassageIndex) -> Document:
    document = index.documents.get(said.document)
    if document is None or document.sha256 != said.document_sha256:
        raise BadQuote(f"{said.document} is not a document of {index.generation}")
    return document


def _check_words(said: Quote | Place, document: Document) -> None:
    text = document.text
    if not 0 <= said.start < said.end <= len(text) or text[said.start : said.end] != said.exact:
        raise BadQuote(f"{said.document}[{said.start}:{said.end}] is not {said.exact!r}")
    if said.page != document.page_of(said.start):
        raise BadQuote(f"{said.document}[{said.start}:{said.end}] does not begin on page {said.page}")


def _within(quote: Quote) -> bool:
    start, end = quote.answer_start, quote.answer_end
    return start is not None and end is not None and quote.start <= start < end <= quote.end
