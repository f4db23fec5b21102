"""What the page says around the quotes of a reply."""

from dataclasses import replace

import pytest

from assistant import render
from assistant.replies import Answer, Quote, Reason, Refusal
from index.changes import Changes


def quote(number: int, document: str = "tram.txt", title: str = "The tram") -> Quote:
    words = "The tram was restored in 1987."
    return Quote(number, document, "0" * 64, title, None, 1, 0, len(words), words, "", "", 0.9)


def answer(*quotes: Quote, confidence: float = 0.6) -> Answer:
    question = "When was the tram restored?"
    return Answer(question, question, confidence, quotes, "20260101T000000000000Z-00000000", 1.0)


def refusal(reason: Reason) -> Refusal:
    return Refusal("?", "?", 0.0, reason, "The documents do not answer this.", (), None, 1.0)


def test_of_a_doubtful_answer_every_quote_is_to_be_read_in_its_place() -> None:
    assert "Read the quote in its place first." in render.reply(answer(quote(1)))
    assert "Read each quote in its place first." in render.reply(answer(quote(1), quote(2)))
    assert "in its place first" not in render.reply(answer(quote(1), confidence=0.99))


@pytest.mark.parametrize(("reason", "judged"), [(Reason.NOT_ANSWERED, True), (Reason.TOO_LONG, False)])
def test_what_was_not_asked_of_the_documents_is_not_judged(reason: Reason, judged: bool) -> None:
    said = render.reply(refusal(reason))
    assert ("Was this right?" in said) is judged
    assert "Ask again" in said


@pytest.mark.parametrize("earlier", [False, True])
def test_a_notice_of_changed_documents_holds_no_command(earlier: bool) -> None:
    line = Changes(added=("bees.txt",)).line(earlier=earlier)
    assert line is not None
    assert "python -m index rebuild" in line
    said = render.reply(replace(answer(quote(1)), notices=(line,)))
    assert "(added bees.txt); the index answers as it was built until it is rebuilt</p>" in said
