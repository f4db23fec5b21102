"""How many passages are weighed goes by their length."""

from pathlib import Path

import pytest

from assistant import Assistant
from index import IndexConfig, LiveIndex, rebuild
from tests.fakes import HashingEmbedder

ROW = "The fee of room {n} is {n} marks."
LONG = ROW + " " + "It has been so for as long as anyone in the town can remember, and nobody asks why. " * 6


@pytest.mark.parametrize(
    ("paragraph", "least", "most"), [(ROW, 30, 30), (LONG, 10, 10), (ROW + " It rains." * 17, 11, 29)]
)
def test_more_of_the_short_passages_are_weighed(paragraph: str, least: int, most: int, tmp_path: Path) -> None:
    docs = tmp_path / "docs"
    docs.mkdir()
    for number in range(1, 41):
        (docs / f"{number}.txt").write_text(paragraph.format(n=number) + "\n", "utf-8")
    embedder = HashingEmbedder()
    config = IndexConfig(docs, tmp_path / "built")
    rebuild(config, embedder)
    assistant = Assistant(LiveIndex(config, embedder.identity), embedder)
    hits = assistant.consider("What is the fee of room 7?", assistant.index()[0]).hits
    assert least <= len(hits) <= most
    assert [hit.score for hit in hits] == sorted((hit.score for hit in hits), reverse=True)
