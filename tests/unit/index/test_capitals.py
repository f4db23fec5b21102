from __future__ import annotations

from index.passages import paragraphs


def read(text: str) -> list[tuple[str | None, str]]:
    """(heading, words) of each paragraph."""
    return [(paragraph.heading, paragraph.span.of(text)) for paragraph in paragraphs(text)]


def test_below_headings_in_capitals_other_short_lines_are_text() -> None:
    text = (
        "JANE DOE\n\nSenior Engineer\n\nPROFILE\n\nShe builds pumps.\n\n"
        "EDUCATION\n\nUniversity of Leeds\n\nLANGUAGES\n\nFluent German\n"
    )
    assert read(text) == [
        ("JANE DOE", "Senior Engineer"),
        ("PROFILE", "She builds pumps."),
        ("EDUCATION", "University of Leeds"),
        ("LANGUAGES", "Fluent German"),
    ]


def test_one_line_in_capitals_makes_no_heading_of_another_text() -> None:
    text = "NEWS OF THE DAY\n\nThe old lamps\n\nThey were lit by hand.\n"
    assert read(text) == [(None, "NEWS OF THE DAY"), ("The old lamps", "They were lit by hand.")]


def test_behind_a_paragraph_a_short_line_heads_again() -> None:
    text = "ONE DAY\n\nA.\n\nTWO DAYS\n\nB.\n\nMORE DAYS\n\nC.\n\nLast days\n\nD.\n"
    assert [heading for heading, _ in read(text)] == ["ONE DAY", "TWO DAYS", "MORE DAYS", "Last days"]
