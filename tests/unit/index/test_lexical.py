from __future__ import annotations

import numpy as np
import pytest

from index.lexical import LexicalIndex, best


def test_a_passage_without_the_term_scores_nothing() -> None:
    assert LexicalIndex(["red apple", "green pear"]).scores("pear")[0] == 0


def test_the_shorter_of_two_passages_with_the_term_scores_higher() -> None:
    short, long = LexicalIndex(["red apple", "red stone bridge river mountain"]).scores("red")
    assert short > long


@pytest.mark.parametrize("query", ["", "the of and", "zebra", "?!"])
def test_a_query_without_a_known_term_scores_zero_everywhere(query: str) -> None:
    assert LexicalIndex(["red apple", "green pear"]).scores(query).tolist() == [0, 0]


def test_passages_without_any_term_can_be_indexed() -> None:
    assert LexicalIndex(["the", "of"]).scores("apple").tolist() == [0, 0]


def test_a_rare_term_is_more_telling_than_a_common_one() -> None:
    lexical = LexicalIndex(["red apple", "red pear"])
    assert lexical.idf("appl") > lexical.idf("red")


def test_no_passages_at_all_can_be_indexed() -> None:
    assert LexicalIndex([]).scores("apple").tolist() == []


def test_the_best_rows_come_best_first_and_ties_in_row_order() -> None:
    scores = np.array([0, 2, 5, 2, 0, 2, 7], dtype=np.float32)
    assert best(scores, 4) == [6, 2, 1, 3]
    assert best(scores, 9) == [6, 2, 1, 3, 5]
    assert best(np.zeros(3, dtype=np.float32), 2) == []
