from __future__ import annotations

from pathlib import Path

import pytest
from fakes import HashingEmbedder

from index import Changes, IndexConfig, LiveIndex, State, rebuild, roll_back, status


@pytest.fixture
def built(two_documents: IndexConfig, fake_embedder: HashingEmbedder) -> IndexConfig:
    rebuild(two_documents, fake_embedder)
    return two_documents


def changes(config: IndexConfig) -> Changes:
    return status(config, HashingEmbedder().identity).changes


def test_what_was_just_built_has_no_changes(built: IndexConfig) -> None:
    assert changes(built) == Changes()


def test_every_kind_of_change_is_told_by_name(built: IndexConfig) -> None:
    (built.source_docs / "a.txt").write_text("Apples\n\nApples are brown.\n", "utf-8")
    (built.source_docs / "b.txt").unlink()
    (built.source_docs / "sub").mkdir()
    (built.source_docs / "sub" / "c.txt").write_text("Corks float.\n", "utf-8")
    (built.source_docs / "d.xlsx").write_bytes(b"%PDF")
    assert changes(built) == Changes(
        added=("sub/c.txt",),
        changed=("a.txt",),
        removed=("b.txt",),
        left_out=(
            "d.xlsx: only .txt, .md, .html, .htm, .pdf, .docx, .epub, .csv, .tsv files are read; save its text as .txt",
        ),
    )


def test_a_touched_document_is_no_change(built: IndexConfig) -> None:
    (built.source_docs / "a.txt").touch()
    assert changes(built) == Changes()


def test_a_new_card_is_told_by_the_cards_name(built: IndexConfig) -> None:
    (built.source_docs / "a.toml").write_text('title = "On Apples"\n', "utf-8")
    found = status(built, HashingEmbedder().identity)
    assert (found.state, found.changes.changed) == (State.STALE, ("a.toml",))
    assert "(changed a.toml)" in found.line


def test_a_card_that_says_nothing_new_is_no_change(built: IndexConfig) -> None:
    (built.source_docs / "a.toml").write_text("# to be written\n", "utf-8")
    assert status(built, HashingEmbedder().identity).state is State.CURRENT


def test_a_file_that_cannot_be_read_is_told_though_the_index_is_current(built: IndexConfig) -> None:
    (built.source_docs / "d.txt").write_bytes(b"caf\xe9")
    found = status(built, HashingEmbedder().identity)
    assert found.state is State.CURRENT
    assert found.changes.left_out == ("d.txt: not UTF-8 (byte 0xe9 at offset 3); save it as UTF-8",)


def test_what_was_left_out_of_the_build_is_told_without_reading_it_again(
    built: IndexConfig, fake_embedder: HashingEmbedder, monkeypatch: pytest.MonkeyPatch
) -> None:
    (built.source_docs / "d.txt").write_bytes(b"caf\xe9")
    rebuild(built, fake_embedder)
    monkeypatch.setattr("index.changes.load_sources", lambda folder: pytest.fail("read again"))
    assert len(changes(built).left_out) == 1


def test_an_emptied_folder_has_all_removed_and_says_why_nothing_is_read(built: IndexConfig) -> None:
    for file in built.source_docs.iterdir():
        file.unlink()
    found = changes(built)
    assert found.removed == ("a.txt", "b.txt")
    assert (
        found.problem == f"{built.source_docs}: no document to index: "
        "put .txt, .md, .html, .htm, .pdf, .docx, .epub, .csv, .tsv files in it"
    )


def test_a_live_index_follows_the_changes(built: IndexConfig, fake_embedder: HashingEmbedder) -> None:
    live = LiveIndex(built, fake_embedder.identity)
    assert live.look().changes == Changes()
    Path(built.source_docs / "b.txt").unlink()
    assert live.look().changes == Changes(removed=("b.txt",))


def test_after_a_roll_back_the_line_says_that_it_lasts_until_the_next_rebuild(
    built: IndexConfig, fake_embedder: HashingEmbedder
) -> None:
    (built.source_docs / "a.txt").write_text("Apples\n\nApples are brown.\n", "utf-8")
    rebuild(built, fake_embedder)
    roll_back(built, fake_embedder.identity)
    found = status(built, fake_embedder.identity)
    assert (found.state, found.line) == (
        State.STALE,
        "an earlier generation is live, older than the documents (changed a.txt); "
        "it stays live until you run: python -m index rebuild",
    )
    assert LiveIndex(built, fake_embedder.identity).get()[1] == (found.line,)


def test_of_many_changes_the_line_names_three_and_the_list_all(built: IndexConfig) -> None:
    for number in range(5):
        (built.source_docs / f"c{number}.txt").write_text("Corks float.\n", "utf-8")
    found = status(built, HashingEmbedder().identity)
    assert "(added c0.txt, c1.txt, c2.txt and more)" in found.line
    assert len(found.changes.added) == 5


def test_an_unreadable_file_written_again_is_current_after_a_rebuild(
    two_documents: IndexConfig, fake_embedder: HashingEmbedder
) -> None:
    scan = two_documents.source_docs / "Report: final.txt"
    scan.write_bytes(b"caf\xe9")
    rebuild(two_documents, fake_embedder)
    scan.write_bytes(b"caf\xe9 again"[:4])
    assert not rebuild(two_documents, fake_embedder).changed
    found = status(two_documents, fake_embedder.identity)
    assert (found.state, found.changes.added) == (State.CURRENT, ())
    assert found.changes.left_out == ("Report: final.txt: not UTF-8 (byte 0xe9 at offset 3); save it as UTF-8",)
    # Beside a change of another file it is known for what it is, too.
    (two_documents.source_docs / "a.txt").write_text("Apples\n\nApples are brown.\n", "utf-8")
    assert changes(two_documents).added == ()


@pytest.mark.parametrize("noted", [b"", b"{}", b"[1", b'{"generation": 3, "stamps": 4}', b"\xff"])
def test_stamps_that_cannot_be_read_are_those_of_the_generation(
    built: IndexConfig, fake_embedder: HashingEmbedder, noted: bytes
) -> None:
    (built.source_docs / "a.txt").touch()
    assert not rebuild(built, fake_embedder).changed
    (built.index_dir / "STAMPS").write_bytes(noted)
    assert changes(built) == Changes()
