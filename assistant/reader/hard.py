"""Hard negatives: passages elsewhere that the reader takes for an answer. `python -m <package>.hard --data DIR
--base DIR --weights DIR --written FILE --out FILE`.

A rule draws passages that share a question's words; of a question that shares no word with what it asks about these
are easy, and a document has a hundred other sentences. So for such questions, and those about whole documents, the
passages nearest by MiniLM's cosine are read by an earlier reader, and what it likes best is learnt from, as dense
retrievers do (ANCE, Xiong et al., 2021). One that it likes much better than the answer itself may well be one too,
where nobody said that it is not, and is left out (positive-aware mining, de Souza P. Moreira et al., 2024).
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
from pathlib import Path

import numpy as np

from index import OnnxEmbedder

from .corpus import (
    CORRECTED,
    FAR,
    KEY_CHARS,
    SEED,
    WRITTEN,
    Hard,
    Item,
    Unit,
    divided,
    item_key,
    passage_key,
)
from .neighbours import units_of
from .runtime import Reader

log = logging.getLogger(__name__)

NEAREST = 4
"""Passages that are read of each question."""
KEPT = 3
LEAST = -5.0
"""Log-odds below which a passage is no hard one."""
ABOVE = 0.5
"""By how much one may be likelier than what answers, unless it is known not to answer."""


def load_hard(file: Path, items: Sequence[Item]) -> Hard:
    """What `main` wrote about passages of `items`."""
    known = {passage_key(unit.sentences)[:KEY_CHARS]: unit for unit in units_of(items)}
    known |= {passage_key(unit.sentences)[:KEY_CHARS]: unit for item in items for unit in item.siblings}
    found: Hard = {}
    with lzma.open(file, "rt", encoding="utf-8") as lines:
        for line in lines:
            row = json.loads(line)
            found[row["q"], row["p"]] = [known[name] for name in row["hard"] if name in known]
    return found


def asked(items: Sequence[Item]) -> list[Item]:
    """The items that hard negatives are sought for."""
    return [item for item in items if item.source == WRITTEN and (item.kind == FAR or item.siblings)]


def nearest(items: Sequence[Item], units: Sequence[Unit], embedder: OnnxEmbedder) -> Iterator[list[Unit]]:
    """For each item the units of its document, or else of other groups, that are nearest to its question."""
    every = list(dict.fromkeys([*units, *(unit for item in items for unit in item.siblings)]))
    place_of = {unit: place for place, unit in enumerate(every)}
    vectors = embedder.encode([" ".join((unit.heading, *unit.sentences)) for unit in every])
    groups = np.array([unit.group for unit in every])
    for start in range(0, len(items), 256):
        part = items[start : start + 256]
        found = embedder.encode([item.question for item in part]) @ vectors.T
        for item, cosines in zip(part, found, strict=True):
            places = np.array([place_of[unit] for unit in item.siblings] or np.flatnonzero(groups != item.group))
            # Of so many, to sort all for the first few would take longer than reading them.
            few = places[np.argpartition(-cosines[places], min(NEAREST, len(places) - 1))[:NEAREST]]
            yield [every[place] for place in few[np.argsort(-cosines[few], kind="stable")]]


def likely(reader: Reader, item: Item, units: Sequence[Unit]) -> list[tuple[float, Unit]]:
    """Those of the units that are hard, with the log-odds of their best sentence, the likeliest first."""
    headings = [f"{unit.heading}." if unit.heading else "" for unit in units]
    most = float("inf")
    if item.gold and item.kind != CORRECTED and not item.siblings:
        [own] = reader.read(item.question, [item.sentences], [item.heading])
        most = ABOVE + max(0.0, *(own[place].log_odds for place in item.gold))
    read = reader.read(item.question, [unit.sentences for unit in units], headings)
    best = [max((reading.log_odds for reading in run), default=LEAST) for run in read]
    found = [(odds, unit) for odds, unit in zip(best, units, strict=True) if LEAST < odds <= most]
    return sorted(found, key=lambda each: -each[0])[:KEPT]


def main() -> None:
    """Mine, and write a line a question."""
    parser = argparse.ArgumentParser(description=__doc__)
    for name in ("data", "base", "weights", "written", "out"):
        parser.add_argument(f"--{name}", type=Path, required=True)
    parser.add_argument("--minutes", type=float, default=60.0, help="after which what was found is enough")
    parser.add_argument("--threads", type=int, default=2)
    given = parser.parse_args()
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s")
    train, *_ = divided(given.data, given.written)
    seeking = asked(train)
    # So that a run that is ended early has some of every kind.
    random.Random(SEED).shuffle(seeking)
    reader = Reader.open(given.weights, given.base)
    began = time.monotonic()
    with lzma.open(given.out, "wt", encoding="utf-8") as lines, ThreadPoolExecutor(given.threads) as pool:
        near = nearest(seeking, units_of(train), OnnxEmbedder(given.out.parent / "models"))
        found = pool.map(lambda asked: likely(reader, *asked), zip(seeking, near, strict=True))
        for number, (item, hard) in enumerate(zip(seeking, found, strict=True), start=1):
            question, name = item_key(item)
            keys = [passage_key(unit.sentences)[:KEY_CHARS] for _, unit in hard]
            odds = [round(each, 2) for each, _ in hard]
            lines.write(json.dumps({"q": question, "p": name, "hard": keys, "odds": odds}) + "\n")
            spent = time.monotonic() - began
            if number % 500 == 0:
                log.info("%d of %d questions, %.0f s", number, len(seeking), spent)
            if spent > 60 * given.minutes:
                pool.shutdown(cancel_futures=True)
                return


if __name__ == "__main__":
    main()
