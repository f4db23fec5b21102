"""Development examples and the figures computed on them."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from onnxruntime import InferenceSession
from tokenizers import Tokenizer

from index.weights import Rows

from .corpus import CORRECTED, Item
from .data import Example, Sampler
from .encode import Encoded
from .mixture import ANSWERED, KINDS
from .model import Batch, ReaderModel, collate
from .neighbours import Neighbours
from .runtime import Logits, best_span
from .windows import MARK, pieces, windows

Run = Callable[[Batch], tuple[Logits, Logits]]
"""Computes `score` and `end` of a batch."""

SEED = 11
PER_KIND = 300
KEPT = 0.9
"""Share of answered windows kept by the cut at which refusals are counted."""


@dataclass(frozen=True, slots=True)
class Judged:
    """A window's kind, its sentences' log-odds and the positions of the answering ones."""

    kind: str
    log_odds: tuple[float, ...]
    gold: tuple[int, ...]

    @property
    def best(self) -> float:
        """The log-odds of the best sentence."""
        return max(self.log_odds)


def development(items: Sequence[Item]) -> list[Example]:
    """An answered example of each item, as written, and up to `PER_KIND` unanswered ones of each kind."""
    sampler = Sampler(items, Neighbours.build(items))
    rng = random.Random(SEED)
    examples = [sampler.answered(position, rng, augment=False) for position in range(len(items))]
    for kind in KINDS:
        order = list(range(len(items)))
        rng.shuffle(order)
        found = 0
        for position in order:
            example = sampler.unanswered(position, kind, rng, augment=False)
            if example and found < PER_KIND:
                examples.append(example)
                found += 1
    return examples


def scored(model: ReaderModel, examples: Sequence[Encoded]) -> list[Judged]:
    """The examples as `model` judges them, in order, in float32."""
    training = model.training
    model.eval()
    found = rows(model_run(model), examples)
    judged = [Judged(example.kind, log_odds(score, example), example.gold) for example, score, _ in found]
    model.train(training)
    return judged


def over_passages(
    model: ReaderModel, items: Sequence[Item], tokenizer: Tokenizer, marked: bool = False
) -> list[Judged]:
    """Questions over their whole passages, in order, as answered or near misses; `marked`: as those whose premise a
    sentence makes false, or not."""
    training = model.training
    model.eval()
    judged: list[Judged] = []
    for item in items:
        asked, *run = pieces(tokenizer, [(MARK if marked else "") + item.question, *item.sentences])
        batch = collate([Encoded("", window, (), None) for window in windows(asked, run)])
        with torch.inference_mode():
            score, _ = model(batch.ids, batch.mask, batch.types)
        found: dict[int, list[float]] = {}
        for row, window in enumerate(windows(asked, run)):
            for span in window.spans:
                value = float(torch.logsumexp(score[row, span.first : span.end], 0))
                found.setdefault(span.sentence, []).append(value)
        log_odds = tuple(float(np.mean(found.get(place, [-30.0]))) for place in range(len(run)))
        gold = item.gold if (item.kind == CORRECTED) == marked else ()
        judged.append(Judged(ANSWERED if gold else "near-miss", log_odds, gold))
    model.train(training)
    return judged


def model_run(model: ReaderModel) -> Run:
    """How a model computes a batch, in float32."""

    def run(batch: Batch) -> tuple[Logits, Logits]:
        with torch.inference_mode():
            score, end = model(batch.ids, batch.mask, batch.types)
        return score.numpy(), end.numpy()

    return run


def session_run(session: InferenceSession, words: Rows) -> Run:
    """How an exported model computes a batch: each window by itself, zeros where it is padded."""

    def run(batch: Batch) -> tuple[Logits, Logits]:
        found = np.zeros((2, *batch.ids.shape), dtype=np.float32)
        for row, length in enumerate(batch.mask.sum(dim=1).tolist()):
            inputs = {"words": words[batch.ids[row, :length].numpy()], "types": batch.types[row, :length].numpy()}
            found[:, row, :length] = session.run(["score", "end"], inputs)
        return found[0], found[1]

    return run


def rows(run: Run, examples: Sequence[Encoded], size: int = 8) -> list[tuple[Encoded, Logits, Logits]]:
    """Each example with the `score` and `end` of its window's tokens, in order; computed `size` at a time by
    length."""
    order = sorted(range(len(examples)), key=lambda place: len(examples[place].window.ids))
    found: dict[int, tuple[Encoded, Logits, Logits]] = {}
    for start in range(0, len(order), size):
        places = order[start : start + size]
        score, end = run(collate([examples[place] for place in places]))
        for row, place in enumerate(places):
            found[place] = (examples[place], score[row], end[row])
    return [found[place] for place in range(len(examples))]


def log_odds(score: Logits, example: Encoded) -> tuple[float, ...]:
    """The log-odds of each sentence of a window from the scores of its tokens."""
    return tuple(float(np.logaddexp.reduce(score[span.first : span.end])) for span in example.window.spans)


def span_figures(results: Sequence[tuple[Encoded, Logits, Logits]]) -> dict[str, float]:
    """How the short answers in the answering sentences agree with the known ones: exact, and token F1."""
    exact, overlap, count = 0, 0.0, 0
    for example, score, end in results:
        if example.answer is None:
            continue
        first, last = example.answer
        span = next(s for s in example.window.spans if s.first <= first < s.end)
        place, length = best_span(score[span.first : span.end], end[span.first : span.end])[:2]
        got = range(span.first + place, span.first + place + length)
        shared = len(set(got) & set(range(first, last)))
        exact += got == range(first, last)
        overlap += 2 * shared / (len(got) + last - first)
        count += 1
    return {
        "span_exact": round(exact / max(1, count), 4),
        "span_f1": round(overlap / max(1, count), 4),
        "spans": count,
    }


def auroc(positive: Sequence[float], negative: Sequence[float]) -> float:
    """The chance that a positive scores above a negative, ties counted half. NaN where either is empty."""
    if not positive or not negative:
        return float("nan")
    values: NDArray[np.float64] = np.concatenate([np.asarray(positive), np.asarray(negative)])
    _, inverse, counts = np.unique(values, return_inverse=True, return_counts=True)
    ranks = (np.cumsum(counts) - (counts - 1) / 2.0)[inverse]
    wins = float(ranks[: len(positive)].sum()) - len(positive) * (len(positive) + 1) / 2.0
    return wins / (len(positive) * len(negative))


def auroc_by_kind(judged: Sequence[Judged]) -> dict[str, float]:
    """AUROC of answered windows against unanswered ones of each kind and of all, and hit@1 of the answering
    sentence.

    `refused` is the share of unanswered windows below the cut that keeps `KEPT` of the answered ones.
    """
    answered = [window for window in judged if window.kind == ANSWERED]
    positive = [window.best for window in answered]
    cut = float(np.quantile(positive, 1.0 - KEPT)) if positive else float("nan")
    figures: dict[str, float] = {}
    every: list[float] = []
    for kind in dict.fromkeys(window.kind for window in judged if window.kind != ANSWERED):
        negative = [window.best for window in judged if window.kind == kind]
        every += negative
        figures[f"auroc_{kind}"] = round(auroc(positive, negative), 4)
        figures[f"refused_{kind}"] = round(sum(value < cut for value in negative) / len(negative), 4)
    several = [window for window in answered if len(window.log_odds) > 1]
    hits = [int(np.argmax(window.log_odds)) in window.gold for window in several]
    figures["auroc_all"] = round(auroc(positive, every), 4)
    figures["refused_all"] = round(sum(value < cut for value in every) / max(1, len(every)), 4)
    figures["hit_at_1"] = round(sum(hits) / max(1, len(hits)), 4)
    return figures
