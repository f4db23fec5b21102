from __future__ import annotations

import pytest

from index.documents import Span
from index.sentences import split_sentences


def split(text: str, *, lines: bool = False) -> list[str]:
    return [span.of(text) for span in split_sentences(text, Span(0, len(text)), lines=lines)]


@pytest.mark.parametrize(
    "sentence",
    [
        "Dr. Smith met Prof. Jones.",
        "See Fig. 3 for more.",
        "It met on Sept. 3 in Astana.",
        "J. R. R. Tolkien wrote it.",
        "The U.S. Navy sailed.",
        "It grew by 3.5 percent.",
        "He waited… and left.",
        "Fruit, e.g. Apples, is cheap.",
        "Visit example.com today.",
        "“Really?” she asked.",
        "It follows from Art. IV of the charter.",
        "See Order No. A-17 and Ch. XII for more.",
        "See Sec. (2) and subsec. (b) there.",
        "Keep it for max. 3 days.",
        "Call tel. 030 555 12 or tel. +49 30 555, ext. 7.",
        "Open from 9 a.m. Monday to Friday and till 3 p.m. Saturday.",
        "It starts at 3 p.m. May 5 or 4 p.m. GMT at the latest.",
        "Add 1/2 tsp. Cinnamon to it.",
        "St. Anne lies below Mt. Everest.",
        "| Radwerk Inc. | Bremen | 40 |",
        "Radwerk Inc.\tBremen\t40",
        "Bring pens, paper, etc. (see the list) to class.",
        "It goes to max. **two** a day.",
        "In Smith v. Jones it was otherwise.",
        "He was born c. 1450 in Kent.",
        "It ran . . . from 1204\u00a0. . . to 1300.",
        "Use bzip2 [ -c ] [ files ... ] to pack.",
        "It was late (very late! ) and dark.",
        "« Bonjour ! » dit-elle.",
        "He works at Yahoo! Inc. as Pvt. Ryan of Smith & Co. Ltd. did.",
        "The station is by I. Moller.",
        "The United States (U.S.) Navy sailed.",
        "As Berg et al. [3] and Holm et al.[4] Show it.",
        "Table 1. Roofs in the study.",
        "**Article V.** Everyone may vote.",
        "これは「本当ですか？」と聞いた。",
        "Our VAT No. GB 123 4567 89 and company no. SC123456 stand below.",
        "Grant No. EP/X 12, passport No. P 1234 and part no. ABC-12 are known.",
        "Your ref. AB/12 of Reg. No. 40, Acct. No. 12345 and Ref. [5] are known.",
        "As Sched. 2, Reg. 5 and cl. 5.2 say.",
        "Open Mon. – Fri. 9 to 5 and on Sat. 5 May.",
        "Prices excl. VAT and incl. Postage stand here.",
        "P.S. The gate is shut.",
        "Attn. Jane Doe of the Asst. Manager.",
        "9.30 a.m. Registration in the hall",
    ],
)
def test_a_full_stop_inside_a_sentence_does_not_end_it(sentence: str) -> None:
    assert split(sentence) == [sentence]


@pytest.mark.parametrize(
    ("text", "sentences"),
    [
        ("One. Two.", ["One.", "Two."]),
        ("He said “stop.” Then he left.", ["He said “stop.”", "Then he left."]),
        ("It is so (truly). We agree.", ["It is so (truly).", "We agree."]),
        ("He lives in the U.S. The next day he left.", ["He lives in the U.S.", "The next day he left."]),
        ("I said no. Then I left.", ["I said no.", "Then I left."]),
        ("So am I. You too.", ["So am I.", "You too."]),
        ("What now? Nothing! Good.", ["What now?", "Nothing!", "Good."]),
        ("He waited… Then he left.", ["He waited…", "Then he left."]),
        ("It cost 3.5. We paid.", ["It cost 3.5.", "We paid."]),
        ("上海合作组织成立。它很大！", ["上海合作组织成立。", "它很大！"]),
        ("他说「你好。」她走了。", ["他说「你好。」", "她走了。"]),
        ("No stop at the end", ["No stop at the end"]),
        ("She buys Plan B. The slipway is closed.", ["She buys Plan B.", "The slipway is closed."]),
        ("It is vitamin C. It tasted sour.", ["It is vitamin C.", "It tasted sour."]),
        ("It runs at 230 V. The ZX-450 too.", ["It runs at 230 V.", "The ZX-450 too."]),
        ("It is in Main St. The counter is left.", ["It is in Main St.", "The counter is left."]),
        ("I said no. I left.", ["I said no.", "I left."]),
        ("I said no. (He did not.) I left.", ["I said no.", "(He did not.)", "I left."]),
        ("We met at 3 p.m. May we go?", ["We met at 3 p.m.", "May we go?"]),
        ("She lives in Washington, D.C. Her son does not.", ["She lives in Washington, D.C.", "Her son does not."]),
        ("It is late. (laughs) Good night.", ["It is late.", "(laughs) Good night."]),
        ("It ended.[1] It began.[2, 5–7][8] So it is.", ["It ended.[1]", "It began.[2, 5–7][8]", "So it is."]),
        ("It was strong.¹ It waned.12 Then it went.", ["It was strong.¹", "It waned.12", "Then it went."]),
        ("**Is it safe?** Yes. _No!_ Maybe.", ["**Is it safe?**", "Yes.", "_No!_", "Maybe."]),
        ("ताजमहल आगरा में है। वह सफ़ेद है।", ["ताजमहल आगरा में है।", "वह सफ़ेद है।"]),
        ("كم عدد الكتب؟ كثيرة.", ["كم عدد الكتب؟", "كثيرة."]),
        ("He works at Apple. Co-workers like him.", ["He works at Apple.", "Co-workers like him."]),
        ("It sued. AG Hill said no more.", ["It sued.", "AG Hill said no more."]),
        ("Parts. The engine is old.", ["Parts.", "The engine is old."]),
        ("「そうだ。」それから彼は帰った。", ["「そうだ。」", "それから彼は帰った。"]),
        ("یہ پہلا ہے۔ یہ دوسرا ہے۔", ["یہ پہلا ہے۔", "یہ دوسرا ہے۔"]),
        ("He left. . . . The door closed.", ["He left. . . .", "The door closed."]),
        ("Pack [ files ... ] The rest stays.", ["Pack [ files ... ]", "The rest stays."]),
        ("« Non. » Il part.", ["« Non. »", "Il part."]),
        ("Er kam. »Ja«, sagte sie.", ["Er kam.", "»Ja«, sagte sie."]),
        ("The talk is at 5 p.m. Lunch follows.", ["The talk is at 5 p.m.", "Lunch follows."]),
        ("He came with John Smith Jr. They left.", ["He came with John Smith Jr.", "They left."]),
        ("It was found by Berg et al. The cause is plain.", ["It was found by Berg et al.", "The cause is plain."]),
        ("Call set_up_temp. (It frees_reg. Later.)", ["Call set_up_temp.", "(It frees_reg.", "Later.)"]),
        ("Take option B. Then turn left.", ["Take option B.", "Then turn left."]),
        ("I said no. A 5-year plan it was not.", ["I said no.", "A 5-year plan it was not."]),
    ],
)
def test_a_sentence_ends_where_a_reader_ends_it(text: str, sentences: list[str]) -> None:
    assert split(text) == sentences


@pytest.mark.parametrize("mark", [".", "।", "؟"])
def test_a_long_line_of_marks_is_read_in_linear_time(mark: str) -> None:
    assert "".join(split(mark * 200_000)) == mark * 200_000


def test_the_number_of_a_list_item_stays_with_its_item() -> None:
    assert split("1. Apples are red. 2. Pears are green.") == ["1. Apples are red.", "2. Pears are green."]


@pytest.mark.parametrize(
    "text",
    [
        "**Mr.** Smith has seen the *U.S.* Navy in *Smith v.* Jones.",
        "It was written by Hill, J. (ed.), in 1999.",
        "The shop in Main St. (formerly High St.) is open.",
        "The U.S.¹ Navy has come.",
        "By I. Newton and others.",
        "Read chap. 5 before you go.",
    ],
)
def test_an_abbreviation_in_emphasis_or_before_a_bracket_ends_no_sentence(text: str) -> None:
    assert split(text) == [text]


@pytest.mark.parametrize(
    "line",
    ["-" * 200_000 + "x", "abc.1" + ",1" * 100_000 + " x", "e" + " ." * 200_000 + "x"],
    ids=["rule", "references", "leader"],
)
def test_a_long_line_that_is_almost_a_rule_or_a_reference_is_read_in_linear_time(line: str) -> None:
    # A cut at white space leaves it out.
    assert "".join(split(f"{line}\ny", lines=True)).replace(" ", "") == f"{line}y".replace(" ", "")


def test_a_line_break_ends_a_sentence_only_in_a_list() -> None:
    assert (split("red apples\ngreen pears"), split("red apples\ngreen pears", lines=True)) == (
        ["red apples\ngreen pears"],
        ["red apples", "green pears"],
    )


def test_a_line_of_figures_is_a_sentence_of_a_list() -> None:
    rows = ["2018\t41200\t301", "2019\t39800\t287", "2020\t40100\t290"]
    assert split("\n".join(rows), lines=True) == rows


@pytest.mark.parametrize("mark", ["1.", "(a)", "2.1.", "•"])
def test_a_bare_mark_on_a_line_of_its_own_stays_with_the_next_line(mark: str) -> None:
    assert split(f"red apples\n{mark}\ngreen pears", lines=True) == ["red apples", f"{mark}\ngreen pears"]


def test_a_joined_line_carries_on_the_sentence_before() -> None:
    text = "- red\n  apples\n- pears"
    spans = split_sentences(text, Span(0, len(text)), lines=True, joined=(6,))
    assert [span.of(text) for span in spans] == ["- red\n  apples", "- pears"]


def test_offsets_count_from_the_start_of_the_document_not_of_the_paragraph() -> None:
    assert split_sentences("Skip me. One two. Three four.", Span(9, 29)) == [Span(9, 17), Span(18, 29)]


def test_a_long_run_is_cut_at_white_space() -> None:
    assert [len(piece) for piece in split("word " * 300)] == [999, 499]


def test_a_long_run_without_white_space_is_cut_between_grapheme_clusters() -> None:
    family = "👩\u200d👩\u200d👧"
    assert {piece.count("👩") % 2 for piece in split(family * 500)} == {0}


def test_a_variation_selector_stays_with_its_full_stop() -> None:
    assert split("第一句。\ufe00第二句。") == ["第一句。\ufe00", "第二句。"]


def test_a_long_row_of_numbers_does_not_join_the_sentences_after_it() -> None:
    row = "1. 2. 3. 4. 5. 6. 7. 8. 9. 10. 11. 12. 13. 14. 15. 16."
    assert split(f"{row} Apples are red. Pears are green.") == [f"{row} Apples are red.", "Pears are green."]


def test_the_line_below_the_head_of_a_table_stays_with_the_head() -> None:
    head, rows = "| Energy | Fat |\n|---|:-:|", ["| 227 kcal | 9 g |", "| 409 kcal | 16 g |"]
    assert split("\n".join([head, *rows]), lines=True) == [head, *rows]
