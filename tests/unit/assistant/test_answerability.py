"""What is known of a question → the probability that the documents answer."""

import pytest

from assistant.answerability import CUT, SURE, Features, probability, together


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
