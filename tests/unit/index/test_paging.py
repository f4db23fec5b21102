from __future__ import annotations

import pytest

from index.passages import first_heading, paragraphs

BODY = "\n\n".join(f"{title}\n\nWhat is said of it stands here." for title in ("1. Setting up", "2. Use", "3. Safety"))


def texts(text: str) -> list[str]:
    return [paragraph.span.of(text) for paragraph in paragraphs(text)]


@pytest.mark.parametrize(
    "entries",
    [
        ["1. Setting up ........ 3", "2. Use ............... 8", "3. Safety ............ 12"],
        ["1. Setting up . . . . . 3", "", "2. Use . . . . . 8", "", "3. Safety . . . . . 12"],
        ["Preface ..... iv", "Setting up ..... 3", "Use ..... 8", "Safety ..... 12"],
        ["1. Setting up\t3", "2. Use\t8", "3. Safety\t12"],
        ["1. Setting up      3", "2. Use             8", "3. Safety         12"],
    ],
)
@pytest.mark.parametrize("above", ["Contents", "TABLE OF CONTENTS", "Contents:"])
def test_a_table_of_contents_is_no_text(entries: list[str], above: str) -> None:
    text = "\n".join(["The pump and its use", "", above, "", *entries, "", BODY])
    assert texts(text) == ["The pump and its use", *["What is said of it stands here."] * 3]
    assert first_heading(text) == "The pump and its use"


@pytest.mark.parametrize(
    "prices",
    [
        ["Coffee ........ 3.50", "Tea ........ 4.20", "Cake ........ 5.00"],
        ["Coffee ........ 3", "Tea ........ 4", "Cake ........ 5"],
        ["Setting up ........ 30", "Use ........ 4", "Safety ........ 12"],
        ["Setting up ........ 3", "Use ........ 4"],
    ],
    ids=["decimals", "nothing they head", "not ascending", "few"],
)
def test_a_price_list_with_dots_is_text(prices: list[str]) -> None:
    kept = "\n".join(texts(f"{BODY}\n\n" + "\n".join(prices)))
    assert all(price in kept for price in prices)


@pytest.mark.parametrize("number", ["- 7 -", "– 7 –", "Page 3 of 10", "PAGE 3 / 10"])
def test_a_page_number_is_no_text(number: str) -> None:
    text = f"The text of a page ends here.\n\n{number}\n\nThat of the next begins.\n{number}\nIt goes on.\n"
    assert texts(text) == ["The text of a page ends here.", "That of the next begins.", "It goes on."]


@pytest.mark.parametrize("look", ["Page {}", "p. {}", "{} of 9", "{}/9"])
def test_page_numbers_that_run_on_are_no_text(look: str) -> None:
    text = f"One.\n\n{look.format(3)}\n\nTwo.\n\n{look.format(4)}\n\nThree.\n"
    assert texts(text) == ["One.", "Two.", "Three."]


@pytest.mark.parametrize("lines", [["3/10"], ["Page 7"], ["7", "8", "9"], ["4 of 5", "4 of 5"], ["²", "p. ²"]])
def test_numbers_that_count_no_pages_are_text(lines: list[str]) -> None:
    text = "It was so.\n\n" + "\n\n".join(lines) + "\n\nIt was good.\n"
    assert [
        line for line in lines if line not in " ".join([*texts(text), *(p.heading or "" for p in paragraphs(text))])
    ] == []


def test_bare_numbers_a_page_apart_are_no_text() -> None:
    page = "\n\n".join(f"The line number {line} of it stands here." for line in "abcdefghij")
    text = "\n\n".join([page, "11", page, "12", page])
    assert not {"11", "12"} & {*texts(text), *(paragraph.heading for paragraph in paragraphs(text))}


def test_a_text_of_nothing_but_a_page_number_keeps_it() -> None:
    assert texts("Page 1 of 1\n") == ["Page 1 of 1"]


@pytest.mark.parametrize("line", [". " * 60, "x" + " " * 110 + "x", "_" * 119, "a\t" * 59])
def test_many_lines_that_are_almost_an_entry_are_read_in_linear_time(line: str) -> None:
    assert texts("\n".join([f"{line}x"] * 5_000))
