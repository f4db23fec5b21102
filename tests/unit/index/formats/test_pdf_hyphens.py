from __future__ import annotations

import pytest

from index.formats.pdf_hyphens import Hyphens
from index.formats.pdf_lines import Line


def join(*lines: str) -> str:
    """The lines of one paragraph as words."""
    hyphens = Hyphens([Line(words, 0, 72.0, 700.0 - 14 * row, 11.0, bold=False) for row, words in enumerate(lines)])
    words = ""
    for line in lines:
        words = hyphens.joined(words, line, " ")
    return words


@pytest.mark.parametrize(
    ("lines", "words"),
    [
        (("It is read-", "only. The read-only file"), "It is read-only. The read-only file"),
        (("The read\u2010only file is read\u2010", "only."), "The read\u2010only file is read\u2010only."),
        (("A database is a data-", "base."), "A database is a database."),
        (("A-b, a-b, a-", "b, not ab."), "A-b, a-b, a-b, not ab."),
        (("The organi-", "zation is here."), "The organization is here."),
        (("It is paper-", "and-ink."), "It is paper-and-ink."),
        (("Say --show-leak-", "kinds=all."), "Say --show-leak-kinds=all."),
        (("Each stage is single-", "stage, and a single one."), "Each stage is single-stage, and a single one."),
        (("The first-", "year students read."), "The first-year students read."),
        (("The second-", "ary school."), "The secondary school."),
        (("The per-", "form of a form per form."), "The perform of a form per form."),
        (("A soft\u00ad", "ware is soft ware."), "A software is soft ware."),
        (("It was anti-", "Western."), "It was anti- Western."),
    ],
)
def test_the_hyphen_at_the_end_of_a_line_is_kept_where_the_word_has_one(lines: tuple[str, ...], words: str) -> None:
    assert join(*lines) == words


def test_where_no_word_is_broken_every_hyphen_is_kept() -> None:
    told = ("A user-defined pre-installed file.", "It is user-", "defined, pre-", "installed and non-", "ambiguous.")
    assert join(*told).endswith("It is user-defined, pre-installed and non-ambiguous.")
    assert join(*told, "A descrip-", "tion and a description.").endswith(
        "pre-installed and nonambiguous. A description and a description."
    )


def test_the_parts_of_a_broken_word_are_no_words_of_the_document() -> None:
    assert (
        join("Look at your inter-", "esting and inter-", "esting rates.")
        == "Look at your interesting and interesting rates."
    )
