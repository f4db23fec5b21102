"""Two rankings into one score."""

from __future__ import annotations

# A weighted sum keeps how sure each list is, which reciprocal ranks throw away. Of 0.4 to 0.7 the best on the dev sets
# of tests/eval and on 2,900 of the questions written for the reader.
DENSE_WEIGHT = 0.5


def fuse(cosine: float, bm25: float, most: float) -> float:
    """Weighted sum of the cosine and of BM25 as a share of the ``most`` that it could be: orders passages, 0 to 1.

    As a share of the question's best, which was tried, one common word would count as much as all words of another
    question: passages that answer in other words came after those that share a word by chance.
    """
    share = bm25 / most if most > 0 else 0.0
    return DENSE_WEIGHT * max(cosine, 0.0) + (1 - DENSE_WEIGHT) * share
