"""Columns of prose that a PDF draws row by row, straight across: read one after the other all the same."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from itertools import pairwise

Run = tuple[str, float, float, float, bool]
"""Words drawn at once, x, y, the size of the type, and whether it is bold."""

# How many rows must begin anew at one place, and how long the halves are on average: the cells of a table are shorter.
_ROWS = 4
_CHARS = 22
# Of the halves of a table at least so many begin with a capital or a digit.
_CELLS = 0.75
# A row of more is no prose, and a page of one such row must not take for ever.
_RUNS = 60
# The width of a character as a share of the size of the type, at the least.
_WIDTH = 0.35


def one_by_one(rows: Sequence[Sequence[Run]]) -> list[list[Run]]:
    """``rows`` in the order in which a reader reads them, those that run over two columns taken apart."""
    gutter = _gutter(rows)
    if gutter is None:
        return [list(row) for row in rows]
    read: list[list[Run]] = []
    beside: list[list[Run]] = []
    for row in rows:
        left = [run for run in row if run[1] < gutter]
        right = [run for run in row if run[1] >= gutter]
        if left and not right and _end(left) > gutter:
            # A title across both columns: what stands above it is read first.
            read += beside
            beside = []
        if left:
            read.append(left)
        if right:
            beside.append(right)
    return read + beside


def _gutter(rows: Sequence[Sequence[Run]]) -> float | None:
    """Where the second column begins; None where there is none."""
    begun: Counter[int] = Counter()
    chars: Counter[int] = Counter()
    for row in rows:
        said = [run for run in row if run[0].strip()]
        if len(said) > _RUNS:
            continue
        for before, run in pairwise(said):
            if run[1] > _end([before]) and abs(run[2] - before[2]) < 0.5 * run[3]:
                place = round(run[1])
                begun[place] += 1
                # The shorter half decides: a list of terms and their meanings is a table.
                left = sum(len(other[0].strip()) for other in said if other[1] < run[1])
                chars[place] += min(left, sum(len(other[0].strip()) for other in said if other[1] >= run[1]))
    if not begun:
        return None
    place, count = max(begun.items(), key=lambda item: (item[1], -item[0]))
    several = sum(len([run for run in row if run[0].strip()]) > 1 for row in rows)
    gutter = place - 1.0
    if count < _ROWS or 2 * count < several or chars[place] < _CHARS * count or _are_cells(rows, gutter):
        return None
    return gutter


def _are_cells(rows: Sequence[Sequence[Run]], gutter: float) -> bool:
    """Whether most halves begin anew, as questions and their answers do in a table: a line of prose mostly goes on."""
    begun = whole = 0
    for row in rows:
        halves = [[run for run in row if (run[1] < gutter) is left and run[0].strip()] for left in (True, False)]
        if all(halves):
            firsts = [half[0][0].strip()[0] for half in halves]
            begun += sum(first.isupper() or first.isdigit() for first in firsts)
            whole += len(firsts)
    return begun > _CELLS * whole


def _end(runs: Sequence[Run]) -> float:
    """Where the last of ``runs`` ends at the earliest."""
    text, x, _, size, _ = runs[-1]
    return x + _WIDTH * size * len(text.strip())
