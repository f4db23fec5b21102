import pytest

from assistant import Assistant, Refusal
from assistant.judging.asked_of import compared, of_something_else, share_of

SAID = "Together, they account for roughly a quarter of global GDP and 40% of the world’s population."


@pytest.mark.parametrize(
    "question",
    [
        "What share of world trade do the members account for?",
        "What percentage of the world's land area do they cover?",
        "How large a share of the oil is theirs?",
        "How much of the debt is secured?",
        "what proportion of teachers belong to it",
    ],
)
def test_a_share_of_something_else_is_told(question: str) -> None:
    assert of_something_else(question, SAID)


@pytest.mark.parametrize(
    "question",
    [
        "What percentage of all people on the planet do they represent?",
        "How large a slice of the world economy do they produce?",
        "What fraction of GDP do they add up to?",
        "What share of the population lives there?",
        "How much of the world does it represent?",
        # Nothing is said of what it is a share of, or a name.
        "What share of it do they own?",
        "How much of Iran was hit?",
        "What is their share?",
        "How many members are there?",
        "Which part of the body hurts?",
    ],
)
def test_what_may_be_meant_is_no_other_thing(question: str) -> None:
    assert not of_something_else(question, SAID)


def test_one_thing_has_several_names() -> None:
    assert share_of("What share of the voters is hers?") == share_of("What percentage of the vote did she win?")


def test_a_share_of_what_the_passage_does_not_speak_of_is_refused(assistant: Assistant) -> None:
    assert isinstance(assistant.ask("What percentage of global trade do the SCO members account for?"), Refusal)
    assert not isinstance(assistant.ask("What percentage of the world's people do they account for?"), Refusal)


@pytest.mark.parametrize(
    "question",
    [
        "What's the difference between an observer and a dialogue partner?",
        "how does a loan differ from a grant",
        "What are the differences between members and guests?",
    ],
)
def test_a_difference_from_what_is_not_spoken_of_is_told(question: str) -> None:
    assert of_something_else(question, "There is more divergence among members than alignment.")


def test_a_difference_between_what_is_spoken_of_may_be_told() -> None:
    said = "Members vote; observers, who are not members, may only speak."
    assert not of_something_else("What is the difference between a member and an observer?", said)
    assert not of_something_else("What is the difference between India and China?", said)
    assert compared("What is the difference between India and a member?") == [frozenset({"member"})]


def test_a_difference_between_others_is_refused(assistant: Assistant) -> None:
    asked = "What's the difference between an observer and a dialogue partner?"
    assert isinstance(assistant.ask(asked), Refusal)
