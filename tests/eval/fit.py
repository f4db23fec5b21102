"""Fit the probability that the documents answer on a dev split: python tests/eval/fit.py DEV.jsonl

Prints the intercept and weights for assistant/answerability.py, with cross-validated AUROC. Never give it a test set.
"""

from __future__ import annotations

import os
import sys
from dataclasses import astuple, fields
from pathlib import Path

import numpy as np
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score
from sklearn.model_selection import StratifiedKFold, cross_val_predict

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from assistant import Assistant
from assistant.answerability import Features
from assistant.evaluation import read_questions
from assistant.questions import clean, foreign


def main(file: Path) -> None:
    assistant = Assistant.open(os.environ)
    index, _ = assistant.index()
    questions = [q for q in read_questions(file, index) if foreign(clean(q.question), index) is None]
    rows = [assistant.consider(assistant.understand(q.question, q.history, index), index).features for q in questions]
    x = np.array([astuple(row) for row in rows])
    y = np.array([q.answerable for q in questions])
    near = y | np.array([q.kind.startswith("near-miss") for q in questions])
    model = LogisticRegression(C=1.0, max_iter=1000)
    folds = StratifiedKFold(5, shuffle=True, random_state=0)
    held_out = cross_val_predict(model, x, y, cv=folds, method="predict_proba")[:, 1]
    print(
        f"questions {len(y)}, held-out AUROC {roc_auc_score(y, held_out):.3f}, "
        f"near misses {roc_auc_score(y[near], held_out[near]):.3f}"
    )
    model.fit(x, y)
    print(f"_INTERCEPT = {model.intercept_[0]:.3f}")
    for field, weight in zip(fields(Features), model.coef_[0], strict=True):
        alone = roc_auc_score(y, x[:, fields(Features).index(field)])
        print(f"    {field.name}={weight:.3f},  # alone: AUROC {alone:.3f}")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
