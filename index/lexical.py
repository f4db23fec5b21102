"""BM25 over the passages, kept in memory: cheap to derive, so never stored."""

from __future__ import annotations

import math
from array import array
from collections import Counter
from collections.abc import Iterable

import numpy as np
import numpy.typing as npt

from index.tokens import terms

_K1, _B = 1.2, 0.75


class LexicalIndex:
    """BM25 in the Lucene variant (Kamphuis et al. 2020, "Which BM25 do you mean?"), k1 1.2, b 0.75.

    The scores of bm25s, which tests compare with, without scipy: a quarter of a second of every start.
    """

    def __init__(self, texts: Iterable[str]) -> None:
        self._numbers: dict[str, int] = {}
        lengths, numbers, rows, counts = array("i"), array("i"), array("i"), array("i")
        for row, text in enumerate(texts):
            counted = Counter(terms(text))
            lengths.append(counted.total())
            for term, count in counted.items():
                numbers.append(self._numbers.setdefault(term, len(self._numbers)))
                rows.append(row)
                counts.append(count)
        self._size = len(lengths)
        number = np.array(numbers, dtype=np.int32)
        # One run of rows for each term, in the order of the terms' numbers; rows ascend within it.
        order = np.argsort(number, kind="stable")
        self._rows = np.array(rows, dtype=np.int32)[order]
        frequency = np.bincount(number, minlength=len(self._numbers))
        self._starts = np.concatenate([[0], np.cumsum(frequency)])
        held = np.array(counts, dtype=np.float64)[order]
        length = np.array(lengths, dtype=np.float64)
        share = (length / (length.mean() or 1.0) if self._size else length)[self._rows]
        idf = np.repeat([self._idf(int(each)) for each in frequency], frequency)
        self._gains = (idf * held / (held + _K1 * (1 - _B + _B * share))).astype(np.float32)

    def scores(self, query: str) -> npt.NDArray[np.float32]:
        """BM25 of every passage, shape ``(n,)``, at least 0; all 0 when no term of ``query`` occurs."""
        scores = np.zeros(self._size, dtype=np.float32)
        for term in terms(query):
            number = self._numbers.get(term)
            if number is not None:
                held = slice(self._starts[number], self._starts[number + 1])
                scores[self._rows[held]] += self._gains[held]
        return scores

    def idf(self, term: str) -> float:
        """How telling a term is: the Lucene variant's idf, largest for a term that no passage holds."""
        number = self._numbers.get(term)
        return self._idf(0 if number is None else int(self._starts[number + 1] - self._starts[number]))

    def knows(self, term: str) -> bool:
        """Whether some passage holds the term."""
        return term in self._numbers

    def _idf(self, frequency: int) -> float:
        return math.log(1 + (self._size - frequency + 0.5) / (frequency + 0.5))


def best(scores: npt.NDArray[np.float32], k: int) -> list[int]:
    """The rows of the ``k`` highest scores above 0, best first, ties in row order; fewer when there are fewer."""
    found = np.flatnonzero(scores > 0)
    if len(found) > k:
        # Sorting 100,000 scores for 50 of them would take longer than computing them.
        least = np.partition(scores[found], len(found) - k)[len(found) - k]
        found = found[scores[found] >= least]
    return [int(row) for row in found[np.argsort(-scores[found], kind="stable")][:k]]
