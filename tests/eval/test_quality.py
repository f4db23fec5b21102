"""The figures of each question set stay above its floors. Raising a floor is a commit of its own."""

from __future__ import annotations

import tomllib
from collections.abc import Callable
from pathlib import Path

import pytest

from assistant import Assistant
from assistant.answering import open_reader
from assistant.evaluating.evaluation import Outcome, Question, evaluate, read_questions
from assistant.evaluating.measures import figures
from assistant.replies import quotes_of
from index import IndexConfig, LiveIndex, OnnxEmbedder, rebuild

HERE = Path(__file__).parent
FLOORS = tomllib.loads((HERE / "floors.toml").read_text("utf-8"))
SETS = {
    "test": None,
    "second": HERE / "documents",
    "various-test": HERE / "various-test",
    "structured-test": HERE / "structured-test",
}
TUNED_ON = ("dev", "various-dev", "structured-dev")
"""Sets that weights are fitted on by `fit.py`: they show nothing that the others do not, and take as long to ask."""


@pytest.fixture(scope="module")
def outcomes(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], tuple[Assistant, list[Outcome]]]:
    """The outcomes of a set, asked once."""
    embedder = OnnxEmbedder(tmp_path_factory.mktemp("models"))
    asked: dict[str, tuple[Assistant, list[Outcome]]] = {}

    def ask(name: str) -> tuple[Assistant, list[Outcome]]:
        if name not in asked:
            folder = SETS[name]
            built = tmp_path_factory.mktemp(name)
            config = IndexConfig(index_dir=built) if folder is None else IndexConfig(folder, built)
            rebuild(config, embedder)
            assistant = Assistant(LiveIndex(config, embedder.identity), embedder, open_reader()[0])
            index, _ = assistant.index()
            asked[name] = assistant, evaluate(assistant, read_questions(HERE / f"{name}.jsonl", index))
        return asked[name]

    return ask


@pytest.mark.parametrize(("name", "figure"), [(name, figure) for name in SETS for figure in FLOORS[name]])
def test_a_figure_stays_above_its_floor(
    outcomes: Callable[[str], tuple[Assistant, list[Outcome]]], name: str, figure: str
) -> None:
    found = figures(outcomes(name)[1])[figure]
    assert found is not None
    assert found >= FLOORS[name][figure], f"{name}: {figure} fell to {found}"


@pytest.mark.parametrize("name", SETS)
def test_every_quote_is_the_slice_of_the_file_at_its_offsets(
    outcomes: Callable[[str], tuple[Assistant, list[Outcome]]], name: str
) -> None:
    """Of an HTML file, the slice of what was made of it."""
    assistant, found = outcomes(name)
    documents = assistant.index()[0].documents
    folder = SETS[name] or IndexConfig().source_docs
    checked = 0
    for outcome in found:
        reply = outcome.reply
        assert reply is not None
        for quote in quotes_of(reply):
            text = (folder / quote.document).read_bytes().decode("utf-8")
            if quote.document.endswith(".html"):
                text = documents[quote.document].text
            assert text[quote.start : quote.end] == quote.exact
            checked += 1
    assert checked > len(found)


def test_no_question_is_in_two_sets() -> None:
    """A set that is reported must hold nothing that was tuned on."""
    lines = [line for name in (*SETS, *TUNED_ON) for line in (HERE / f"{name}.jsonl").read_text("utf-8").splitlines()]
    assert len(lines) == len(set(lines)) >= 1800


def test_a_third_of_the_questions_have_no_answer(
    outcomes: Callable[[str], tuple[Assistant, list[Outcome]]],
) -> None:
    questions: list[Question] = [outcome.question for name in SETS for outcome in outcomes(name)[1]]
    assert 3 * sum(not question.answerable for question in questions) >= len(questions)
