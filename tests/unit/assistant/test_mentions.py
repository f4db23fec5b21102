from __future__ import annotations

import pytest

from assistant import Answer, Assistant, Refusal
from assistant.judging.answerability import CUT, SURE
from assistant.judging.mentions import Mention, asked, is_strange
from index import PassageIndex


@pytest.mark.parametrize(
    ("question", "mention"),
    [
        ("Does the article mention NATO?", Mention("What is said about NATO?", "NATO", first=True)),
        ("Is NATO mentioned anywhere in the text?", Mention("What is said about NATO?", "NATO", first=True)),
        (
            "Where is the deposit mentioned in the lease?",
            Mention("What is said about the deposit?", "the deposit", True),
        ),
        ("On which page does it talk about bees?", Mention("What is said about bees?", "bees", first=True)),
        ("Where does the phrase “fair order” appear?", Mention("What is said about fair order?", "fair order", True)),
        ("Does it say anything about sanctions?", Mention("What is said about sanctions?", "sanctions", first=True)),
        ("Anything on sanctions?", Mention("What is said about sanctions?", "sanctions")),
        ("What does the article say about trade?", Mention("What is said about trade?", "trade")),
        ("Summarise what the report says about Iran.", Mention("What is said about Iran?", "Iran")),
        ("Quote the passage about Iran", Mention("What is said about Iran?", "Iran")),
        ("Can you find the sentence about Iran?", Mention("What is said about Iran?", "Iran")),
        ("Give me the key quote on trade", Mention("What is said about trade?", "trade")),
        ("Is there a passage in the text about bees?", Mention("What is said about bees?", "bees")),
        ("quotes about Iran", Mention("What is said about Iran?", "Iran")),
        ("Which paragraph mentions Iran?", Mention("What is said about Iran?", "Iran", first=True)),
        ("Show me every sentence that mentions NATO", Mention("What is said about NATO?", "NATO", first=True)),
        ("Give me the quote about why India refused", Mention("Why India refused?")),
        ("Can I get Putin's exact words?", Mention("What did Putin say?")),
        ("quote from the Indian ministry", Mention("What did the Indian ministry say?")),
        ("sanctions?", Mention("sanctions?", "sanctions")),
        ("Where does it say that India refused?", Mention("Is it true that India refused?")),
        ("True or false: India refused", Mention("Is it true that India refused?")),
        ("Does the article mention when India joined?", Mention("When India joined?")),
    ],
)
def test_what_is_to_be_shown_is_told_by_the_form_of_the_question(question: str, mention: Mention) -> None:
    assert asked(question) == mention


@pytest.mark.parametrize(
    "question",
    [
        "Who mentioned NATO?",
        "Which part of the fund pays for roads?",
        "Give me a quote from the article",
        "Is there a place on Sunday?",
        "Lines from Skarnes to Oslo",
        "What is the key sentence?",
        "In his own words, why did he leave?",
        "What did Putin say about NATO?",
        "Why does the article mention NATO?",
        "How often is India mentioned?",
        "What is the article about?",
        "Where does the author say that?",
        "Was the bridge named after a king?",
        "Is the SCO an alliance?",
        "How many members?",
        "Why India?",
        "Explain multipolarity",
        "Does the article mention it?",
        "When India joined the organization",
    ],
)
def test_what_asks_for_more_than_a_mention_is_left_to_the_reader(question: str) -> None:
    assert asked(question) is None


@pytest.mark.parametrize(
    ("question", "quoted", "set_off"),
    [
        ("Does the article mention NATO?", "Russia’s response to NATO expansion", "NATO"),
        ("Where does the text mention Afghanistan?", "reconstructing Afghanistan", "Afghanistan"),
        ("In which paragraph is the Quadrilateral Security Dialogue mentioned?", "India is also a member", None),
    ],
)
def test_a_sentence_that_holds_the_words_answers_whether_and_where_they_are_mentioned(
    assistant: Assistant, question: str, quoted: str, set_off: str | None
) -> None:
    reply = assistant.ask(question)
    assert isinstance(reply, Answer)
    first = reply.quotes[0]
    assert quoted in first.exact
    assert reply.confidence >= SURE
    assert reply.standalone_question == question
    if set_off:
        assert first.answer_start is not None
        assert first.answer_end is not None
        assert first.exact[first.answer_start - first.start : first.answer_end - first.start] == set_off


@pytest.mark.parametrize(
    "question", ["What does the article say about sanctions?", "Anything on sanctions?", "sanctions?"]
)
def test_a_topic_that_the_reader_finds_no_answer_on_is_shown_where_it_stands(
    assistant: Assistant, question: str
) -> None:
    reply = assistant.ask(question)
    assert isinstance(reply, Answer)
    assert "faces Western sanctions" in reply.quotes[0].exact
    assert reply.confidence >= CUT


@pytest.mark.parametrize(
    "question", ["trade", "Anything on trade?", "Does the article mention Brazil?", "Is Brazil mentioned?"]
)
def test_what_no_document_holds_is_refused_as_never_mentioned(assistant: Assistant, question: str) -> None:
    reply = assistant.ask(question)
    assert isinstance(reply, Refusal)
    name = "Brazil" if "Brazil" in question else "trade"
    assert reply.reason == f"The documents do not answer this; they never mention “{name}”."


def test_where_it_says_so_is_the_sentence_that_says_so(assistant: Assistant) -> None:
    reply = assistant.ask("Where does it say that India refused to join the statement?")
    assert isinstance(reply, Answer)
    assert "India refused to join the statement" in reply.quotes[0].exact
    assert isinstance(assistant.ask("Where does it say that the SCO was founded in 1996?"), Refusal)


def test_a_topic_is_strange_only_when_every_word_of_it_is(article_index: PassageIndex) -> None:
    found = {
        words: is_strange(Mention("", words), article_index) for words in ("trade", "Brazil trade", "Indian trade")
    }
    assert found == {"trade": True, "Brazil trade": True, "Indian trade": False}
