from __future__ import annotations

import bm25s
import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from index.lexical import LexicalIndex
from index.tokens import terms

WORDS = st.sampled_from(["apple", "pear", "plum", "river", "stone", "bridge", "the", "of", "red"])
TEXTS = st.lists(WORDS, max_size=12).map(" ".join)


@given(st.lists(TEXTS, min_size=1, max_size=20), TEXTS)
def test_bm25_is_that_of_bm25s(passages: list[str], query: str) -> None:
    corpus = [terms(passage) for passage in passages]
    held = {term for passage in corpus for term in passage}
    asked = [term for term in terms(query) if term in held]
    expected = np.zeros(len(passages), dtype=np.float32)
    if asked:
        reference = bm25s.BM25(method="lucene", k1=1.2, b=0.75)
        reference.index(corpus, show_progress=False)
        expected = reference.get_scores(asked)
    assert np.allclose(LexicalIndex.of(passages).scores(query), expected, rtol=1e-5, atol=1e-6)
