"""Stand-ins with behaviour of their own, for tests that need no model."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

import numpy as np

from index.dense import Vectors
from index.embedding import EmbedderIdentity
from index.tokens import words


class HashingEmbedder:
    """Each word adds one hashed direction: texts that share words are near. ``seen`` lists what it embedded."""

    def __init__(self, name: str = "hashing", dimension: int = 64) -> None:
        self.identity = EmbedderIdentity(name, hashlib.sha256(name.encode()).hexdigest())
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
