"""Lines of a PDF's text with their place on the page, and how they lie to each other."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise


@dataclass(frozen=True, slots=True)
class Line:
    """``x`` and ``y`` in points, from the left and from the bottom; ``size`` is of most of its characters."""

    text: str
    page: int
    x: float
    y: float
    size: float
    bold: bool


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
