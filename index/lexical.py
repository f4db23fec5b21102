"""BM25 over the passages, kept in memory: cheap to derive, so never stored."""

from __future__ import annotations

import logging
import math
from collections import Counter
from collections.abc import Sequence

import bm25s
import numpy as np
import numpy.typing as npt

from index.tokens import terms

# It announces every index it builds, at a level of its own making.
logging.getLogger("bm25s").setLevel(logging.WARNING)


class LexicalIndex:
    """BM25 in the Lucene variant (Kamphuis et al. 2020, "Which BM25 do you mean?"), k1 1.2, b 0.75."""

    def __init__(self, texts: Sequence[str]) -> None:
        self._size = len(texts)
        corpus = [terms(text) for text in texts]
        self._empty = not any(corpus)
        self._frequency = Counter(term for passage in corpus for term in set(passage))
        self._bm25 = bm25s.BM25(method="lucene", k1=1.2, b=0.75)
        if not self._empty:
            self._bm25.index(corpus, show_progress=False)

    def scores(self, query: str) -> npt.NDArray[np.float32]:
        """BM25 of every passage, shape ``(n,)``, at least 0; all 0 when no term of ``query`` occurs."""
        known = [term for term in terms(query) if term in self._frequency]
        if not known:
            return np.zeros(self._size, dtype=np.float32)
        return np.asarray(self._bm25.get_scores(known), dtype=np.float32)

    def idf(self, term: str) -> float:
        """How telling a term is: the Lucene variant's idf, largest for a term that no passage holds."""
        frequency = self._frequency[term]
        return math.log(1 + (self._size - frequency + 0.5) / (frequency + 0.5))

    def knows(self, term: str) -> bool:
        """Whether some passage holds the term."""
        return term in self._frequency
