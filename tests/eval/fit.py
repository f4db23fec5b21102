"""Fit the probability that the documents answer: python tests/eval/fit.py

Uses the two dev sets, whose documents are the shipped article and a shelf of short texts of many kinds; never give it
a test set. Prints the weights of assistant/answerability.py, with and without the reader, what each reaches on
questions held out (by document where there are several, by fold on the article), and what a cut would cost.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

import numpy as np
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score
from sklearn.model_selection import StratifiedGroupKFold, cross_val_predict

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from assistant import Assistant  # noqa: E402 - run as a script, from anywhere
from assistant.answerability import WITH_READER, WITHOUT_READER  # noqa: E402
from assistant.answering import open_reader  # noqa: E402
from assistant.evaluation import read_questions  # noqa: E402
from assistant.questions import clean, foreign  # noqa: E402
from index import IndexConfig, LiveIndex, OnnxEmbedder, rebuild  # noqa: E402

HERE = Path(__file__).parent
SETS = {"dev": ROOT / "source_docs", "various-dev": HERE / "various-dev"}


def main() -> None:
    with tempfile.TemporaryDirectory() as built:
        embedder = OnnxEmbedder(Path(built) / "models")
        for reader, names in ((open_reader()[0], WITH_READER), (None, WITHOUT_READER)):
            rows = []
            for name, folder in SETS.items():
                config = IndexConfig(folder, Path(built) / name)
                rebuild(config, embedder)
                rows += _rows(Assistant(LiveIndex(config, embedder.identity), embedder, reader), name)
            _fit(rows, names)


def _rows(assistant: Assistant, name: str) -> list[tuple[str, bool, str, object]]:
    """Kind, whether answerable, group that a fold keeps together, and features of each question of a set."""
    index, _ = assistant.index()
    rows = []
    for number, question in enumerate(read_questions(HERE / f"{name}.jsonl", index)):
        if foreign(clean(question.question), index) is None:
            asked = assistant.understand(question.question, question.history, index)
            group = question.document if len(index.documents) > 1 else f"{name}-{number % 10}"
            found = assistant.consider(asked, index).features
            rows.append((question.kind, question.answerable, group, found))
    return rows


def _fit(rows: list[tuple[str, bool, str, object]], names: tuple[str, ...]) -> None:
    x = np.array([[getattr(found, name) for name in names] for *_, found in rows])
    y = np.array([answerable for _, answerable, _, _ in rows])
    near = np.array([kind.startswith("near-miss") for kind, *_ in rows])
    article = np.array([group.startswith("dev-") for _, _, group, _ in rows])
    # Each set weighs the same, with the article's share of answerable questions: the others are mostly near misses.
    share = y[article].mean()
    weight = np.where(article, 1 / article.sum(), np.where(y, share / (~article & y).sum(), 0.0))
    weight[~article & ~y] = (1 - share) / (~article & ~y).sum()
    weight *= len(rows) / 2
    model = LogisticRegression(C=1.0, max_iter=1000)
    folds = StratifiedGroupKFold(5, shuffle=True, random_state=0)
    groups = [group for _, _, group, _ in rows]
    held_out = cross_val_predict(
        model, x, y, groups=groups, cv=folds, method="predict_proba", params={"sample_weight": weight}
    )[:, 1]
    model.fit(x, y, sample_weight=weight)
    weights = {"intercept": model.intercept_[0], **dict(zip(names, model.coef_[0], strict=True))}
    print({name: round(float(value), 2) for name, value in weights.items()})
    for told, part in (("article", article), ("various", ~article)):
        print(
            f"  {told}: {part.sum()} questions, held-out AUROC {roc_auc_score(y[part], held_out[part]):.3f}, "
            f"near misses {roc_auc_score(y[part & (y | near)], held_out[part & (y | near)]):.3f}"
        )
        for cut in (0.4, 0.45, 0.5, 0.55, 0.6, 0.65, 0.7):
            print(
                f"    cut {cut:.2f}: answered {np.mean(held_out[part & y] >= cut):.2f}, "
                f"refused {np.mean(held_out[part & ~y] < cut):.2f}, "
                f"near misses refused {np.mean(held_out[part & near] < cut):.2f}"
            )


if __name__ == "__main__":
    main()
