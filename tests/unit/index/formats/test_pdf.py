from __future__ import annotations

from collections.abc import Callable
from io import BytesIO

import pypdf
import pytest
from papers import column, pdf

from index.extraction import Extracted

Read = Callable[[str, bytes], Extracted]
Blocks = Callable[[str, bytes], list[tuple[str, str]]]
Complaint = Callable[[str, bytes], str]


def test_lines_make_paragraphs_and_larger_type_makes_headings(blocks: Blocks) -> None:
    page = [
        (72, 740, 18, "The Title"),
        *column(["A first sentence that goes on over", "the end of its line. And a second."], top=700),
        *column(["Another paragraph, set apart by space", "and just as long as the other one."], top=650),
    ]
    assert blocks("a.pdf", pdf([page])) == [
        ("heading", "The Title"),
        ("paragraph", "A first sentence that goes on over the end of its line. And a second."),
        ("paragraph", "Another paragraph, set apart by space and just as long as the other one."),
    ]


def test_a_bold_line_heads_what_follows(blocks: Blocks) -> None:
    page = column(["Results", "The results are shown here in full.", "They are good in every way there is."])
    assert blocks("a.pdf", pdf([page], bold=["Results"]))[0] == ("heading", "Results")


def test_a_word_broken_at_the_end_of_a_line_is_made_whole(read: Read) -> None:
    page = column(
        ["The organi-", "zation is well-", "known. A well-known", "organization indeed has anti-", "Western views."]
    )
    assert read("a.pdf", pdf([page])).text == (
        "The organization is well-known. A well-known organization indeed has anti- Western views."
    )


def test_columns_are_read_one_after_the_other(read: Read) -> None:
    left = column(["The left column says", "one thing and then it", "goes on to"], x=72)
    right = column(["the right column, where", "it ends. A new sentence", "comes after."], x=320)
    assert read("a.pdf", pdf([[*left, *right]])).text == (
        "The left column says one thing and then it goes on to the right column, where it ends. "
        "A new sentence comes after."
    )


def test_a_paragraph_that_runs_on_over_a_page_is_one_and_each_half_has_its_page(read: Read) -> None:
    first = column(["This sentence begins on the first page and"])
    second = column(["ends on the second one. This stands there too."])
    found = read("a.pdf", pdf([first, second]))
    assert found.text == "This sentence begins on the first page and ends on the second one. This stands there too."
    assert len(found.structure.blocks) == 1
    assert [found.structure.page_of(found.text.index(words)) for words in ("begins", "ends", "This stands")] == [
        1,
        2,
        2,
    ]


def test_a_page_without_text_still_counts(read: Read) -> None:
    found = read("a.pdf", pdf([column(["The first page."]), [], column(["The third page."])]))
    assert found.structure.page_of(found.text.index("third")) == 3


def test_running_heads_and_page_numbers_are_left_out(read: Read) -> None:
    pages = [
        [(72, 760, 9, f"Annual Report {n}"), *column([f"The {season} was wet."]), (300, 30, 9, f"{n}")]
        for n, season in enumerate(("spring", "summer", "autumn", "winter"), start=1)
    ]
    assert read("a.pdf", pdf(pages)).text == (
        "The spring was wet.\n\nThe summer was wet.\n\nThe autumn was wet.\n\nThe winter was wet."
    )


def test_a_document_of_nothing_but_numbers_keeps_them(read: Read) -> None:
    assert read("a.pdf", pdf([column(["1"]), column(["2"])])).text == "1 2"


def test_a_table_of_contents_is_shown_and_never_quoted(blocks: Blocks) -> None:
    page = column(
        ["Introduction . . . . . . . . . . . . 1", "Methods . . . . . . . . . . . . . . 12", "A sentence stands here."]
    )
    assert [kind for kind, _ in blocks("a.pdf", pdf([page]))] == ["aside", "aside", "paragraph"]


def test_the_files_own_title_and_author_are_its_card(read: Read) -> None:
    info = {"Title": "On Rivers", "Author": "Ann Lee; Bo Ek", "CreationDate": "D:20240704101500Z"}
    assert read("a.pdf", pdf([column(["Words."])], info)).structure.card == {
        "title": "On Rivers",
        "author": [{"literal": "Ann Lee"}, {"literal": "Bo Ek"}],
        "created": "2024-07-04",
    }


@pytest.mark.parametrize("title", ["Microsoft Word - draft3.docx", "untitled", "thesis.dvi", "  "])
def test_a_title_that_is_none_is_not_believed(read: Read, title: str) -> None:
    assert "title" not in read("a.pdf", pdf([column(["Words."])], {"Title": title})).structure.card


def test_a_scanned_file_says_that_it_holds_no_text(complaint: Complaint) -> None:
    assert complaint("a.pdf", pdf([[], []])) == (
        "a.pdf: holds no text, as a scan does; run text recognition (OCR) on it and save the result"
    )


def encrypted(user: str) -> bytes:
    writer = pypdf.PdfWriter(clone_from=BytesIO(pdf([column(["A secret."])])))
    writer.encrypt(user, "owner", algorithm="RC4-128")
    out = BytesIO()
    writer.write(out)
    return out.getvalue()


def test_an_encrypted_file_says_so(complaint: Complaint) -> None:
    assert complaint("a.pdf", encrypted("letmein")) == "a.pdf: is encrypted; save a copy without a password"


def test_a_file_that_anyone_may_open_is_read_though_it_may_not_be_changed(read: Read) -> None:
    assert read("a.pdf", encrypted("")).text == "A secret."


@pytest.mark.parametrize("cut", [10, 200, 500])
def test_a_file_cut_short_is_left_out_with_one_line(complaint: Complaint, cut: int) -> None:
    assert complaint("a.pdf", pdf([column(["Words."])])[:cut]).startswith("a.pdf: ")


def test_a_file_of_another_kind_is_told_by_its_content(complaint: Complaint) -> None:
    assert complaint("a.pdf", b"<html>") == "a.pdf: its content is not that of a PDF; give it the ending of what it is"


@pytest.mark.parametrize(
    "page",
    [b"BT /F1 1 Tf " + b"(x) Tj " * 3_000_000 + b"ET", b" " * 400_000_000],
    ids=["three million operators", "a page of 400 MB"],
)
def test_a_small_file_that_unfolds_into_a_huge_page_is_given_up_in_time(complaint: Complaint, page: bytes) -> None:
    assert complaint("a.pdf", pdf([page])).startswith("a.pdf: ")
