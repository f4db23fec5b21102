"""Several questions asked at once, on each surface but the page: every one above its quotes."""

import html
import json
import re
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant import Assistant
from assistant.citations.conversation import read_turns, recheck
from assistant.citations.exporting import check_conversation, write
from assistant.commands.ask_commands import in_words
from assistant.replies import Asked, Quote
from assistant.showing.sections import Section, sections, share

QUOTE = Quote(1, "a.txt", "0" * 64, "A", None, 1, 0, 4, "Here", "", "", 0.9)
NAMES = st.sampled_from(["When?", "Where?", "Why?", "Who?"])


def quotes(*questions: tuple[str, ...] | None) -> list[Quote]:
    return [replace(QUOTE, number=number, questions=its) for number, its in enumerate(questions, start=1)]


def test_quotes_that_answer_one_question_stand_under_none() -> None:
    assert sections(None, quotes(None, None)) == [Section("", "", (0, 1))]
    assert share(None) == ""


def test_each_question_heads_its_quotes_in_order_and_says_what_else_answers_it() -> None:
    asked = [Asked("When?"), Asked("Where?", "They never say."), Asked("Why?")]
    assert sections(asked, quotes(("When?", "Why?"), ("When?", "Why?"), ("Why?",))) == [
        Section("Question 1: When?", "", (0, 1)),
        Section("Question 2: Where?", "They never say.", ()),
        Section("Question 3: Why?", "Quotes 1 and 2 answer this too.", (2,)),
    ]
    assert share(asked) == "2 of 3 questions"
    assert share(asked[:1]) == ""


@given(
    st.lists(st.builds(Asked, NAMES, st.none() | st.just("They never say.")), max_size=4),
    st.lists(st.none() | st.lists(NAMES, max_size=3).map(tuple), max_size=5),
)
def test_whatever_a_file_says_every_quote_is_shown_once(
    asked: list[Asked], named: list[tuple[str, ...] | None]
) -> None:
    shown = [at for section in sections(asked, quotes(*named)) for at in section.quotes]
    assert sorted(shown) == list(range(len(named)))


def test_the_terminal_has_each_question_above_its_quotes(assistant: Assistant) -> None:
    reply = assistant.ask("When did Pakistan join? When did India join? In what year did India become a member?")
    told, first, quoted, last = in_words(reply).split("\n\n")
    assert told == (
        "Question 1: When did Pakistan join?\n    The documents do not answer this; they never mention “Pakistan”."
    )
    assert first == "Question 2: When did India join?"
    assert quoted.startswith("[1] “India, which joined in 2017")
    assert last == "Question 3: In what year did India become a member?\n    Quote 1 answers this too."


def turn(assistant: Assistant, asked: str) -> dict[str, Any]:
    return {"question": asked, "reply": json.loads(json.dumps(assistant.ask(asked).to_json()))}


def written(assistant: Assistant, form: str, turns: list[dict[str, Any]]) -> str:
    return write(form, check_conversation(read_turns(turns), assistant.index()[0]))[0].decode()


def test_quotes_are_exported_under_the_question_that_they_answer(assistant: Assistant) -> None:
    asked = "When did India join? When did *Pakistan* join? How many dialogue partners are there?"
    turns = [turn(assistant, asked)]
    markdown, page, data = (written(assistant, form, turns) for form in ("markdown", "html", "json"))
    assert "### Question 2: When did \\*Pakistan\\* join?\n\nThe documents do not answer this" in markdown
    assert "<h3>Question 2: When did *Pakistan* join?</h3><p class=said>The documents do not answer this" in page
    for text in (re.sub(r"\\", "", markdown), html.unescape(re.sub(r"<[^>]+>", "", page))):
        places = [
            text.index(said)
            for said in (
                "Answered 2 of 3 questions, with",
                "Question 1: When did India join?",
                "“India, which joined in 2017",
                "Question 2: When did *Pakistan* join?",
                "Question 3: How many dialogue partners are there?",
                "14 dialogue partners from",
            )
        ]
        assert places == sorted(places)
        assert text.count("Question 1: ") == 1
    told = json.loads(data)
    assert told["holds"] is True
    assert told["turns"][0]["reply"] == turns[0]["reply"]
    assert read_turns(told) == read_turns(turns)


@pytest.mark.parametrize("questions", [["When did France join?"], ["When did Pakistan join?"], None])
def test_a_quote_put_under_another_question_does_not_hold(assistant: Assistant, questions: list[str] | None) -> None:
    changed = turn(assistant, "When did India join? When did Pakistan join? How many dialogue partners are there?")
    changed["reply"]["quotes"][0]["questions"] = questions
    (broken,) = [held for held in recheck(read_turns([changed]), assistant.index()[0]) if held.problem]
    assert broken.problem == "the questions that it is said to answer are not those of its reply"
    page = written(assistant, "html", [changed])
    assert "“<span class=words>India, which joined" not in page
    assert "<del>India, which joined in 2017" in page
