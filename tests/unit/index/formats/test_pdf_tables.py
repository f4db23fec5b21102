from __future__ import annotations

from collections.abc import Callable

from papers import Line, column, pdf

Blocks = Callable[[str, bytes], list[tuple[str, str]]]


def rows(*cells: tuple[str, ...], top: float = 600) -> list[Line]:
    """Rows of cells, 100 points apart."""
    return [
        (72 + 150 * place, top - 14 * row, 11, words)
        for row, held in enumerate(cells)
        for place, words in enumerate(held)
        if words
    ]


PROSE = column(
    ["All that is told here is told in lines that are long enough", "to be prose, and in which nothing stands apart."],
    top=700,
)


def test_the_rows_of_a_table_are_lines(blocks: Blocks) -> None:
    table = rows(
        ("the oak", "a tree of the woods and parks"),
        ("the ash", "a tree of rivers"),
        ("reed", "a tall grass that likes water"),
    )
    assert blocks("a.pdf", pdf([[*PROSE, *table]]))[1] == (
        "lines",
        "the oak a tree of the woods and parks\nthe ash a tree of rivers\nreed a tall grass that likes water",
    )


def test_rows_that_end_in_numbers_are_lines_however_long(blocks: Blocks) -> None:
    told = [f"group {name} of all that were counted that year 12{name} 4.5{name}" for name in "1234"]
    assert blocks("a.pdf", pdf([[*PROSE, *column(told, top=600)]]))[1] == ("lines", "\n".join(told))


def test_the_rest_of_a_cell_stays_in_its_row(blocks: Blocks) -> None:
    table = rows(
        ("1", "not inside of what is quoted, nor in a list"),
        ("2", "what is more than that is cut off, and is"),
        ("", "read as the next line"),
        ("3", "nor in a list"),
        ("4", "nor in another"),
    )
    assert blocks("a.pdf", pdf([[*PROSE, *table]]))[1][1].split("\n") == [
        "1 not inside of what is quoted, nor in a list",
        "2 what is more than that is cut off, and is read as the next line",
        "3 nor in a list",
        "4 nor in another",
    ]


def test_the_sum_of_a_table_heads_nothing_though_it_is_bold(blocks: Blocks) -> None:
    table = rows(("Posters", "60", "£186.00"), ("Delivery", "1", "£18.00"), ("Total due", "", "£204.00"))
    found = blocks("a.pdf", pdf([[*PROSE, *table]], bold=["Total due", "£204.00"]))
    assert found[1] == ("lines", "Posters 60 £186.00\nDelivery 1 £18.00\nTotal due £204.00")


def test_prose_with_words_in_another_font_is_no_table(blocks: Blocks) -> None:
    line = (
        b"BT /F1 11 Tf 72 %d Td (The file) Tj /F2 11 Tf 46 0 Td (/etc/%b) Tj "
        b"/F1 11 Tf 40 0 Td (holds what is set for all of this machine) Tj ET "
    )
    shown = b"".join(line % (700 - 14 * row, name) for row, name in enumerate((b"one", b"two", b"six", b"ten")))
    assert [kind for kind, _ in blocks("a.pdf", pdf([shown]))] == ["paragraph"]
