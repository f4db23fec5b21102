from __future__ import annotations

import pytest

from assistant import Answer, Assistant, Refusal
from assistant.replies import Asked
from assistant.understanding.coordinated import parted


@pytest.mark.parametrize(
    ("question", "questions"),
    [
        ("When was the SCO founded and by whom?", ["When was the SCO founded?", "By whom?"]),
        ("Is it growing, and by how much?", ["Is it growing?", "By how much?"]),
        ("What did the minister say and why?", ["What did the minister say?", "Why?"]),
        ("When did India join; when did Iran join?", ["When did India join?", "When did Iran join?"]),
        (
            "How large is it and how much of the world does it represent?",
            ["How large is it?", "How much of the world does it represent?"],
        ),
        (
            "Why did India refuse, and what did its ministry say?",
            ["Why did India refuse?", "What did its ministry say?"],
        ),
        (
            "What is the SCO, what does it do and who leads it?",
            ["What is the SCO?", "What does it do?", "Who leads it?"],
        ),
        ("Was the US condemned, and if so why?", ["Was the US condemned?", "Why?"]),
        ("1) Is it open and how much is it?", ["1) Is it open?", "How much is it?"]),
    ],
)
def test_questions_that_one_sentence_joins_are_parted(question: str, questions: list[str]) -> None:
    assert parted(question) == questions


@pytest.mark.parametrize(
    "question",
    [
        "When did India join?",
        "Where and when was the photo taken?",
        "What share of GDP and population do the members have?",
        "Who founded and who leads the SCO?",
        "What did India and what did Iran say?",
        "Which glue does she use on museum pieces and which on working puppets?",
        "Who has to mend the windows and who the drains?",
        "How long does the jam last unopened, and how long after opening?",
        "Do you know when India joined and how many members there are?",
        "What happens when it rains and when does it stop?",
        "What is the bridge, which was built in 1901, made of?",
        "China sees containment as the thing to answer; what does Russia see?",
        "If you add observers and partners together, how many are there?",
        "What does “when it rains, and what is wet” mean?",
        "Who said “Why did it end, and who knows?”?",
    ],
)
def test_a_question_that_asks_one_thing_is_left_whole(question: str) -> None:
    assert parted(question) == [question]


def test_each_question_that_a_sentence_joins_is_answered(assistant: Assistant) -> None:
    reply = assistant.ask("When did India join and how many dialogue partners are there?")
    assert isinstance(reply, Answer)
    assert ["2017" in reply.quotes[0].exact, "14 dialogue partners" in reply.quotes[1].exact] == [True, True]
    assert reply.notices == ()


def test_a_joined_question_that_is_not_answered_is_named(assistant: Assistant) -> None:
    reply = assistant.ask("When did India join and when did Pakistan join?")
    assert isinstance(reply, Answer)
    assert reply.questions == (
        Asked("When did India join?"),
        Asked("When did Pakistan join?", "The documents do not answer this; they never mention “Pakistan”."),
    )


def test_joined_questions_none_of_which_is_answered_are_refused_as_one(assistant: Assistant) -> None:
    reply = assistant.ask("When did Pakistan join and when did Turkey join?")
    assert isinstance(reply, Refusal)
    assert reply.question == "When did Pakistan join and when did Turkey join?"
