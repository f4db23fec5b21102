from __future__ import annotations

import pytest

from index.passages import paragraphs, split_passages


def read(text: str) -> list[tuple[str | None, list[str]]]:
    """(heading, sentences) of each passage."""
    return [(one.heading, [span.of(text) for span in one.sentences]) for one in split_passages(text, 700)]


@pytest.mark.parametrize(
    "times",
    [
        ("5/3/24, 6:22 PM - Anna:", "5/3/24, 6:25 PM - Ben:", "5/3/24, 6:31 PM - Cara:"),
        ("2024-05-03 18:22:10,417 INFO", "2024-05-03 18:25:03,002 INFO", "2024-05-03 18:31:02,960 WARNING"),
        ("2024-05-03T18:22:10Z core", "2024-05-03T18:25:03Z core", "2024-05-03T18:31:02Z core"),
    ],
)
def test_lines_of_one_length_that_begin_with_date_and_time_are_no_wrapped_prose(times: tuple[str, ...]) -> None:
    said = (
        "I have booked the cabin at the loch",
        "then let us take the car to it all",
        "the stove is what I shall bring us",
    )
    lines = [f"{time} {words}" for time, words in zip(times, said, strict=True)]
    assert read("\n".join(lines)) == [(None, lines)]


def test_a_bullet_below_a_line_begins_an_item() -> None:
    text = "A text that opens.\n\nWhat is still to be done by us\n- Mow the lawn behind the shed\n"
    assert read(text)[1:] == [("What is still to be done by us", ["- Mow the lawn behind the shed"])]


def test_a_line_of_years_above_a_bullet_is_told_and_no_heading() -> None:
    text = "WORK\n\n2015 – 2019  Engineer, Vogt & Partner\n- Built test rigs for pumps there\n"
    assert read(text) == [
        ("WORK", ["2015 – 2019  Engineer, Vogt & Partner"]),
        ("WORK", ["- Built test rigs for pumps there"]),
    ]


def test_a_line_of_prose_may_begin_with_a_dash() -> None:
    lines = ("They went to the market by the old road", "- it was closed that day - and bought all", "that was left.")
    text = "\n".join(lines)
    assert len(list(paragraphs(text))) == 1
    assert len(read(text)[0][1]) == 1


@pytest.mark.parametrize(
    "rows",
    [
        ["Item              Quantity   Condition", "Dining chairs     4          Two scratched"],
        ["Norbury dep.   07:30   10:15", "Farra arr.     08:25   11:10"],
        ["Fault                 Remedy", "It stops early        Let it cool for 15 min.", "It is loud    Oil it."],
        ["Steel wheels .... 110 Nm", "Alloy wheels .... 120 Nm"],
        ["Producer ........ Jane Doe", "Light . . . . . . Ben Ode"],
        ["Child (5-15)      £4.70", "Car incl. driver  £38.00", "Bicycle           free"],
    ],
)
def test_each_row_whose_cells_stand_apart_is_a_sentence_of_one_table(rows: list[str]) -> None:
    assert read("The table stands here.\n\n" + "\n".join(rows) + "\n")[1:] == [(None, rows)]


def test_justified_prose_is_no_table() -> None:
    text = (
        "The  ferry to the island leaves at noon.   It takes a while,   as the sea is\n"
        "often  rough  there.   The  crew  knows  the way   and the coast very well.\n"
    )
    assert len(list(paragraphs(text))) == 1


def test_an_address_is_no_wrapped_prose() -> None:
    lines = [
        "BRIGHTWATER PLUMBING & HEATING LTD",
        "Unit 7, Millrace Business Park, Leeds LS10 1AB",
        "Company No. 07781234",
    ]
    assert read("\n".join([*lines, "", "It is here."]))[0] == (None, lines)


def test_a_line_above_items_of_a_deeper_number_is_their_heading() -> None:
    text = (
        "1. TERM\n1.1 The term is a year.\n1.2 It begins in May.\n"
        "2. RENT\n2.1 The rent is low.\n(a) It is due monthly.\n3. The end of it is near.\n3.1 It is not.\n"
    )
    assert read(text) == [
        ("1. TERM", ["1.1 The term is a year.", "1.2 It begins in May."]),
        ("2. RENT", ["2.1 The rent is low.", "(a) It is due monthly.", "3. The end of it is near.", "3.1 It is not."]),
    ]
