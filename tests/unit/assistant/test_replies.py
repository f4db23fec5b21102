import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from assistant import Answer, Assistant, Refusal, Reply

SCHEMA = json.loads((Path(__file__).parents[3] / "assistant" / "schemas" / "reply.schema.json").read_text("utf-8"))
Ask = Callable[..., Reply]


@pytest.mark.parametrize(
    "question",
    [
        "When did India join?",
        "How many member states does the SCO have today?",
        "What is the capital of France?",
        "",
        "x" * 10_000,
        "🤷",
        "Wann ist Indien beigetreten?",
        "<script>alert(1)</script> When did India join?",
        "When did India join? When did Pakistan join?",
        "\ud800 When did India join?",
    ],
    ids=lambda question: question[:20].encode("ascii", "replace").decode() or "empty",
)
def test_every_reply_follows_the_published_schema(assistant: Assistant, question: str) -> None:
    reply = json.loads(json.dumps(assistant.ask(question).to_json()))
    Draft202012Validator(SCHEMA).validate(reply)


def test_a_refusal_with_a_correction_follows_the_schema_and_nothing_else_may_have_one(
    corrected: Refusal, assistant: Assistant
) -> None:
    told = json.loads(json.dumps(corrected.to_json()))
    Draft202012Validator(SCHEMA).validate(told)
    correction = told["correction"]
    for other in ("When did India join?", "Wann ist Indien beigetreten?", "x" * 10_000):
        reply = json.loads(json.dumps(assistant.ask(other).to_json()))
        assert reply["correction"] is None
        assert not Draft202012Validator(SCHEMA).is_valid(reply | {"correction": correction})
    assert not Draft202012Validator(SCHEMA).is_valid(told | {"correction": {"exact": correction["exact"]}})


def test_the_schema_itself_is_valid() -> None:
    Draft202012Validator.check_schema(SCHEMA)


def test_the_schema_refuses_an_answer_without_quotes(assistant: Assistant) -> None:
    reply = assistant.ask("When did India join?").to_json() | {"quotes": []}
    assert not Draft202012Validator(SCHEMA).is_valid(json.loads(json.dumps(reply)))


def test_an_answer_cannot_be_made_without_quotes() -> None:
    with pytest.raises(ValueError, match="at least one quote"):
        Answer("q", "q", 0.9, (), "generation", 1.0)


def test_answers_and_refusals_have_the_same_keys_in_the_same_order(assistant: Assistant) -> None:
    answer, refusal = assistant.ask("When did India join?"), assistant.ask("What is the capital of France?")
    assert isinstance(answer, Answer)
    assert isinstance(refusal, Refusal)
    assert list(answer.to_json()) == list(refusal.to_json())


def test_only_the_questions_that_are_answered_are_named_by_quotes(assistant: Assistant) -> None:
    reply = assistant.ask("When did India join? When did Pakistan join?")
    assert isinstance(reply, Answer)
    (quote,) = reply.quotes
    for questions in (None, ("When did Pakistan join?",), ("When did India join?", "Why?")):
        with pytest.raises(ValueError, match="the questions that are answered"):
            replace(reply, quotes=(replace(quote, questions=questions),))
    with pytest.raises(ValueError, match="the questions that are answered"):
        replace(reply, questions=None)


def test_a_reply_to_one_question_names_none(assistant: Assistant) -> None:
    for question in ("When did India join?", "When did Pakistan join?"):
        told = assistant.ask(question).to_json()
        quotes = told["quotes"] or told["nearest"]
        assert isinstance(quotes, list)
        assert [told["questions"], *(quote["questions"] for quote in quotes)] == [None] * (1 + len(quotes))
