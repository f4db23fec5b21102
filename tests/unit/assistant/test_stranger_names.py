import pytest
from fakes import index_of

from assistant.judging.strangers import strangers
from assistant.language.countries import named_otherwise, with_countries
from assistant.language.spelling import Spelling
from index import PassageIndex


@pytest.fixture(scope="module")
def spelling(article_index: PassageIndex) -> Spelling:
    return Spelling(article_index)


@pytest.mark.parametrize(
    ("question", "named"),
    [
        ("When did Pakistan join?", ["Pakistan"]),
        ("Is North Korea linked to the SCO in any way?", ["North Korea"]),
        ("What did Modi and Macron say?", ["Modi", "Macron"]),
        ("What does ASEAN make of the SCO’s growth?", ["ASEAN"]),
        ("Did Turkey’s minister sign?", ["Turkey’s"]),
    ],
)
def test_a_name_that_no_document_holds_is_a_stranger(
    article_index: PassageIndex, spelling: Spelling, question: str, named: list[str]
) -> None:
    assert strangers(question, article_index, spelling) == named


@pytest.mark.parametrize(
    "question",
    [
        "When did India join?",
        # Of countries that the article names: their capitals, people and governments.
        "With whom does New Delhi quarrel?",
        "What would the Kremlin chief like?",
        "How do the Kazakhs and Uzbeks behave?",
        "Did Persians and Iranians object?",
        "What hypocrisy do they accuse Washington of?",
        # Most of a name is known, or it is nearly so.
        "What did President Putin remark?",
        "When did Kazahkstan join?",
        # No names.
        "Describe the limits",
        "What does Section 4 say?",
        "I’m a student, what did I'll do?",
        "What do French and Asian writers say?",
        "May my Labrador join the summit?",
        "Is it about AI?",
        "When Did Pakistan Join The Organization?",
        "when did pakistan join",
    ],
)
def test_what_is_known_by_any_name_or_is_no_name_is_no_stranger(
    article_index: PassageIndex, spelling: Spelling, question: str
) -> None:
    assert strangers(question, article_index, spelling) == []


def test_of_one_document_what_others_name_is_a_stranger() -> None:
    index = index_of({"a.txt": "The Ostrava mill burned in 1921.", "b.txt": "The Gdynia mill was sold."})
    question, known = "When did the Gdynia mill burn?", Spelling(index)
    assert (strangers(question, index, known), strangers(question, index, known, ["a.txt"])) == ([], [])
    question = "When did Zbraslav burn?"
    assert strangers(question, index, known) == ["Zbraslav"]


def test_a_country_is_named_by_its_people_its_capital_and_its_government() -> None:
    index = index_of({"a.txt": "Iran signed, and so did the United States. Moscow and the French did not."})
    for word in ("persians", "tehran", "america", "kremlin", "russians", "paris"):
        assert named_otherwise(word, index), word
    for word in ("korea", "ostrava", "berlin", "pat", "united"):
        assert not named_otherwise(word, index), word


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("With whom does New Delhi quarrel?", "With whom does India quarrel?"),
        ("How did New Delhi’s diplomats react?", "How did India’s diplomats react?"),
        ("Do Beijing and the Kremlin have a pact?", "Do Beijing and Russia have a pact?"),
        ("The Kremlin wants what?", "Russia wants what?"),
        ("Whom do they accuse Washington of sparing?", "Whom do they accuse the United States of sparing?"),
        # The EU has a seat there too, and the article speaks of the EU alone.
        ("How does Brussels court them?", "How does the EU court them?"),
    ],
)
def test_a_country_stands_in_place_of_its_government(article_index: PassageIndex, question: str, expected: str) -> None:
    assert with_countries(question, article_index) == expected


@pytest.mark.parametrize(
    "question",
    [
        # Named by the article itself.
        "What does Moscow want?",
        # Of a country that it does not name.
        "What does Ottawa want?",
        # A place, or part of another name.
        "When was the summit in Tehran?",
        "What did George Washington say?",
        "What does the Washington Post say?",
        "Which Washington-dominated quartet is meant?",
        "When was the Treaty of Tashkent signed?",
    ],
)
def test_what_is_no_government_of_theirs_is_left(article_index: PassageIndex, question: str) -> None:
    assert with_countries(question, article_index) == question


def test_of_two_countries_with_one_seat_neither_is_meant_where_both_are_named() -> None:
    index = index_of({"a.txt": "Belgium and the EU signed."})
    assert with_countries("What did Brussels sign?", index) == "What did Brussels sign?"
