from __future__ import annotations

import pytest
from fakes import HashingEmbedder

from index import IndexConfig, PassageIndex, open_index, rebuild


@pytest.fixture
def index(two_documents: IndexConfig, fake_embedder: HashingEmbedder) -> PassageIndex:
    rebuild(two_documents, fake_embedder)
    return open_index(two_documents, fake_embedder.identity)[0]


def test_the_passage_that_shares_the_words_of_the_query_comes_first(
    index: PassageIndex, fake_embedder: HashingEmbedder
) -> None:
    assert index.search("Plums are blue", fake_embedder, 1)[0].passage.text == "Plums are blue."


def test_asking_for_more_passages_than_there_are_gives_each_once(
    index: PassageIndex, fake_embedder: HashingEmbedder
) -> None:
    assert sorted(hit.passage.id for hit in index.search("boats", fake_embedder, 100)) == [0, 1, 2]


def test_a_passage_is_embedded_behind_its_heading(index: PassageIndex) -> None:
    assert index.passages[2].embedded_text == "Boats\nBoats float on water. Stones sink."


def test_the_cosines_of_no_sentences_are_none(index: PassageIndex, fake_embedder: HashingEmbedder) -> None:
    assert index.sentence_cosines([], fake_embedder.encode(["x"])[0]) == []
