import pytest

from assistant.spelling import Spelling, english_words
from index import PassageIndex
from index.embedding import packaged_minilm


@pytest.fixture(scope="module")
def spelling(article_index: PassageIndex) -> Spelling:
    return Spelling(article_index)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("wen was teh sco fouded", "when was the sco founded"),
        ("wich dialouge does India belong to?", "which dialogue does India belong to?"),
        ("did chna condem isreal", "did china condem israel"),
        ("Rusia", "Russia"),
    ],
)
def test_a_slip_is_mended_towards_the_documents_words(spelling: Spelling, typed: str, meant: str) -> None:
    assert spelling.mend(typed) == meant


@pytest.mark.parametrize("name", ["Iraq", "Austria", "Slovakia", "Niger", "Pakistan", "Mongolia"])
def test_another_countrys_name_is_not_taken_for_a_slip(spelling: Spelling, name: str) -> None:
    assert spelling.mend(f"When did {name} join?") == f"When did {name} join?"


def test_numbers_and_marks_stay_as_they_were_typed(spelling: Spelling) -> None:
    assert spelling.mend("2017?! – 40 %") == "2017?! – 40 %"


def test_the_words_of_english_are_the_whole_words_of_the_models_vocabulary() -> None:
    held, pieces = english_words(), (packaged_minilm() / "vocab.txt").read_text("utf-8").split("\n")
    whole = {piece for piece in pieces if len(piece) > 2 and piece.isalpha()}
    assert len(held) == len(whole) > 20_000
    assert all((piece in held) == (piece in whole) for piece in [*pieces, "novembr", "\udce9", "\n", "the\nand"])
    assert b"november" not in held
