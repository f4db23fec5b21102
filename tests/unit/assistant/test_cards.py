from __future__ import annotations

from collections.abc import Mapping

import pytest
from fakes import index_of

from assistant import Answer, Refusal
from assistant.citations.cards import told_by_card
from assistant.judging.answerability import CUT, SURE
from assistant.quotes import grounding
from assistant.replies import Reason, Reply
from index import PassageIndex

ANNA = {"author": [{"given": "Anna", "family": "Kern"}]}


def refused(question: str, index: PassageIndex, standalone: str | None = None) -> Refusal:
    return Refusal(
        question=question,
        standalone_question=standalone or question,
        confidence=0.2,
        reason_code=Reason.NOT_ANSWERED,
        reason="The documents do not answer this.",
        nearest=tuple(
            grounding.cut(passage, passage.span, number=number, score=0.5)
            for number, passage in enumerate(index.passages[:2], start=2)
        ),
        generation=index.generation,
        took_ms=1.0,
        notices=("a notice",),
        correction=grounding.cut(index.passages[0], index.passages[0].sentences[0].span, number=1, score=0.9),
    )


def reply(question: str, text: str, card: Mapping[str, object], most: int = 3) -> tuple[Reply, Refusal]:
    index = index_of({"a.txt": text}, {"a.txt": card})
    was = refused(question, index)
    return told_by_card(was, index, (), most), was


def answers(question: str, text: str, card: Mapping[str, object], most: int = 3) -> list[tuple[str, str | None]]:
    """Each quote and the words set off in it."""
    told, _ = reply(question, text, card, most)
    return (
        [(quote.exact, text[quote.answer_start or 0 : quote.answer_end]) for quote in told.quotes]
        if isinstance(told, Answer)
        else []
    )


def line(question: str, text: str, card: Mapping[str, object]) -> str:
    told, _ = reply(question, text, card)
    assert isinstance(told, Refusal)
    return told.reason


def test_the_sentence_that_names_the_author_answers_with_the_name_set_off() -> None:
    text = "Boats float on water.\n\nStones sink, argues Anna Kern. Wood floats."
    told, was = reply("Who wrote the article?", text, ANNA)
    assert isinstance(told, Answer)
    (quote,) = told.quotes
    assert (quote.exact, quote.paragraph, quote.number) == ("Stones sink, argues Anna Kern.", 2, 1)
    assert text[quote.answer_start : quote.answer_end] == "Anna Kern"
    assert (told.confidence, told.notices) == (SURE, was.notices)
    assert (told.question, told.generation) == (was.question, was.generation)


def test_a_sentence_that_only_holds_the_name_answers_less_surely() -> None:
    told, _ = reply("Who wrote it?", "Anna Kern was born in Oslo. Stones sink.", ANNA)
    assert isinstance(told, Answer)
    assert told.confidence == CUT


@pytest.mark.parametrize(
    ("text", "quoted"),
    [
        ("Anna Kern was born in Oslo. Anna Kern wrote this.", "Anna Kern wrote this."),
        ("By Anna Kern. Anna Kern wrote this.", "By Anna Kern."),
        ("A comment by Anna Kern. She was born in Oslo.", "A comment by Anna Kern."),
        ("They met. Then he was hit by Anna Kern. Anna Kern writes here.", "Anna Kern writes here."),
        ("They met. Here is Anna Kern. There is Anna Kern.", "Here is Anna Kern."),
    ],
)
def test_the_first_sentence_about_writing_is_quoted_or_else_the_first(text: str, quoted: str) -> None:
    assert answers("Who wrote it?", text, ANNA) == [(quoted, "Anna Kern")]


@pytest.mark.parametrize(
    ("card", "text", "name"),
    [
        ({"author": "Anna Kern"}, "This is by Anna\u00a0 Kern, here.", "Anna\u00a0 Kern"),
        ({"Author": [{"literal": "ANNA Kern"}]}, "This is by ANNA Kern, here.", "ANNA Kern"),
        (ANNA, "This is by ANNA KERN, here.", "ANNA KERN"),
        ({"author": [{"given": "Ann", "family": "O'Hara"}]}, "This is by Ann O’Hara, here.", "Ann O’Hara"),
        (
            {"author": [{"given": "Ludwig", "non_dropping_particle": "van", "family": "Ek", "suffix": "Jr."}]},
            "This is by Ludwig van Ek Jr., here.",
            "Ludwig van Ek Jr.",
        ),
        ({"author": [{"literal": "OECD"}]}, "This was written at the OECD, here.", "OECD"),
    ],
)
def test_a_name_is_found_as_texts_write_it(card: Mapping[str, object], text: str, name: str) -> None:
    assert answers("Who wrote it?", text, card) == [(text, name)]


@pytest.mark.parametrize(
    ("card", "text"),
    [
        (ANNA, "Stones sink, argues Anna Kern-Smith."),
        (ANNA, "Stones sink, argues Anna Kern Smith."),
        (ANNA, "Stones sink, argues Marianna Kern."),
        (ANNA, "Stones sink, argues Anna Kernel."),
        (ANNA, "Stones sink, argues anna kern."),
        (ANNA, "Stones sink, argues Kern."),
        ({"author": "Mark"}, "Mark is here. Stones sink."),
        ({"author": "user"}, "This was written by the user of a boat."),
        ({"author": "the owner"}, "This was written by the owner of a boat."),
    ],
)
def test_another_name_or_a_word_like_any_other_is_no_answer(card: Mapping[str, object], text: str) -> None:
    assert answers("Who wrote it?", text, card) == []
    assert "No sentence found in the document says who wrote it; its bibliographic card names " in line(
        "Who wrote it?", text, card
    )


def test_authors_beside_each_other_are_one_answer_and_others_are_quoted_too() -> None:
    card = {"author": ["Ann Lee", "Bob Ray", "Eve Dahl"]}
    text = "By Ann Lee and Bob Ray. Boats float. Written with Eve Dahl. Stones sink."
    assert answers("Who are the authors?", text, card) == [
        ("By Ann Lee and Bob Ray.", "Ann Lee and Bob Ray"),
        ("Written with Eve Dahl.", "Eve Dahl"),
    ]
    assert answers("Who are the authors?", "By Ann Lee, who knows a great deal of Bob Ray.", card) == [
        ("By Ann Lee, who knows a great deal of Bob Ray.", "Ann Lee")
    ]


@pytest.mark.parametrize(
    ("text", "most", "notice"),
    [
        ("By Ann Lee.", 3, "The document’s bibliographic card names Bob Ray and Eve Dahl too."),
        ("By Ann Lee and Bob Ray.", 3, "The document’s bibliographic card names Eve Dahl too."),
        ("By Ann Lee. Also by Bob Ray. Written with Eve Dahl.", 3, None),
        (
            "By Ann Lee. Also by Bob Ray. Written with Eve Dahl.",
            2,
            "The document’s bibliographic card names Eve Dahl too.",
        ),
    ],
)
def test_the_names_that_no_quote_holds_are_told_as_a_notice(text: str, most: int, notice: str | None) -> None:
    told, was = reply("Who wrote it?", text, {"author": ["Ann Lee", "Bob Ray", "Eve Dahl"]}, most)
    assert isinstance(told, Answer)
    assert told.notices == (*was.notices, *([notice] if notice else []))


@pytest.mark.parametrize(
    ("question", "card", "told"),
    [
        ("Who wrote it?", ANNA, "who wrote it; its bibliographic card names Anna Kern as the author."),
        (
            "Who wrote it?",
            {"author": ["Ann Lee", "Bob Ray", "Eve Dahl"]},
            "who wrote it; its bibliographic card names Ann Lee, Bob Ray and Eve Dahl as the authors.",
        ),
        (
            "Who wrote it?",
            {"author": [f"Ann Lee {number}" for number in range(9)]},
            "who wrote it; its bibliographic card names Ann Lee 0, Ann Lee 1, Ann Lee 2, Ann Lee 3, Ann Lee 4 and "
            "4 more as the authors.",
        ),
        (
            "Who published it?",
            {"publisher": "Gull Press", "container_title": "The Shore"},
            "who published it; its bibliographic card names Gull Press as the publisher.",
        ),
        (
            "Who published it?",
            {"container_title": "The Shore"},
            "who published it; its bibliographic card names The Shore as where it appeared.",
        ),
        (
            "Where was it published?",
            {"publisher": "Gull Press", "container_title": "The Shore"},
            "where it was published; its bibliographic card names The Shore as where it appeared.",
        ),
        (
            "Where was it published?",
            {"publisher": "Gull Press"},
            "where it was published; its bibliographic card names Gull Press as the publisher.",
        ),
        (
            "When was it published?",
            {"date": "2021-05-03"},
            "when it was published; its bibliographic card gives 3 May 2021 as the date of publication.",
        ),
        (
            "When was it published?",
            {"issued": "2021-05"},
            "when it was published; its bibliographic card gives May 2021 as the date of publication.",
        ),
        (
            "When was it published?",
            {"date": 2021},
            "when it was published; its bibliographic card gives 2021 as the date of publication.",
        ),
        (
            "What is it called?",
            {"title": "On Boats"},
            "what it is called; its bibliographic card gives its title as On Boats.",
        ),
    ],
)
def test_what_only_the_card_says_is_told_as_such_and_never_quoted(
    question: str, card: Mapping[str, object], told: str
) -> None:
    found = line(question, "Boats float on water. Stones sink.", card)
    assert found == f"No sentence found in the document says {told}"
    assert not set("“”\"'") & set(found)


def test_a_date_or_a_title_that_stands_in_the_text_is_not_taken_for_its_own() -> None:
    text = "On 3 May 2021 boats floated. On Boats is a song."
    assert answers("When was it published?", text, {"date": "2021-05-03"}) == []
    assert answers("What is it called?", text, {"title": "On Boats"}) == []


def test_a_publication_of_one_word_is_found_only_where_publishing_is_spoken_of() -> None:
    text = "Nature is great. Boats float. This first appeared in Nature, as others did."
    card = {"container_title": "Nature"}
    assert answers("Where was it published?", text, card) == [
        ("This first appeared in Nature, as others did.", "Nature")
    ]
    assert answers("Where was it published?", "Nature is great.", card) == []


def test_a_fact_told_leaves_out_the_correction_and_keeps_the_nearest_passages() -> None:
    told, was = reply("Who wrote it?", "Boats float.\n\nStones sink.", ANNA)
    assert isinstance(told, Refusal)
    assert told.correction is None
    assert [(quote.number, quote.exact) for quote in told.nearest] == [(1, "Boats float."), (2, "Stones sink.")]
    assert (told.confidence, told.reason_code, told.notices) == (was.confidence, was.reason_code, was.notices)


@pytest.mark.parametrize(
    ("question", "card"),
    [
        ("Who wrote it?", {}),
        ("Who wrote it?", {"author": []}),
        ("Who published it?", ANNA),
        ("When was it published?", {**ANNA, "created": "2021-05-03"}),
        ("When was it published?", {"date": "some day"}),
        ("What is it called?", ANNA),
        ("What is it called?", {"title": " "}),
        ("Who wrote the report on boats?", ANNA),
    ],
)
def test_without_the_fact_and_for_any_other_question_the_refusal_stays(
    question: str, card: Mapping[str, object]
) -> None:
    told, was = reply(question, "Boats float on water. Stones sink. This is by Anna Kern.", card)
    assert told is was


def test_a_card_of_a_page_of_text_is_cut() -> None:
    found = line("Who published it?", "Boats float.", {"publisher": "x" * 5000})
    assert len(found) < 700
    assert found.endswith("x… as the publisher.")


def test_of_hundreds_of_authors_the_first_are_looked_for() -> None:
    names = [f"Ann Lee {number}" for number in range(300)]
    told, was = reply("Who wrote it?", f"By {names[0]}. Also by {names[-1]}.", {"author": names})
    assert isinstance(told, Answer)
    assert [quote.exact for quote in told.quotes] == ["By Ann Lee 0."]
    assert told.notices[len(was.notices) :] == (
        "The document’s bibliographic card names Ann Lee 1, Ann Lee 2, Ann Lee 3, Ann Lee 4, Ann Lee 5 and 294 more "
        "too.",
    )


def test_a_card_cannot_steer_a_terminal_or_turn_a_line_around() -> None:
    found = line("Who published it?", "Boats float.", {"publisher": "Gull\u001b[2J \u202ePress\n\nor not"})
    assert found.endswith("names Gull[2J Press or not as the publisher.")
