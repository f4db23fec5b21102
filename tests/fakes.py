"""Stand-ins with behaviour of their own, for tests that need no model."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence

import numpy as np

from assistant.reader.runtime import Reader, Reading
from assistant.reader.windows import MARK
from index import Document, PassageIndex
from index.dense import DenseIndex, Vectors
from index.embedding import EmbedderIdentity
from index.generation import passage_lines
from index.languages import languages
from index.manifest import FORMAT, Manifest
from index.passage_table import PassageTable
from index.passages import SPLITTER, split_passages
from index.tokens import words


class HashingEmbedder:
    """Each word adds one hashed direction: texts that share words are near. ``seen`` lists what it embedded."""

    def __init__(self, name: str = "hashing", dimension: int = 64, precision: str = "float32") -> None:
        self.identity = EmbedderIdentity(name, hashlib.sha256(name.encode()).hexdigest(), precision)
        self.dimension = dimension
        self.seen: list[str] = []

    def encode(self, texts: Sequence[str]) -> Vectors:
        self.seen.extend(texts)
        rows = np.zeros((len(texts), self.dimension), dtype=np.float32)
        for row, text in zip(rows, texts, strict=True):
            for word in words(text) or [text]:
                digest = hashlib.sha256(word.encode()).digest()
                row[digest[0] % self.dimension] += 1 + digest[1] / 256
        return rows / np.linalg.norm(rows, axis=1, keepdims=True)


class TaughtReader:
    """Finds a premise to be false where a sentence holds ``words``, with these log-odds; ``asked`` lists what was read
    behind the mark: the question, the runs of sentences and their headings. All else is left to ``reader``, if any."""

    def __init__(self, words: str, log_odds: float, reader: Reader | None = None, corrects: bool = True) -> None:
        self.words, self.log_odds, self.reader, self.corrects = words, log_odds, reader, corrects
        self.asked: list[tuple[str, list[list[str]], list[str]]] = []

    def read(
        self,
        question: str,
        sentences: Sequence[Sequence[str]],
        headings: Sequence[str] = (),
        losses: Sequence[Sequence[float]] | None = None,
    ) -> list[list[Reading]]:
        if not question.startswith(MARK):
            assert self.reader is not None, "asked without the mark"
            return self.reader.read(question, sentences, headings, losses)
        assert losses is None
        self.asked.append((question, [list(run) for run in sentences], list(headings)))
        return [
            [Reading(self.log_odds if self.words in text else -5.0, 0, 1, 0.9) for text in run] for run in sentences
        ]


def index_of(texts: Mapping[str, str], cards: Mapping[str, Mapping[str, object]] | None = None) -> PassageIndex:
    """An index in memory of documents by name, passages and offsets real, vectors not."""
    documents = [
        Document(
            name,
            name.removesuffix(".txt"),
            text,
            hashlib.sha256(text.encode()).hexdigest(),
            (cards or {}).get(name, {}),
        )
        for name, text in texts.items()
    ]
    split = [split_passages(document.text, 700) for document in documents]
    passages = PassageTable.parse(passage_lines(split).splitlines(), documents)
    manifest = Manifest(
        format=FORMAT,
        generation="20260101T000000Z-00000000",
        fingerprint="",
        created_at="2026-01-01T00:00:00Z",
        embedder=EmbedderIdentity("none", ""),
        dimension=1,
        passage_chars=700,
        splitter=SPLITTER,
        documents=len(documents),
        passages=len(passages),
        sentences=passages.sentences,
        sources={document.id: document.sha256 for document in documents},
        stamps=(),
        left_out=(),
        files={},
        took_s=0.0,
        languages=languages(documents),
    )
    return PassageIndex(manifest, passages, DenseIndex.of(np.ones((len(passages), 1), dtype=np.float32)))
