"""Follow-ups that are asked together with the question they lean on: the last of them is to be answered."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import pytest

from assistant import Answer, Assistant
from assistant.language.answer_types import AnswerType, expected
from assistant.language.phrases import last_first

_TOWN = """# A Short History of Velmar

## Industry and decline

The railway reached Velmar in 1853. The shipyard of Johanna Reuss, founded in 1861 by the widow of a sailmaker, grew to
be the largest employer with 4,200 workers in 1905. It built 38 steamers for the Baltic lines.

The harbour silted up, and larger ships preferred Port Halden. The yard closed in 1931.

## Leave of the town's servants

Sabbaticals of three to six months may be requested after seven years of service. They are unpaid, and the post is kept
open.

## Tenders

A security of 150,000 euros must be given with a tender. It is returned within 30 days of the award.
"""


@pytest.fixture(scope="module")
def town(assistant_over: Callable[[Mapping[str, str]], Assistant]) -> Assistant:
    return assistant_over({"velmar.md": _TOWN})


@pytest.mark.parametrize(
    ("before", "question", "said"),
    [
        ("When can I ask for a sabbatical?", "Are they paid?", "They are unpaid"),
        ("How much security do we need to provide?", "When do we get it back?", "It is returned within 30 days"),
        ("Who founded the shipyard?", "What did it build?", "It built 38 steamers"),
    ],
)
def test_the_follow_up_is_answered_and_not_what_it_leans_on(
    before: str, question: str, said: str, town: Assistant
) -> None:
    reply = town.ask(question, [before])
    assert isinstance(reply, Answer)
    assert reply.quotes[0].exact.startswith(said)


def test_the_last_question_is_read_first() -> None:
    assert last_first("Who founded it? When? Why so late?") == "Why so late? Who founded it? When?"


@pytest.mark.parametrize("text", ["Who founded it?", "who founded it", "Is it open? Or closed?", "Is it open? I hope."])
def test_what_asks_once_is_read_as_it_stands(text: str) -> None:
    assert last_first(text) == text


def test_the_kind_of_thing_asked_for_is_that_of_the_first() -> None:
    assert expected("Who was there? When was the meeting?") is AnswerType.NAME
    assert expected("Who was there when?") is AnswerType.TIME
