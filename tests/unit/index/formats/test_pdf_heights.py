from __future__ import annotations

from collections.abc import Callable

import pytest
from papers import pdf

from index.extraction import Extracted

Read = Callable[[str, bytes], Extracted]


def line(*pieces: tuple[float, float, str]) -> bytes:
    """A line of pieces, each with the size of its type, how far it is set above the line, and its words.

    They begin at one place, so that none stands apart.
    """
    shown = (f"/F1 {size:g} Tf 1 0 0 1 72 {700 + rise:g} Tm ({words}) Tj" for size, rise, words in pieces)
    return f"BT {' '.join(shown)} ET".encode()


@pytest.mark.parametrize(
    ("pieces", "text"),
    [
        ([(10, 0, "It fell in 1923."), (7, 3.6, "12")], "It fell in 1923.¹²"),
        ([(10, 0, "A plot of 250 m"), (6, 4, "2"), (10, 0, ", no more")], "A plot of 250 m², no more"),
        ([(10, 0, "At 10"), (7, 3.6, "-5"), (10, 0, " bar")], "At 10⁻⁵ bar"),
        ([(10, 0, "Water, H"), (7, -1.5, "2"), (10, 0, "O, is wet")], "Water, H₂O, is wet"),
        ([(7, 3, "3"), (10, 0, "See the preface of the first edition.")], "³See the preface of the first edition."),
    ],
)
def test_digits_above_or_below_the_line_keep_their_height(
    read: Read, pieces: list[tuple[float, float, str]], text: str
) -> None:
    assert read("a.pdf", pdf([line(*pieces)])).text == text


@pytest.mark.parametrize(
    ("pieces", "text"),
    [
        ([(10, 0, "In small type "), (7, 0, "12"), (10, 0, " stays")], "In small type 12 stays"),
        ([(10, 0, "A box with a number of its own "), (7, 3, "12")], "A box with a number of its own 12"),
        ([(10, 0, "The 5"), (7, 3.6, "th"), (10, 0, " of May")], "The 5th of May"),
    ],
)
def test_other_digits_stay_as_they_are(read: Read, pieces: list[tuple[float, float, str]], text: str) -> None:
    assert read("a.pdf", pdf([line(*pieces)])).text == text
