import pytest
from fakes import index_of

from assistant.language.spelling import Spelling, english_words
from index import PassageIndex
from index.embedding import packaged_minilm


@pytest.fixture(scope="module")
def spelling(article_index: PassageIndex) -> Spelling:
    return Spelling(article_index)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("wen was teh sco fouded", "when was the sco founded"),
        ("who wrote dis article pls", "who wrote this article please"),
        ("wich dialouge does India belong to?", "which dialogue does India belong to?"),
        ("did chna condem isreal", "did china condem israel"),
        ("Rusia", "Russia"),
        ("Did Kazakstan join?", "Did Kazakhstan join?"),
        ("Is Shangai in China?", "Is Shanghai in China?"),
        ("Did Chian or Isreal join?", "Did China or Israel join?"),
        ("WEN WAS TEH SCO FOUDED", "when WAS the SCO Founded"),
    ],
)
def test_a_slip_is_mended_towards_the_documents_words(spelling: Spelling, typed: str, meant: str) -> None:
    assert spelling.mend(typed) == meant


@pytest.mark.parametrize("name", ["Iraq", "Austria", "Slovakia", "Niger", "Pakistan", "Mongolia"])
def test_another_countrys_name_is_not_taken_for_a_slip(spelling: Spelling, name: str) -> None:
    assert spelling.mend(f"When did {name} join?") == f"When did {name} join?"


@pytest.mark.parametrize(
    "question",
    [
        "Was Asana a partner of the SCO?",
        "When did Ismael join?",
        "What do the Irani leaders say?",
        "Did Wen Jiabao visit Moscow?",
        "Did Wat or Huw or Bene speak?",
        "Is there a deescalation of the conflict?",
    ],
)
def test_a_name_or_an_opposite_is_not_taken_for_a_slip(spelling: Spelling, question: str) -> None:
    assert spelling.mend(question) == question


def test_a_name_that_the_documents_hold_is_mended_to() -> None:
    index = index_of({"a.txt": "Leaders of Pakistan met in Moscow. The treaty is lawful and settled."})
    assert Spelling(index).mend("Did Pakisatn meet in Mosscow?") == "Did Pakistan meet in Moscow?"
    assert Spelling(index).mend("Is the treaty ilawful or unsettled?") == "Is the treaty ilawful or unsettled?"


@pytest.mark.parametrize("word", ["servings", "rears", "profiting", "banked", "nested", "retailed", "quarrels"])
def test_another_form_of_a_word_is_not_taken_for_a_slip(word: str) -> None:
    index = index_of({"a.txt": "Serves 12. The savings of years; promoting, baked, tested and repaired quarrel."})
    assert Spelling(index).mend(f"is it {word}") == f"is it {word}"


def test_numbers_and_marks_stay_as_they_were_typed(spelling: Spelling) -> None:
    assert spelling.mend("2017?! – 40 %") == "2017?! – 40 %"


def test_the_letters_of_a_word_with_digits_are_not_mended_by_themselves() -> None:
    index = index_of({"a.txt": "Seward wrote libbzip2, and the 4players were told of it."})
    for question in ("Who wrote libbzip2?", "Who told the 4player?"):
        assert Spelling(index).mend(question) == question


def test_the_words_of_english_are_the_whole_words_of_the_models_vocabulary() -> None:
    held, pieces = english_words(), (packaged_minilm() / "vocab.txt").read_text("utf-8").split("\n")
    whole = {piece for piece in pieces if len(piece) > 2 and piece.isalpha()}
    assert len(held) == len(whole) > 20_000
    assert all((piece in held) == (piece in whole) for piece in [*pieces, "novembr", "\udce9", "\n", "the\nand"])
    assert b"november" not in held


@pytest.mark.parametrize(
    "question",
    ["When was sco-order.txt written?", "What does `fouded` mean?", "Who is chna_rusia?", "Is it chna@rusia.org?"],
)
def test_names_of_files_and_code_are_left_as_typed(spelling: Spelling, question: str) -> None:
    assert spelling.mend(question) == question


def test_words_with_a_mark_between_them_are_mended(spelling: Spelling) -> None:
    assert spelling.mend("hello.wen did chna/rusia join") == "hello.when did china/russia join"
