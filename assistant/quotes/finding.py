"""Where a text stands in the documents: every place, whole words only, exactly or but for its typing."""

from __future__ import annotations

import heapq
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import islice
from typing import ClassVar
from weakref import WeakKeyDictionary

from assistant.language.folding import HYPHEN_BREAK, Folded, fold, same_but_for_breaks, without_dashes, word_end
from assistant.quotes import grounding
from assistant.quotes.concordance import Concordance
from assistant.quotes.placing import Places
from assistant.replies import Quote
from index import Document, Passage, PassageIndex, Span

MAX_FOUND = 100


@dataclass(frozen=True, slots=True)
class Found:
    """A place of a text: a span of a document. Not ``exact``: only the typing differs there."""

    places: Places
    span: Span
    exact: bool

    @property
    def document(self) -> Document:
        return self.places.document

    @property
    def text(self) -> str:
        """The document's own words there."""
        return self.span.of(self.document.text)

    def quote(self, number: int, score: float = 1.0) -> Quote:
        """These words as a quote."""
        return grounding.cut(self.places.passage(self.span), self.span, number=number, score=score)


class Finder:
    """The documents of one generation, folded. Safe to call from any thread."""

    _made: ClassVar[WeakKeyDictionary[PassageIndex, Finder]] = WeakKeyDictionary()
    _lock: ClassVar = threading.Lock()

    def __init__(self, index: PassageIndex) -> None:
        # Nothing here may hold the index itself: it would be kept for good.
        of_document: dict[str, list[Passage]] = {}
        for passage in index.passages:
            of_document.setdefault(passage.document.id, []).append(passage)
        self.places = [Places(passages) for passages in of_document.values()]
        self._folded = [fold(places.document.text) for places in self.places]
        self._broken = [HYPHEN_BREAK.search(places.document.text) is not None for places in self.places]
        self._dashless: dict[int, Folded] = {}

    @classmethod
    def of(cls, index: PassageIndex) -> Finder:
        """The finder of a generation, made once: folding takes a tenth of a second for every million characters."""
        with cls._lock:
            finder = cls._made.get(index)
            if finder is None:
                finder = cls._made[index] = cls(index)
            return finder

    def find(self, text: str) -> tuple[list[Found], bool]:
        """Every place of ``text``, up to MAX_FOUND, exact ones first, else in order of reading; whether there are more.

        A place that would cut a word at either end is none. ``text`` neither begins nor ends with white space.
        """
        exact = list(islice(self.exact(text), MAX_FOUND + 1))
        seen = {(found.document.id, found.span) for found in exact}
        typed = (found for found in self._typographic(text) if (found.document.id, found.span) not in seen)
        found = [*exact, *islice(typed, MAX_FOUND + 1 - len(exact))]
        return found[:MAX_FOUND], len(found) > MAX_FOUND

    def exact(self, text: str) -> Iterator[Found]:
        """Every place where ``text`` stands character for character, in order of reading."""
        for places in self.places:
            for start in _whole(places.document.text, text):
                yield Found(places, Span(start, start + len(text)), exact=True)

    @cached_property
    def concordance(self) -> Concordance:
        """The words of the folded documents; text ``n`` is that of ``places[n]``."""
        return Concordance([folded.text for folded in self._folded])

    def word(self, number: int, row: int) -> Span:
        """The span in document ``number`` of the concordance's word at ``row``."""
        start, end = self.concordance.bounds(row)
        folded = self._folded[number]
        return Span(folded.origin(start), folded.origin(end - 1) + 1)

    def _typographic(self, text: str) -> Iterator[Found]:
        needles = dict.fromkeys((fold(text).text, fold(text, hyphenless=False).text))
        for number, places in enumerate(self.places):
            source = places.document.text
            ways = [self._spans(self._folded[number], needle) for needle in needles]
            if self._broken[number] and any("-" in needle for needle in needles):
                # Of "well-" at the end of a line and "known" behind it the folded text has "wellknown".
                ways.append(self._spans(self._without_dashes(number), without_dashes(fold(text)).text))
            last = None
            for span in heapq.merge(*ways):
                # Folding sets a hyphen between spaces: only the document itself shows which words it joins.
                if span == last or word_end(source, span.start) or word_end(source, span.end):
                    continue
                last = span
                if same_but_for_breaks(text, span.of(source)):
                    yield Found(places, span, exact=span.of(source) == text)

    @staticmethod
    def _spans(folded: Folded, needle: str) -> Iterator[Span]:
        """The spans, in the text that was folded, where ``needle`` stands."""
        for at in _whole(folded.text, needle) if needle else ():
            span = folded.unfold(at, at + len(needle))
            if span is not None:
                yield span

    def _without_dashes(self, number: int) -> Folded:
        if number not in self._dashless:
            self._dashless[number] = without_dashes(self._folded[number])
        return self._dashless[number]


def _whole(text: str, needle: str) -> Iterator[int]:
    """Where ``needle`` begins in ``text`` without cutting a word; overlapping places too."""
    at = text.find(needle)
    while at >= 0:
        past = word_end(text, at)
        if past is None and word_end(text, at + len(needle)) is None:
            yield at
        # From inside of a word no place can begin before it ends.
        at = text.find(needle, past or at + 1)
