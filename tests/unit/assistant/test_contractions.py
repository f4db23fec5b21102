"""Contractions are words that ask and join, as "not" is: no document lacks them."""

from __future__ import annotations

import pytest
from fakes import index_of

from assistant.judging.refusing import why
from assistant.language.spelling import Spelling
from index.tokens import terms


@pytest.mark.parametrize(
    "question", ["Why didn’t they paint boats?", "why can't I paint boats", "What if you'd paint boats?"]
)
def test_a_contraction_is_no_term(question: str) -> None:
    assert terms(question) == ["paint", "boat"]


def test_a_refusal_names_no_contraction() -> None:
    line = "The documents do not answer this; they never mention “paint”."
    assert why("Why didn’t they paint boats?", index_of({"a.md": "Boats wait for paying guests."})) == line


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("why dont boats sail", "why don't boats sail"),
        ("why cant boats sail", "why can't boats sail"),
        ("why wont boats sail", "why won't boats sail"),
        ("why didnt boats sail", "why didn't boats sail"),
        ("why don't boats sail", "why don't boats sail"),
    ],
)
def test_the_apostrophe_may_be_missing(typed: str, meant: str) -> None:
    spelling = Spelling(index_of({"a.md": "Boats sail once a cent is paid and all is done. They went."}))
    assert spelling.mend(typed) == meant
