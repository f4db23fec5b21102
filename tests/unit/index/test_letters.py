from __future__ import annotations

import pytest

from index.passages import paragraphs, split_passages


def read(text: str) -> list[tuple[str | None, str]]:
    """(heading, words) of each paragraph."""
    return [(paragraph.heading, paragraph.span.of(text)) for paragraph in paragraphs(text)]


@pytest.mark.parametrize("closing", ["Yours sincerely,", "Best,", "With kind regards,"])
@pytest.mark.parametrize("gap", ["\n", "\n\n", "\n\n\n"])
def test_a_signature_is_one_sentence_with_its_closing(closing: str, gap: str) -> None:
    signed = f"{closing}{gap}Jane Doe\nHead of Operations"
    text = f"Dear Ms. Hall,\n\nThe rent is due on Monday.\n\n{signed}\n"
    last = split_passages(text, 700)[-1]
    assert [sentence.of(text) for sentence in last.sentences] == [signed]


def test_a_signature_without_a_comma_is_kept() -> None:
    text = "The rent is due on Monday.\n\nBest regards\n\nJane Doe\nHead of Operations\n"
    assert read(text)[1:] == [(None, "Best regards\n\nJane Doe\nHead of Operations")]


@pytest.mark.parametrize("opening", ["Hi Tom,", "Dear Tom:"])
def test_a_single_name_signs_what_began_with_a_salutation(opening: str) -> None:
    assert read(f"{opening}\n\nsee you on Monday.\n\nInes\n")[-1] == (None, "Ines")


def test_what_stands_apart_below_a_signature_and_above_text_is_a_heading() -> None:
    text = "It is done.\n\nYours,\n\nJane Doe\nDirector\n\nAppendix of prices\n\nThe boat is dear.\n"
    assert read(text)[1:] == [(None, "Yours,\n\nJane Doe\nDirector"), ("Appendix of prices", "The boat is dear.")]


@pytest.mark.parametrize(
    "date", ["4 May 2024", "Leeds, 4th May 2024", "May 4, 2024", "Tuesday, May 4th, 2024", "2024-05-04", "4.5.2024"]
)
def test_the_head_of_a_letter_is_text_and_heads_nothing(date: str) -> None:
    text = f"Garrow Estates Limited\n12 High Street\n\n{date}\n\nDear Ms. Hall,\n\nthe rent is due.\n"
    lines = ["Garrow Estates Limited", "12 High Street", date, "Dear Ms. Hall,", "the rent is due."]
    assert read(text) == [(None, line) for line in lines]


@pytest.mark.parametrize(
    "line", ["By Jane Doe", "by Jane Doe and Ben de Vries", "4 May 2024", "4 May 2024, 7 p.m., School Library"]
)
def test_below_a_title_a_byline_and_a_date_are_text(line: str) -> None:
    title = "How the Lamps Were Lit"
    assert read(f"{title}\n\n{line}\n\nThey were lit by hand.\n") == [
        (title, line),
        (title, "They were lit by hand."),
    ]


def test_a_date_by_itself_heads_what_it_tells_of() -> None:
    text = "We set out at dawn.\n\n4 May 1920\n\nThe fog is thick.\n\n5 May 1920\n\nWe see the coast.\n"
    assert [heading for heading, _ in read(text)] == [None, "4 May 1920", "5 May 1920"]


def test_a_verse_that_ends_in_a_comma_is_no_closing() -> None:
    text = "He sang.\n\nRoses are red,\nViolets are blue,\nSugar is sweet\n"
    passages = split_passages(text, 700)
    assert [sentence.of(text) for sentence in passages[-1].sentences] == [
        "Roses are red,",
        "Violets are blue,",
        "Sugar is sweet",
    ]


def test_the_mark_before_a_cited_name_is_no_text() -> None:
    text = "On Monday.\n\n> Which day will it be?\n> Tom\n"
    assert read(text) == [(None, "On Monday."), (None, "Which day will it be?"), (None, "Tom")]


def test_a_rule_between_the_last_lines_is_no_text() -> None:
    text = "It is so.\n\nJane Doe\n\n* * *\n\nFlat 2\n"
    assert [words for _, words in read(text)] == ["It is so.", "Jane Doe", "Flat 2"]


def test_a_hundred_thousand_short_paragraphs_are_read_in_linear_time() -> None:
    assert len(read("He left.\n\nYes,\n\n" * 50_000)) == 100_000
