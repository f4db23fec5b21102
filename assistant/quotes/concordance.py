"""Every word of the documents with its places, to find where an inexact quotation comes from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from rapidfuzz.distance import LCSseq

# Enough to find any place, few enough to stay within milliseconds: the rarest words vote first.
_VOTES = 200_000
_WINDOWS = 3
_STRIPPED = "'\"()[]{}<>.,;:!?*_|/\\-¿¡«»„“”‘’。，、；：！？「」（）"
# A run of so few words, so far from the rest, has nothing to do with it.
_STRAY_WORDS, _STRAY_GAP = 2, 8


@dataclass(frozen=True, slots=True)
class Word:
    """A word of a folded text without the punctuation around it, and its half-open offsets there."""

    text: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Shared:
    """``length`` words that stand in the same order in both: at ``pasted`` of the one, at ``row`` of the other."""

    pasted: int
    row: int
    length: int


@dataclass(frozen=True, slots=True)
class Likeness:
    """The place most like a text: ``share`` of the text's words, weighed by how rare they are, stand there in order."""

    shared: tuple[Shared, ...]
    share: float

    @property
    def words(self) -> int:
        return sum(run.length for run in self.shared)

    @property
    def longest(self) -> int:
        return max(run.length for run in self.shared)


class Concordance:
    """The words of several folded texts in one row; ``row`` counts them, 0-based, and no run crosses two texts."""

    def __init__(self, texts: Sequence[str]) -> None:
        self._known: dict[str, int] = {}
        ids, starts, ends = [], [], []
        self._first_row = [0]
        for text in texts:
            words, start, end = _split(text)
            known = self._known
            ids.append(np.array([known.setdefault(word, len(known)) for word in words], np.int32))
            starts.append(start)
            ends.append(end)
            self._first_row.append(self._first_row[-1] + len(words))
        self._ids = np.concatenate(ids) if ids else np.zeros(0, np.int32)
        self._starts = np.concatenate(starts) if starts else np.zeros(0, np.int32)
        self._ends = np.concatenate(ends) if ends else np.zeros(0, np.int32)
        self._rows = np.argsort(self._ids, kind="stable").astype(np.int32)
        counts = np.bincount(self._ids, minlength=len(self._known))
        self._until = np.cumsum(counts)
        self._from = self._until - counts
        self._weights = np.log1p(max(1, len(self._ids)) / np.maximum(1, counts))
        self._unknown_weight = float(np.log1p(max(1, len(self._ids))))

    def text_of(self, row: int) -> int:
        """The number of the text that a row is in, 0-based."""
        return int(np.searchsorted(self._first_row, row, side="right")) - 1

    def bounds(self, row: int) -> tuple[int, int]:
        """Half-open offsets of a row's word in its folded text."""
        return int(self._starts[row]), int(self._ends[row])

    def rows_of_text(self, text: int) -> tuple[int, int]:
        """The half-open rows of a text."""
        return self._first_row[text], self._first_row[text + 1]

    def numbered(self, words: Sequence[Word]) -> list[int]:
        """Each word as the concordance numbers it; those it lacks get negative numbers of their own."""
        return [self._known.get(word.text, -number) for number, word in enumerate(words, start=1)]

    def likest(self, ids: Sequence[int]) -> Likeness | None:
        """The place that shares most with a text of these word numbers, or None when it shares no word."""
        total = sum(self._weight(number) for number in ids)
        best: Likeness | None = None
        for low, high in self._windows(ids):
            shared = self._shared(ids, low, high)
            weight = sum(self._weight(n) for run in shared for n in ids[run.pasted : run.pasted + run.length])
            if shared and (best is None or weight / total > best.share):
                best = Likeness(shared, weight / total)
        return best

    def run(self, ids: Sequence[int], start: int) -> int:
        """How many words from ``start`` on stand somewhere in the texts, one after the other."""
        if start >= len(ids) or ids[start] < 0:
            return 0
        rows = self._places(ids[start])
        limits = np.asarray(self._first_row)[np.searchsorted(self._first_row, rows, side="right")]
        length = 1
        while start + length < len(ids):
            # A run ends with its text: the next text may begin with the next word by chance.
            within = rows + length < limits
            rows, limits = rows[within], limits[within]
            same = self._ids[rows + length] == ids[start + length]
            rows, limits = rows[same], limits[same]
            if not len(rows):
                break
            length += 1
        return length

    def _weight(self, number: int) -> float:
        return float(self._weights[number]) if number >= 0 else self._unknown_weight

    def _places(self, number: int) -> Any:
        return self._rows[self._from[number] : self._until[number]]

    def _windows(self, ids: Sequence[int]) -> list[tuple[int, int]]:
        """Runs of rows where many of the words stand at the distances they have in the text, likeliest first."""
        rarest = sorted((n for n in enumerate(ids) if n[1] >= 0), key=lambda n: -self._weights[n[1]])
        diagonals, weights, votes = [], [], 0
        for position, number in rarest:
            places = self._places(number)
            if votes and votes + len(places) > _VOTES:
                break
            votes += len(places)
            diagonals.append(places[:_VOTES].astype(np.int64) - position)
            weights.append(np.full(len(diagonals[-1]), self._weights[number]))
        if not diagonals:
            return []
        diagonal, weight = np.concatenate(diagonals), np.concatenate(weights)
        order = np.argsort(diagonal, kind="stable")
        diagonal, sums = diagonal[order], np.concatenate(([0.0], np.cumsum(weight[order])))
        width = 4 + len(ids) // 4
        until = np.searchsorted(diagonal, diagonal + width, side="right")
        score = sums[until] - sums[:-1]
        windows = []
        for _ in range(_WINDOWS):
            top = int(np.argmax(score))
            if score[top] <= 0:
                break
            at = int(diagonal[top])
            inside = self.text_of(min(max(at, 0) + len(ids) // 2, len(self._ids) - 1))
            first, last = self.rows_of_text(inside)
            windows.append((max(first, at - width), min(last, at + len(ids) + 2 * width)))
            score[(diagonal > at - width) & (diagonal < at + width)] = 0
        return windows

    def _shared(self, ids: Sequence[int], low: int, high: int) -> tuple[Shared, ...]:
        opcodes = LCSseq.opcodes(list(ids), self._ids[low:high].tolist())
        runs = [
            Shared(code.src_start, low + code.dest_start, code.src_end - code.src_start)
            for code in opcodes
            if code.tag == "equal"
        ]
        for number in range(len(runs) - 1, 0, -1):
            runs[number - 1 : number + 1] = self._joined(ids, runs[number - 1], runs[number])
        runs = [run for run in runs if run.length]
        while len(runs) > 1 and _is_stray(runs[0], runs[1]):
            runs.pop(0)
        while len(runs) > 1 and _is_stray(runs[-1], runs[-2]):
            runs.pop()
        return tuple(runs)

    def _joined(self, ids: Sequence[int], run: Shared, behind: Shared) -> tuple[Shared, Shared]:
        """The same shared words, those that may stand beside the run behind them moved there."""
        moved = 0
        if run.pasted + run.length == behind.pasted and run.length <= behind.length:
            while moved < run.length and self._ids[behind.row - moved - 1] == ids[behind.pasted - moved - 1]:
                moved += 1
        return (
            Shared(run.pasted, run.row, run.length - moved),
            Shared(behind.pasted - moved, behind.row - moved, behind.length + moved),
        )


def words_of(folded: str) -> list[Word]:
    """The words of a folded text, in reading order."""
    words, starts, ends = _split(folded)
    return [Word(text, int(start), int(end)) for text, start, end in zip(words, starts, ends, strict=True)]


def _split(folded: str) -> tuple[list[str], Any, Any]:
    pieces = folded.split(" ")
    bare = [piece.strip(_STRIPPED) for piece in pieces]
    lengths = np.fromiter(map(len, pieces), np.int64, len(pieces))
    kept = np.fromiter(map(len, bare), np.int64, len(pieces))
    left = lengths - np.fromiter((len(piece.lstrip(_STRIPPED)) for piece in pieces), np.int64, len(pieces))
    starts = np.cumsum(lengths + 1) - lengths - 1 + left
    some = kept > 0
    return [word for word in bare if word], starts[some].astype(np.int32), (starts + kept)[some].astype(np.int32)


def _is_stray(run: Shared, towards: Shared) -> bool:
    left, right = (run, towards) if run.row < towards.row else (towards, run)
    gap = right.row - left.row - left.length
    between = right.pasted - left.pasted - left.length
    return run.length <= _STRAY_WORDS and gap > between + _STRAY_GAP
