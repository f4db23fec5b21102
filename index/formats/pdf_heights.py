"""Digits that a PDF sets above or below the line: numbers of notes, exponents, indices."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import regex

from index.formats.pdf_columns import Run
from index.formats.transcript import AT_HEIGHT

_DIGITS = regex.compile(r"[-+−]?[0-9]{1,3}(?:[-–,] ?[0-9]{1,3})*")
# As shares of the size of the line's type: how small they are, and how far from its foot.
_SMALL = 0.86
_ABOVE, _BELOW = (0.15, 0.8), (-0.5, -0.08)


def at_height(runs: Sequence[Run], size: float) -> Iterator[str]:
    """The words of each run of a line, its digits in the characters for their height; ``size``: of the line's type."""
    foot = next((run[2] for run in runs if run[0].strip() and abs(run[3] - size) < 0.1), None)
    for position, (words, _, y, own, _) in enumerate(runs):
        if foot is None or own > _SMALL * size or not _DIGITS.fullmatch(words.strip()):
            yield words
            continue
        before = "".join(run[0] for run in runs[max(0, position - 1) : position])
        behind = "".join(run[0] for run in runs[position + 1 : position + 2])
        # A number that stands apart is that of a page, or another cell.
        beside = before[-1:] + words[:1] if before.strip() else words[-1:] + behind[:1]
        rise = (y - foot) / size
        if len(beside) < 2 or any(map(str.isspace, beside)):
            yield words
        elif _ABOVE[0] < rise < _ABOVE[1]:
            yield words.translate(AT_HEIGHT["sup"])
        elif _BELOW[0] < rise < _BELOW[1]:
            yield words.translate(AT_HEIGHT["sub"])
        else:
            yield words
