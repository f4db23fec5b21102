from __future__ import annotations

from pathlib import Path

import pytest

from index.config import ROOT
from index.documents import canonical_text
from index.passages import first_heading, paragraphs, split_passages


@pytest.fixture(scope="module")
def article() -> str:
    return canonical_text((Path(ROOT) / "source_docs" / "sco-alternative-global-order.txt").read_bytes())


def texts(text: str) -> list[str]:
    return [paragraph.span.of(text) for paragraph in paragraphs(text)]


def sentences(text: str) -> list[str]:
    return [sentence.of(text) for passage in split_passages(text, 700) for sentence in passage.sentences]


def test_the_article_has_exactly_its_three_headings(article: str) -> None:
    assert list(dict.fromkeys(p.heading for p in paragraphs(article) if p.heading)) == [
        "China and Russia are using the Shanghai Cooperation Organization to push alternative global order",
        "Interests and values divide the group",
        "Building a common anti-Western narrative",
    ]


def test_the_article_has_eleven_paragraphs(article: str) -> None:
    assert [p.number for p in paragraphs(article)] == [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11]


@pytest.mark.parametrize("furniture", ["Comment", "5 min read", "Author(s)"])
def test_a_furniture_line_of_the_article_is_in_no_paragraph(article: str, furniture: str) -> None:
    assert furniture not in texts(article)


def test_the_caption_of_the_article_is_its_first_paragraph(article: str) -> None:
    assert texts(article)[0].startswith("Heads of State stand for the group photo")


def test_no_passage_of_the_article_is_longer_than_asked(article: str) -> None:
    assert max(p.span.end - p.span.start for p in split_passages(article, 700)) <= 700


def test_a_long_paragraph_gives_passages_of_one_paragraph_number() -> None:
    passages = split_passages("One two three. Four five six. Seven eight nine.", 30)
    assert [(p.span.start, p.span.end, p.paragraph) for p in passages] == [(0, 29, 1), (30, 47, 1)]


def test_hard_wrapped_prose_is_one_paragraph() -> None:
    text = (
        "The quick brown fox jumps over the lazy dog and\nthen goes home to sleep under the old apple tree\nuntil noon."
    )
    assert texts(text) == [text]


def test_a_list_is_one_paragraph_whose_lines_stand_for_themselves() -> None:
    ((only),) = list(paragraphs("- red apples\n- green pears\n"))
    assert only.lines


def test_verse_is_kept_whole() -> None:
    verse = "Tyger Tyger burning bright\nIn the forests of the night\nWhat immortal hand or eye"
    assert texts(verse) == [verse]


def test_an_unterminated_last_line_of_prose_is_kept() -> None:
    assert texts("It begins well.\n\nand then it just stops without any mark") == [
        "It begins well.",
        "and then it just stops without any mark",
    ]


def test_a_text_without_headings_has_none() -> None:
    assert first_heading("Just a sentence.") is None


@pytest.mark.parametrize(
    "text", ["Hello world", "The quick brown fox jumps over the lazy dog and runs on", "One line\n\nAnother", "42"]
)
def test_a_document_of_nothing_but_unterminated_lines_keeps_them_all(text: str) -> None:
    assert "\n\n".join(texts(text)) == text


def test_a_title_before_text_is_no_text() -> None:
    assert texts("My Title\n\nA sentence.") == ["A sentence."]


@pytest.mark.parametrize(
    "text",
    [
        "Wi-Fi password: Sunflower42\n\nThe router stands in the hall.",
        "Door code: 4711\nThe code changes every month.",
        "Present: J. K. Osei, Dr. M. Lindqvist, P. Aalto (chair)\nThe meeting began at noon.",
        "Tel. 555-0142\nWe answer until noon.",
        "anna@example.org\nWe answer until noon.",
        "The hall is open.\n\nPlace: Boat house\n\nTel. 555-0142\n\nanna@example.org",
        "Mo 9:00-12:00\nTu 9:00-12:00",
        "2018\t41200\t301\n2019\t39800\t287",
    ],
)
def test_a_line_that_tells_a_fact_is_text_and_heads_nothing(text: str) -> None:
    assert "".join(texts(text)).replace("\n", "") == text.replace("\n", "")
    assert {paragraph.heading for paragraph in paragraphs(text)} == {None}


def test_lines_that_all_tell_facts_are_not_wrapped_prose() -> None:
    lines = ["Present: J. K. Osei, Dr. M. Lindqvist, P. Aalto", "Apologies: T. Berg, S. Strand, Prof. R. Hall"]
    assert sentences("\n".join(lines)) == lines


@pytest.mark.parametrize("line", ["Chapter 3: The Boat House", "Part II: Home", "The Lamp Tax: A Short History"])
def test_a_division_or_the_title_of_a_document_is_a_heading_despite_its_colon(line: str) -> None:
    assert [paragraph.heading for paragraph in paragraphs(f"{line}\n\nA sentence.")] == [line]


def test_a_numbered_chapter_right_above_its_text_is_a_heading() -> None:
    assert first_heading("Chapter 3\nIt was a dark night.") == "Chapter 3"


def test_a_wrapped_item_of_a_list_is_one_sentence() -> None:
    first = "- Call the hotline if the pump overheats and the\n  red lamp blinks twice"
    second = "- Water the plants every other day during the\n  Summer months"
    assert sentences(f"{first}\n{second}\n- Go home") == [first, second, "- Go home"]


def test_a_wrapped_item_may_go_on_with_a_capital_and_without_an_indent() -> None:
    items = ["1. Call the hotline that is run by volunteers of the\nRed Cross when it is late.", "2. Then go home."]
    assert sentences("\n".join(items)) == items


def test_long_items_of_one_length_are_not_wrapped_prose() -> None:
    items = ["- water the tomato plants in the glass house", "- sweep the floor of the old boat house too"]
    assert sentences("\n".join(items)) == items


def test_a_line_in_lower_case_carries_on_an_unfinished_line() -> None:
    text = "The pump is in the cellar behind the boiler and must be\nchecked\nby hand every month.\nIt is red."
    assert sentences(text)[0].startswith("The pump is in the cellar behind the boiler and must be\nchecked")


def test_prose_wrapped_around_a_long_word_is_one_paragraph() -> None:
    address = "https://example.org/a/very/long/address/that/does/not/fit/on/the/line/before"
    text = f"The timetable of the ferry from Norbury to the island is\nkept at\n{address}\nand it changes twice a year."
    assert texts(text) == [text]


def test_every_line_of_a_chat_is_a_sentence() -> None:
    lines = ["[10:35] Anna: the key is under the blue pot", "[10:36] Ben: ok!", "[10:37] Anna: see you"]
    assert (sentences("\n".join(lines[:2])), sentences("\n".join(lines))) == (lines[:2], lines)


def test_a_document_that_opens_with_several_lines_is_named_by_the_first() -> None:
    text = "Grandmother's Plum Cake\n\nIngredients\n\n- plums\n- flour\n\nMethod\n\nStir it all."
    assert first_heading(text) == "Grandmother's Plum Cake"


LEASE = """LEASE

1. TERM

1.1 The term shall be twelve (12) months, beginning on 1 April 2023 and ending on
31 March 2024.
1.2 Either party may terminate by giving sixty (60) days' notice in writing to the
other party.

2. RENT

2.1 Sums due

The rent is $1,450.00.
"""


def test_a_numbered_clause_that_runs_over_two_lines_is_one_sentence() -> None:
    assert "1.1 The term shall be twelve (12) months, beginning on 1 April 2023 and ending on\n31 March 2024." in (
        sentences(LEASE)
    )


def test_a_numbered_line_above_its_clauses_or_text_is_a_heading_below_that_of_its_number() -> None:
    assert [paragraph.heading for paragraph in paragraphs(LEASE)] == ["1. TERM", "2. RENT\n2.1 Sums due"]


def test_a_numbered_line_right_above_its_text_is_a_heading() -> None:
    text = "Minutes of the club\n\nPresent: all\n\n1. Water\nThe meter is old.\n\n2. Bees\nTwo hives are allowed.\n"
    assert [(p.heading, p.span.of(text)) for p in paragraphs(text)][1:] == [
        ("1. Water", "The meter is old."),
        ("2. Bees", "Two hives are allowed."),
    ]


def test_a_short_line_that_heads_nothing_is_kept_as_text() -> None:
    text = "Garrow Estates\n\nTerms\n\nThe rent is due.\n\nNorth Wing\n\nCosts\n\nThey are low.\n\nFlat 2\n"
    assert [(p.heading, p.span.of(text)) for p in paragraphs(text)] == [
        (None, "Garrow Estates"),
        ("Terms", "The rent is due."),
        ("Terms", "North Wing"),
        ("Costs", "They are low."),
        ("Costs", "Flat 2"),
    ]


def test_a_line_that_ends_a_block_of_text_signs_it_and_heads_nothing() -> None:
    text = "Subject: Leak\n\nIt was the stopcock. May I go ahead?\nInes\n\nSubject: Re: Leak\n\nGo ahead.\nSubhash\n"
    assert [(p.heading, p.span.of(text)) for p in paragraphs(text)] == [
        (None, "Subject: Leak"),
        (None, "It was the stopcock. May I go ahead?\nInes"),
        (None, "Subject: Re: Leak"),
        (None, "Go ahead.\nSubhash"),
    ]


def test_numbered_lines_that_follow_each_other_are_items_of_a_list() -> None:
    items = ["1. Boil the eggs", "2. Peel them", "3. Eat them"]
    assert texts("\n\n".join([*items, "They are good."]))[:3] == items


def test_a_number_that_begins_a_line_of_prose_is_no_clause() -> None:
    text = "By midnight the fog had swallowed even the lamp at the bow, for the ferry had\n3.5 tons of coal left."
    assert texts(text) == [text]


def test_a_salutation_is_no_heading() -> None:
    assert {paragraph.heading for paragraph in paragraphs("Hi Tom,\n\nthe boat sails on Monday.")} == {None}


def test_a_mail_that_is_answered_is_read_without_the_marks_before_its_lines() -> None:
    mail = (
        "Yes, on Monday.\n> Hi Priya,\n>\n> when does the migration begin? I need to know by Wednesday. Also, who "
        "is on\n> call that day, and what will be done about the old server\n> meanwhile?\n>> It begins soon."
    )
    assert texts(mail) == [
        "Yes, on Monday.",
        "Hi Priya,",
        "when does the migration begin? I need to know by Wednesday. Also, who is on\n> call that day, and what will "
        "be done about the old server\n> meanwhile?",
        "It begins soon.",
    ]


@pytest.mark.parametrize("line", ["> 5 mg per day is too much.", ">= 5 mg is too much.", "> €5 is too much."])
def test_a_number_that_is_exceeded_is_no_mail_that_is_answered(line: str) -> None:
    text = f"The dose matters.\n\n{line}\n"
    assert [p.span.of(text) for p in paragraphs(text)] == ["The dose matters.", line]


def test_a_line_of_a_mail_may_begin_with_a_number() -> None:
    text = "> 5 of us will come.\n> Is that all right?\n\nYes, it is.\n"
    assert next(p.span.of(text) for p in paragraphs(text)).startswith("5 of us")


def test_a_numbered_line_that_tells_an_amount_is_text() -> None:
    text = "The rules of the house stand here.\n\n3. Monthly rent 1,200\n\nIt is due on the first.\n"
    assert "3. Monthly rent 1,200" in [p.span.of(text) for p in paragraphs(text)]


def test_a_measure_that_begins_a_line_of_prose_is_no_clause() -> None:
    text = (
        "The new radios of this year that send at\n2.4 GHz are much better than those before,\n"
        "5.8 GHz ones are the best of all of them here.\n"
    )
    assert [p.span.of(text) for p in paragraphs(text)] == [text.strip()]
    assert len(split_passages(text, 700)[0].sentences) == 1


@pytest.mark.parametrize("rule", ["* * *", "***", "-----", "_____", "— — —", "=====", "⁂", "━━━━"])
def test_a_rule_between_paragraphs_is_none(rule: str) -> None:
    text = f"Home\n\nThe house is red.\n\n{rule}\n\nThe boat is blue.\n"
    assert [(p.span.of(text), p.number) for p in paragraphs(text)] == [
        ("The house is red.", 1),
        ("The boat is blue.", 2),
    ]


@pytest.mark.parametrize("title", ["Lamps", "A Short History of the Lamps of the Old Town", "Release 2.0"])
@pytest.mark.parametrize("frame", ["{0}\n{1}\n\n", "{1}\n{0}\n{1}\n\n", "{0}\n{1}\n"])
def test_a_line_above_a_rule_is_a_heading_however_long_it_is(title: str, frame: str) -> None:
    text = "The house is red.\n\n" + frame.format(title, "=" * len(title)) + "They were lit by hand.\nUntil 1900.\n"
    assert [(p.heading, p.span.of(text)) for p in paragraphs(text)][1:] == [
        (title, "They were lit by hand."),
        (title, "Until 1900."),
    ]


@pytest.mark.parametrize("table", ["Name | Age\n-----|----\nAnn | 30", "Name    Age\n-----------\nAnn     30"])
def test_the_head_of_a_table_is_no_heading_for_the_rule_below_it(table: str) -> None:
    assert texts(f"One.\n\n{table}\n") == ["One.", table]


def test_a_line_of_marks_alone_is_no_heading() -> None:
    text = "The reply\n\n=>\n\nIt is sent at once.\n"
    assert [(p.heading, p.span.of(text)) for p in paragraphs(text)] == [
        ("The reply", "=>"),
        ("The reply", "It is sent at once."),
    ]


def test_a_document_of_nothing_but_rules_keeps_them() -> None:
    assert texts("* * *\n") == ["* * *"]


@pytest.mark.parametrize("equation", ["E = mc^2", "    v = s / t    (3)", "P(A) ≤ P(B)", "Speed = distance / time"])
def test_a_displayed_equation_heads_nothing_and_is_kept(equation: str) -> None:
    text = f"Energy and mass are one thing, as the formula says:\n\n{equation}\n\nHere c is the speed of light.\n"
    assert texts(text)[1] == equation.strip()
    assert {paragraph.heading for paragraph in paragraphs(text)} == {None}


@pytest.mark.parametrize(
    "text",
    [
        "From: Priya\nTo: Tom\nSubject: The  new server\nDate: 4 May\n\nHi Tom,\n\nit is there.\n\nPriya\n\nSee you.\n",
        "Subject: The new server\n\nHi Tom,\n\nit is there.\n\nBest,\nPriya\n",
        "from: Priya\nsubject: The new\n server\n\nHi.\n",
    ],
)
def test_a_mail_is_named_by_its_subject(text: str) -> None:
    assert first_heading(text) == "The new server"


def test_a_subject_that_is_not_at_the_head_of_a_text_names_nothing() -> None:
    assert first_heading("My Title\n\nHe wrote:\n\nSubject: nothing\n\nA sentence.") == "My Title"
