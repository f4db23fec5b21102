"""Where a span of a document stands: under which heading, in which paragraph, in which sentence."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import replace

from index import Document, Passage, PassageIndex, Span


class Places:
    """The passages of one document, in reading order, asked by offset."""

    def __init__(self, passages: Sequence[Passage]) -> None:
        """``passages`` are all those of one document; never empty. Raises IndexError when they are."""
        self.document: Document = passages[0].document
        self._passages = passages
        self._starts = [passage.span.start for passage in passages]

    @classmethod
    def of(cls, index: PassageIndex, document: Document) -> Places:
        """The places of one document of ``index``."""
        return cls(index.of_documents([document.id]))

    def passage(self, span: Span) -> Passage:
        """A passage that holds ``span``, fit for ``grounding.cut``, though it may be in none or in several.

        It has the heading and paragraph of the first passage that the span touches, else of the next one: the one
        that a heading or a standfirst leads to.
        """
        first = next(iter(self._touched(span)), None)
        if first is None:
            first = self._passages[min(bisect_right(self._starts, span.start), len(self._passages) - 1)]
        return first if first.span.contains(span) else replace(first, span=span, sentences=())

    def paragraphs(self, span: Span) -> tuple[int, int] | None:
        """The first and last paragraph that ``span`` touches; None for a heading or an aside, which are in none."""
        touched = self._touched(span)
        return (touched[0].paragraph, touched[-1].paragraph) if touched else None

    def sentence(self, at: int) -> Span | None:
        """The sentence that offset ``at`` lies in, or None outside of all."""
        row = bisect_right(self._starts, at) - 1
        sentences = self._passages[row].sentences if row >= 0 else ()
        return next((sentence.span for sentence in sentences if sentence.span.start <= at < sentence.span.end), None)

    def _touched(self, span: Span) -> Sequence[Passage]:
        low = max(0, bisect_right(self._starts, span.start) - 1)
        high = bisect_right(self._starts, span.end - 1)
        return [passage for passage in self._passages[low:high] if passage.span.overlaps(span)]
