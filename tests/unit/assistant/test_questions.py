import pytest

from assistant import Assistant, Reason, Refusal
from assistant.questions import clean, complain


@pytest.mark.parametrize(
    ("question", "reason"),
    [
        ("", Reason.NO_WORDS),
        ("   \n\t ", Reason.NO_WORDS),
        ("?", Reason.NO_WORDS),
        ("a", Reason.NO_WORDS),
        ("🤷‍♀️ 🎉", Reason.NO_WORDS),
        ("why " * 1000, Reason.TOO_LONG),
    ],
    ids=["empty", "blank", "a mark", "one letter", "emoji", "too long"],
)
def test_what_is_no_question_is_told_so_in_one_line(question: str, reason: Reason) -> None:
    complaint = complain(clean(question))
    assert complaint is not None
    assert complaint.reason == reason
    assert "\n" not in complaint.line


@pytest.mark.parametrize(
    "question",
    [
        "Wann ist Indien der Organisation beigetreten?",
        "Quand l’Inde a-t-elle rejoint l’organisation ?",
        "¿Cuándo se unió la India a la organización?",
        "Когда Индия вступила в ШОС?",
        "印度什么时候加入上海合作组织？",
    ],
)
def test_a_question_in_another_language_is_refused_as_such(assistant: Assistant, question: str) -> None:
    reply = assistant.ask(question)
    assert isinstance(reply, Refusal)
    assert reply.reason_code == Reason.OTHER_LANGUAGE


@pytest.mark.parametrize("question", ["india join year", "SCO members", "When did India join?", "Who is Xi?"])
def test_short_english_is_not_taken_for_another_language(assistant: Assistant, question: str) -> None:
    reply = assistant.ask(question)
    assert not (isinstance(reply, Refusal) and reply.reason_code == Reason.OTHER_LANGUAGE)


def test_half_characters_do_not_reach_the_tokenizer() -> None:
    assert clean("a\ud800b  \n c") == "a\ufffdb c"
