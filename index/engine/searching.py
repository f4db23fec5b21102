"""One generation that an engine keeps: searched there, read from there, believed only as far as its hashes hold."""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Callable, Collection, Sequence
from typing import Any

import numpy as np

from index.acronyms import Acronyms, expanded
from index.config import IndexConfig
from index.dense import Vectors
from index.engine.protocol import Kept, Only, engine_at
from index.engine.reading import READ_AHEAD, Documents, EngineDense, EnginePassages, Reading
from index.engine.records import Anchors
from index.engine.terms import EngineTerms
from index.errors import IndexCorrupt, IndexIncompatible
from index.generation import LEXICAL_FILE
from index.lexical import LexicalIndex
from index.manifest import Manifest
from index.opening import ENGINE_FILE
from index.passage_index import Found, PassageIndex, Terms
from index.passage_table import Passage
from index.store import Stored

ANCHORS_FILE, WORDS_FILE = "anchors.jsonl", "words.json"
MADE_KEY = "made"


def open_in_engine(stored: Stored, config: IndexConfig) -> PassageIndex:
    """A generation kept by the engine of ``config``. Its collection must be the one that was written.

    Raises IndexIncompatible when no engine is set, EngineAway, or IndexCorrupt when the collection is not there or
    holds another generation.
    """
    name = stored.manifest.generation
    try:
        facts: dict[str, Any] = json.loads(stored.files[ENGINE_FILE][:])
        kept = stored.files[ANCHORS_FILE][:]
        anchors = Anchors.from_bytes(kept)
        collection = str(facts["collection"])
        counts: tuple[dict[str, int], int] | None = None
        lexical: LexicalIndex | None = None
        if LEXICAL_FILE in stored.files:
            lexical = LexicalIndex.from_bytes(memoryview(stored.files[LEXICAL_FILE]))
        else:
            common = {str(word): int(count) for word, count in json.loads(stored.files[WORDS_FILE][:]).items()}
            counts = common, int(facts["words"])
        acronyms = {str(short): str(full) for short, full in facts["acronyms"].items()}
    except (ValueError, KeyError, TypeError, AttributeError) as problem:
        raise IndexCorrupt(name, f"cannot be read back ({problem})") from None
    if config.engine is None:
        raise IndexIncompatible(f"an engine (collection {collection})", "files, for SCO_INDEX is not set")
    engine = engine_at(config.engine)
    manifest = stored.manifest
    where = f"milvus collection {collection}"
    held = engine.open(collection)
    made = engine.pieces(collection, [MADE_KEY]).get(MADE_KEY)
    if made != made_by(manifest, kept):
        raise IndexCorrupt(where, f"is not what was written for {name}: of another time, model or document")
    if held != (manifest.passages, manifest.dimension) or anchors.rows != manifest.passages:
        raise IndexCorrupt(where, f"holds {held}, its manifest promises {(manifest.passages, manifest.dimension)}")
    if lexical is not None and len(lexical) != manifest.passages:
        raise IndexCorrupt(name, f"its BM25 is of {len(lexical)} passages, not of {manifest.passages}")
    collected = Kept(engine, collection)
    terms = EngineTerms(collected, manifest.passages, *counts) if counts is not None else None
    return EngineIndex(manifest, anchors, collected, Acronyms(acronyms), terms, lexical)


def made_by(manifest: Manifest, anchors: bytes) -> bytes:
    """By what an engine's collection is known to be that of a generation."""
    facts = {
        "embedder": str(manifest.embedder),
        "dimension": manifest.dimension,
        "splitter": manifest.splitter,
        "anchors": hashlib.sha256(anchors).hexdigest(),
    }
    return json.dumps(facts, sort_keys=True).encode()


class EngineIndex(PassageIndex):
    """As PassageIndex, and safe to share between threads: what was fetched lately is remembered, within bounds."""

    def __init__(
        self,
        manifest: Manifest,
        anchors: Anchors,
        kept: Kept,
        acronyms: Acronyms,
        terms: EngineTerms | None,
        lexical: LexicalIndex | None,
    ) -> None:
        """``terms`` where the engine keeps them, else ``lexical`` as it was stored, or None to derive it."""
        self._read = Reading(manifest, anchors, kept)
        self.manifest = manifest
        self.passages = EnginePassages(self._read)
        self.documents = Documents(self._read)
        self.acronyms = acronyms
        self.dense = EngineDense(self._read)
        self._anchors, self._kept = anchors, kept
        self._terms = terms
        self._stored_lexical = lexical

    @property
    def lexical(self) -> Terms:
        return self._terms if self._terms is not None else self._postings

    def _find(self, query: str, vector: Vectors, pool: int, documents: Collection[str]) -> Found:
        only = Only(documents=self._anchors.numbers_of(documents)) if documents else None
        words = expanded(query, self.acronyms)
        heaviest = self._heaviest(words)
        dense = self._believed(self._kept.nearest(vector, pool, only))
        lexical = heaviest(pool, only)
        cosines, bm25 = dict(dense), dict(lexical)
        rows = {*cosines, *bm25}
        # Each ranking is asked how it measures what only the other found.
        if missing := sorted(rows - cosines.keys()):
            cosines |= dict(self._believed(self._kept.nearest(vector, len(missing), Only(rows=missing))))
        if missing := sorted(rows - bm25.keys()):
            bm25 |= dict(heaviest(len(missing), Only(rows=missing)))
        # A row that the engine found and does not know again is passed over.
        found = Found(dense, [row for row, _ in lexical if row in cosines], cosines, bm25, self._most(words))
        self._read.documents(dict.fromkeys(map(self._anchors.of_row, found.best_first()[:READ_AHEAD])))
        return found

    def _heaviest(self, query: str) -> Callable[[int, Only | None], list[tuple[int, float]]]:
        """What finds so many rows, of some or of all, by BM25, best first."""
        if self._terms is not None:
            weights = self._terms.weights(query)
            return lambda k, only: self._believed(self._kept.heaviest(weights, k, only))

        def stored(k: int, only: Only | None) -> list[tuple[int, float]]:
            if only is None:
                return self._postings.search(query, k)
            rows = only.rows if only.rows is not None else self._anchors.rows_of(only.documents or ())
            return self._postings.search(query, k, np.asarray(rows, dtype=np.int64))

        return stored

    def _believed(self, found: list[tuple[int, float]]) -> list[tuple[int, float]]:
        """Rows there are, each once, in one order for equal scores: the engine's own is any."""
        rows = {row: score for row, score in reversed(found) if 0 <= row < self._anchors.rows and math.isfinite(score)}
        return sorted(rows.items(), key=lambda one: (-one[1], one[0]))

    def near(self, passage: Passage, k: int) -> list[Passage]:
        found = self._believed(self._kept.nearest(self.dense.row(passage.id), k + 1))
        rows = [row for row, _ in found if row != passage.id][:k]
        self._read.documents(dict.fromkeys(map(self._anchors.of_row, rows)))
        return [self.passages[row] for row in rows]

    def of_documents(self, documents: Collection[str]) -> list[Passage]:
        numbers = self._anchors.numbers_of(documents)
        # What would not fit is remembered nowhere.
        held = (self._read.documents if len(numbers) <= READ_AHEAD else self._read.fetch)(numbers)
        return [passage for number in numbers for passage in held[number][1]]

    def passage_vectors(self, rows: Sequence[int]) -> Vectors:
        return self._kept.vectors(rows)
