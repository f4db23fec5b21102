"""BM25 as weights for an engine that knows inner products only: the scores of lexical.py but for rounding."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Collection, Mapping, Sequence

from index.engine import records
from index.engine.lately import Lately
from index.engine.protocol import Kept
from index.tokens import terms

# Of BM25, as in lexical.py.
K1, B = 1.2, 0.75
_TERMS_KEPT = 100_000


class EngineTerms:
    """Which terms the passages hold, and BM25 as weights for an engine: the scores of lexical.py but for rounding."""

    def __init__(self, kept: Kept, passages: int) -> None:
        self._kept = kept
        self._passages = passages
        self._lately: Lately[str, tuple[int, int]] = Lately(_TERMS_KEPT, lambda _: 1)

    def idf(self, term: str) -> float:
        return self._idf(self._look([term])[term][1])

    def knows(self, term: str) -> bool:
        return self._look([term])[term][1] > 0

    def weights(self, query: str) -> dict[int, float]:
        """Number of a term → its idf, as often as the query says it. Known terms only."""
        asked = Counter(terms(query))
        told = self._look(asked)
        return {told[term][0]: count * self._idf(told[term][1]) for term, count in asked.items() if told[term][1] > 0}

    def _idf(self, frequency: int) -> float:
        frequency = min(frequency, self._passages)
        return math.log(1 + (self._passages - frequency + 0.5) / (frequency + 0.5))

    def _look(self, asked: Collection[str]) -> dict[str, tuple[int, int]]:
        """Term → its number, from 1, and in how many passages it is; (0, 0) for one that is in none."""

        def fetch(missing: Sequence[str]) -> dict[str, tuple[int, int]]:
            found = self._kept.pieces(map(records.term_key, missing))
            return {term: _term(found.get(records.term_key(term))) for term in missing}

        return self._lately.get(asked, fetch)


def term_piece(number: int, frequency: int) -> bytes:
    return f"{number} {frequency}".encode()


def _term(piece: bytes | None) -> tuple[int, int]:
    try:
        number, frequency = map(int, (piece or b"0 0").split())
    except ValueError:
        return 0, 0
    return (number, frequency) if number > 0 and frequency > 0 else (0, 0)


def term_weights(counts: Mapping[int, int], length: int, mean_length: float) -> dict[int, float]:
    """A passage's side of BM25: of each term, by its number, what its idf is to be multiplied with."""
    share = length / mean_length if mean_length > 0 else 1.0
    return {number: count / (count + K1 * (1 - B + B * share)) for number, count in counts.items()}
