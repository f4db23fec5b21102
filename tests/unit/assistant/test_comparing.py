"""The likeliest sentences are read once more, beside each other."""

from collections.abc import Sequence
from typing import Any

import pytest

from assistant.judging.evidence import EVEN_ODDS, SHORTLIST, SHORTLIST_WEIGHT, Evidence, chance, compare
from assistant.reader.runtime import Reading
from tests.fakes import index_of

TEXTS = {
    "one.txt": "The mill\n\nIt burnt in 1871. It was built anew. Nobody was hurt. A boy had seen it. He ran for help.",
    "two.txt": "The yard was sold in 1902. The buyer paid in gold.",
}


class Comparing:
    """Gives the sentence that holds a key of ``told`` its log-odds; ``runs`` lists what was read."""

    def __init__(self, told: dict[str, float]) -> None:
        self.told = told
        self.runs: list[list[str]] = []

    def read(self, question: str, sentences: Sequence[Sequence[str]]) -> list[list[Reading]]:
        self.runs += [list(run) for run in sentences]
        return [
            [Reading(next((odds for key, odds in self.told.items() if key in text), -4.0), 0, 1, 0.9) for text in run]
            for run in sentences
        ]


def judged(log_odds: Sequence[float | None]) -> list[Evidence]:
    """The sentences of ``TEXTS`` in reading order, with these log-odds; best first."""
    pairs = [(passage, sentence) for passage in index_of(TEXTS).passages for sentence in passage.sentences]
    every = [
        Evidence(passage, sentence, 0.0 if odds is None else chance(odds - EVEN_ODDS), 0.5, 0.5, True, odds)
        for (passage, sentence), odds in zip(pairs, log_odds, strict=True)
    ]
    return sorted(every, key=lambda evidence: (-evidence.score, evidence.sentence.id))


def said(evidence: Evidence) -> str:
    return evidence.sentence.span.of(evidence.passage.document.text)


def compared(reader: Any, log_odds: Sequence[float | None]) -> list[Evidence]:
    return compare("When?", judged(log_odds), reader)


def test_the_likeliest_are_read_in_one_run_in_reading_order_behind_their_headings() -> None:
    reader = Comparing({})
    compared(reader, [-1.0, -8.0, -2.0, -3.0, -9.0, 0.0, -2.5])
    assert reader.runs == [
        [
            "The mill. It burnt in 1871.",
            "The mill. Nobody was hurt.",
            "The mill. A boy had seen it.",
            "two. The yard was sold in 1902.",
            "two. The buyer paid in gold.",
        ]
    ]
    assert len(reader.runs[0]) == SHORTLIST


def test_the_mean_of_both_readings_decides() -> None:
    first, *others = compared(Comparing({"1871": 3.0}), [-1.0, -8.0, -2.0, -3.0, -9.0, 0.0, -2.5])
    assert said(first) == "It burnt in 1871."
    assert first.beside == 3.0
    assert first.log_odds == pytest.approx((1 - SHORTLIST_WEIGHT) * -1.0 + SHORTLIST_WEIGHT * 3.0)
    assert first.score == pytest.approx(chance(first.log_odds - EVEN_ODDS))
    assert said(others[0]) == "The yard was sold in 1902."


def test_a_sentence_that_was_not_compared_comes_after_all_that_were() -> None:
    found = compared(Comparing({"The mill. ": -30.0}), [-1.0, -1.9, -1.2, -1.4, -1.5, None, None])
    assert [said(evidence) for evidence in found[5:]] == ["The yard was sold in 1902.", "The buyer paid in gold."]
    found = compared(Comparing({"The mill. ": -30.0}), [-1.0, -1.9, -1.2, -1.4, -1.5, -2.0, None])
    assert [said(evidence) for evidence in found[5:]] == ["The yard was sold in 1902.", "The buyer paid in gold."]
    assert found[5].beside is None
    assert found[5].log_odds == -2.0
    assert [evidence.score for evidence in found] == sorted((evidence.score for evidence in found), reverse=True)


def test_one_sentence_alone_is_beside_nothing() -> None:
    reader = Comparing({})
    found = compared(reader, [-1.0, None, None, None, None, None, None])
    assert reader.runs == []
    assert found == judged([-1.0, None, None, None, None, None, None])
