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


def test_of_chosen_documents_every_passage_is_found_however_far_it_is(
    index: PassageIndex, fake_embedder: HashingEmbedder
) -> None:
    vector = fake_embedder.encode(["Plums are blue"])[0]
    assert [hit.passage.document.id for hit in index.retrieve("Plums are blue", vector, 5, ["b.txt"])] == ["b.txt"]


def test_a_choice_is_exact_in_a_corpus_far_larger_than_what_is_ranked(
    two_documents: IndexConfig, fake_embedder: HashingEmbedder
) -> None:
    crowd = "\n\n".join(f"Plums are blue in garden {number} of many." for number in range(200))
    (two_documents.source_docs / "crowd.txt").write_text(crowd, "utf-8")
    rebuild(two_documents, fake_embedder)
    index = open_index(two_documents, fake_embedder.identity)[0]
    vector = fake_embedder.encode(["Plums are blue in garden 7"])[0]
    found = index.retrieve("Plums are blue in garden 7", vector, 10, {"a.txt", "b.txt"})
    assert sorted(hit.passage.document.id for hit in found) == ["a.txt", "a.txt", "b.txt"]


def test_a_passage_that_stands_in_several_documents_is_found_once(
    two_documents: IndexConfig, fake_embedder: HashingEmbedder
) -> None:
    for name in ("c.txt", "d.txt"):
        (two_documents.source_docs / name).write_text("Boats\n\nBoats float on water. Stones sink.\n", "utf-8")
    rebuild(two_documents, fake_embedder)
    index = open_index(two_documents, fake_embedder.identity)[0]
    assert [hit.passage.document.id for hit in index.search("boats float", fake_embedder, 10)] == [
        "b.txt",
        "a.txt",
        "a.txt",
    ]
    boats = index.documents["b.txt"]
    passage = next(passage for passage in index.passages if passage.document is boats)
    assert [other.document.id for other in index.near(passage, 2)] == ["c.txt", "d.txt"]


def test_the_passages_and_sentences_of_each_document_are_counted(index: PassageIndex) -> None:
    assert index.passages.counts() == {"a.txt": (2, 3), "b.txt": (1, 2)}
    assert [passage.text for passage in index.of_documents(["b.txt"])] == ["Boats float on water. Stones sink."]
    assert index.of_documents([]) == []


def test_passages_are_read_like_a_tuple(index: PassageIndex) -> None:
    passages = index.passages
    assert (len(passages), passages[-1], passages[1:]) == (3, passages[2], (passages[1], passages[2]))
    assert passages == list(passages)
    with pytest.raises(IndexError):
        _ = passages[3]
