import pytest

from assistant import Answer, Assistant
from assistant.language.courtesies import without


@pytest.mark.parametrize(
    ("question", "bare"),
    [
        ("Do you know who Tam is?", "Who Tam is?"),
        ("Hi, could you please tell me when the boat sails?", "When the boat sails?"),
        ("hi can you tell me where it is", "Where it is"),
        ("hello when did india join", "When did india join"),
        ("Good morning! I was wondering how long it takes. Thanks!", "How long it takes."),
        ("Quick question: what time is it there?", "What time is it there?"),
        ("Sorry to bother you, but what does it cost?", "What does it cost?"),
        ("Any idea who designed the station, please? Thanks in advance!", "Who designed the station"),
        ("I'd like to know why it closed.", "Why it closed."),
        ("When does it open please", "When does it open"),
        ("Is there a hotline? Can you help me? Many thanks for your help.", "Is there a hotline?"),
        ("Please list the members", "List the members"),
        ("Thanks, and Iran?", "And Iran?"),
        ("Explain how the lamp works", "How the lamp works"),
        ("Explain in simple words what the SCO is.", "What the SCO is."),
        ("Can you tell me in a few sentences how it works?", "How it works?"),
    ],
)
def test_what_is_said_out_of_courtesy_is_left_out(question: str, bare: str) -> None:
    assert without(question) == bare


@pytest.mark.parametrize(
    "question",
    [
        "Thanks to whom was it founded?",
        "Hello Kitty was made when?",
        "Hi-fi systems",
        "Question time was when?",
        "Say what you mean",
        "Sorry states of India?",
        "Tell me about India",
        "Who do you know?",
        "Please",
        "Do you know whether parking is free?",
        "So why?",
        "Is the rent due in advance?",
        "What is a thank you?",
        "Who said please?",
        "How can you help?",
        "Please Mr. Postman was written by whom?",
        "When was it?!",
    ],
)
def test_what_is_asked_is_kept(question: str) -> None:
    assert without(question) == question


def test_so_leads_to_a_follow_up_only_where_something_was_asked_before() -> None:
    assert without("Okay so when does it leave?", first=True) == "When does it leave?"
    assert without("Okay so when does it leave?") == "Okay so when does it leave?"


def test_a_polite_question_is_answered_as_the_bare_one_is(assistant: Assistant) -> None:
    bare = assistant.ask("When was the SCO founded?")
    polite = assistant.ask("Hi, sorry to bother you, but when was the SCO founded? Thank you very much!")
    assert isinstance(bare, Answer)
    assert isinstance(polite, Answer)
    assert polite.standalone_question == "When was the SCO founded?"
    assert (polite.quotes, polite.confidence) == (bare.quotes, bare.confidence)
