"""BM25 over the passages: derived while they are few, stored with a generation once that would take seconds."""

from __future__ import annotations

import json
import math
from array import array
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise
from typing import Any

import numpy as np
import numpy.typing as npt

from index.tokens import ANALYSER, split, terms
from index.vocabulary import Vocabulary, encoded

Scores = npt.NDArray[np.float32]
Numbers = npt.NDArray[np.int64]

# From so many passages on it is stored: to derive it takes 0.2 s for a thousand.
STORED_FROM = 2_000

K1, B = 1.2, 0.75
_MAGIC = b"BM25\n"
_ALIGNED = 64
_BLOCKS = ("terms", "term_starts", "starts", "rows", "gains", "words", "word_starts", "counts")
_TYPES = {"terms": "|u1", "words": "|u1", "rows": "<i4", "gains": "<f4", "counts": "<i4"}


class LexicalIndex:
    """BM25 in the Lucene variant (Kamphuis et al. 2020, "Which BM25 do you mean?"), k1 1.2, b 0.75.

    The scores of bm25s, which tests compare with, without scipy: a quarter of a second of every start. It also counts
    the words of the passages as they are written, for whoever mends a question's spelling.
    """

    def __init__(self, size: int, blocks: dict[str, npt.NDArray[Any]]) -> None:
        self._size = size
        self._blocks = blocks
        self._terms = Vocabulary(blocks["terms"].data, blocks["term_starts"])
        self._words = Vocabulary(blocks["words"].data, blocks["word_starts"])
        # One run of rows for each term, in the order of the terms; rows ascend within it.
        self._starts, self._rows, self._gains = blocks["starts"], blocks["rows"], blocks["gains"]

    @classmethod
    def of(cls, texts: Iterable[str]) -> LexicalIndex:
        """One text a passage, in the order of their rows."""
        numbers: dict[str, int] = {}
        counted_words: Counter[str] = Counter()
        lengths, number, row, count = array("i"), array("i"), array("i"), array("i")
        for at, text in enumerate(texts):
            found, kept = split(text)
            counted_words.update(found)
            counted = Counter(kept)
            lengths.append(counted.total())
            for term, times in counted.items():
                number.append(numbers.setdefault(term, len(numbers)))
                row.append(at)
                count.append(times)
        ordered = sorted((encoded(term), old) for term, old in numbers.items())
        renumbered = np.zeros(len(numbers), dtype=np.int32)
        renumbered[[old for _, old in ordered]] = np.arange(len(numbers), dtype=np.int32)
        term_of = renumbered[np.frombuffer(number, dtype=np.int32)]
        order = np.argsort(term_of, kind="stable")
        frequency = np.bincount(term_of, minlength=len(numbers))
        del term_of, renumbered
        rows = np.frombuffer(row, dtype=np.int32)[order]
        held = np.frombuffer(count, dtype=np.int32)[order].astype(np.float64)
        length = np.frombuffer(lengths, dtype=np.int32).astype(np.float64)
        length = length / (length.mean() or 1.0) if len(length) else length
        held /= held + K1 * (1 - B + B * length[rows])
        held *= np.repeat([idf_of(len(length), int(each)) for each in frequency], frequency)
        known = Vocabulary.of(term for term, _ in ordered)
        written = sorted((encoded(word), times) for word, times in counted_words.items())
        words = Vocabulary.of(word for word, _ in written)
        return cls(
            len(length),
            {
                "terms": np.frombuffer(known.text, dtype=np.uint8),
                "term_starts": known.starts,
                "starts": np.concatenate([[0], np.cumsum(frequency)]).astype(np.int64),
                "rows": rows,
                "gains": held.astype(np.float32),
                "words": np.frombuffer(words.text, dtype=np.uint8),
                "word_starts": words.starts,
                "counts": np.array([times for _, times in written], dtype=np.int32),
            },
        )

    @classmethod
    def from_bytes(cls, data: bytes | memoryview) -> LexicalIndex | None:
        """Read what ``to_bytes`` wrote, without copying it; None when another analyser wrote it.

        The caller has checked the hash. Raises ValueError when it is something else.
        """
        end = bytes(data[:4096]).find(b"\n", len(_MAGIC))
        if bytes(data[: len(_MAGIC)]) != _MAGIC or end < 0:
            raise ValueError("not a BM25 index")
        head = json.loads(bytes(data[len(_MAGIC) : end]))
        if head["analyser"] != ANALYSER:
            return None
        blocks: dict[str, npt.NDArray[Any]] = {}
        at = end + 1
        for name in _BLOCKS:
            at = -(-at // _ALIGNED) * _ALIGNED
            blocks[name] = np.frombuffer(data, _TYPES.get(name, "<i8"), int(head["blocks"][name]), at)
            at += blocks[name].nbytes
        starts, size = blocks["starts"], int(head["size"])
        fits = len(starts) == len(blocks["term_starts"]) and len(blocks["counts"]) == len(blocks["word_starts"]) - 1
        if not fits or starts[-1] != len(blocks["rows"]) or len(blocks["rows"]) != len(blocks["gains"]):
            raise ValueError("a BM25 index whose parts contradict each other")
        return cls(size, blocks)

    def to_bytes(self) -> memoryview:
        """All of it, its arrays aligned so that they can be used where they lie."""
        lengths = {name: len(self._blocks[name]) for name in _BLOCKS}
        head = _MAGIC + json.dumps({"analyser": ANALYSER, "size": self._size, "blocks": lengths}).encode() + b"\n"
        places: list[int] = []
        at = len(head)
        for name in _BLOCKS:
            places.append(-(-at // _ALIGNED) * _ALIGNED)
            at = places[-1] + self._blocks[name].nbytes
        whole = np.zeros(at, dtype=np.uint8)
        whole[: len(head)] = np.frombuffer(head, dtype=np.uint8)
        for name, place in zip(_BLOCKS, places, strict=True):
            block = self._blocks[name].astype(_TYPES.get(name, "<i8"), copy=False)
            whole[place : place + block.nbytes] = block.view(np.uint8)
        return whole.data

    def __len__(self) -> int:
        return self._size

    def scores(self, query: str) -> Scores:
        """BM25 of every passage, shape ``(n,)``, at least 0; all 0 when no term of ``query`` occurs."""
        scores = np.zeros(self._size, dtype=np.float32)
        for rows, gains in self._postings(query):
            scores[rows] += gains
        return scores

    def scores_of(self, query: str, rows: Sequence[int]) -> list[float]:
        """BM25 of the passages of these rows alone, in their order."""
        scores = np.zeros(len(rows), dtype=np.float32)
        for held, gains in self._postings(query):
            at = np.minimum(np.searchsorted(held, rows), len(held) - 1)
            scores += np.where(held[at] == rows, gains[at], np.float32(0))
        return [float(score) for score in scores]

    def search(self, query: str, k: int, rows: Numbers | None = None) -> list[tuple[int, float]]:
        """The ``k`` best passages as (row, score above 0), best first, ties in row order; of ``rows``, if given."""
        postings = self._postings(query)
        if k < 1 or not postings:
            return []
        scores = np.zeros(self._size, dtype=np.float32)
        for held, gains in postings:
            scores[held] += gains
        if rows is not None:
            chosen = np.zeros(self._size, dtype=bool)
            chosen[rows] = True
            scores *= chosen
        # The k-th best of the passages with a rare term is at most the k-th best of all: few of a million remain.
        least = np.float32(0)
        seen = 0
        for held, _ in sorted(postings, key=lambda posting: len(posting[0])):
            if len(held) >= k:
                least = max(least, np.partition(scores[held], len(held) - k)[len(held) - k])
                seen += len(held)
            if seen > self._size // 20:
                break
        found = np.flatnonzero(scores >= least) if least > 0 else np.flatnonzero(scores)
        return [(int(row), float(scores[row])) for row in found[best(scores[found], k)]]

    def _postings(self, query: str) -> list[tuple[npt.NDArray[np.int32], Scores]]:
        """Rows and gains of each known term of ``query``, in its order; a term said twice counts twice."""
        numbers = (self._terms.find(term) for term in terms(query))
        runs = [slice(self._starts[number], self._starts[number + 1]) for number in numbers if number >= 0]
        return [(self._rows[run], self._gains[run]) for run in runs]

    def idf(self, term: str) -> float:
        """How telling a term is: the Lucene variant's idf, largest for a term that no passage holds."""
        number = self._terms.find(term)
        return idf_of(self._size, 0 if number < 0 else int(self._starts[number + 1] - self._starts[number]))

    def knows(self, term: str) -> bool:
        """Whether some passage holds the term."""
        return self._terms.find(term) >= 0

    def times(self, word: str) -> int:
        """How often the passages hold a word as ``tokens.words`` folds it."""
        number = self._words.find(word)
        return 0 if number < 0 else int(self._blocks["counts"][number])

    def commonest(self, most: int) -> list[str]:
        """The words that the passages hold most often, at most so many, in order of their UTF-8."""
        counts = self._blocks["counts"]
        kept = np.arange(len(counts)) if len(counts) <= most else np.sort(np.argsort(-counts, kind="stable")[:most])
        return [self._words[number].decode("utf-8", errors="surrogatepass") for number in kept]

    def problem(self, sample: Mapping[int, str]) -> str | None:
        """What is wrong with it that its reader took on trust, or None. ``sample``: texts of passages by row."""
        for vocabulary in (self._terms, self._words):
            held = list(vocabulary)
            if any(one >= other for one, other in pairwise(held)):
                return "the words of BM25 are not in order"
        rows, starts = self._rows, self._starts
        if np.any(np.diff(starts) < 1) or starts[0] or np.any(rows < 0) or np.any(rows >= self._size):
            return "BM25 names a passage that is not there"
        if not (np.isfinite(self._gains).all() and (self._gains > 0).all()):
            return "a score of BM25 is not above 0"
        for row, text in sample.items():
            for term in set(terms(text)):
                number = self._terms.find(term)
                held_by = rows[starts[number] : starts[number + 1]] if number >= 0 else rows[:0]
                if row not in held_by:
                    return f"BM25 does not know all words of passage {row}"
        return None


def idf_of(size: int, frequency: int) -> float:
    return math.log(1 + (size - frequency + 0.5) / (frequency + 0.5))


def best(scores: Scores, k: int) -> list[int]:
    """The rows of the ``k`` highest scores above 0, best first, ties in row order; fewer when there are fewer."""
    found = np.flatnonzero(scores > 0)
    if len(found) > k:
        # Sorting 100,000 scores for 50 of them would take longer than computing them.
        least = np.partition(scores[found], len(found) - k)[len(found) - k]
        found = found[scores[found] >= least]
    return [int(row) for row in found[np.argsort(-scores[found], kind="stable")][:k]]
