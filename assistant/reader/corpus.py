"""The training questions: reading them, and splitting them by passage."""

from __future__ import annotations

import hashlib
import json
import lzma
import random
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

SEED = 7
"""Of the split into items to train on and items to tune on."""

ITEMS = "items.jsonl.xz"
HELD_OUT = "squad2.jsonl.xz"
DEV_ANSWERED = 1000
MAX_PER_PASSAGE = {"qamr": 10, "policyqa": 4}
WRITTEN = "written"
CORRECTED, UNSAID = "corrected", "unsaid"
"""Kinds of written questions that take something for granted: a sentence makes it false, or none tells."""

FAR = "far"
"""Kind of written questions, answered and not, that share hardly a word with what they are about."""

ITSELF = "itself"
"""Kind of written questions about the text that they are asked of: who wrote it, what it is about, when it came out."""

HELD_BACK = 10
"""Of the passages with a corrected question one in so many is not trained on, and of the whole documents half as many:
the cut of corrections is read off them."""

KEY_CHARS = 12
_NOT_WORD = re.compile(r"[^0-9a-z]+")


@dataclass(frozen=True, slots=True)
class Unit:
    """Neighbouring sentences that answer no question asked of another group: a passage, or a window's worth of one,
    under its heading if it has one."""

    sentences: tuple[str, ...]
    group: int
    heading: str = ""


@dataclass(frozen=True, slots=True)
class Item:
    """A question over the sentences of a passage.

    `gold` are the positions of the sentences that answer it; `answer` is the answer's text where it is known;
    `whole` tells a whole passage from a lone sentence. Items of one `group` share a sentence, directly or
    through others. `kind` is told of written questions alone; of a corrected one `gold` are the sentences that
    make false what it takes for granted, none of which answers it. `siblings` are other passages of the same
    document that do not answer either, nor make anything false; told of documents that are known as a whole.
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
    heading: str = ""
    siblings: tuple[Unit, ...] = ()
    held: bool = False


Shortlists = dict[tuple[str, str], list[tuple[Unit, int]]]
"""Of the question and the passage of an item (`item_key`): the sentences that a reader finds likeliest, the likeliest
first, each as a passage and its place in it."""


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

    Passages with ``"head"``, their heading or their document's title, make up whole documents, and what is said of a
    question on one holds of all of its document: ``"also"`` names the other passages that answer it. ``"held"``: it is
    not for training.
    """
    known = {passage_name(item.sentences): Unit(item.sentences, item.group) for item in items if item.whole}
    documents: dict[str, dict[str, Unit]] = {}
    groups: dict[str, int] = {}
    held: set[int] = set()
    written: list[Item] = []
    with lzma.open(file, "rt", encoding="utf-8") as lines:
        for line in lines:
            row = json.loads(line)
            name = row["p"]
            if "sents" in row:
                document = name.rpartition("-")[0]
                group = groups.setdefault(document, -2 - len(groups))
                known[name] = Unit(tuple(row["sents"]), group, row.get("head", ""))
                if row.get("held"):
                    held.add(group)
                if "head" in row:
                    documents.setdefault(document, {})[name] = known[name]
            elif name in known:
                own, document = known[name], documents.get(name.rpartition("-")[0], {})
                written.append(
                    Item(
                        WRITTEN,
                        row["q"],
                        own.sentences,
                        tuple(row["gold"]),
                        row["ans"],
                        True,
                        own.group,
                        kind=row["kind"],
                        heading=own.heading,
                        siblings=tuple(u for other, u in document.items() if other not in (name, *row.get("also", ()))),
                        held=own.group in held,
                    )
                )
    return written


def about(written: Sequence[Item], items: Sequence[Item]) -> list[Item]:
    """Those of the written questions that are about passages of ``items``."""
    groups = {item.group for item in items}
    return [item for item in written if item.group in groups]


def held_back(written: Sequence[Item]) -> list[Item]:
    """The questions of one in `HELD_BACK` of the passages that have a corrected one, and of one in twice as many of the
    whole documents, chosen by what they say; and those of the documents that are held anyway."""
    passages = {item.sentences for item in written if item.kind == CORRECTED and not item.siblings}
    chosen = {sentences for sentences in passages if int(passage_key(sentences), 16) % HELD_BACK == 0}
    first: dict[int, str] = {}
    for item in written:
        if item.kind == CORRECTED and item.siblings:
            own = passage_key(item.sentences)
            first[item.group] = min(own, first.get(item.group, own))
    documents = {group for group, own in first.items() if int(own, 16) % (2 * HELD_BACK) == 0}
    return [item for item in written if item.held or item.sentences in chosen or item.group in documents]


def passage_key(sentences: Sequence[str]) -> str:
    """The SHA-256, in hexadecimal, of a passage's sentences, one a line."""
    return hashlib.sha256("\n".join(sentences).encode()).hexdigest()


def passage_name(sentences: Sequence[str]) -> str:
    """How files name a passage that they do not bring along: the beginning of its key."""
    return passage_key(sentences)[:KEY_CHARS]


def item_key(item: Item) -> tuple[str, str]:
    """How an item is known among the shortlists."""
    return item.question, passage_name(item.sentences)


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


def divided(data: Path, written: Path | None) -> tuple[list[Item], list[Item], list[Item], list[Item]]:
    """Items to train on, items to tune on, the written ones among the latter's passages, and those held back.

    The split is that of the handed-over items alone, in ``data``: a written question follows the passage it is about.
    """
    items = load_training(data)
    train_items, dev_items = split(items, SEED)
    if written is None:
        return train_items, dev_items, [], []
    asked = load_written(written, items)
    back = held_back(asked)
    held = {item.group for item in (*dev_items, *back)}
    return (
        [item for item in (*train_items, *asked) if item.group not in held],
        dev_items,
        about(asked, dev_items),
        back,
    )
