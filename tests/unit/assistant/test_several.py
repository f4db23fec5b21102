from __future__ import annotations

import pytest

from assistant import Answer, Assistant, Refusal
from assistant.replies import Asked, quotes_of
from assistant.showing.sections import sections
from assistant.understanding.several import parts


@pytest.mark.parametrize(
    ("message", "questions"),
    [
        ("When did India join? And who wrote this?", ["When did India join?", "And who wrote this?"]),
        ("When did India join? who wrote this", ["When did India join?", "who wrote this"]),
        ("The light flashes. Why? What can I do?", ["The light flashes. Why?", "What can I do?"]),
        ("Is it open? Or closed?", ["Is it open? Or closed?"]),
        ("Is it open? My son asked me.", ["Is it open? My son asked me."]),
        ('Who said "Why? Because I say so"? When?', ['Who said "Why? Because I say so"?', "When?"]),
        ("Who said “Who knows? Nobody.”?", ["Who said “Who knows? Nobody.”?"]),
        ("Really??? Why?", ["Really???", "Why?"]),
        ("When did India join?", ["When did India join?"]),
        ("What does the ? operator do?", ["What does the ? operator do?"]),
        ("When did it open ? Who came ?", ["When did it open ?", "Who came ?"]),
        ("dialogue partners", ["dialogue partners"]),
    ],
)
def test_the_questions_of_a_message_are_parted(message: str, questions: list[str]) -> None:
    assert parts(message) == questions


def test_each_question_of_a_message_is_answered(assistant: Assistant) -> None:
    asked = "How many dialogue partners are there? And when did India join?"
    reply = assistant.ask(asked)
    assert isinstance(reply, Answer)
    assert reply.question == asked
    assert reply.standalone_question == "How many dialogue partners are there? When did India join?"
    alone = [assistant.ask(question) for question in parts(asked)]
    assert {quote.exact for one in alone if isinstance(one, Answer) for quote in one.quotes[:1]} <= {
        quote.exact for quote in reply.quotes
    }
    assert "14 dialogue partners" in reply.quotes[0].exact
    assert "2017" in reply.quotes[-1].exact
    assert [quote.number for quote in reply.quotes] == list(range(1, len(reply.quotes) + 1))
    assert reply.confidence == min(one.confidence for one in alone)


def test_each_quote_names_the_question_that_it_answers(assistant: Assistant) -> None:
    reply = assistant.ask("When did India join, and how many dialogue partners are there?")
    assert isinstance(reply, Answer)
    asked = ("When did India join?", "How many dialogue partners are there?")
    assert reply.questions == tuple(map(Asked, asked))
    assert [quote.questions for quote in reply.quotes] == [(question,) for question in asked]


def test_a_question_of_a_message_that_is_not_answered_is_told_in_its_place_with_the_reason(
    assistant: Assistant,
) -> None:
    reply = assistant.ask("When did Pakistan join? When did India join?")
    assert isinstance(reply, Answer)
    assert ["2017" in quote.exact for quote in reply.quotes] == [True]
    assert reply.questions == (
        Asked("When did Pakistan join?", "The documents do not answer this; they never mention “Pakistan”."),
        Asked("When did India join?"),
    )
    assert reply.notices == ()


def test_a_quote_that_answers_two_questions_stands_once_and_names_both(assistant: Assistant) -> None:
    reply = assistant.ask("When did India join? In what year did India become a member?")
    assert isinstance(reply, Answer)
    (quote,) = reply.quotes
    assert quote.questions == ("When did India join?", "In what year did India become a member?")
    first, second = sections(reply.questions, reply.quotes)
    assert (first.quotes, first.line) == ((0,), "")
    assert (second.quotes, second.line) == ((), "Quote 1 answers this too.")


def test_a_question_asked_twice_is_one_and_needs_no_name(assistant: Assistant) -> None:
    reply = assistant.ask("When did India join? When did India join?")
    assert isinstance(reply, Answer)
    assert (reply.questions, reply.quotes) == (None, quotes_of(assistant.ask("When did India join?")))


def test_what_more_is_said_on_several_questions_names_none(assistant: Assistant) -> None:
    reply = assistant.ask("Tell me more", ["What unites the members? What divides the members?"])
    assert isinstance(reply, Answer)
    assert {reply.questions, *(quote.questions for quote in reply.quotes)} == {None}


def test_a_message_none_of_whose_questions_is_answered_is_refused_as_one(assistant: Assistant) -> None:
    reply = assistant.ask("When did Pakistan join? And Turkey?")
    assert isinstance(reply, Refusal)
    assert "“Pakistan”" in reply.reason


def test_a_follow_up_leans_on_the_last_question_of_a_message(assistant: Assistant) -> None:
    reply = assistant.ask("And Iran?", ["What is the SCO? When did India join?"])
    assert reply.standalone_question == "When did Iran join?"


def test_courtesies_beside_a_question_are_none_of_them(assistant: Assistant) -> None:
    reply = assistant.ask("How are you? When did India join?")
    assert isinstance(reply, Answer)
    assert (reply.standalone_question, reply.notices) == ("When did India join?", ())


def test_a_question_is_told_once_though_the_next_was_understood_with_it(assistant: Assistant) -> None:
    reply = assistant.ask("What share of GDP do they hold? Who else?")
    assert reply.standalone_question == "What share of GDP do they hold? Who else?"


def test_of_more_questions_than_quotes_the_first_are_answered_and_the_others_named(assistant: Assistant) -> None:
    reply = assistant.ask("When did India join? Who wrote this? How many dialogue partners are there? Where? And why?")
    assert isinstance(reply, Answer)
    assert "2017" in reply.quotes[0].exact
    assert "14 dialogue partners" in reply.quotes[-1].exact
    assert reply.notices == ("At most 3 questions are answered at a time; “Where? And why?” was not asked.",)
