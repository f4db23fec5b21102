from __future__ import annotations

import pytest

from index.fusion import fuse


@pytest.mark.parametrize(
    ("cosine", "bm25", "most", "score"),
    [(1.0, 4.0, 4.0, 1.0), (-0.5, 0.0, 4.0, 0.0), (0.5, 0.0, 0.0, 0.25), (0.0, 1.0, 2.0, 0.25)],
)
def test_each_ranking_gives_half_of_the_score(cosine: float, bm25: float, most: float, score: float) -> None:
    assert fuse(cosine, bm25, most) == pytest.approx(score)
