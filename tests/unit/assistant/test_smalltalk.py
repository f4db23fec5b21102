import pytest

from assistant import Assistant, Reason, Refusal
from assistant.smalltalk import answer, small_talk


@pytest.mark.parametrize(
    ("message", "kind"),
    [
        ("hello", "greeting"),
        ("Hi there!", "greeting"),
        ("Good morning", "greeting"),
        ("Hello, how are you?", "greeting"),
        ("thanks", "thanks"),
        ("Thank you so much!", "thanks"),
        ("ok great, thanks", "thanks"),
        ("bye", "bye"),
        ("What can you do?", "about"),
        ("hi, what can I ask you?", "about"),
        ("help", "about"),
        ("who are you", "about"),
        ("Summarize the article", "task"),
        ("Can you please summarise this document in three sentences?", "task"),
        ("tl;dr", "task"),
        ("Give me a short summary of the text", "task"),
        ("translate it into French", "task"),
        ("What are the main points of this article?", "task"),
    ],
)
def test_small_talk_is_known_as_such(message: str, kind: str) -> None:
    assert small_talk(message) == kind


@pytest.mark.parametrize(
    "message",
    [
        "Who are the members?",
        "What can India do?",
        "Hello, when did India join?",
        "Which countries help Iran?",
        "Thanks to whom was the SCO founded?",
        "What is this organization?",
        "What are you told about the Quad?",
        "great powers",
        "Summarize the limits of the SCO",
        "What is the main point of contention between India and China?",
        "Who translated the article?",
        "Explain why India refused to sign",
        "What summary did the ministry give?",
        "Can you explain the Shanghai Spirit?",
        "How does it work together with the EU?",
    ],
)
def test_a_question_is_not_taken_for_small_talk(message: str) -> None:
    assert small_talk(message) is None


def test_small_talk_gets_a_helpful_line_that_quotes_nothing(assistant: Assistant) -> None:
    reply = assistant.ask("Hello!")
    assert isinstance(reply, Refusal)
    assert (reply.reason_code, reply.nearest) == (Reason.SMALL_TALK, ())
    assert reply.reason.startswith("Hello. Ask about “China and Russia are using")


def test_a_task_is_told_what_is_done_here_instead(assistant: Assistant) -> None:
    reply = assistant.ask("Summarize the article")
    assert isinstance(reply, Refusal)
    assert reply.reason.startswith("Nothing is written here that the documents do not say, so no summary")


def test_many_documents_are_not_all_named() -> None:
    assert "“a”, “b”, “c” and 2 more" in answer("about", ["a", "b", "c", "d", "e"])
