"""Fit the probability that the documents answer on a dev split: python tests/eval/fit.py DEV.jsonl

Prints the weights of assistant/answerability.py, with and without the reader, the held-out AUROC of each, and what a
cut would cost. Never give it a test set.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

import numpy as np
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score
from sklearn.model_selection import StratifiedKFold, cross_val_predict

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from assistant import Assistant  # noqa: E402 - run as a script, from anywhere
from assistant.answerability import WITH_READER, WITHOUT_READER  # noqa: E402
from assistant.answering import open_reader  # noqa: E402
from assistant.config import AppConfig  # noqa: E402
from assistant.evaluation import read_questions  # noqa: E402
from assistant.questions import clean, foreign  # noqa: E402
from index import LiveIndex, open_embedder  # noqa: E402


def main(file: Path) -> None:
    config = AppConfig.from_env(os.environ)
    embedder = open_embedder(config.index.model_dir, config.index.index_dir)
    for reader, names in ((open_reader()[0], WITH_READER), (None, WITHOUT_READER)):
        _fit(Assistant(LiveIndex(config.index, embedder.identity), embedder, reader), file, names)


def _fit(assistant: Assistant, file: Path, names: tuple[str, ...]) -> None:
    index, _ = assistant.index()
    questions = [q for q in read_questions(file, index) if foreign(clean(q.question), index) is None]
    found = [assistant.consider(assistant.understand(q.question, q.history, index), index).features for q in questions]
    x = np.array([[getattr(row, name) for name in names] for row in found])
    y = np.array([q.answerable for q in questions])
    near = np.array([q.kind.startswith("near-miss") for q in questions])
    model = LogisticRegression(C=1.0, max_iter=1000)
    folds = StratifiedKFold(5, shuffle=True, random_state=0)
    held_out = cross_val_predict(model, x, y, cv=folds, method="predict_proba")[:, 1]
    model.fit(x, y)
    weights = {"intercept": model.intercept_[0], **dict(zip(names, model.coef_[0], strict=True))}
    print({name: round(float(weight), 2) for name, weight in weights.items()})
    print(
        f"  {len(y)} questions, held-out AUROC {roc_auc_score(y, held_out):.3f}, "
        f"near misses {roc_auc_score(y[y | near], held_out[y | near]):.3f}"
    )
    for cut in (0.4, 0.5, 0.55, 0.6, 0.65, 0.7):
        print(
            f"  cut {cut:.2f}: answered {np.mean(held_out[y] >= cut):.2f}, refused {np.mean(held_out[~y] < cut):.2f}, "
            f"near misses refused {np.mean(held_out[near] < cut):.2f}"
        )


if __name__ == "__main__":
    main(Path(sys.argv[1]))
