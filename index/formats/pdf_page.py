"""A page of a PDF → its lines, as pypdf finds them, each with its place."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Any

from index.formats.pdf_columns import Run, one_by_one
from index.formats.pdf_fonts import with_ligatures
from index.formats.pdf_heights import at_height
from index.formats.pdf_lines import Line
from index.formats.transcript import one_line

_LIGATURES = str.maketrans(
    {"ﬀ": "ff", "ﬁ": "fi", "ﬂ": "fl", "ﬃ": "ffi", "ﬄ": "ffl", "ﬅ": "st", "ﬆ": "st"} | {"\u00a0": " ", "\ufffd": " "}
)
_BOLD = re.compile(r"bold|black|heavy|semibold|demi|-medi|cmbx|cmb10|sfbx", re.I)
# Words drawn once more so near, as a share of the size of their type, are their shadow, or make them look bold.
_SHADOW = 0.1
# The width of a character, and how far apart two cells of a table are, as shares of the same.
_WIDTH, _GAP = 0.5, 0.6


def lines_of(page: Any, number: int) -> list[Line]:
    """The lines of one page, in the order in which the page draws them, column after column."""
    rows: list[list[Run]] = [[]]
    last = ("", 0.0, 0.0)
    # Where the picture lies, and that around it, whose words are being read: pypdf begins anew in each.
    around = [(1.0, 0.0, 0.0, 1.0, 0.0, 0.0)]

    def begin(operator: bytes, _: Any, cm: list[float], __: Any) -> None:
        if operator == b"Do":
            around.append(_within(cm, around[-1]))

    def end(operator: bytes, *_: Any) -> None:
        if operator == b"Do":
            around.pop()

    def visit(text: str, cm: list[float], tm: list[float], font: Any, size: float) -> None:
        nonlocal last
        if not text:
            return
        drawn = _within(cm, around[-1])
        x = tm[4] * drawn[0] + tm[5] * drawn[2] + drawn[4]
        y = tm[4] * drawn[1] + tm[5] * drawn[3] + drawn[5]
        scale = abs(tm[3] * drawn[3]) or abs(tm[1] * drawn[1]) or 1.0
        before, last = last, (text, x, y)
        # Not at the very place: there pypdf sees what follows in another font, too.
        if text == before[0] and 0 < max(abs(x - before[1]), abs(y - before[2])) < _SHADOW * float(size) * scale:
            return
        name = str(font.get("/BaseFont", "")) if font is not None else ""
        for position, part in enumerate(with_ligatures(text, font).split("\n")):
            if position:
                rows.append([])
            if part:
                rows[-1].append((part, x, y, float(size) * scale, bool(_BOLD.search(name))))

    page.extract_text(visitor_text=visit, visitor_operand_before=begin, visitor_operand_after=end)
    return [line for row in one_by_one(rows) if (line := _line(row, number))]


def _within(inner: Sequence[float], outer: Sequence[float]) -> tuple[float, float, float, float, float, float]:
    """The place on the page of what is drawn by the matrix ``inner``, in a picture drawn by ``outer``."""
    a, b, c, d, e, f = outer
    across, along = ((inner[n] * a + inner[n + 1] * c, inner[n] * b + inner[n + 1] * d) for n in (0, 2))
    return (*across, *along, inner[4] * a + inner[5] * c + e, inner[4] * b + inner[5] * d + f)


def _line(runs: Sequence[Run], page: int) -> Line | None:
    chars: Counter[tuple[float, bool]] = Counter()
    for text, _, _, size, bold in runs:
        chars[round(size, 1), bold] += len(text.strip())
    (size, bold), most = max(chars.items(), key=lambda item: (item[1], item[0]), default=((1.0, False), 0))
    words = one_line("".join(at_height(runs, size)).translate(_LIGATURES))
    if not words or not most:
        return None
    _, x, y, _, _ = next(run for run in runs if run[0].strip())
    return Line(words, page, x, y, size or 1.0, bold, tuple(_cells(runs)))


def _cells(runs: Sequence[Run]) -> Iterator[int]:
    said = [run for run in runs if run[0].strip()]
    for (words, x, _, size, _), run in pairwise(said):
        if run[1] > x + size * (_WIDTH * len(words.strip()) + _GAP):
            yield round(run[1])
