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


def test_a_title_over_two_lines_is_one_and_a_numbered_one_begins_another(blocks: Blocks) -> None:
    lines = column(["All that we know of ponds", "and of lakes"], top=740, size=17, leading=22)
    numbered = column(["1 Rivers", "1.1 Springs"], top=650, size=17, leading=22)
    assert blocks("a.pdf", pdf([[*lines, *numbered, *column(["They are wet all the year."] * 8, top=580)]]))[:3] == [
        ("heading", "All that we know of ponds and of lakes"),
        ("heading", "1 Rivers"),
        ("heading", "1.1 Springs"),
    ]


def test_words_drawn_twice_for_their_shadow_or_to_look_bold_are_read_once(read: Read) -> None:
    shown = [
        (72, 700, 20, "Ponds"),
        (72, 699.3, 20, "Ponds"),
        (72, 660, 11, "Ha"),
        (84, 660, 11, "Ha"),
        (72.4, 640, 11, "So"),
    ]
    assert read("a.pdf", pdf([shown])).text.split() == ["Ponds", "HaHa", "So"]
    assert read("a.pdf", pdf([b"BT /F1 12 Tf 72 700 Td (ha) Tj /F2 12 Tf (ha) Tj ET"])).text == "haha"


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


LEFT = [
    "The city of Vell was founded in 1204 by mer-",
    "chants from the north. It grew quickly because",
    "of the salt trade. By 1300 it had twenty",
    "thousand inhabitants and seven gates. The",
    "plague of 1349 killed half of them.",
]
RIGHT = [
    "The council banned the brewing of beer within",
    "the walls in 1411, as fires had become frequent",
    "in those years. The ban was lifted in 1437 by",
    "the same council, and brewers came from all",
    "parts of the country to settle here.",
]


def _across(left: list[str], right: list[str]) -> list[tuple[float, float, float, str]]:
    """Rows that are drawn straight across both columns."""
    return [
        (x, 700 - 13 * row, 11, words)
        for row, both in enumerate(zip(left, right, strict=True))
        for x, words in zip((72, 330), both, strict=True)
    ]


def test_columns_drawn_row_by_row_are_read_one_after_the_other(read: Read) -> None:
    title = (72, 730, 18, "A Short History of the City of Vell and its Council")
    text = read("a.pdf", pdf([[title, *_across(LEFT, RIGHT)]])).text
    assert "founded in 1204 by merchants from the north. It grew" in text
    assert "within the walls in 1411, as fires had become frequent in those years." in text
    assert text.index("killed half of them.") < text.index("The council banned")


def test_a_table_is_read_row_by_row(read: Read) -> None:
    cells = _across([f"Roof {row}" for row in "ABCDE"], [f"{row} square metres" for row in range(10, 15)])
    assert "Roof A 10 square metres" in read("a.pdf", pdf([cells])).text
    terms = _across(["axle", "bearing", "camshaft", "dipstick", "exhaust"], RIGHT)
    assert "axle The council banned" in read("a.pdf", pdf([terms])).text
    asked = _across(["May I bring my own dog here?"] * 5, ["No, and no other animal either."] * 5)
    assert "my own dog here? No, and no other animal either.\nMay I" in read("a.pdf", pdf([asked])).text


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


@pytest.mark.parametrize("word", ["2017.", "2017", "vivid.", "did.", "civil.", "mild.", "mix", "mix."])
def test_the_last_line_of_a_paragraph_is_no_page_number(read: Read, word: str) -> None:
    lines = ["The group grew for a number of years and at last", "it was joined by what stands in", word]
    assert read("a.pdf", pdf([column(lines)])).text == " ".join(lines)


def test_years_in_the_last_lines_of_several_pages_are_no_page_numbers(read: Read) -> None:
    ends = [("Mali was the first to come, in", "1998."), ("India came in", "2017."), ("Peru will follow in", "2031.")]
    assert read("a.pdf", pdf([column(lines) for lines in ends])).text == "\n\n".join(map(" ".join, ends))


@pytest.mark.parametrize("word", ["2017.", "2017", "did.", "mix"])
def test_a_sentence_that_ends_in_the_first_line_of_a_page_keeps_its_end(read: Read, word: str) -> None:
    second = [*column([word]), *column(["Another paragraph comes after", "and goes on."], top=670)]
    found = read("a.pdf", pdf([column(["India was admitted, and it joined in"]), second])).text
    assert f"joined in {word}" in found.replace("\n\n", " ")


@pytest.mark.parametrize("number", ["7", "- 7 -", "Page 7 of 9", "p. 7", "iv", "1024"])
def test_a_number_that_stands_apart_is_the_pages(read: Read, number: str) -> None:
    page = [*column(["This sentence goes on over", "the end of the page and"], top=100), (300, 50, 11, number)]
    assert read("a.pdf", pdf([page])).text == "This sentence goes on over the end of the page and"


@pytest.mark.parametrize("word", ["mix", "cm", "II", "iiii", "3."])
def test_a_word_or_a_chapters_number_that_stands_apart_is_kept(read: Read, word: str) -> None:
    page = [(300, 760, 11, word), *column(["A sentence stands", "on the page."])]
    assert read("a.pdf", pdf([page])).text == f"{word}\n\nA sentence stands on the page."


def test_numbers_close_to_the_text_are_the_pages_when_they_run_on(read: Read) -> None:
    seasons = ("The spring was wet.", "The summer was dry.", "The autumn was mild.", "The winter was cold.")
    for numbers in (("11", "12", "13", "14"), ("viii", "ix", "x", "xi"), ("MIX", "MX", "MXI", "MXII")):
        pages = [column([season, number]) for season, number in zip(seasons, numbers, strict=True)]
        assert read("a.pdf", pdf(pages)).text == "\n\n".join(seasons)
    pages = [column([season[:-1], number]) for season, number in zip(seasons, ("11", "75", "12", "40"), strict=True)]
    assert read("a.pdf", pdf(pages)).text == (
        "The spring was wet 11\n\nThe summer was dry 75\n\nThe autumn was mild 12\n\nThe winter was cold 40"
    )


def test_a_number_with_a_full_stop_is_the_pages_when_it_stands_apart_and_runs_on(read: Read) -> None:
    pages = [[*column([f"The {season} was wet."]), (300, 30, 9, f"{n}.")] for n, season in enumerate("abcd", start=1)]
    assert read("a.pdf", pdf(pages)).text == "\n\n".join(f"The {season} was wet." for season in "abcd")


def test_the_numbers_of_running_heads_tell_that_of_a_page_without_one(read: Read) -> None:
    tops = ("Chapter 1: Rivers 11", "Chapter 1: Rivers 12", "13", "Chapter 2: Lakes 14", "Chapter 2: Lakes 15")
    pages = [[(72, 740, 11, top), *column([f"The sentence {name}"])] for top, name in zip(tops, "abcde", strict=True)]
    assert "13" not in read("a.pdf", pdf(pages)).text.replace(tops[0], "")


def test_running_heads_that_change_with_the_chapter_are_left_out(read: Read) -> None:
    chapters = ["Rivers", "Rivers", "Lakes", *["Ponds"] * 20, "Seas", "Tides", "Waves"]
    said = [f"Sentence {letter} is here." for letter in "abcdefghijklmnopqrstuvwxyz"]
    numbered = [
        [(72, 740, 9, f"On {name} {n}"), *column([one])]
        for n, (name, one) in enumerate(zip(chapters, said, strict=True))
    ]
    assert read("a.pdf", pdf(numbered)).text == "\n\n".join(said)
    plain = [[(72, 740, 9, name), *column([one])] for name, one in zip(chapters, said, strict=True)]
    assert read("a.pdf", pdf(plain)).text == "\n\n".join(said)
    # Where few repeat, one that stands on fewer than three pages is not told from a line of the text.
    assert read("a.pdf", pdf(plain[18:])).text == "\n\n".join(
        [*said[18:23], *(word for pair in zip(chapters[23:], said[23:], strict=True) for word in pair)]
    )


def test_a_title_that_running_heads_repeat_in_smaller_type_is_kept(blocks: Blocks) -> None:
    first = [(72, 740, 20, "The Ponds"), *column(["Sentence a is here."])]
    others = [[(72, 740, 9, "The Ponds"), *column([f"Sentence {letter} is here."])] for letter in "bcde"]
    assert blocks("a.pdf", pdf([first, *others])) == [
        ("heading", "The Ponds"),
        *(("paragraph", f"Sentence {letter} is here.") for letter in "abcde"),
    ]


def test_a_line_below_a_running_head_is_kept_on_however_many_pages_it_stands(read: Read) -> None:
    words = ["Rivers", *["Ponds"] * 4, *["Seas"] * 15]
    pages = [
        [(72, 740, 9, word), *column(["None left" if word == "Ponds" else f"{n} {letter}" * 9, f"Sentence {letter}."])]
        for n, (word, letter) in enumerate(zip(words, "abcdefghijklmnopqrst", strict=True))
    ]
    text = read("a.pdf", pdf(pages)).text
    assert (text.count("None left"), text.count("Ponds"), text.count("Seas")) == (4, 0, 0)


def test_the_numbers_of_sections_that_begin_a_page_each_are_kept(read: Read) -> None:
    names = ("Scope", "Terms", "Duties", "Fees", "Law")
    pages = [column([f"{n} {name} of it", f"The {name} are short."]) for n, name in enumerate(names, 1)]
    assert all(f"{n} {name} of it" in read("a.pdf", pdf(pages)).text for n, name in enumerate(names, 1))


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
