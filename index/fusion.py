"""Two rankings into one score."""

from __future__ import annotations

# A weighted sum keeps how sure each list is, which reciprocal ranks throw away. Fitted on tests/eval/dev.jsonl.
DENSE_WEIGHT = 0.5


def fuse(cosine: float, bm25: float, best_bm25: float) -> float:
    """Weighted sum of the cosine and of BM25 as a share of the query's best: orders passages, 0 to 1.

    It says which passage is best, never whether it is good: the best of any question scores high.
    """
    share = bm25 / best_bm25 if best_bm25 > 0 else 0.0
    return DENSE_WEIGHT * max(cosine, 0.0) + (1 - DENSE_WEIGHT) * share
