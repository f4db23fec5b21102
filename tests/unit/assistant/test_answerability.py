"""What is known of a question → the probability that the documents answer."""

import pytest

from assistant.judging.answerability import CUT, SURE, Features, probability, sharpness, together
from assistant.judging.evidence import Evidence
from tests.fakes import index_of


def found(log_odds: float | None, unknown: float = 0.0) -> Features:
    return Features(log_odds, 1.0, 0.4, 0.5, unknown)


def test_more_log_odds_are_more_probable() -> None:
    chances = [probability(found(each)) for each in (-8.0, -3.0, -1.0, 0.0, 2.0)]
    assert chances == sorted(chances)
    assert chances[0] < 0.05
    assert chances[-1] > 0.9


def test_a_question_without_a_known_word_is_answered_only_where_it_would_be_sure() -> None:
    for log_odds in (-4.0, -1.0, 0.0, 0.2, 1.0, 4.0):
        usual, foreign = probability(found(log_odds, 0.5)), probability(found(log_odds, 1.0))
        assert (foreign >= CUT) == (usual >= SURE)
        assert foreign < usual


def test_without_the_reader_words_that_are_not_known_count_by_their_share() -> None:
    half, all_of_them = (probability(found(None, unknown)) for unknown in (0.5, 1.0))
    assert 0.0 < half - all_of_them < 0.1


def test_ten_times_as_many_sentences_need_ten_times_the_odds() -> None:
    assert together([0.0], 250) == pytest.approx(together([0.0], 25) - together([0.0] * 10, 25))


def test_a_question_that_names_a_stranger_is_answered_only_where_that_is_likely() -> None:
    for log_odds in (-1.0, 0.0, 0.4, 0.7, 4.0):
        usual, strange = (probability(Features(log_odds, 1.0, 0.4, 0.5, 0.0, stranger=each)) for each in (False, True))
        assert (strange >= CUT) == (usual >= 0.8)
        assert strange < usual


def read(log_odds: float, sharp: float, *, beside: bool = True) -> Evidence:
    [passage] = index_of({"one.txt": "It burnt in 1871."}).passages
    other = log_odds if beside else None
    return Evidence(passage, passage.sentences[0], 0.5, 0.5, 0.5, True, log_odds, beside=other, sharpness=sharp)


def test_what_is_set_off_sharply_needs_more() -> None:
    blunt, sharp = (probability(Features(0.0, 1.0, 0.4, 0.5, 0.0, sharpness=each)) for each in (0.1, 0.9))
    assert 0.1 < blunt - sharp < 0.2


def test_sharpness_is_that_of_the_likeliest() -> None:
    assert sharpness([read(3.0, 0.9), read(-6.0, 0.1)]) == pytest.approx(0.9, abs=0.001)
    assert sharpness([read(1.0, 0.9), read(1.0, 0.1)]) == pytest.approx(0.5)


def test_sharpness_is_of_those_read_beside_each_other_alone() -> None:
    assert sharpness([read(-2.0, 0.4), read(9.0, 0.9, beside=False)]) == pytest.approx(0.4)
    assert sharpness([read(-1.0, 0.7, beside=False), read(-2.0, 0.2, beside=False)]) == pytest.approx(0.7)
