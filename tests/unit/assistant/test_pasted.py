from __future__ import annotations

import pytest

from assistant import Answer, Assistant, Refusal
from assistant.judging.evidence import Evidence, weigh
from assistant.judging.pasted import asked_first, others, told
from index import Hit, PassageIndex

_REFUSED = "Nor does the SCO hold a unified position, as India refused to join the statement on June 14."


@pytest.fixture(scope="module")
def weighed(article: PassageIndex) -> list[Evidence]:
    return weigh(
        "What did India say?", [Hit(passage, 1.0, 0.5, 0.0, None, None) for passage in article.passages], article
    )


@pytest.mark.parametrize(
    "message",
    [
        f"{_REFUSED} What did India say about it?",
        f"“{_REFUSED}” Why?",
        f"“{_REFUSED}” Why does the author say this?",
        f"About “{_REFUSED[:-1].upper()}”: what did India say",
        f"Explain this: {_REFUSED.replace(',', '')}",
    ],
)
def test_a_sentence_that_is_quoted_and_asked_about_is_told(message: str, weighed: list[Evidence]) -> None:
    pasted = told(message, weighed)
    assert [each.text for each in pasted] == [_REFUSED]
    assert _REFUSED not in [each.text for each in others(weighed, pasted)]
    assert len(others(weighed, pasted)) == len(weighed) - 1


@pytest.mark.parametrize(
    "message",
    [
        "What did India say about the statement on June 14?",
        # Nothing is asked besides, or for the sentence itself.
        _REFUSED,
        f"“{_REFUSED}” Is this true?",
        f"{_REFUSED} Is that so?",
        f"Where does this stand: {_REFUSED}",
        f"“{_REFUSED}” Does the article really say so?",
        # A part of it leaves something to tell.
        "“India refused to join the statement on June 14.” Why?",
    ],
)
def test_another_question_tells_no_sentence(message: str, weighed: list[Evidence]) -> None:
    assert told(message, weighed) == []


def test_what_is_asked_comes_before_what_is_quoted(weighed: list[Evidence]) -> None:
    message = f"About “{_REFUSED}”: what did India say?"
    assert asked_first(message, told(message, weighed)) == f"About what did India say? {_REFUSED}"
    message = f"{_REFUSED} What did India say?"
    assert asked_first(message, told(message, weighed)) == f"What did India say? {_REFUSED}"


def test_what_was_quoted_is_not_quoted_back(assistant: Assistant) -> None:
    reply = assistant.ask(f"{_REFUSED} What did India say about it?")
    assert isinstance(reply, Answer)
    assert "did not participate in the discussions" in reply.quotes[0].exact
    assert _REFUSED not in [quote.exact for quote in reply.quotes]


def test_a_quotation_does_not_answer_a_question_beside_it(assistant: Assistant) -> None:
    reply = assistant.ask(f"{_REFUSED} Who was president of France in 1990?")
    assert isinstance(reply, Refusal)
