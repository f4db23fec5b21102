"""Shortlists to learn from: the sentences of several passages that the reader finds likeliest for a question.
`python -m <package>.shortlists --data DIR --base DIR --weights DIR --written FILE --out FILE`.

A window judges neighbours beside each other; which of two passages answers is left to how far the log-odds of two
windows compare. So the likeliest sentences are read once more, beside each other (`assistant/judging/evidence.py`), and
this is learnt from what an earlier reader finds likeliest among a question's own passage and those nearest to it by
MiniLM's cosine. Such a sentence elsewhere that it likes better than the answer itself may well be one too, where nobody
said that it is not, and is left out (positive-aware mining, de Souza P. Moreira et al., 2024).
"""

from __future__ import annotations

import argparse
import json
import logging
import lzma
import random
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import repeat
from pathlib import Path

import numpy as np

from index import OnnxEmbedder

from .corpus import (
    CORRECTED,
    FAR,
    SEED,
    WRITTEN,
    Item,
    Shortlists,
    Unit,
    divided,
    item_key,
    passage_name,
)
from .neighbours import units_of
from .runtime import Reader

log = logging.getLogger(__name__)

NEAREST = 4
"""Passages that are read of each question, beside its own."""
KEPT = 9
PORTION = 256
ABOVE = 0.5
"""By how much a sentence elsewhere may be likelier than what answers, unless it is known not to answer."""
COSINE = 4.0
"""How much a passage's cosine counts beside its sentences' log-odds."""

Near = tuple[float, list[tuple[float, Unit]]]
"""The cosine of a question with its own passage, and the nearest others with theirs."""


def load_shortlists(file: Path, items: Sequence[Item]) -> Shortlists:
    """What `main` wrote about questions of `items`."""
    known = {passage_name(unit.sentences): unit for unit in units_of(items)}
    known |= {passage_name(unit.sentences): unit for item in items for unit in item.siblings}
    own = {item_key(item)[1]: Unit(item.sentences, item.group, item.heading) for item in items}
    found: Shortlists = {}
    with lzma.open(file, "rt", encoding="utf-8") as lines:
        for line in lines:
            row = json.loads(line)
            if row["p"] in own:
                named = [(known.get(name) if name else own[row["p"]], place) for name, place in row["listed"]]
                found[row["q"], row["p"]] = [(unit, place) for unit, place in named if unit is not None]
    return found


def asked(items: Sequence[Item]) -> list[Item]:
    """The written questions, mostly the far ones and those about whole documents first."""
    rng = random.Random(SEED)
    weight = {FAR: 4.0, CORRECTED: 1.5}
    drawn = [
        (rng.random() ** (1 / (weight.get(item.kind or "", 1.0) * (2.0 if item.siblings else 1.0))), item)
        for item in items
        if item.source == WRITTEN
    ]
    return [item for _, item in sorted(drawn, key=lambda each: -each[0])]


def nearest(items: Sequence[Item], units: Sequence[Unit], embedder: OnnxEmbedder) -> Iterator[list[Near]]:
    """By portions of `items`, for each its passage's cosine and the units that are nearest: of its document, or else of
    `units` those of other groups."""
    own = [Unit(item.sentences, item.group, item.heading) for item in items]
    every = list(dict.fromkeys([*units, *own, *(unit for item in items for unit in item.siblings)]))
    place_of = {unit: place for place, unit in enumerate(every)}
    vectors = embedder.encode([" ".join((unit.heading, *unit.sentences)) for unit in every])
    groups = np.array([unit.group for unit in every])
    for start in range(0, len(items), PORTION):
        part = items[start : start + PORTION]
        cosines = embedder.encode([item.question for item in part]) @ vectors.T
        found: list[Near] = []
        for item, unit, row in zip(part, own[start:], cosines, strict=False):
            places = np.array([place_of[unit] for unit in item.siblings] or np.flatnonzero(groups != item.group))
            # Of so many, to sort all for the first few would take longer than reading them.
            few = places[np.argpartition(-row[places], min(NEAREST, len(places) - 1))[:NEAREST]]
            found.append((float(row[place_of[unit]]), [(float(row[place]), every[place]) for place in few]))
        yield found


def likeliest(reader: Reader, item: Item, near: Near) -> list[tuple[str, int]]:
    """The item's shortlist, the likeliest first: each sentence's passage, "" for the item's own, and its place."""
    cosine, others = near
    units = [Unit(item.sentences, item.group, item.heading), *(unit for _, unit in others)]
    cosines = [cosine, *(each for each, _ in others)]
    headings = [f"{unit.heading}." if unit.heading else "" for unit in units]
    read = reader.read(item.question, [unit.sentences for unit in units], headings)
    most = float("inf")
    if not item.siblings:
        gold = item.gold if item.kind != CORRECTED else ()
        most = ABOVE + max((0.0, *(read[0][place].log_odds for place in gold)))
    names = ["", *(passage_name(unit.sentences) for unit in units[1:])]
    found = [
        (reading.log_odds + COSINE * cosines[number], names[number], place)
        for number, run in enumerate(read)
        for place, reading in enumerate(run)
        if number == 0 or reading.log_odds <= most
    ]
    return [(name, place) for _, name, place in sorted(found, reverse=True)[:KEPT]]


def main() -> None:
    """Mine, and write a line a question."""
    parser = argparse.ArgumentParser(description=__doc__)
    for name in ("data", "base", "weights", "written", "out"):
        parser.add_argument(f"--{name}", type=Path, required=True)
    parser.add_argument("--minutes", type=float, default=60.0, help="after which what was found is enough")
    parser.add_argument("--most", type=int, help="how many questions are looked at at the most")
    parser.add_argument("--threads", type=int, default=2)
    given = parser.parse_args()
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s")
    train, *_ = divided(given.data, given.written)
    seeking = asked(train)[: given.most]
    whole = units_of([item for item in train if item.whole])
    reader = Reader.open(given.weights, given.base)
    began = time.monotonic()
    done = 0
    with lzma.open(given.out, "wt", encoding="utf-8") as lines, ThreadPoolExecutor(given.threads) as pool:
        # By portions, for a pool takes all that it is given before the first is done.
        for near in nearest(seeking, whole, OnnxEmbedder(given.out.parent / "models")):
            part = seeking[done : done + len(near)]
            for item, listed in zip(part, pool.map(likeliest, repeat(reader), part, near), strict=True):
                question, name = item_key(item)
                lines.write(json.dumps({"q": question, "p": name, "listed": listed}) + "\n")
            done += len(near)
            spent = time.monotonic() - began
            log.info("%d of %d questions, %.0f s", done, len(seeking), spent)
            if spent > 60 * given.minutes:
                return


if __name__ == "__main__":
    main()
