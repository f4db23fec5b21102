"""Questions in other words: what is taken from WordNet's files, in its format, of a few words."""

import random

import numpy as np
import pytest

from assistant.reader.thesaurus import Thesaurus, make
from assistant.reader.wordnet import WordNet

NOUNS = """\
00000001 03 n 01 entity 0 000 | that which exists
00000002 03 n 01 craft 0 003 @ 00000015 n 0000 ~ 00000003 n 0000 ~ 00000004 n 0000 | a thing to travel in
00000011 03 n 01 object 0 001 @ 00000001 n 0000 | that which can be seen
00000012 03 n 01 whole 0 001 @ 00000011 n 0000 | an object of parts
00000013 03 n 01 artefact 0 001 @ 00000012 n 0000 | a whole made by hand
00000014 03 n 02 device 0 gadget 0 003 @ 00000013 n 0000 ~ 00000015 n 0000 ~ 00000016 n 0000 | an artefact of use
00000015 03 n 01 vehicle 0 001 @ 00000014 n 0000 | a device that moves
00000016 03 n 01 tool 0 001 @ 00000014 n 0000 | a device that is held
00000003 03 n 02 ship 0 vessel 1 002 @ 00000002 n 0000 ~ 00000005 n 0000 | a large craft for water; "the ship sank"
00000004 03 n 01 boat 0 001 @ 00000002 n 0000 | a small craft for water
00000005 03 n 01 galleon 0 001 @ 00000003 n 0000 | a large sailing ship of old
00000006 03 n 01 London 0 001 @i 00000001 n 0000 | the capital of England
00000007 03 n 01 purchase 0 001 @ 00000001 n 0000 | the act of buying
"""
VERBS = """\
00000001 40 v 02 buy 0 purchase 0 001 ! 00000002 v 0101 01 + 08 00 | obtain by paying
00000002 40 v 01 sell 0 001 ! 00000001 v 0101 01 + 08 00 | give for money
00000003 40 v 02 build 0 set_up 0 000 01 + 08 00 | make by putting together
00000004 40 v 02 compose 0 write 0 000 01 + 08 00 | produce a text
"""
ADJECTIVES = """\
00000001 00 a 01 large 0 002 & 00000003 a 0000 ! 00000002 a 0101 | of great size
00000002 00 a 01 small 0 001 ! 00000001 a 0101 | of little size
00000003 00 s 02 big 0 large 0 001 & 00000001 a 0000 | of great size
"""
COUNTS = """\
buy%2:40:00:: 00000001 1 50
sell%2:40:00:: 00000002 1 40
purchase%2:40:00:: 00000001 1 9
purchase%1:03:00:: 00000007 1 1
ship%1:03:00:: 00000003 1 20
vessel%1:03:00:: 00000003 1 4
boat%1:03:00:: 00000004 1 9
build%2:40:00:: 00000003 1 9
write%2:40:00:: 00000004 1 9
compose%2:40:00:: 00000004 1 9
large%3:00:00:: 00000001 1 9
"""
INDEX = {
    "noun": "entity:1 craft:2 ship:3 vessel:3 boat:4 galleon:5 london:6 purchase:7 vehicle:15 tool:16",
    "verb": "buy:1 purchase:1 sell:2 build:3 set_up:3 compose:4 write:4",
    "adj": "large:1,3 small:2 big:3",
    "adv": "",
}
EXCEPTIONS = {"noun": "", "verb": "bought buy\nbuilt build\nsold sell\nwritten write\nwrote write\n"}


@pytest.fixture(scope="module")
def wordnet(tmp_path_factory: pytest.TempPathFactory) -> WordNet:
    folder = tmp_path_factory.mktemp("wordnet")
    for name, text in (("noun", NOUNS), ("verb", VERBS), ("adj", ADJECTIVES), ("adv", "")):
        (folder / f"data.{name}").write_text("  1 a licence comes first\n" + text, "utf-8")
        rows = []
        for entry in INDEX[name].split():
            lemma, places = entry.split(":")
            offsets = [f"{int(place):08}" for place in places.split(",")]
            rows.append(f"{lemma} {name[0]} {len(offsets)} 0 {len(offsets)} 0 {' '.join(offsets)}  \n")
        (folder / f"index.{name}").write_text("".join(rows), "utf-8")
    for name, text in EXCEPTIONS.items():
        (folder / f"{name}.exc").write_text(text, "utf-8")
    (folder / "index.sense").write_text(COUNTS, "utf-8")
    return WordNet(
        folder, "buy purchase sell build set up write compose ship vessel boat vehicle tool large small big".split()
    )


def alike(texts: list[str]) -> np.ndarray:
    """Vectors whose cosine is 0.6 for any two different texts."""
    return np.hstack([np.eye(len(texts)) * 0.4**0.5, np.full((len(texts), 1), 0.6**0.5)])


@pytest.fixture(scope="module")
def thesaurus(wordnet: WordNet) -> Thesaurus:
    return make(["Who bought the large ship in London, and who built a galleon that ships wrote of?"], wordnet, alike)


@pytest.mark.parametrize(
    ("word", "expected"),
    [
        ("bought", ("purchased",)),
        ("buying", ("purchasing",)),
        ("ships", ("vessels",)),
        ("built", ("set up",)),
        ("composed", ("wrote",)),
        ("purchase", ("buy",)),  # nine times of ten a verb
        ("london", ()),
        ("entity", ()),
        ("absent", ()),
    ],
)
def test_words_that_mean_the_same_come_in_the_form_of_the_word(
    wordnet: WordNet, word: str, expected: tuple[str, ...]
) -> None:
    assert wordnet.same(word) == expected


def test_opposites_ask_for_something_else(wordnet: WordNet) -> None:
    assert wordnet.other("bought") == ("sold",)
    assert wordnet.other("large") == ("small",)


def test_what_is_of_the_same_kind_is_something_else_unless_the_kind_is_too_general(wordnet: WordNet) -> None:
    assert wordnet.other("ships") == ("boats",)
    assert wordnet.other("vehicle") == ()


def test_a_noun_of_one_meaning_is_told_by_its_gloss_without_what_names_it(wordnet: WordNet) -> None:
    assert wordnet.told("ship") == "large craft for water"
    assert wordnet.told("ships") is None
    assert wordnet.told("london") is None
    assert wordnet.told("galleon") == "large sailing ship of old"


def test_a_question_keeps_its_names_its_first_word_and_its_articles(thesaurus: Thesaurus) -> None:
    rng = random.Random(3)
    asked = "Who bought the ship of Ship Street from an owner?"
    put = {thesaurus.in_other_words(asked, rng, 1.0) for _ in range(60)}
    assert put == {
        "Who purchased the vessel of Ship Street from an owner?",
        "Who purchased the large craft for water of Ship Street from an owner?",
    }
    assert thesaurus.in_other_words(asked, rng, 0.0) == asked
    assert thesaurus.in_other_words("Who built a galleon?", rng, 1.0).startswith("Who set up a ")


def test_a_participle_stands_where_one_is_wanted(wordnet: WordNet) -> None:
    made = make(["Who composed the hymn, and when was it composed?"], wordnet, alike)
    rng = random.Random(1)
    assert made.in_other_words("Who composed it?", rng, 1.0) == "Who wrote it?"
    assert made.in_other_words("When was it composed?", rng, 1.0) == "When was it written?"


def test_an_exchange_asks_for_nothing_that_the_passage_speaks_of(thesaurus: Thesaurus) -> None:
    rng = random.Random(1)
    exchange = thesaurus.of_another_kind("Who bought the bell?", {"bell"}, rng)
    assert exchange is not None
    assert exchange.apply("Who bought the bell?") == "Who sold the bell?"
    assert thesaurus.of_another_kind("Who bought the bell?", {"sold"}, rng) is None


def test_senses_whose_vectors_lie_far_apart_are_left_out(wordnet: WordNet) -> None:
    apart = make(["Who bought the ship?"], wordnet, lambda texts: np.eye(len(texts), dtype=np.float32))
    assert not apart.same
    assert not apart.other
    assert not apart.told
