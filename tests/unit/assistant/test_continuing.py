from __future__ import annotations

import pytest

from assistant import Answer, Assistant, Reason, Refusal
from assistant.answering import open_reader
from assistant.understanding.smalltalk import asked_in, asks_more, asks_what_all_say, offer
from index import IndexConfig, LiveIndex, OnnxEmbedder, rebuild

ASKED = "What are the limits of the SCO?"


@pytest.fixture(scope="module")
def shelf(tmp_path_factory: pytest.TempPathFactory, _minilm: OnnxEmbedder) -> Assistant:
    folder = tmp_path_factory.mktemp("shelf")
    docs = folder / "docs"
    docs.mkdir()
    (docs / "boats.txt").write_text("All About Boats\n\nThe old boats of the harbour were built of oak.\n", "utf-8")
    (docs / "bees.txt").write_text("On Bees\n\nBees dance to tell each other where the flowers are.\n", "utf-8")
    config = IndexConfig(docs, folder / "built")
    rebuild(config, _minilm)
    return Assistant(LiveIndex(config, _minilm.identity), _minilm, open_reader()[0])


@pytest.mark.parametrize(
    "message",
    ["Tell me more", "go on", "anything else?", "And what else?", "Can you tell me more?", "Any more on that? Thanks!"],
)
def test_a_message_that_asks_for_more_is_known(message: str) -> None:
    assert asks_more(message)
    assert asked_in([ASKED, message]) == [ASKED]


@pytest.mark.parametrize(
    "message",
    ["Tell me more about India", "More countries?", "What else did India say?", "Anyone else?", "Go on strike"],
)
def test_a_question_of_something_is_no_message_that_asks_for_more(message: str) -> None:
    assert not asks_more(message)


@pytest.mark.parametrize("message", ["Tell me more", "Anything else?"])
def test_more_is_what_was_not_quoted_until_nothing_is_left(assistant: Assistant, message: str) -> None:
    history = [ASKED]
    reply = assistant.ask(ASKED)
    quoted: list[tuple[int, int]] = []
    for _ in range(20):
        if isinstance(reply, Refusal):
            break
        new = [(quote.start, quote.end) for quote in reply.quotes]
        assert [quote.number for quote in reply.quotes] == list(range(1, len(new) + 1))
        assert not set(new) & set(quoted)
        quoted += new
        reply = assistant.ask(message, history)
        history.append(message)
    assert len(history) > 2
    assert isinstance(reply, Refusal)
    assert (reply.reason_code, reply.nearest) == (Reason.NOT_ANSWERED, ())
    assert reply.reason == f"Nothing more was found in the documents on “{ASKED}”."


def test_what_another_question_was_answered_with_is_not_shown_again(assistant: Assistant) -> None:
    more = assistant.ask("Tell me more", [ASKED])
    assert isinstance(more, Answer)
    shown = assistant.ask(ASKED)
    assert isinstance(shown, Answer)
    again = assistant.ask("Tell me more", [ASKED, "When did India join?", ASKED])
    assert isinstance(again, Answer)
    assert not {quote.start for quote in again.quotes} & {quote.start for quote in shown.quotes}


def test_behind_a_refusal_there_is_no_more(assistant: Assistant) -> None:
    reply = assistant.ask("Go on", ["What is the capital of France?"])
    assert isinstance(reply, Refusal)
    assert reply.reason.startswith("Nothing more was found")


def test_a_follow_up_behind_more_leans_on_the_question(assistant: Assistant) -> None:
    reply = assistant.ask("And Iran?", ["When did India join?", "Tell me more"])
    assert reply.standalone_question == "When did Iran join?"


@pytest.mark.parametrize(
    "message", ["What is this document about?", "What are these documents about?", "What's the text about? Thanks"]
)
def test_of_several_documents_it_is_asked_which_is_meant(shelf: Assistant, message: str) -> None:
    reply = shelf.ask(message)
    assert isinstance(reply, Refusal)
    assert reply.reason_code == Reason.SMALL_TALK
    assert reply.reason.startswith("There are 2 documents: “On Bees”, “All About Boats”. Which one do you mean?")


def test_a_document_that_is_chosen_or_alone_is_asked(shelf: Assistant, assistant: Assistant) -> None:
    chosen = shelf.ask("What is this document about?", documents=["boats.txt"])
    alone = assistant.ask("What is this article about?")
    for reply in (chosen, alone):
        assert not (isinstance(reply, Refusal) and reply.reason_code == Reason.SMALL_TALK)


def test_a_document_that_is_named_and_what_a_pronoun_means_are_asked() -> None:
    assert not asks_what_all_say("What is the document On Bees about?")
    assert asks_what_all_say("What is it about?")
    assert not asks_what_all_say("What is it about?", ["When was the treaty signed?"])


def test_of_very_many_documents_only_some_are_offered() -> None:
    assert "“19” and 5 more. Which" in offer([str(number) for number in range(25)])
