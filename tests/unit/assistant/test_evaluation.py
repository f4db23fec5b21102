import json
import re
from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree

import pytest

from assistant import Assistant
from assistant.evaluating import baselines
from assistant.evaluating.evaluation import Outcome, Question, evaluate, read_questions
from assistant.evaluating.measures import (
    by_kind,
    calibration,
    figures,
    intervals,
    risk_coverage,
    risk_coverage_svg,
    table,
)
from index import BadInput, PassageIndex, Span

ARTICLE = "sco-alternative-global-order.txt"


def written(folder: Path, **fields: object) -> Path:
    line = {
        "id": "a",
        "document": ARTICLE,
        "kind": "fact",
        "question": "When did India join?",
        "answerable": True,
        "gold": [],
    }
    file = folder / "questions.jsonl"
    file.write_text(json.dumps(line | fields) + "\n", "utf-8")
    return file


def outcome(answerable: bool, confidence: float, answered: bool, rank: int | None = None) -> Outcome:
    question = Question(
        "q", ARTICLE, "fact" if answerable else "near-miss-time", "q", (), answerable, ((Span(0, 1),),), ()
    )
    return Outcome(question, None, confidence, answered, rank, None, None, False, 1.0)


def test_gold_strings_are_found_in_the_document(tmp_path: Path, article_index: PassageIndex) -> None:
    [question] = read_questions(written(tmp_path, gold=[["India, which joined in 2017"]]), article_index)
    [[span]] = question.needs
    assert span.of(article_index.documents[ARTICLE].text) == "India, which joined in 2017"


@pytest.mark.parametrize(
    "gold", ["not in the article at all", "which has significantly widened its mandate"], ids=["none", "two"]
)
def test_a_gold_string_that_is_not_there_exactly_once_is_an_error(
    tmp_path: Path, article_index: PassageIndex, gold: str
) -> None:
    with pytest.raises(BadInput, match="line 1: the gold string"):
        read_questions(written(tmp_path, gold=[[gold]]), article_index)


def test_a_document_that_is_not_indexed_is_an_error(tmp_path: Path, article_index: PassageIndex) -> None:
    with pytest.raises(BadInput, match="line 1: not a question of the indexed documents"):
        read_questions(written(tmp_path, document="other.txt"), article_index)


def test_the_figures_of_a_small_run_are_those_counted_by_hand() -> None:
    found = figures(
        [
            outcome(True, 0.9, True, 1),
            outcome(True, 0.8, True, 3),
            outcome(True, 0.3, False, None),
            outcome(False, 0.6, True),
            outcome(False, 0.1, False),
        ]
    )
    assert (found["hit@1"], found["hit@3"], found["mrr"]) == (0.3333, 0.6667, 0.4444)
    assert (found["refusal_precision"], found["refusal_recall"], found["near_misses_refused"]) == (0.5, 0.5, 0.5)
    assert found["auroc"] == 0.8333


def test_false_premises_corrected_and_wrong_corrections_are_counted() -> None:
    true = outcome(False, 0.1, False)
    false = replace(true, question=replace(true.question, corrections=(Span(0, 1),)))
    found = figures(
        [
            replace(false, corrected=True, contradicted=True),
            # Corrected by its first quote, as before.
            replace(false, answered=True, corrected=True),
            # A sentence that does not correct it, and none.
            replace(false, contradicted=True),
            false,
            replace(true, contradicted=True),
            replace(outcome(True, 0.4, False), contradicted=True),
            true,
        ]
    )
    assert (found["premises_corrected"], found["wrong_corrections"]) == (0.5, 2)
    assert (figures([true])["premises_corrected"], figures([true])["wrong_corrections"]) == (None, 0)


def test_a_false_premise_is_corrected_by_the_refusal_that_shows_its_sentence(
    correcting: Assistant, article_index: PassageIndex, tmp_path: Path
) -> None:
    asked = {"question": "Why did Israel join the statement on June 14?", "answerable": False}
    for gold, corrected in (("India refused to join the statement", True), ("it is not an alliance", False)):
        file = written(tmp_path, **asked, corrected_by=[gold])
        (found,) = evaluate(correcting, read_questions(file, article_index))
        assert (found.corrected, found.contradicted, found.answered) == (corrected, True, False)
    (found,) = evaluate(correcting, read_questions(written(tmp_path, **asked), article_index))
    assert (found.corrected, found.contradicted) == (False, True)
    assert re.search(r" premises_corrected  -\n +wrong_corrections  1\n", table([found]))


def test_a_bin_tells_how_many_of_its_questions_are_answerable() -> None:
    told = calibration([outcome(True, 0.61, True), outcome(False, 0.69, True), outcome(False, 0.05, False)])
    assert told.bins == ((0.0, 1, 0.05, 0.0), (0.6, 2, 0.65, 0.5))


def test_few_questions_have_a_calibration_error_though_every_confidence_is_right() -> None:
    few = calibration([outcome(True, 0.55, True)] * 4)
    many = calibration([outcome(True, 0.55, True)] * 400)
    # Four coins that fall on heads 55 times in 100 are off their mean by 0.2 on average, four hundred by 0.02.
    assert 0.18 < few.by_chance[0] < 0.22 < few.by_chance[1]
    assert 0.01 < many.by_chance[0] < 0.03


def test_an_empty_run_has_no_figures() -> None:
    assert figures([])["hit@1"] is None


def test_a_real_question_is_counted_and_shown(
    assistant: Assistant, article_index: PassageIndex, tmp_path: Path
) -> None:
    file = written(tmp_path, gold=[["India, which joined in 2017"]])
    outcomes = evaluate(assistant, read_questions(file, article_index))
    assert (outcomes[0].rank, outcomes[0].recall, outcomes[0].answered) == (1, 1.0, True)
    assert "hit@1" in table(outcomes)


SMALL = [
    outcome(True, 0.9, True, 1),
    outcome(True, 0.8, True, 2),
    outcome(True, 0.3, False, 1),
    outcome(False, 0.6, True),
]


def test_risk_rises_with_each_wrong_first_quote() -> None:
    assert risk_coverage(SMALL) == [(0.25, 0.0), (0.5, 0.5), (0.75, 2 / 3), (1.0, 0.5)]


def test_equal_confidences_are_answered_together() -> None:
    assert risk_coverage([outcome(True, 0.5, True, 1), outcome(False, 0.5, True)]) == [(1.0, 0.5)]


def test_the_plot_is_a_picture_with_each_run_by_name() -> None:
    drawn = ElementTree.fromstring(risk_coverage_svg({"assistant": SMALL, "bm25 <plain>": SMALL}))
    names = [element.text for element in drawn.iter("{http://www.w3.org/2000/svg}text")]
    assert names[-2:] == ["assistant", "bm25 <plain>"]


def test_an_interval_holds_its_figure_and_is_the_same_each_time() -> None:
    spread = intervals(SMALL * 5)
    low, high = spread["hit@1"]
    assert low <= 2 / 3 <= high
    assert low < high
    assert intervals(SMALL * 5) == spread


def test_a_kind_is_set_against_the_whole_other_class() -> None:
    assert by_kind(SMALL)["near-miss-time"]["auroc"] == 0.6667


def test_baselines_rank_the_sentence_that_shares_the_words(
    assistant: Assistant, article_index: PassageIndex, tmp_path: Path
) -> None:
    file = written(tmp_path, gold=[["India, which joined in 2017"]])
    found = baselines.outcomes(assistant, article_index, read_questions(file, article_index))
    assert {name: run[0].rank for name, run in found.items()} == {"dense": 1, "bm25": 1, "hybrid": 1}
