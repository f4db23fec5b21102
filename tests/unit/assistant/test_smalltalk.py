import pytest

from assistant import Assistant, Reason, Refusal
from assistant.understanding.smalltalk import answer, asked_in, small_talk


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
        ("summarise this pls", "task"),
        ("can u plz sum up the article", "task"),
        ("translate it into French", "task"),
        ("What are the main points of this article?", "task"),
        ("great answer", "thanks"),
        ("good question", "thanks"),
        ("thank you, that helps", "thanks"),
        ("thank you, that's all", "thanks"),
        ("thanks so far", "thanks"),
        ("test", "about"),
        ("are you sure?", "about"),
        ("What can I ask about?", "about"),
        ("What is this about?", "about"),
        ("hi, what's this all about?", "about"),
        ("What can I ask you about?", "about"),
        ("can you help me?", "about"),
        ("who made you?", "about"),
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
        "Explain in simple words what the SCO is.",
        "What summary did the ministry give?",
        "Can you explain the Shanghai Spirit?",
        "How does it work together with the EU?",
        "Who made the statement?",
        "Are you sure Iran joined?",
        "test results",
        "Great summary of the text",
        "That's all Russia said?",
        "Can you help Iran?",
        "What can I ask you about India?",
        "thank you " * 200 + "India",
    ],
)
def test_a_question_is_not_taken_for_small_talk(message: str) -> None:
    assert small_talk(message) is None


@pytest.mark.parametrize(
    ("message", "kind"),
    [
        ("thanks bye", "bye"),
        ("thanks and goodbye!", "bye"),
        ("Hi, thanks", "thanks"),
        ("Hi :)", "greeting"),
        ("Thanks, who are you?", "about"),
        ("What can you do? Thanks!", "about"),
        ("Hello, summarize the article please. Thank you", "task"),
    ],
)
def test_of_several_pleasantries_the_last_counts_and_any_request_before_them(message: str, kind: str) -> None:
    assert small_talk(message) == kind


@pytest.mark.parametrize(
    "message",
    [
        "How does it work?",
        "What is this?",
        "Explain it",
        "How do I use it?",
        "Explain that for me",
        "Hi, what is this?",
    ],
)
def test_it_is_the_assistant_only_where_nothing_was_asked_before(message: str) -> None:
    assert small_talk(message) in {"about", "task"}
    assert small_talk(message, ["When was the harbour pump restored?"]) is None


@pytest.mark.parametrize(
    ("message", "kind"),
    [
        ("Summarize this article", "task"),
        ("Can you please summarise this whole document?", "task"),
        ("Give me a summary", "task"),
        ("What can you do?", "about"),
        ("Thanks for that", "thanks"),
        ("got it", "thanks"),
    ],
)
def test_what_points_at_no_earlier_question_is_small_talk_behind_one_too(message: str, kind: str) -> None:
    assert small_talk(message, ["When was the harbour pump restored?"]) == kind


def test_of_a_history_only_what_asks_the_documents_counts() -> None:
    history = [
        "Hello",
        "How does it work?",
        "When was the  pump restored?",
        "Great, thank you",
        "?",
        "How does it work?",
    ]
    assert asked_in([*history, "x" * 3000]) == ["When was the pump restored?", "How does it work?"]


def test_a_follow_up_that_reads_like_small_talk_is_asked(assistant: Assistant) -> None:
    reply = assistant.ask("How does it work?", ["When was the SCO founded?"])
    assert reply.standalone_question == "How does the SCO work?"
    assert not (isinstance(reply, Refusal) and reply.reason_code == Reason.SMALL_TALK)
    for history in ([], ["Hello"]):
        reply = assistant.ask("How does it work?", history)
        assert isinstance(reply, Refusal)
        assert reply.reason_code == Reason.SMALL_TALK


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


@pytest.mark.parametrize(
    "message",
    [
        "lol",
        "I don't understand",
        "That's wrong",
        "no, that's wrong",
        "You are stupid",
        "That is not what I asked",
        "wow!",
    ],
)
def test_what_is_said_of_a_reply_is_not_asked_of_the_documents(message: str) -> None:
    assert small_talk(message) == small_talk(message, ["When did India join?"]) == "remark"


@pytest.mark.parametrize(
    "message", ["Is that right?", "That is true of India?", "What is wrong?", "I don't get a pension?"]
)
def test_a_question_in_the_words_of_a_remark_is_asked(message: str) -> None:
    assert small_talk(message) is None


def test_being_glad_to_meet_and_asking_what_there_is_are_small_talk() -> None:
    assert small_talk("Nice to meet you!") == "greeting"
    assert small_talk("What are the documents about?") == "about"
