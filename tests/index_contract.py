"""What every index does, wherever its passages are kept: run over files by tests/unit, over engines by tests/engine."""

from __future__ import annotations

import numpy as np
import pytest
from fakes import HashingEmbedder

from assistant.language.spelling import Spelling
from index import IndexConfig, NoSuchGeneration, PassageIndex, State, open_index, rebuild, roll_back
from index.build import Rebuilt
from index.verify import check_contents, verify

IDENTITY = HashingEmbedder().identity


@pytest.fixture
def index(two_documents: IndexConfig, fake_embedder: HashingEmbedder) -> PassageIndex:
    rebuild(two_documents, fake_embedder)
    return open_index(two_documents, fake_embedder.identity)[0]


def test_the_passage_that_shares_the_words_of_the_query_comes_first(
    index: PassageIndex, fake_embedder: HashingEmbedder
) -> None:
    assert index.search("Plums are blue", fake_embedder, 1)[0].passage.text == "Plums are blue."


def test_a_word_counts_the_less_the_more_of_the_query_no_passage_holds(
    index: PassageIndex, fake_embedder: HashingEmbedder
) -> None:
    vector = fake_embedder.encode(["boats"])[0]
    alone, among = (index.retrieve(query, vector, 1)[0] for query in ("boats", "boats tariffs comets"))
    assert (among.passage, among.bm25, among.cosine) == (alone.passage, alone.bm25, alone.cosine)
    assert 0 < among.score < alone.score < 1


def test_asking_for_more_passages_than_there_are_gives_each_once(
    index: PassageIndex, fake_embedder: HashingEmbedder
) -> None:
    assert sorted(hit.passage.id for hit in index.search("boats", fake_embedder, 100)) == [0, 1, 2]


def test_a_passage_is_embedded_behind_its_heading(index: PassageIndex) -> None:
    assert index.passages[2].embedded_text == "Boats\nBoats float on water. Stones sink."


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
    passage = next(passage for passage in index.passages if passage.document.id == boats.id)
    assert [other.document.id for other in index.near(passage, 2)] == ["c.txt", "d.txt"]


def test_of_documents_that_say_the_same_the_one_that_the_query_names_is_found(
    two_documents: IndexConfig, fake_embedder: HashingEmbedder
) -> None:
    for name, title in (("c.md", "Archery club"), ("d.md", "Sailing club"), ("e.md", "Tennis club")):
        (two_documents.source_docs / name).write_text(f"# {title}\n\n## Rules\n\nNobody may row alone.\n", "utf-8")
    rebuild(two_documents, fake_embedder)
    index = open_index(two_documents, fake_embedder.identity)[0]
    asked = {
        "May one row alone?": "c.md",
        "May one row alone in the sailing club?": "d.md",
        "May one row alone in the tennis club?": "e.md",
    }
    found = {query: index.search(query, fake_embedder, 1)[0].passage.document.id for query in asked}
    assert found == asked


def test_many_versions_of_one_text_crowd_out_no_other(
    two_documents: IndexConfig, fake_embedder: HashingEmbedder
) -> None:
    for number in range(120):
        text = "Boats\n\nBoats float on water. Stones sink.\n\nBoats float.\n"
        (two_documents.source_docs / f"version-{number}.txt").write_text(text, "utf-8")
    rebuild(two_documents, fake_embedder)
    index = open_index(two_documents, fake_embedder.identity)[0]
    found = index.search("Do boats float on water?", fake_embedder, 4)
    texts = [hit.passage.text for hit in found]
    assert texts[:2] == ["Boats float on water. Stones sink.", "Boats float."]
    assert sorted(texts[2:]) == ["Apples are red. Pears are green.", "Plums are blue."]


def test_passages_and_documents_are_those_of_the_folder(index: PassageIndex) -> None:
    assert [passage.text for passage in index.passages] == [
        "Apples are red. Pears are green.",
        "Plums are blue.",
        "Boats float on water. Stones sink.",
    ]
    assert (index.passages[-1].text, index.passages[1].paragraph) == ("Boats float on water. Stones sink.", 2)
    assert [passage.id for passage in index.passages[::2]] == [0, 2]
    assert [[s.span.of(p.document.text) for s in p.sentences] for p in index.passages] == [
        ["Apples are red.", "Pears are green."],
        ["Plums are blue."],
        ["Boats float on water.", "Stones sink."],
    ]
    assert {name: document.title for name, document in index.documents.items()} == {"a.txt": "Apples", "b.txt": "Boats"}
    assert ("c.txt" in index.documents, len(index.documents), index.of_documents(["c.txt"])) == (False, 2, [])
    with pytest.raises(IndexError):
        index.passages[3]
    with pytest.raises(KeyError):
        index.documents["c.txt"]


def test_the_passages_and_sentences_of_each_document_are_counted(index: PassageIndex) -> None:
    assert index.passages.counts() == {"a.txt": (2, 3), "b.txt": (1, 2)}
    assert [document.id for document in index.passages.documents()] == ["a.txt", "b.txt"]
    assert [passage.text for passage in index.of_documents(["b.txt"])] == ["Boats float on water. Stones sink."]
    assert [passage.id for passage in index.of_documents({"b.txt", "c.txt", "a.txt"})] == [0, 1, 2]
    assert index.of_documents([]) == []


def test_passages_are_read_like_a_tuple(index: PassageIndex) -> None:
    passages = index.passages
    assert (len(passages), passages[-1], passages[1:]) == (3, passages[2], (passages[1], passages[2]))
    assert passages == list(passages)
    with pytest.raises(IndexError):
        _ = passages[3]
    with pytest.raises(IndexError):
        _ = passages[-4]


def test_a_term_is_known_and_the_more_telling_the_rarer(index: PassageIndex) -> None:
    assert [index.lexical.knows(term) for term in ("appl", "boat", "zebra")] == [True, True, False]
    assert round(index.lexical.idf("appl"), 4) == 0.47
    assert round(index.lexical.idf("zebra"), 4) == 2.0794


def test_words_are_counted_as_they_are_written(index: PassageIndex) -> None:
    assert [index.lexical.times(word) for word in ("apples", "are", "boats", "boat", "zebra")] == [3, 3, 2, 0, 0]
    assert index.lexical.commonest(100) == [
        "apples", "are", "blue", "boats", "float", "green", "on", "pears", "plums", "red", "sink", "stones", "water",
    ]  # fmt: skip
    assert index.lexical.commonest(2) == ["apples", "are"]


def test_a_slip_is_mended_towards_the_words_of_the_documents(index: PassageIndex) -> None:
    assert Spelling(index).mend("What colour are aples and plmus?") == "What colour are apples and plums?"


def test_each_measure_of_a_hit_is_that_of_the_passage(index: PassageIndex, fake_embedder: HashingEmbedder) -> None:
    vector = fake_embedder.encode(["Which boats sink in green water?"])[0]
    for hit in index.retrieve("Which boats sink in green water?", vector, 3):
        assert hit.cosine == pytest.approx(float(index.dense.row(hit.passage.id) @ vector), abs=1e-6)
        assert (hit.bm25_rank is None) == (hit.bm25 == 0)
    best = index.retrieve("boats sink", fake_embedder.encode(["boats sink"])[0], 1)[0]
    assert (best.passage.id, best.dense_rank, best.bm25_rank) == (2, 1, 1)
    assert best.bm25 == pytest.approx(0.9666, abs=1e-4)


def test_vectors_are_those_of_the_texts(index: PassageIndex, fake_embedder: HashingEmbedder) -> None:
    texts = [passage.embedded_text for passage in index.passages]
    np.testing.assert_allclose(index.dense.vectors(), fake_embedder.encode(texts), atol=1e-6)


def test_what_was_built_holds_together(
    index: PassageIndex, two_documents: IndexConfig, fake_embedder: HashingEmbedder
) -> None:
    check_contents(index)
    report = verify(two_documents, fake_embedder, deep=True)
    assert report.lines[1:] == (f"ok: {index.generation}: files, offsets and vectors hold",)
    assert (report.state, str(index.manifest.searching)) == (State.CURRENT, "exact")


def test_text_of_any_script_comes_back_as_it_was(two_documents: IndexConfig, fake_embedder: HashingEmbedder) -> None:
    odd = "Ünïcode “quotes” — 上海合作组织 was founded. 𝄞 \u200b and \x07 stay; it’s so!\n"
    (two_documents.source_docs / "odd.txt").write_text(odd, "utf-8")
    rebuild(two_documents, fake_embedder)
    index = open_index(two_documents, IDENTITY)[0]
    assert index.documents["odd.txt"].text == odd
    assert index.search("上海合作组织", fake_embedder, 1)[0].passage.document.id == "odd.txt"


def test_a_rebuild_embeds_what_changed_alone_and_gives_what_a_full_one_gives(
    two_documents: IndexConfig, fake_embedder: HashingEmbedder
) -> None:
    rebuild(two_documents, fake_embedder)
    assert not rebuild(two_documents, fake_embedder).changed
    fake_embedder.seen.clear()
    (two_documents.source_docs / "0.txt").write_text("Ants\n\nAnts march.\n", "utf-8")
    done = rebuild(two_documents, fake_embedder)
    assert (done.embedded, done.reused) == (1, 3)
    assert {text for text in fake_embedder.seen if len(text) > 1} == {"Ants\nAnts march."}
    grown = open_index(two_documents, IDENTITY)[0]
    vectors = grown.dense.vectors()
    rebuild(two_documents, fake_embedder, force=True)
    full = open_index(two_documents, IDENTITY)[0]
    assert next(p.text for p in full.passages) == "Ants march."
    np.testing.assert_array_equal(vectors, full.dense.vectors())


def test_a_roll_back_answers_from_the_earlier_generation_until_the_next_rebuild(
    two_documents: IndexConfig, fake_embedder: HashingEmbedder
) -> None:
    def built(colour: str) -> Rebuilt:
        (two_documents.source_docs / "a.txt").write_text(f"Apples\n\nApples are {colour}.\n", "utf-8")
        return rebuild(two_documents, fake_embedder)

    def said() -> str:
        return open_index(two_documents, IDENTITY)[0].passages[0].text

    made = [built(colour).manifest.generation for colour in ("red", "brown", "golden")]
    assert said() == "Apples are golden."
    roll_back(two_documents, IDENTITY)
    assert said() == "Apples are brown."
    roll_back(two_documents, IDENTITY, made[0])
    assert said() == "Apples are red."
    rebuild(two_documents, fake_embedder)
    assert said() == "Apples are golden."
    for colour in ("white", "black", "grey"):
        built(colour)
    with pytest.raises(NoSuchGeneration):
        roll_back(two_documents, IDENTITY, made[0])
