import pytest

from assistant import Answer, Assistant
from assistant.understanding.prefaces import without_preface

STORY = (
    "I moved in last month and my neighbour keeps telling me different things about the heating, which is annoying. I "
    "looked through the lease several times."
)


@pytest.mark.parametrize(
    ("question", "asked"),
    [
        (f"{STORY} Who has to pay for repairs of the boiler?", "Who has to pay for repairs of the boiler?"),
        (f"{STORY} Could you please tell me who repairs the boiler?", "Who repairs the boiler?"),
        (
            "My grandmother always told us that the bridge had been built by the Romans, but I doubt it very much, so "
            "could you please tell me when the bridge was built?",
            "When the bridge was built?",
        ),
        (
            "I'm writing a paper about the SCO for my course and I was wondering whether you could possibly tell me, "
            "if it is mentioned anywhere, in what year the organization was founded?",
            "In what year the organization was founded?",
        ),
    ],
)
def test_a_long_story_before_a_question_is_left_out(question: str, asked: str) -> None:
    assert without_preface(question) == asked


@pytest.mark.parametrize(
    "question",
    [
        "I have read it twice. Why did India refuse to sign?",
        f"{STORY} Who has to pay for it?",
        f"{STORY} Why?",
        "Which of the members that joined the organization after the summit in Astana, and that have since taken part "
        "in at least two meetings of ministers, opposed the statement of June 14?",
    ],
)
def test_what_is_short_or_leans_on_its_story_or_is_all_question_is_kept(question: str) -> None:
    assert without_preface(question) == question


def test_a_long_winded_question_is_answered_as_the_bare_one_is(assistant: Assistant) -> None:
    reply = assistant.ask(
        "Hello, I'm writing a paper about regional organizations for my course at the university and I was wondering "
        "whether you could possibly tell me, if it is mentioned anywhere, in what year India joined the SCO?"
    )
    assert isinstance(reply, Answer)
    assert reply.standalone_question == "In what year India joined the SCO?"
    assert "India, which joined in 2017" in reply.quotes[0].exact
