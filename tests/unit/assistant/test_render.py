"""What the page says around the quotes of a reply."""

from dataclasses import replace

import pytest

from assistant.replies import Answer, Asked, Quote, Reason, Refusal
from assistant.showing import render
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


def test_quotes_stand_under_their_questions_which_look_like_no_quote() -> None:
    asked = ("When? <b>", "Where?\u202e", "Why?")
    first, second = replace(quote(1), questions=asked[:1]), replace(quote(2), questions=(asked[1], asked[0]))
    questions = (Asked(asked[0]), Asked(asked[1]), Asked(asked[2], "The documents do not answer this."))
    said = render.reply(replace(answer(quote(1)), quotes=(first, second), questions=questions))
    assert "The document probably answers 2 of 3 questions" in said
    parts = said.split('<div class="part">')[1:]
    assert parts[0].startswith(
        "<h3>Question 1: When? &lt;b&gt;</h3><p>Quote 2 answers this too.</p>"
        '<blockquote class="quote"><p class="said"><span class="words">The tram was restored'
    )
    assert '<h3>Question 2: Where?<i class="unseen" title="U+202E">' in parts[1]
    assert 'title="Show quote 2 in the source"' in parts[1]
    assert parts[2].startswith("<h3>Question 3: Why?</h3><p>The documents do not answer this.</p></div>")
    assert [part.count("<blockquote") for part in parts] == [1, 1, 0]
    assert "<h3>" not in render.reply(answer(quote(1)))
