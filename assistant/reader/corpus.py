"""The training questions: reading them, splitting them by passage and finding the passages closest to
each."""

from __future__ import annotations

import hashlib
import json
import lzma
import math
import random
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from scipy.sparse import csr_matrix

SEED = 7
"""Of the split into items to train on and items to tune on."""

ITEMS = "items.jsonl.xz"
HELD_OUT = "squad2.jsonl.xz"
DEV_ANSWERED = 1000
MAX_PER_PASSAGE = {"qamr": 10, "policyqa": 4}
WRITTEN = "written"
CORRECTED, UNSAID = "corrected", "unsaid"
"""Kinds of written questions that take something for granted: a sentence makes it false, or none tells."""

HELD_BACK = 10
"""Of the passages with a corrected question one in so many is not trained on: the cut of corrections is read off it."""

KEY_CHARS = 12
UNIT_WORDS = 75
"""Words of a passage in one retrieval unit, about a window."""

COMMON = 0.02
"""Share of the units beyond which a word is too common to retrieve by."""

_WORD = re.compile(r"[0-9a-z]+")
_NOT_WORD = re.compile(r"[^0-9a-z]+")


@dataclass(frozen=True, slots=True)
class Item:
    """A question over the sentences of a passage.

    `gold` are the positions of the sentences that answer it; `answer` is the answer's text where it is known;
    `whole` tells a whole passage from a lone sentence. Items of one `group` share a sentence, directly or
    through others. `kind` is told of written questions alone; of a corrected one `gold` are the sentences that
    make false what it takes for granted, none of which answers it.
    """

    source: str
    question: str
    sentences: tuple[str, ...]
    gold: tuple[int, ...]
    answer: str | None
    whole: bool
    group: int = -1
    article: str | None = None
    kind: str | None = None


def key(text: str) -> str:
    """What is left of a text when case, spacing and punctuation are ignored."""
    return _NOT_WORD.sub("", text.lower())


def load(file: Path) -> list[Item]:
    """The items of an xz-compressed JSON-lines file, ungrouped. Sentences without a letter or digit are
    dropped."""
    items: list[Item] = []
    with lzma.open(file, "rt", encoding="utf-8") as lines:
        for line in lines:
            row = json.loads(line)
            kept = [index for index, text in enumerate(row["sents"]) if key(text)]
            place = {old: new for new, old in enumerate(kept)}
            sentences = tuple(row["sents"][index].strip() for index in kept)
            gold = tuple(place[index] for index in row["gold"] if index in place)
            if len(row["gold"]) != len(gold):
                continue
            items.append(
                Item(
                    row["src"],
                    row["q"].strip(),
                    sentences,
                    gold,
                    row["ans"],
                    row["real"],
                    article=row.get("article"),
                )
            )
    return items


def load_training(folder: Path) -> list[Item]:
    """The items to train and tune on, grouped: none of them shares a sentence with the held-out articles."""
    held_out = {key(text) for item in load(folder / HELD_OUT) for text in item.sentences}
    items = [item for item in load(folder / ITEMS) if not any(key(text) in held_out for text in item.sentences)]
    return grouped(items)


def load_written(file: Path, items: Sequence[Item]) -> list[Item]:
    """Questions written for the reader over passages of ``items``, or over passages that the file brings along.

    xz-compressed JSON lines: a passage of its own is ``{"p", "sents"}``; a question is ``{"p", "q", "gold", "ans",
    "kind"}``, where ``p`` names such a passage or is the beginning of ``passage_key`` of one of ``items``. A question
    without gold is a near miss, as is one of kind corrected: the whole passage does not answer it. Each gets the group
    of the passage it is about, so that no split parts them; a passage of the file's own is a group of its own document
    ("name-3" of "name").
    """
    known = {passage_key(item.sentences)[:KEY_CHARS]: (item.sentences, item.group) for item in items if item.whole}
    documents: dict[str, int] = {}
    written: list[Item] = []
    with lzma.open(file, "rt", encoding="utf-8") as lines:
        for line in lines:
            row = json.loads(line)
            name = row["p"]
            if "sents" in row:
                document = documents.setdefault(name.rpartition("-")[0], -2 - len(documents))
                known[name] = (tuple(row["sents"]), document)
            elif name in known:
                sentences, group = known[name]
                gold = tuple(row["gold"])
                written.append(Item(WRITTEN, row["q"], sentences, gold, row["ans"], True, group, kind=row["kind"]))
    return written


def about(written: Sequence[Item], items: Sequence[Item]) -> list[Item]:
    """Those of the written questions that are about passages of ``items``."""
    groups = {item.group for item in items}
    return [item for item in written if item.group in groups]


def held_back(written: Sequence[Item]) -> list[Item]:
    """The questions of one in `HELD_BACK` of the passages that have a corrected one, chosen by what they say."""
    passages = {item.sentences for item in written if item.kind == CORRECTED}
    chosen = {sentences for sentences in passages if int(passage_key(sentences), 16) % HELD_BACK == 0}
    return [item for item in written if item.sentences in chosen]


def passage_key(sentences: Sequence[str]) -> str:
    """The SHA-256, in hexadecimal, of a passage's sentences, one a line."""
    return hashlib.sha256("\n".join(sentences).encode()).hexdigest()


def grouped(items: Sequence[Item]) -> list[Item]:
    """The items with their `group` set: the connected components of "has a sentence in common"."""
    parent = list(range(len(items)))

    def root(node: int) -> int:
        while parent[node] != node:
            parent[node] = parent[parent[node]]
            node = parent[node]
        return node

    seen: dict[str, int] = {}
    for index, item in enumerate(items):
        for text in item.sentences:
            name = key(text)
            if len(name) >= 25 or len(item.sentences) == 1:
                parent[root(index)] = root(seen.setdefault(name, index))
    return [replace(i, group=root(index)) for index, i in enumerate(items)]


def thinned(items: Iterable[Item], rng: random.Random) -> list[Item]:
    """At most `MAX_PER_PASSAGE` questions of a passage for the sources that ask dozens of each."""
    shuffled = list(items)
    rng.shuffle(shuffled)
    taken: Counter[tuple[str, ...]] = Counter()
    kept: list[Item] = []
    for item in shuffled:
        taken[item.sentences] += 1
        if taken[item.sentences] <= MAX_PER_PASSAGE.get(item.source, 1_000):
            kept.append(item)
    return kept


def split(items: Sequence[Item], seed: int) -> tuple[list[Item], list[Item]]:
    """Training items and development items. No group, hence no sentence of a passage, is on both sides."""
    rng = random.Random(seed)
    members: defaultdict[int, list[Item]] = defaultdict(list)
    for item in thinned(items, rng):
        members[item.group].append(item)
    groups = sorted(group for group, of_group in members.items() if len(of_group) <= 40)
    rng.shuffle(groups)
    dev_groups: set[int] = set()
    taken = 0
    for group in groups:
        if taken >= DEV_ANSWERED:
            break
        if any(item.whole for item in members[group]):
            dev_groups.add(group)
            taken += len(members[group])
    train = [item for group in sorted(members) if group not in dev_groups for item in members[group]]
    dev = [item for group in sorted(dev_groups) for item in members[group]]
    return train, dev


@dataclass(frozen=True, slots=True)
class Unit:
    """A window-sized run of a passage's sentences, as retrieved for negatives."""

    sentences: tuple[str, ...]
    group: int


class Neighbours:
    """The BM25-nearest units of other passages, by question and by passage, for each item of a list."""

    def __init__(self, units: Sequence[Unit], by_question: list[list[int]], by_passage: list[list[int]]) -> None:
        self.units = units
        self._by_question = by_question
        self._by_passage = by_passage

    @classmethod
    def build(cls, items: Sequence[Item], depth: int = 24) -> Neighbours:
        """Index the passages of `items` and look up each item's question and answering sentences."""
        units = units_of(items)
        weights, terms = _bm25([" ".join(unit.sentences) for unit in units])
        questions = [item.question for item in items]
        passages = [" ".join(item.sentences[place] for place in item.gold) or item.question for item in items]
        return cls(units, _nearest(questions, weights, terms, depth), _nearest(passages, weights, terms, depth))

    def by_question(self, position: int, group: int) -> list[Unit]:
        """Units near the question of the item at `position`, nearest first, none of `group`."""
        return [self.units[unit] for unit in self._by_question[position] if self.units[unit].group != group]

    def by_passage(self, position: int, group: int) -> list[Unit]:
        """Units near the answering sentences of the item at `position`, nearest first, none of `group`."""
        return [self.units[unit] for unit in self._by_passage[position] if self.units[unit].group != group]


def units_of(items: Sequence[Item]) -> list[Unit]:
    """The distinct units of the items' passages."""
    found: dict[tuple[str, ...], Unit] = {}
    for item in items:
        run: list[str] = []
        words = 0
        for text in item.sentences:
            count = len(text.split())
            if run and words + count > UNIT_WORDS:
                found.setdefault(tuple(run), Unit(tuple(run), item.group))
                run, words = [], 0
            run.append(text)
            words += count
        found.setdefault(tuple(run), Unit(tuple(run), item.group))
    return list(found.values())


def _stems(text: str) -> set[str]:
    return {word[:-1] if len(word) > 3 and word.endswith("s") else word for word in _WORD.findall(text.lower())}


def _bm25(texts: Sequence[str]) -> tuple[csr_matrix, dict[str, int]]:
    """BM25 weights, terms by texts, and the row of each term; word counts within a text are taken as one."""
    stems = [_stems(text) for text in texts]
    frequency = Counter(stem for of_text in stems for stem in of_text)
    limit = max(20.0, COMMON * len(texts))
    terms = {stem: row for row, (stem, count) in enumerate(sorted(frequency.items())) if count <= limit}
    mean = sum(map(len, stems)) / len(stems)
    rows: list[int] = []
    columns: list[int] = []
    values: list[float] = []
    for column, of_text in enumerate(stems):
        saturation = 2.2 / (1.0 + 1.2 * (0.25 + 0.75 * len(of_text) / mean))
        for stem in sorted(of_text & terms.keys()):
            rows.append(terms[stem])
            columns.append(column)
            values.append(saturation * math.log(1.0 + (len(texts) + 0.5) / (frequency[stem] + 0.5)))
    shape = (len(frequency), len(texts))
    return csr_matrix((np.asarray(values, dtype=np.float32), (rows, columns)), shape=shape), terms


def _nearest(queries: Sequence[str], weights: csr_matrix, terms: dict[str, int], depth: int) -> list[list[int]]:
    """For each query the columns of `weights` with the highest BM25 scores, best first, at most `depth`."""
    found: list[list[int]] = []
    for start in range(0, len(queries), 512):
        known = [[terms[stem] for stem in sorted(_stems(q) & terms.keys())] for q in queries[start : start + 512]]
        pointers = np.cumsum([0, *map(len, known)])
        flat = np.asarray([row for of_query in known for row in of_query], dtype=np.int32)
        ones = np.ones(len(flat), dtype=np.float32)
        scores = csr_matrix((ones, flat, pointers), shape=(len(known), weights.shape[0])) @ weights
        for row in range(len(known)):
            values = scores.data[scores.indptr[row] : scores.indptr[row + 1]]
            columns = scores.indices[scores.indptr[row] : scores.indptr[row + 1]]
            best = np.argpartition(-values, depth)[:depth] if len(values) > depth else np.arange(len(values))
            found.append([int(columns[place]) for place in best[np.argsort(-values[best], kind="stable")]])
    return found
