import pytest
from fakes import index_of

from assistant.countries import other_names
from assistant.spelling import Spelling
from assistant.strangers import strangers
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


def test_a_country_has_the_names_of_its_people_capital_and_government() -> None:
    assert {"russia", "moscow"} <= other_names("kremlin")
    assert {"iran", "tehran"} <= other_names("persians")
    assert "france" in other_names("paris")
    assert (other_names("ostrava"), other_names("pat")) == (frozenset(), frozenset())
