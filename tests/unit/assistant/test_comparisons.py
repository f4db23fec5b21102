import pytest

from assistant import Answer, Assistant, Refusal
from assistant.judging.comparisons import without_date


@pytest.mark.parametrize(
    ("question", "asked"),
    [
        ("Was the SCO founded before or after 2010?", "When was the SCO founded?"),
        ("Did India join before 2015?", "When did India join?"),
        (
            "Has the tunnel been closed since, either before or after May 1943?",
            "When has the tunnel been closed since?",
        ),
        ("Did India join later than the year 2015", "When did India join?"),
    ],
)
def test_a_comparison_with_a_date_asks_for_the_time(question: str, asked: str) -> None:
    assert without_date(question) == asked


@pytest.mark.parametrize(
    "question",
    [
        "Did India join before or after Iran?",
        "Did anyone join after 2017?",
        "Were there members before 2001?",
        "What happened before 2001?",
        "Who joined after 2017?",
        "Is the office open after lunch?",
    ],
)
def test_what_compares_no_time_with_a_date_is_kept(question: str) -> None:
    assert without_date(question) == question


def test_the_sentence_with_the_time_answers_the_comparison(assistant: Assistant) -> None:
    reply = assistant.ask("Did India join before or after 2015?")
    assert isinstance(reply, Answer)
    assert "India, which joined in 2017" in reply.quotes[0].exact
    assert reply.standalone_question == "Did India join before or after 2015?"
    assert isinstance(assistant.ask("Did Pakistan join before or after 2015?"), Refusal)
