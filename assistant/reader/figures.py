"""Measure an exported reader: `python -m <package>.figures --data DIR --base DIR --weights DIR --written F --out FILE`.

Reports plain MiniLM cosine on the development windows, the reader on the held-out human questions and on the written
ones of the development passages, both over whole passages, on the written ones of the documents held back, over whole
documents, what it corrects, and its speed. The held-out human questions are for reporting alone: nothing is fitted on
them.
"""

from __future__ import annotations

import argparse
import json
import time
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import torch
from torch.nn import functional

from index.onnx_session import open_session

from .corpus import CORRECTED, HELD_OUT, Item, about, held_back, load, load_training, load_written, split
from .corpus import SEED as SPLIT_SEED
from .data import Example
from .evaluate import KEPT, SEED, Judged, auroc, auroc_by_kind, development
from .mixture import ANSWERED
from .model import WIDTH, ReaderModel
from .runtime import MODEL_FILE, Reader
from .windows import MARK, MAX_WINDOW, open_tokenizer, pieces

CUTS = (-1.0, -0.5, 0.0, 0.5, 1.0, 1.5, 2.0, 2.5, 3.0)


class Cosine:
    """Plain MiniLM: mean-pooled embeddings and their cosine, the baseline."""

    def __init__(self, base: Path) -> None:
        self._tokenizer = open_tokenizer(str(base / "tokenizer.json"))
        self._model = ReaderModel().eval()
        self._model.load_bert(base / "model.safetensors")
        self._known: dict[str, torch.Tensor] = {}

    def learn(self, texts: Sequence[str]) -> None:
        """Embed the texts, so that `rank` can compare them."""
        new = sorted(set(texts) - self._known.keys(), key=len)
        for start in range(0, len(new), 32):
            chunk = new[start : start + 32]
            rows = [[101, *piece.head(MAX_WINDOW - 2).ids, 102] for piece in pieces(self._tokenizer, chunk)]
            width = max(map(len, rows))
            ids = torch.tensor([row + [0] * (width - len(row)) for row in rows])
            mask = (torch.arange(width)[None] < torch.tensor([[len(row)] for row in rows])).long()
            with torch.inference_mode():
                hidden = self._model.encode(ids, mask, torch.zeros_like(ids))
                mean = (hidden * mask[..., None]).sum(1) / mask.sum(1, keepdim=True)
            self._known |= dict(zip(chunk, functional.normalize(mean, dim=1), strict=True))

    def rank(self, question: str, sentences: Sequence[str]) -> tuple[float, ...]:
        """The cosine of each sentence with the question."""
        return tuple(float(self._known[question] @ self._known[text]) for text in sentences)


def baseline(cosine: Cosine, examples: Sequence[Example]) -> dict[str, float]:
    """The figures of plain cosine on the same examples as the reader's."""
    cosine.learn([text for example in examples for text in (example.question, *example.sentences)])
    return auroc_by_kind([Judged(e.kind, cosine.rank(e.question, e.sentences), e.gold) for e in examples])


def whole_passages(judged: Sequence[Judged], articles: Sequence[str], rounds: int = 200) -> dict[str, float]:
    """AUROC of answered against unanswered questions over whole passages, with a 95 % interval from
    resampling articles, hit@1 of the answering sentence and the share refused at the cut that keeps `KEPT` of
    the answered."""

    def area(places: Sequence[int]) -> float:
        chosen = [judged[place] for place in places]
        positive = [window.best for window in chosen if window.kind == ANSWERED]
        return auroc(positive, [window.best for window in chosen if window.kind != ANSWERED])

    rng = np.random.default_rng(SEED)
    names = sorted(set(articles))
    places = {name: [place for place, article in enumerate(articles) if article == name] for name in names}
    drawn = [rng.choice(names, len(names)) for _ in range(rounds)]
    areas = np.asarray([area([place for name in names_ for place in places[name]]) for names_ in drawn])
    answered = [window for window in judged if window.kind == ANSWERED]
    refusable = [window.best for window in judged if window.kind != ANSWERED]
    cut = float(np.quantile([window.best for window in answered], 1.0 - KEPT))
    hits = sum(int(np.argmax(window.log_odds)) in window.gold for window in answered)
    return {
        "auroc": round(area(range(len(judged))), 4),
        "auroc_low": round(float(np.quantile(areas, 0.025)), 4),
        "auroc_high": round(float(np.quantile(areas, 0.975)), 4),
        "hit_at_1": round(hits / len(answered), 4),
        "refused": round(sum(value < cut for value in refusable) / len(refusable), 4),
        "answered": len(answered),
        "unanswered": len(refusable),
    }


def over_passage(reader: Reader, item: Item) -> Judged:
    """A question over its whole passage."""
    readings = reader.read(item.question, [item.sentences])[0]
    return Judged(kind(item), tuple(reading.log_odds for reading in readings), item.gold)


def over_document(reader: Reader, item: Item) -> Judged:
    """A question over its whole document, its own passage first, each under its heading; of a question whose premise is
    false nothing answers."""
    units = [(item.heading, item.sentences), *((unit.heading, unit.sentences) for unit in item.siblings)]
    read = reader.read(item.question, [run for _, run in units], [f"{heading}." for heading, _ in units])
    gold = () if item.kind == CORRECTED else item.gold
    return Judged(ANSWERED if gold else "human", tuple(r.log_odds for run in read for r in run), gold)


def kind(item: Item) -> str:
    """Whether an item is answered, in the words of `Judged`."""
    return ANSWERED if item.gold else "human"


def corrections(reader: Reader, items: Sequence[Item]) -> list[dict[str, float]]:
    """By the cut of the log-odds from which on a sentence is shown as a correction: of the questions whose premise a
    sentence of their passage makes false the share that is shown such a sentence, and another one; of the other
    questions the share that is shown any."""
    best = []
    for item in items:
        log_odds = [reading.log_odds for reading in reader.read(MARK + item.question, [item.sentences])[0]]
        place = int(np.argmax(log_odds))
        best.append((log_odds[place], item.kind == CORRECTED, place in item.gold))
    false = sum(corrected for _, corrected, _ in best)
    table = []
    for cut in CUTS:
        shown = [(corrected, right) for value, corrected, right in best if value >= cut]
        table.append(
            {
                "cut": cut,
                "right": round(sum(corrected and right for corrected, right in shown) / false, 4),
                "another": round(sum(corrected and not right for corrected, right in shown) / false, 4),
                "none_needed": round(sum(not corrected for corrected, _ in shown) / (len(best) - false), 4),
            }
        )
    return table


def milliseconds(weights: bytes, tokens: int, rounds: int = 160) -> float:
    """Time a full window takes on one thread, the median."""
    session = open_session(weights, 1)
    words = np.random.default_rng(SEED).normal(size=(tokens, WIDTH), scale=0.05).astype(np.float32)
    inputs = {"words": words, "types": np.zeros(tokens, dtype=np.int64)}
    taken = []
    for _ in range(rounds):
        began = time.perf_counter()
        session.run(None, inputs)
        taken.append(time.perf_counter() - began)
    return round(float(np.median(taken)) * 1000.0, 2)


def main() -> None:
    """Measure and write the figures as JSON."""
    parser = argparse.ArgumentParser(description=__doc__)
    for name in ("data", "base", "weights", "written", "out"):
        parser.add_argument(f"--{name}", type=Path, required=True)
    parser.add_argument("--threads", type=int, default=2)
    given = parser.parse_args()
    torch.set_num_threads(given.threads)
    weights = (given.weights / MODEL_FILE).read_bytes()
    figures: dict[str, object] = {
        "bytes": len(weights),
        "milliseconds_a_window": {f"{tokens} tokens": milliseconds(weights, tokens) for tokens in (96, 160)},
    }
    cosine = Cosine(given.base)
    items = load_training(given.data)
    _, dev_items = split(items, SPLIT_SEED)
    figures["development_cosine"] = baseline(cosine, development(dev_items))
    held_out = load(given.data / HELD_OUT)
    articles = [item.article or "" for item in held_out]
    reader = Reader.open(given.weights, given.base, given.threads)
    judged = [over_passage(reader, item) for item in held_out]
    figures["held_out_reader"] = whole_passages(judged, articles)
    written = load_written(given.written, items)
    asked = about(written, dev_items)
    figures["written"] = whole_passages([over_passage(reader, i) for i in asked], [str(i.group) for i in asked])
    held = [item for item in written if item.held]
    figures["held_documents"] = whole_passages([over_document(reader, i) for i in held], [str(i.group) for i in held])
    figures["corrections"] = corrections(reader, held_back(written))
    cosine.learn([text for item in held_out for text in (item.question, *item.sentences)])
    plain = [Judged(kind(item), cosine.rank(item.question, item.sentences), item.gold) for item in held_out]
    figures["held_out_cosine"] = whole_passages(plain, articles)
    given.out.write_text(json.dumps(figures, indent=1) + "\n")


if __name__ == "__main__":
    main()
