"""Fit the probability that the documents answer: python tests/eval/fit.py

Uses the dev sets, whose documents are the shipped article, a shelf of short texts of many kinds and one of tables,
lists, clauses and dialogues; never give it a test set. Prints the weights of assistant/judging/evidence.py and
assistant/judging/answerability.py, with and without the reader, what each reaches on questions held out (by document
where there are several, by fold on the article), and what a cut would cost.

With the reader, a sentence's log-odds lose for how far retrieval ranks it behind, and what is left of all of them
together is scaled to the probability that the documents answer. All of it is fitted at once: the answering sentence's
share among the sentences of its question, and whether the question is answerable.
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize
from scipy.special import expit
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score
from sklearn.model_selection import StratifiedGroupKFold

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from assistant import Assistant  # noqa: E402
from assistant.answering import open_reader  # noqa: E402
from assistant.evaluating.evaluation import Question, read_questions  # noqa: E402
from assistant.judging import answerability, evidence, naming  # noqa: E402
from assistant.judging.answerability import SENTENCES, WITHOUT_READER, together  # noqa: E402
from assistant.judging.questions import clean, foreign  # noqa: E402
from assistant.reader import runtime  # noqa: E402
from index import IndexConfig, LiveIndex, OnnxEmbedder, rebuild  # noqa: E402

HERE = Path(__file__).parent
LOSSES = ("SENTENCE_LOSS", "PASSAGE_LOSS", "DOCUMENT_LOSS")
PENALTY = 0.002
"""Of the squared losses, so that a few questions do not decide."""

SETS = {
    "dev": ROOT / "source_docs",
    "various-dev": HERE / "various-dev",
    "structured-dev": HERE / "structured-dev",
}


@dataclass(frozen=True)
class Row:
    """A question of a set as it is fitted on; ``group`` names what no fold parts.

    Attributes:
        features: what retrieval alone knows.
        sentences: how many were weighed.
        read: of each sentence read, shape (sentences, 4): the reader's log-odds and the three shortfalls.
        beside: of each sentence read, shape (sentences,): the log-odds beside the likeliest; NaN where it is none.
        answering: which of these sentences meet a need, shape (sentences,).
        sharp: how sharply the reader sets off an answer in each, shape (sentences,); NaN as ``beside``.
        doubt: see ``answerability.doubt``.
    """

    kind: str
    answerable: bool
    of: str
    group: str
    features: NDArray[np.float64]
    sentences: int
    read: NDArray[np.float64]
    beside: NDArray[np.float64]
    answering: NDArray[np.bool_]
    sharp: NDArray[np.float64]
    doubt: float


def main() -> None:
    # The losses decide what is left out: they are fitted on all of it.
    runtime.TOGETHER = sys.maxsize
    # The log-odds are then those of the first reading.
    evidence.SHORTLIST_WEIGHT = 0.0
    with tempfile.TemporaryDirectory() as built:
        embedder = OnnxEmbedder(Path(built) / "models")
        rows: list[Row] = []
        for name, folder in SETS.items():
            config = IndexConfig(folder, Path(built) / name)
            rebuild(config, embedder)
            rows += _rows(Assistant(LiveIndex(config, embedder.identity), embedder, open_reader()[0]), name)
    print("with the reader")
    _report(rows, _held_out(rows, _fit_read, _weights(rows)), _fit_read(rows, _weights(rows)))
    print("without it")
    # Of the article alone: the shelf's many near misses would teach retrieval to distrust the question's own words.
    rows = [row for row in rows if row.of == "dev"]
    weight = np.ones(len(rows))
    _report(rows, _held_out(rows, _fit_found, weight), _fit_found(rows, weight))


def _rows(assistant: Assistant, name: str) -> list[Row]:
    index, _ = assistant.index()
    rows = []
    for number, question in enumerate(read_questions(HERE / f"{name}.jsonl", index)):
        if foreign(clean(question.question), index) is None:
            asked = assistant.understand(question.question, question.history, index)
            group = question.document if len(index.documents) > 1 else f"{name}-{number % 10}"
            rows.append(_row(assistant, question, asked, name, group))
    return rows


def _row(assistant: Assistant, question: Question, asked: str, name: str, group: str) -> Row:
    index, _ = assistant.index()
    considered = assistant.consider(asked, index)
    found = evidence.weigh(asked, considered.hits, index)
    short = evidence.shortfalls(found, naming.named(asked, index))
    loss = {e.sentence.id: each for e, each in zip(found, short, strict=True)}
    weights = [getattr(evidence, name) for name in LOSSES]
    gold = [span for need in question.needs for span in need]
    read, beside, answering, sharp = [], [], [], []
    for each in considered.weighed:
        if each.log_odds is not None:
            lost = loss[each.sentence.id]
            read.append((each.log_odds + float(np.dot(weights, lost)), *lost))
            beside.append(np.nan if each.beside is None else each.beside)
            sharp.append(np.nan if each.beside is None else each.sharpness)
            own = each.passage.document.id == question.document
            answering.append(own and any(each.sentence.span.overlaps(span) for span in gold))
    without = answerability.features(asked, considered.hits, found, index)
    features = [float(getattr(without, name)) for name in WITHOUT_READER]
    return Row(
        question.kind,
        question.answerable,
        name,
        group,
        np.array(features),
        len(found),
        np.array(read),
        np.array(beside, dtype=float),
        np.array(answering, dtype=bool),
        np.array(sharp, dtype=float),
        answerability.doubt(considered.features),
    )


def _weights(rows: list[Row]) -> NDArray[np.float64]:
    """Each set weighs the same, however many questions it has."""
    of = [row.of for row in rows]
    return np.array([len(rows) / len(SETS) / of.count(name) for name in of])


@dataclass(frozen=True)
class Fitted:
    """Weights by name, and what they make of a question: its probability and the order of its sentences."""

    weights: dict[str, float]
    losses: NDArray[np.float64]
    shortlist: float = 0.0

    def log_odds(self, row: Row) -> NDArray[np.float64]:
        return _both(row.read @ np.array([1.0, *-self.losses]), row.beside, self.shortlist)

    def probability(self, row: Row) -> float:
        if "log_odds" not in self.weights:
            logit = float(row.features @ [self.weights[name] for name in WITHOUT_READER])
        else:
            every = self.log_odds(row)
            logit = self.weights["log_odds"] * together(every.tolist(), row.sentences) + row.doubt
            logit += self.weights["sharpness"] * float(_sharpness(every[None], row.sharp[None])[0])
        return float(expit(logit + self.weights["intercept"]))

    def order(self, row: Row) -> NDArray[np.int64]:
        return np.lexsort((-self.log_odds(row), np.isnan(row.beside)))


def _both(own: NDArray[np.float64], beside: NDArray[np.float64], weight: float) -> NDArray[np.float64]:
    """The mean of both readings, where there are two."""
    both: NDArray[np.float64] = np.where(np.isnan(beside), own, (1 - weight) * own + weight * beside)
    return both


def _fit_found(rows: list[Row], weight: NDArray[np.float64]) -> Fitted:
    model = LogisticRegression(C=1.0, max_iter=1000)
    model.fit(np.array([row.features for row in rows]), [row.answerable for row in rows], sample_weight=weight)
    weights = {"intercept": model.intercept_[0], **dict(zip(WITHOUT_READER, model.coef_[0], strict=True))}
    return Fitted(weights, np.array([getattr(evidence, name) for name in LOSSES]))


def _fit_read(rows: list[Row], weight: NDArray[np.float64]) -> Fitted:
    # Padded to the question with most sentences, so that one step is one sum over all of them.
    most = max(len(row.read) for row in rows)
    log_odds = np.full((len(rows), most), -np.inf)
    shortfalls = np.zeros((len(rows), most, len(LOSSES)))
    beside = np.full((len(rows), most), np.nan)
    answering = np.zeros((len(rows), most), dtype=bool)
    sharp = np.full((len(rows), most), np.nan)
    for place, row in enumerate(rows):
        beside[place, : len(row.read)] = row.beside
        log_odds[place, : len(row.read)] = row.read[:, 0]
        shortfalls[place, : len(row.read)] = row.read[:, 1:]
        answering[place, : len(row.read)] = row.answering
        sharp[place, : len(row.read)] = row.sharp
    found = answering.any(axis=1)
    longer = np.log([max(1.0, row.sentences / SENTENCES) for row in rows])
    sign = np.array([1.0 if row.answerable else -1.0 for row in rows])
    doubt = np.array([row.doubt for row in rows])

    def cost(given: NDArray[np.float64]) -> float:
        losses, (shortlist, slope, intercept, blunt) = given[: len(LOSSES)], given[len(LOSSES) :]
        scores = _both(log_odds - shortfalls @ losses, beside, shortlist)
        every = _log_sum_exp(scores)
        logit = slope * (every - longer) + intercept + doubt + blunt * _sharpness(scores, sharp)
        decided = np.logaddexp(0.0, -sign * logit)
        ranked = every[found] - _log_sum_exp(np.where(answering, scores, -np.inf)[found])
        total = float(weight @ decided + weight[found] @ ranked)
        return total / float(weight.sum()) + PENALTY * float(np.sum(np.square(losses)))

    start = [2.0, 3.0, 2.0, 0.3, 1.0, 1.0, 0.0]
    *losses, shortlist, slope, intercept, blunt = minimize(cost, start, method="L-BFGS-B").x
    weights = {"intercept": float(intercept), "log_odds": float(slope), "sharpness": float(blunt)}
    return Fitted(weights, np.array(losses), float(shortlist))


def _sharpness(scores: NDArray[np.float64], sharp: NDArray[np.float64]) -> NDArray[np.float64]:
    """As ``answerability.sharpness``, of each row."""
    odds = np.where(np.isnan(sharp), 0.0, np.exp(np.minimum(scores, 50.0)))
    mean: NDArray[np.float64] = np.sum(odds * np.nan_to_num(sharp), axis=1) / np.maximum(odds.sum(axis=1), 1e-30)
    return mean


def _log_sum_exp(values: NDArray[np.float64]) -> NDArray[np.float64]:
    top = values.max(axis=-1)
    found: NDArray[np.float64] = top + np.log(np.exp(values - top[..., None]).sum(axis=-1))
    return found


def _held_out(
    rows: list[Row], fit: Callable[[list[Row], NDArray[np.float64]], Fitted], weight: NDArray[np.float64]
) -> list[tuple[float, int]]:
    """Of each question, in order, the probability that a fit without its group gives it and the place, from 0, of the
    first answering sentence."""
    told = [(0.0, 0)] * len(rows)
    folds = StratifiedGroupKFold(5, shuffle=True, random_state=0)
    groups = [row.group for row in rows]
    for seen, unseen in folds.split(np.zeros(len(rows)), [row.answerable for row in rows], groups):
        fitted = fit([rows[place] for place in seen], weight[seen])
        for place in unseen:
            answering = rows[place].answering[fitted.order(rows[place])]
            first = int(np.argmax(answering)) if answering.any() else len(answering)
            told[place] = (fitted.probability(rows[place]), first)
    return told


def _report(rows: list[Row], held_out: list[tuple[float, int]], fitted: Fitted) -> None:
    losses = dict(zip(LOSSES, fitted.losses, strict=True))
    weights = {**losses, "SHORTLIST_WEIGHT": fitted.shortlist, **fitted.weights}
    print({name: round(float(value), 2) for name, value in weights.items()})
    y = np.array([row.answerable for row in rows])
    near = np.array([row.kind.startswith("near-miss") for row in rows])
    of = np.array([row.of for row in rows])
    chance = np.array([probability for probability, _ in held_out])
    first = np.array([place for _, place in held_out])
    for name in dict.fromkeys(of):
        part = of == name
        print(
            f"  {name}: {part.sum()} questions, held-out AUROC {roc_auc_score(y[part], chance[part]):.3f}, "
            f"near misses {roc_auc_score(y[part & (y | near)], chance[part & (y | near)]):.3f}, "
            f"hit@1 {np.mean(first[part & y] < 1):.3f}, hit@3 {np.mean(first[part & y] < 3):.3f}"
        )
        for cut in (0.4, 0.45, 0.5, 0.55, 0.6, 0.65, 0.7):
            print(
                f"    cut {cut:.2f}: answered {np.mean(chance[part & y] >= cut):.2f}, "
                f"refused {np.mean(chance[part & ~y] < cut):.2f}, "
                f"near misses refused {np.mean(chance[part & near] < cut):.2f}"
            )


if __name__ == "__main__":
    main()
