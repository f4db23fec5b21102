import pytest

from assistant.language.answer_types import AnswerType, expected, holds


@pytest.mark.parametrize(
    ("question", "kind"),
    [
        ("When did India join?", AnswerType.TIME),
        ("In which year was it founded?", AnswerType.TIME),
        ("india join year", AnswerType.TIME),
        ("How many observers are there?", AnswerType.NUMBER),
        ("What share of the world's population is it?", AnswerType.NUMBER),
        ("Who wrote it?", AnswerType.NAME),
        ("Why did India refuse?", AnswerType.ANY),
    ],
)
def test_the_form_of_a_question_tells_what_is_asked_for(question: str, kind: AnswerType) -> None:
    assert expected(question) == kind


@pytest.mark.parametrize(
    ("sentence", "kind", "question", "held"),
    [
        ("India, which joined in 2017, must balance.", AnswerType.TIME, "When did India join?", True),
        ("India refused to join the statement.", AnswerType.TIME, "When did India join?", False),
        ("It was founded in 2001.", AnswerType.TIME, "What happened in 2001, and when?", False),
        ("It has two observers.", AnswerType.NUMBER, "How many observers?", True),
        ("It has observers.", AnswerType.NUMBER, "How many observers?", False),
        ("The order, argues Claus Soong.", AnswerType.NAME, "Who argues this?", True),
        ("Nothing of the kind.", AnswerType.ANY, "Why?", True),
    ],
)
def test_a_sentence_holds_the_kind_asked_for_unless_the_question_said_it(
    sentence: str, kind: AnswerType, question: str, held: bool
) -> None:
    assert holds(sentence, kind, question) is held
