"""The passages closest to a question or to a passage by BM25, for unanswered examples."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Sequence

import numpy as np
from scipy.sparse import csr_matrix

from .corpus import Item, Unit

UNIT_WORDS = 75
"""Words of a passage in one retrieval unit, about a window."""

COMMON = 0.02
"""Share of the units beyond which a word is too common to retrieve by."""

_WORD = re.compile(r"[0-9a-z]+")


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
                found.setdefault(tuple(run), Unit(tuple(run), item.group, item.heading))
                run, words = [], 0
            run.append(text)
            words += count
        found.setdefault(tuple(run), Unit(tuple(run), item.group, item.heading))
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
