from __future__ import annotations

import pytest
from fakes import HashingEmbedder

import index.live
from index import IndexConfig, IndexCorrupt, IndexIncompatible, IndexMissing, LiveIndex, State, rebuild, status
from index.documents import source_stamps
from index.errors import EngineAway


@pytest.fixture
def built(two_documents: IndexConfig, fake_embedder: HashingEmbedder) -> IndexConfig:
    rebuild(two_documents, fake_embedder)
    return two_documents


def edit(config: IndexConfig) -> None:
    (config.source_docs / "a.txt").write_text("Apples\n\nApples are brown.\n", "utf-8")


def damage(config: IndexConfig, generation: str) -> None:
    (config.index_dir / generation / "documents.jsonl").write_bytes(b"x")


def test_a_rebuild_is_seen_at_the_next_question(built: IndexConfig, fake_embedder: HashingEmbedder) -> None:
    live = LiveIndex(built, fake_embedder.identity)
    live.get()
    new = rebuild(built, fake_embedder, force=True).manifest.generation
    assert live.get()[0].generation == new


def test_an_unchanged_index_is_opened_once(built: IndexConfig, fake_embedder: HashingEmbedder) -> None:
    live = LiveIndex(built, fake_embedder.identity)
    assert live.get()[0] is live.get()[0]


def test_an_edited_document_gives_a_notice_that_names_it(built: IndexConfig, fake_embedder: HashingEmbedder) -> None:
    live = LiveIndex(built, fake_embedder.identity)
    live.get()
    edit(built)
    (notice,) = live.get()[1]
    assert notice == (
        "the documents changed since the index was built (changed a.txt); "
        "bring the index up to date with: python -m index rebuild"
    )


def test_a_touched_document_gives_no_notice(built: IndexConfig, fake_embedder: HashingEmbedder) -> None:
    (built.source_docs / "a.txt").touch()
    assert LiveIndex(built, fake_embedder.identity).get()[1] == ()


def test_deleted_documents_leave_the_index_answering(built: IndexConfig, fake_embedder: HashingEmbedder) -> None:
    for file in built.source_docs.iterdir():
        file.unlink()
    index, (notice,) = LiveIndex(built, fake_embedder.identity).get()
    assert (len(index.passages), "cannot be read any more" in notice) == (3, True)


def test_a_damaged_generation_is_passed_over_for_the_one_before_it(
    built: IndexConfig, fake_embedder: HashingEmbedder
) -> None:
    older = LiveIndex(built, fake_embedder.identity).get()[0].generation
    damage(built, rebuild(built, fake_embedder, force=True).manifest.generation)
    index, (notice,) = LiveIndex(built, fake_embedder.identity).get()
    assert (index.generation, f"meanwhile generation {older} answers" in notice) == (older, True)


def test_a_damaged_only_generation_is_refused(built: IndexConfig, fake_embedder: HashingEmbedder) -> None:
    damage(built, LiveIndex(built, fake_embedder.identity).get()[0].generation)
    with pytest.raises(IndexCorrupt):
        LiveIndex(built, fake_embedder.identity).get()


def test_an_index_that_vanishes_goes_on_answering_from_memory(
    built: IndexConfig, fake_embedder: HashingEmbedder
) -> None:
    live = LiveIndex(built, fake_embedder.identity)
    before = live.get()[0]
    (built.index_dir / "CURRENT").unlink()
    index, (notice,) = live.get()
    assert (index is before, "no index in" in notice) == (True, True)


def test_vectors_of_another_model_are_refused(built: IndexConfig) -> None:
    with pytest.raises(IndexIncompatible, match=r"hashing .* this program uses other"):
        LiveIndex(built, HashingEmbedder("other").identity).get()


def test_vectors_of_the_same_model_in_another_precision_answer_as_before(built: IndexConfig) -> None:
    coarser = HashingEmbedder(precision="int8")
    index, notices = LiveIndex(built, coarser.identity).get()
    assert (notices, status(built, coarser.identity).state) == ((), State.CURRENT)
    assert index.search("plums", coarser, 1)[0].passage.text == "Plums are blue."


def test_no_index_is_refused_with_the_command_that_builds_it(
    two_documents: IndexConfig, fake_embedder: HashingEmbedder
) -> None:
    with pytest.raises(IndexMissing, match="python -m index rebuild"):
        LiveIndex(two_documents, fake_embedder.identity).get()


def test_status_tells_each_state(built: IndexConfig, fake_embedder: HashingEmbedder) -> None:
    states = [status(built, fake_embedder.identity).state, status(built, HashingEmbedder("other").identity).state]
    edit(built)
    states.append(status(built, fake_embedder.identity).state)
    (built.index_dir / "CURRENT").write_text("nonsense", "utf-8")
    states.append(status(built, fake_embedder.identity).state)
    (built.index_dir / "CURRENT").unlink()
    states.append(status(built, fake_embedder.identity).state)
    assert states == [State.CURRENT, State.INCOMPATIBLE, State.STALE, State.CORRUPT, State.MISSING]


def test_a_question_under_way_keeps_the_generation_it_has(built: IndexConfig, fake_embedder: HashingEmbedder) -> None:
    live = LiveIndex(built, fake_embedder.identity)
    index = live.get()[0]
    edit(built)
    for _ in range(4):
        rebuild(built, fake_embedder, force=True)
    assert index.search("plums", fake_embedder, 1)[0].passage.text == "Plums are blue."


def test_a_rebuild_ends_the_notice_of_an_edited_document(built: IndexConfig, fake_embedder: HashingEmbedder) -> None:
    live = LiveIndex(built, fake_embedder.identity)
    edit(built)
    live.get()
    rebuild(built, fake_embedder)
    assert live.get()[1] == ()


def test_a_live_manifest_refused_once_is_not_believed_the_second_time(
    built: IndexConfig, fake_embedder: HashingEmbedder
) -> None:
    older = LiveIndex(built, fake_embedder.identity).get()[0].generation
    newer = rebuild(built, fake_embedder, force=True).manifest.generation
    manifest = built.index_dir / newer / "manifest.json"
    manifest.write_bytes(manifest.read_bytes().replace(b'"took_s": ', b'"took_s": 1'))
    assert LiveIndex(built, fake_embedder.identity).get()[0].generation == older


def test_so_many_documents_that_looking_takes_long_are_not_looked_at_for_every_question(
    two_documents: IndexConfig, fake_embedder: HashingEmbedder, monkeypatch: pytest.MonkeyPatch
) -> None:
    rebuild(two_documents, fake_embedder)
    live = LiveIndex(two_documents, fake_embedder.identity)
    looks: list[object] = []
    monkeypatch.setattr(index.live, "_LONG_S", -1.0)
    monkeypatch.setattr(index.live, "_SHARE", 10**9)
    monkeypatch.setattr(index.live, "source_stamps", lambda folder: looks.append(folder) or source_stamps(folder))
    before, _ = live.get()
    live.get()
    assert len(looks) == 1
    (two_documents.source_docs / "c.txt").write_text("Cows\n\nCows eat grass.\n", "utf-8")
    rebuild(two_documents, fake_embedder)
    after, notices = live.get()
    # What a rebuild swapped in is seen at once all the same.
    assert (before.manifest.documents, after.manifest.documents, notices) == (2, 3, ())


def test_a_change_of_the_documents_alone_opens_no_index_again(
    built: IndexConfig, fake_embedder: HashingEmbedder
) -> None:
    live = LiveIndex(built, fake_embedder.identity)
    index, _ = live.get()
    edit(built)
    assert live.get()[0] is index
    assert live.get()[1] != ()
    rebuild(built, fake_embedder)
    assert live.get()[0] is not index
    assert live.get()[1] == ()


def test_an_engine_that_is_away_for_a_while_is_asked_again(
    built: IndexConfig, fake_embedder: HashingEmbedder, monkeypatch: pytest.MonkeyPatch
) -> None:
    live = LiveIndex(built, fake_embedder.identity)
    old = live.get()[0].generation
    new = rebuild(built, fake_embedder, force=True).manifest.generation
    with monkeypatch.context() as away:
        away.setattr(index.live, "opened", lambda *_: (_ for _ in ()).throw(EngineAway("it does not answer")))
        assert (live.get()[0].generation, live.get()[1]) == (old, ("it does not answer",))
        assert status(built, fake_embedder.identity).state is State.AWAY
    # Not at once, for each try may take seconds.
    assert live.get()[0].generation == old
    monkeypatch.setattr(live, "_retry_at", 0.0)
    assert (live.get()[0].generation, live.get()[1]) == (new, ())
