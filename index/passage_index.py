"""One loaded, immutable generation: its documents, passages and sentences, and how to find among them."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from index.acronyms import Acronyms, acronyms, expanded
from index.dense import DenseIndex, Vectors
from index.embedding import Embedder
from index.extraction import Extracted
from index.fusion import fuse
from index.lexical import LexicalIndex
from index.manifest import Manifest
from index.passage_table import Passage, PassageTable, Sentence

_POOL = 50
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


class PassageIndex:
    """Safe to share between threads: nothing in it changes once it is made."""

    def __init__(
        self,
        manifest: Manifest,
        passages: PassageTable,
        dense: DenseIndex,
        sentence_vectors: Vectors,
        lexical: LexicalIndex | None = None,
    ) -> None:
        """``lexical`` is derived when it is first needed where none was stored."""
        self.manifest = manifest
        self.passages = passages
        self.documents = {document.id: document for document in passages.documents()}
        self.acronyms = Acronyms(acronyms(document.text for document in self.documents.values()))
        self.dense = dense
        self._sentence_vectors = sentence_vectors
        self._lexical = lexical

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

    @cached_property
    def lexical(self) -> LexicalIndex:
        """BM25 over the passages: as it was stored, or made at the first question."""
        return self._lexical or LexicalIndex.of(passage.embedded_text for passage in self.passages)

    def stored_lexical_problem(self) -> str | None:
        """What is wrong with a BM25 that was stored, or None; a sample of its passages is counted again."""
        if self._lexical is None:
            return None
        step = max(1, len(self.passages) // _SAMPLE)
        return self._lexical.problem({passage.id: passage.embedded_text for passage in self.passages[::step]})

    def retrieve(self, query: str, vector: Vectors, k: int, documents: Collection[str] = ()) -> list[Hit]:
        """The ``k`` best passages by fused score, best first; ties by reading order.

        ``vector`` is ``query`` embedded: shape ``(dim,)``, length 1, by the embedder of the manifest. With
        ``documents``, ids of some, the passages of those alone are ranked. A passage that stands word for word in
        several documents comes once, from the first of them.
        """
        pool = max(_POOL, k)
        rows = self.passages.of_documents(documents) if documents else None
        dense = self.dense.search(vector, pool, rows)
        words = expanded(query, self.acronyms)
        lexical = self.lexical.search(words, pool, rows)
        cosines, bm25 = dict(dense), dict(lexical)
        missing = [row for row in bm25 if row not in cosines]
        cosines.update(zip(missing, self.dense.cosines(vector, missing), strict=True))
        missing = sorted(row for row in cosines if row not in bm25)
        bm25.update(zip(missing, self.lexical.scores_of(words, missing), strict=True))
        dense_ranks = {row: rank for rank, (row, _) in enumerate(dense, start=1)}
        bm25_ranks = {row: rank for rank, (row, _) in enumerate(lexical, start=1)}
        highest = lexical[0][1] if lexical else 0.0
        hits = [
            Hit(
                passage=self.passages[row],
                score=fuse(cosine, bm25[row], highest),
                cosine=cosine,
                bm25=bm25[row],
                dense_rank=dense_ranks.get(row),
                bm25_rank=bm25_ranks.get(row),
            )
            for row, cosine in cosines.items()
        ]
        ranked = sorted(hits, key=lambda hit: (-hit.score, hit.passage.id))
        distinct: dict[str, Hit] = {}
        for hit in ranked:
            distinct.setdefault(hit.passage.embedded_text, hit)
        return list(distinct.values())[:k]

    def of_documents(self, documents: Collection[str]) -> list[Passage]:
        """The passages of the documents with these ids, in order."""
        return [self.passages[int(row)] for row in self.passages.of_documents(documents)]

    def near(self, passage: Passage, k: int) -> list[Passage]:
        """The ``k`` passages nearest to ``passage``, nearest first, ties in reading order; itself left out."""
        found = sorted(self.dense.search(self.dense.row(passage.id), k + 1), key=lambda one: (-one[1], one[0]))
        return [self.passages[row] for row, _ in found if row != passage.id][:k]

    def sentence_cosines(self, sentences: Sequence[Sentence], vector: Vectors) -> list[float]:
        """The cosine of ``vector`` with each sentence, in their order."""
        if not sentences:
            return []
        rows = self._sentence_vectors[[sentence.id for sentence in sentences]].astype(np.float32)
        return [float(cosine) for cosine in rows @ vector]

    def sentence_vectors(self) -> Vectors:
        """Every sentence's vector, shape ``(sentences, dim)``, as stored (float16)."""
        return self._sentence_vectors

    def search(self, query: str, embedder: Embedder, k: int) -> list[Hit]:
        """``retrieve`` for a caller that has not embedded the query yet."""
        return self.retrieve(query, embedder.encode([query])[0], k)
