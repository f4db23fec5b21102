"""BM25 as weights for an engine that knows inner products only: the scores of lexical.py but for rounding."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence

from index.engine import records
from index.engine.lately import Lately
from index.engine.protocol import Kept
from index.lexical import K1, B, idf_of
from index.tokens import terms

_TERMS_KEPT = 100_000
# Of the words that passages hold the commonest lie in the index folder, for whoever mends a question's spelling.
WORDS_KEPT = 50_000


class EngineTerms:
    """Which terms the passages hold, and BM25 as weights for an engine: the scores of lexical.py but for rounding."""

    def __init__(self, kept: Kept, passages: int, common: Mapping[str, int], words: int) -> None:
        """``common``: the commonest of ``words`` words and how often they are held, in order of UTF-8."""
        self._kept = kept
        self._passages = passages
        self._common, self._all_common = common, len(common) == words
        self._lately: Lately[str, tuple[int, int]] = Lately(_TERMS_KEPT, lambda _: 1)
        self._counts: Lately[str, int] = Lately(_TERMS_KEPT, lambda _: 1)

    def idf(self, term: str) -> float:
        return self._idf(self._look([term])[term][1])

    def knows(self, term: str) -> bool:
        return self._look([term])[term][1] > 0

    def times(self, word: str) -> int:
        """How often the passages hold a word as ``tokens.words`` folds it."""

        def fetch(missing: Sequence[str]) -> dict[str, int]:
            found = self._kept.pieces(map(records.word_key, missing))
            return {word: _count(found.get(records.word_key(word))) for word in missing}

        held = self._common.get(word)
        if held is None:
            return 0 if self._all_common else self._counts.get([word], fetch)[word]
        return held

    def commonest(self, most: int) -> list[str]:
        """The words that the passages hold most often, at most so many of WORDS_KEPT, in order of their UTF-8."""
        return list(commonest(self._common, most))

    def weights(self, query: str) -> dict[int, float]:
        """Number of a term → its idf, as often as the query says it. Known terms only."""
        asked = Counter(terms(query))
        told = self._look(asked)
        return {told[term][0]: count * self._idf(told[term][1]) for term, count in asked.items() if told[term][1] > 0}

    def _idf(self, frequency: int) -> float:
        return idf_of(self._passages, min(frequency, self._passages))

    def _look(self, asked: Collection[str]) -> dict[str, tuple[int, int]]:
        """Term → its number, from 1, and in how many passages it is; (0, 0) for one that is in none."""

        def fetch(missing: Sequence[str]) -> dict[str, tuple[int, int]]:
            found = self._kept.pieces(map(records.term_key, missing))
            return {term: _term(found.get(records.term_key(term))) for term in missing}

        return self._lately.get(asked, fetch)


def commonest(counts: Mapping[str, int], most: int) -> dict[str, int]:
    """The most frequent of words that are in order of their UTF-8, in that order; of a tie the first."""
    if len(counts) <= most:
        return dict(counts)
    chosen = set(sorted(counts, key=lambda word: -counts[word])[:most])
    return {word: count for word, count in counts.items() if word in chosen}


def word_piece(count: int) -> bytes:
    return str(count).encode()


def _count(piece: bytes | None) -> int:
    try:
        return max(0, int(piece or b"0"))
    except ValueError:
        return 0


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
