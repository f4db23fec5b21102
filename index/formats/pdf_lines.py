"""Lines of a PDF's text with their place on the page, and how they lie to each other."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import regex

from index.sentences import ends_like_a_sentence

_NUMBER = regex.compile(r"(?<!\S)[(<>~≈+−–-]*\p{Sc}?\p{N}[\p{N}.,:/eE+−-]*\s?[%‰°\p{Sc})*]*(?!\S)")
# How many lines make a table, and how many of them in a hundred must look like rows.
_ROWS, _SHARE = 3, 67
# A shorter row is not full.
_WRAP_LEAST = 40


@dataclass(frozen=True, slots=True)
class Line:
    """``x`` and ``y`` in points, from the left and from the bottom; ``size`` is of most of its characters.

    ``cells``: where words begin that stand apart from those before them, in whole points.
    """

    text: str
    page: int
    x: float
    y: float
    size: float
    bold: bool
    cells: tuple[int, ...] = ()


def leading_of(lines: Sequence[Line]) -> float:
    """The usual distance between two lines of a paragraph, in points."""
    falls: Counter[float] = Counter()
    for one, next_one in pairwise(lines):
        fall = one.y - next_one.y
        if one.page == next_one.page and 0 < fall < 4 * one.size:
            falls[round(fall * 2) / 2] += 1
    return max(falls.items(), key=lambda item: (item[1], -item[0]))[0] if falls else 12.0


def same_baseline(one: Line, other: Line) -> bool:
    return one.page == other.page and abs(one.y - other.y) < 0.4 * max(one.size, other.size)


def are_rows(lines: Sequence[Line]) -> bool:
    """Whether lines are the rows of a table: most have a cell at one place, or end in a number and hold another."""
    needed = max(_ROWS, -(-len(lines) * _SHARE // 100))
    places = Counter(place for line in lines for place in set(line.cells))
    if places and max(places.values()) >= needed:
        return True
    return sum(_ends_in_numbers(line.text) for line in lines) >= needed


def carries_on(row: Line, line: Line) -> bool:
    """Whether ``line`` is the rest of the last cell of the row before it."""
    if line.cells or len(row.text) < _WRAP_LEAST or ends_like_a_sentence(row.text):
        return False
    return line.text[0].islower() and not _ends_in_numbers(line.text)


def _ends_in_numbers(words: str) -> bool:
    found = list(_NUMBER.finditer(words))
    return len(found) > 1 and found[-1].end() == len(words)
