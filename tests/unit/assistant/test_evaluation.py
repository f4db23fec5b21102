import json
from pathlib import Path

import pytest

from assistant import Assistant
from assistant.evaluation import Outcome, Question, by_kind, evaluate, figures, read_questions, table
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


def test_an_empty_run_has_no_figures() -> None:
    assert figures([])["hit@1"] is None


def test_a_real_question_is_counted_and_shown(
    assistant: Assistant, article_index: PassageIndex, tmp_path: Path
) -> None:
    file = written(tmp_path, gold=[["India, which joined in 2017"]])
    outcomes = evaluate(assistant, article_index, read_questions(file, article_index))
    assert (outcomes[0].rank, outcomes[0].recall, outcomes[0].answered) == (1, 1.0, True)
    assert "hit@1" in table(figures(outcomes), by_kind(outcomes))
