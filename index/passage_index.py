"""One loaded, immutable generation: its documents, passages and sentences, and how to find among them."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence, Set
from dataclasses import dataclass
from functools import cached_property
from typing import Protocol

import numpy as np

from index.acronyms import Acronyms, acronyms, expanded
from index.dense import DenseIndex, Rows, Vectors
from index.documents import Document
from index.embedding import Embedder
from index.extraction import Extracted
from index.fusion import fuse
from index.lexical import LexicalIndex
from index.manifest import Manifest
from index.passage_table import Passage, Passages, PassageTable
from index.searching import Searching
from index.tokens import terms

_POOL = 50
# As many rows as an engine gives at once (Milvus: 16,384), and less.
_MOST_POOL = 12_800
_SAMPLE = 20


@dataclass(frozen=True, slots=True)
class Hit:
    """A passage found. ``score`` orders, ``cosine`` tells how near it is; ranks are 1-based or None."""

    passage: Passage
    score: float
    cosine: float
    bm25: float
    dense_rank: int | None
    bm25_rank: int | None


@dataclass(frozen=True, slots=True)
class Found:
    """Rows to choose from, before they are made one ranking: each list best first.

    ``cosines`` and ``bm25`` hold every row of both; a row that ``bm25`` lacks shares no term with the query. No
    passage's BM25 could reach ``most``, the idf of all terms of the query.
    """

    dense: Sequence[tuple[int, float]]
    lexical: Sequence[int]
    cosines: Mapping[int, float]
    bm25: Mapping[int, float]
    most: float

    def score(self, row: int) -> float:
        return fuse(self.cosines[row], self.bm25.get(row, 0.0), self.most)

    def best_first(self) -> list[int]:
        """Rows by fused score; ties by reading order."""
        return sorted(self.cosines, key=lambda row: (-self.score(row), row))


class Dense(Protocol):
    """The passages' vectors, wherever they are kept; as ``DenseIndex``."""

    @property
    def dimension(self) -> int: ...
    @property
    def searching(self) -> Searching: ...
    def __len__(self) -> int: ...
    def search(self, query: Vectors, k: int, rows: Rows | None = None) -> list[tuple[int, float]]: ...
    def row(self, number: int) -> Vectors: ...
    def vectors(self) -> Vectors: ...
    def cosines(self, query: Vectors, rows: list[int]) -> list[float]: ...
    def recall(self, queries: Vectors) -> float: ...
    def least_code_cosine(self, sample: Rows) -> float: ...


class Terms(Protocol):
    """Which terms and words the passages hold; as ``LexicalIndex``."""

    def idf(self, term: str) -> float: ...
    def knows(self, term: str) -> bool: ...
    def times(self, word: str) -> int: ...
    def commonest(self, most: int) -> list[str]: ...


class PassageIndex:
    """Safe to share between threads: nothing in it changes once it is made."""

    def __init__(
        self,
        manifest: Manifest,
        passages: PassageTable,
        dense: DenseIndex,
        lexical: LexicalIndex | None = None,
    ) -> None:
        """``lexical`` is derived when it is first needed where none was stored."""
        self.manifest = manifest
        self.passages: Passages = passages
        self.documents: Mapping[str, Document] = {document.id: document for document in passages.documents()}
        self.acronyms = Acronyms(acronyms(document.text for document in self.documents.values()))
        self.dense: Dense = dense
        self._stored_lexical = lexical

    def extracted(self) -> dict[tuple[str, str], Extracted]:
        """(sha256 of the file, what read it) → what was read, of each document that is not plain text."""
        return {
            (document.sha256, document.structure.extractor): Extracted(document.text, document.structure)
            for document in self.documents.values()
            if document.structure is not None
        }

    @property
    def generation(self) -> str:
        return self.manifest.generation

    @property
    def lexical(self) -> Terms:
        return self._postings

    @cached_property
    def _postings(self) -> LexicalIndex:
        """As it was stored, or made at the first question."""
        return self._stored_lexical or LexicalIndex.of(passage.embedded_text for passage in self.passages)

    def stored_lexical_problem(self) -> str | None:
        """What is wrong with a BM25 that was stored, or None; a sample of its passages is counted again."""
        if self._stored_lexical is None:
            return None
        step = max(1, len(self.passages) // _SAMPLE)
        return self._stored_lexical.problem({passage.id: passage.embedded_text for passage in self.passages[::step]})

    def retrieve(self, query: str, vector: Vectors, k: int, documents: Collection[str] = ()) -> list[Hit]:
        """The ``k`` best passages by fused score, best first; ties by reading order.

        ``vector`` is ``query`` embedded: shape ``(dim,)``, length 1, by the embedder of the manifest. With
        ``documents``, ids of some, the passages of those alone are ranked. A passage that stands word for word in
        several documents comes once: from the first of those whose title has the most words of the query.
        """
        pool = max(_POOL, k)
        while True:
            found = self._find(query, vector, pool, documents)
            hits = self._distinct(found, k, set(terms(query)))
            # Versions of one text crowd the others out of a pool: then a larger one is looked through.
            if len(hits) == k or len(found.dense) < pool or pool >= _MOST_POOL:
                return hits
            pool = min(4 * pool, _MOST_POOL)

    def _distinct(self, found: Found, k: int, asked: Set[str]) -> list[Hit]:
        dense_ranks = {row: rank for rank, (row, _) in enumerate(found.dense, start=1)}
        bm25_ranks = {row: rank for rank, row in enumerate(found.lexical, start=1)}
        distinct: dict[str, Hit] = {}
        for row in found.best_first():
            score = found.score(row)
            # Those that are alike have one score: behind the last place there may be one from a better document.
            if len(distinct) >= k and score < next(reversed(distinct.values())).score:
                break
            hit = Hit(
                passage=self.passages[row],
                score=score,
                cosine=found.cosines[row],
                bm25=found.bm25.get(row, 0.0),
                dense_rank=dense_ranks.get(row),
                bm25_rank=bm25_ranks.get(row),
            )
            text = hit.passage.embedded_text
            known = distinct.get(text)
            if len(distinct) < k if known is None else _titled(hit, asked) > _titled(known, asked):
                distinct[text] = hit
        return list(distinct.values())

    def _find(self, query: str, vector: Vectors, pool: int, documents: Collection[str]) -> Found:
        """The ``pool`` best passages of each ranking, with both measures of all of them."""
        rows = self.passages.of_documents(documents) if documents else None
        dense = self.dense.search(vector, pool, rows)
        words = expanded(query, self.acronyms)
        lexical = self._postings.search(words, pool, rows)
        cosines, bm25 = dict(dense), dict(lexical)
        missing = [row for row in bm25 if row not in cosines]
        cosines.update(zip(missing, self.dense.cosines(vector, missing), strict=True))
        missing = sorted(row for row in cosines if row not in bm25)
        bm25.update(zip(missing, self._postings.scores_of(words, missing), strict=True))
        return Found(dense, [row for row, _ in lexical], cosines, bm25, self._most(words))

    def _most(self, words: str) -> float:
        return sum(map(self.lexical.idf, terms(words)))

    def passage_vectors(self, rows: Sequence[int]) -> Vectors:
        """Vectors of passages by their ids, in that order, shape ``(len(rows), dim)``, float32."""
        return np.array([self.dense.row(row) for row in rows], dtype=np.float32)

    def of_documents(self, documents: Collection[str]) -> list[Passage]:
        """The passages of the documents with these ids, in order."""
        return [self.passages[int(row)] for row in self.passages.of_documents(documents)]

    def near(self, passage: Passage, k: int) -> list[Passage]:
        """The ``k`` passages nearest to ``passage``, nearest first, ties in reading order; itself left out."""
        found = sorted(self.dense.search(self.dense.row(passage.id), k + 1), key=lambda one: (-one[1], one[0]))
        return [self.passages[row] for row, _ in found if row != passage.id][:k]

    def search(self, query: str, embedder: Embedder, k: int) -> list[Hit]:
        """``retrieve`` for a caller that has not embedded the query yet."""
        return self.retrieve(query, embedder.encode([query])[0], k)


def _titled(hit: Hit, asked: Set[str]) -> int:
    """How many of the terms ``asked`` the title of its document has."""
    return len(asked & set(terms(hit.passage.document.title)))
