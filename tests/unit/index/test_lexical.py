from __future__ import annotations

import numpy as np
import pytest

from index.lexical import LexicalIndex, best
from index.tokens import ANALYSER, terms


def test_a_passage_without_the_term_scores_nothing() -> None:
    assert LexicalIndex.of(["red apple", "green pear"]).scores("pear")[0] == 0


def test_the_shorter_of_two_passages_with_the_term_scores_higher() -> None:
    short, long = LexicalIndex.of(["red apple", "red stone bridge river mountain"]).scores("red")
    assert short > long


@pytest.mark.parametrize("query", ["", "the of and", "zebra", "?!"])
def test_a_query_without_a_known_term_scores_zero_everywhere(query: str) -> None:
    assert LexicalIndex.of(["red apple", "green pear"]).scores(query).tolist() == [0, 0]


def test_passages_without_any_term_can_be_indexed() -> None:
    assert LexicalIndex.of(["the", "of"]).scores("apple").tolist() == [0, 0]


def test_a_rare_term_is_more_telling_than_a_common_one() -> None:
    lexical = LexicalIndex.of(["red apple", "red pear"])
    assert lexical.idf("appl") > lexical.idf("red")


def test_no_passages_at_all_can_be_indexed() -> None:
    assert LexicalIndex.of([]).scores("apple").tolist() == []


def test_the_best_rows_come_best_first_and_ties_in_row_order() -> None:
    scores = np.array([0, 2, 5, 2, 0, 2, 7], dtype=np.float32)
    assert best(scores, 4) == [6, 2, 1, 3]
    assert best(scores, 9) == [6, 2, 1, 3, 5]
    assert best(np.zeros(3, dtype=np.float32), 2) == []


CORPUS = [
    f"stone {number} of the bridge {'red ' * (number % 4)}{'river' if number % 7 else 'tower'}" for number in range(300)
]


def test_what_was_stored_scores_to_the_bit_as_what_was_derived() -> None:
    derived = LexicalIndex.of(CORPUS)
    stored = LexicalIndex.from_bytes(derived.to_bytes())
    assert stored is not None
    assert stored.scores("red towers and bridges").tolist() == derived.scores("red towers and bridges").tolist()
    assert (stored.idf("bridg"), stored.times("bridge"), len(stored)) == (derived.idf("bridg"), 300, 300)


@pytest.mark.parametrize("query", ["red tower", "red", "stone 17", "bridge", "zebra", "red red river"])
def test_the_best_are_those_of_all_scores_sorted(query: str) -> None:
    lexical = LexicalIndex.of(CORPUS)
    scores = lexical.scores(query)
    expected = [(row, float(scores[row])) for row in best(scores, 20)]
    assert lexical.search(query, 20) == expected
    rows = np.arange(0, 300, 3)
    assert (
        lexical.search(query, 20, rows)
        == [
            (row, float(scores[row])) for row in np.argsort(-scores, kind="stable") if row % 3 == 0 and scores[row] > 0
        ][:20]
    )
    assert lexical.scores_of(query, [299, 3, 14]) == scores[[299, 3, 14]].tolist()


def test_what_another_analyser_counted_is_not_used(monkeypatch: pytest.MonkeyPatch) -> None:
    data = LexicalIndex.of(CORPUS).to_bytes()
    monkeypatch.setattr("index.lexical.ANALYSER", -1)
    assert LexicalIndex.from_bytes(data) is None


@pytest.mark.parametrize("data", [b"", b"BM25", b"BM25\n{}\n", b"BM25\n[]\n", b"\x00" * 100])
def test_bytes_that_are_no_bm25_are_refused(data: bytes) -> None:
    with pytest.raises((ValueError, KeyError, TypeError)):
        LexicalIndex.from_bytes(data)


def test_every_truncation_is_refused() -> None:
    data = LexicalIndex.of(["red apple", "green pear"]).to_bytes()
    for length in range(len(data) - 8):
        with pytest.raises((ValueError, KeyError, TypeError)):
            LexicalIndex.from_bytes(data[:length])


def test_a_word_broken_at_the_end_of_a_line_is_found_whole() -> None:
    assert LexicalIndex.of(["It took a century.", "One hun-\ndred men came."]).search("hundred", 9)[0][0] == 1


def test_the_words_are_counted_as_they_are_written() -> None:
    lexical = LexicalIndex.of(["Apples are red", "An apple, two apples"])
    assert [lexical.times(word) for word in ("apples", "apple", "are", "pear")] == [2, 1, 1, 0]
    assert lexical.commonest(1) == ["apples"]
    assert lexical.commonest(99) == ["an", "apple", "apples", "are", "red", "two"]


def test_the_analyser_has_another_number_once_it_finds_other_terms() -> None:
    text = "The world’s Café, U.S. 1,200 members of organisations; 上海合作 ﬁne naïve Σίσυφος don't 3.5 x² İstanbul"
    text += " hun-\ndred"
    found = "world cafe 1200 member organis 上海 海合 合作 fine naiv σισυφοσ 3.5 x2 istanbul hun dred hundr"
    assert (ANALYSER, terms(text)) == (4, found.split())
