from __future__ import annotations

from pathlib import Path

import pytest
from fakes import HashingEmbedder

from index import BadSource, IndexConfig, PassageIndex, open_index, rebuild
from index.build import load_sources


def opened(config: IndexConfig) -> PassageIndex:
    return open_index(config, HashingEmbedder().identity)[0]


def test_rebuild_without_changes_keeps_the_generation(
    two_documents: IndexConfig, fake_embedder: HashingEmbedder
) -> None:
    first = rebuild(two_documents, fake_embedder)
    again = rebuild(two_documents, fake_embedder)
    assert (again.changed, again.manifest.generation) == (False, first.manifest.generation)


def test_rebuild_without_changes_embeds_nothing(two_documents: IndexConfig, fake_embedder: HashingEmbedder) -> None:
    rebuild(two_documents, fake_embedder)
    fake_embedder.seen.clear()
    rebuild(two_documents, fake_embedder)
    assert fake_embedder.seen == []


def test_only_what_changed_is_embedded_again(two_documents: IndexConfig, fake_embedder: HashingEmbedder) -> None:
    rebuild(two_documents, fake_embedder)
    fake_embedder.seen.clear()
    (two_documents.source_docs / "b.txt").write_text("Boats\n\nBoats float on water. Corks float too.\n", "utf-8")
    rebuild(two_documents, fake_embedder)
    assert fake_embedder.seen == ["Boats\nBoats float on water. Corks float too."]


def test_force_embeds_everything_again(two_documents: IndexConfig, fake_embedder: HashingEmbedder) -> None:
    rebuild(two_documents, fake_embedder)
    fake_embedder.seen.clear()
    result = rebuild(two_documents, fake_embedder, force=True)
    assert (result.reused, len(fake_embedder.seen)) == (0, 3)


def test_an_incremental_rebuild_gives_what_a_full_one_gives(
    two_documents: IndexConfig, fake_embedder: HashingEmbedder, tmp_path: Path
) -> None:
    rebuild(two_documents, fake_embedder)
    (two_documents.source_docs / "0.txt").write_text("Ants\n\nAnts march. Plums are blue.\n", "utf-8")
    rebuild(two_documents, fake_embedder)
    fresh = IndexConfig(two_documents.source_docs, tmp_path / "fresh")
    rebuild(fresh, fake_embedder)
    one, other = opened(two_documents), opened(fresh)
    assert one.passages == other.passages
    assert one.dense.vectors().tolist() == other.dense.vectors().tolist()


def test_another_model_shares_no_vector_with_the_old_one(
    two_documents: IndexConfig, fake_embedder: HashingEmbedder
) -> None:
    rebuild(two_documents, fake_embedder)
    assert rebuild(two_documents, HashingEmbedder("other")).reused == 0


def test_another_precision_shares_no_vector_with_the_old_one_and_says_why(
    two_documents: IndexConfig, fake_embedder: HashingEmbedder
) -> None:
    rebuild(two_documents, fake_embedder)
    coarser = HashingEmbedder(precision="int8")
    done = rebuild(two_documents, coarser)
    assert (done.changed, done.embedded, done.reused, len(coarser.seen)) == (True, 3, 0, 3)
    assert done.anew == (
        "every passage was embedded anew: the vectors were made with float32, and are made with int8 now"
    )
    assert (done.manifest.embedder.precision, rebuild(two_documents, coarser).changed) == ("int8", False)


def test_nothing_is_said_of_the_model_where_it_is_the_same(
    two_documents: IndexConfig, fake_embedder: HashingEmbedder
) -> None:
    assert [rebuild(two_documents, fake_embedder, force=force).anew for force in (False, True, False)] == [None] * 3


def test_a_damaged_index_is_built_anew(two_documents: IndexConfig, fake_embedder: HashingEmbedder) -> None:
    generation = rebuild(two_documents, fake_embedder).manifest.generation
    (two_documents.index_dir / generation / "passages.faiss").write_bytes(b"x")
    assert (rebuild(two_documents, fake_embedder).changed, len(opened(two_documents).passages)) == (True, 3)


def test_an_emptied_folder_keeps_the_old_index(two_documents: IndexConfig, fake_embedder: HashingEmbedder) -> None:
    generation = rebuild(two_documents, fake_embedder).manifest.generation
    for file in two_documents.source_docs.iterdir():
        file.unlink()
    with pytest.raises(BadSource):
        rebuild(two_documents, fake_embedder)
    assert opened(two_documents).generation == generation


def test_documents_that_never_rest_are_refused(two_documents: IndexConfig) -> None:
    class Meddler(HashingEmbedder):
        def encode(self, texts):  # type: ignore[no-untyped-def]
            with (two_documents.source_docs / "a.txt").open("a") as file:
                file.write(f"More {len(self.seen)} words.\n\n")
            return super().encode(texts)

    with pytest.raises(BadSource, match="keep changing"):
        rebuild(two_documents, Meddler())


@pytest.mark.parametrize("count", [1, 300])
def test_every_step_of_the_progress_counts_from_nothing_to_all_there_is(
    tmp_path: Path, fake_embedder: HashingEmbedder, count: int
) -> None:
    docs = tmp_path / "docs"
    docs.mkdir()
    for number in range(count):
        (docs / f"{number}.txt").write_text(f"Street {number} is paved. {'It is long. ' * number}\n", "utf-8")
    told: dict[str, list[tuple[int, int]]] = {}
    done = rebuild(
        IndexConfig(docs, tmp_path / "built"),
        fake_embedder,
        progress=lambda step, done, total: told.setdefault(step, []).append((done, total)),
    )
    assert list(told) == ["read", "split", "embed", "write"]
    for step, reports in told.items():
        assert [total for _, total in reports] == [reports[0][1]] * len(reports), step
        assert (reports[0][0], reports[-1][0]) == (0, reports[0][1]), step
        assert [one for one, _ in reports] == sorted({one for one, _ in reports}), step
    assert (told["read"][0][1], told["split"][0][1]) == (count, count)
    # Each different text once.
    assert told["embed"][0][1] == len(set(fake_embedder.seen)) == len(fake_embedder.seen)
    assert done.manifest.documents == count


def test_short_and_long_texts_take_turns_so_that_the_progress_is_even(
    tmp_path: Path, fake_embedder: HashingEmbedder
) -> None:
    docs = tmp_path / "docs"
    docs.mkdir()
    text = "\n\n".join(f"{'word ' * (1 + number % 97)}number {number}." for number in range(1280))
    (docs / "a.txt").write_text(text, "utf-8")
    rebuild(IndexConfig(docs, tmp_path / "built"), fake_embedder)
    lengths = [len(text) for text in fake_embedder.seen]
    whole = sum(lengths)
    for share in (0.25, 0.5, 0.75):
        assert sum(lengths[: int(share * len(lengths))]) / whole == pytest.approx(share, abs=0.06)


def test_a_file_left_out_is_named_in_the_manifest(two_documents: IndexConfig, fake_embedder: HashingEmbedder) -> None:
    (two_documents.source_docs / "c.xlsx").write_bytes(b"PK")
    assert list(rebuild(two_documents, fake_embedder).manifest.left_out) == [
        "c.xlsx: only .txt, .md, .html, .htm, .pdf, .docx, .epub, .csv, .tsv files are read; save its text as .txt"
    ]


def test_a_file_whose_name_is_not_utf8_does_not_stop_the_rebuild(
    two_documents: IndexConfig, fake_embedder: HashingEmbedder
) -> None:
    Path(str(two_documents.source_docs).encode().decode() + "/caf\udce9.txt").write_text("x", "utf-8")
    assert rebuild(two_documents, fake_embedder).changed


def test_a_document_without_a_card_is_named_by_its_first_heading(two_documents: IndexConfig) -> None:
    assert [document.title for document in load_sources(two_documents.source_docs).documents] == ["Apples", "Boats"]


def test_a_document_edited_once_while_it_is_read_is_indexed_as_edited(two_documents: IndexConfig) -> None:
    class Meddler(HashingEmbedder):
        def encode(self, texts):  # type: ignore[no-untyped-def]
            if not self.seen:
                (two_documents.source_docs / "a.txt").write_text("Apples\n\nApples are brown.\n", "utf-8")
            return super().encode(texts)

    rebuild(two_documents, Meddler())
    assert [passage.text for passage in opened(two_documents).passages] == [
        "Apples are brown.",
        "Boats float on water. Stones sink.",
    ]


def test_a_removed_document_is_no_longer_found(two_documents: IndexConfig, fake_embedder: HashingEmbedder) -> None:
    rebuild(two_documents, fake_embedder)
    (two_documents.source_docs / "a.txt").unlink()
    rebuild(two_documents, fake_embedder)
    assert list(opened(two_documents).documents) == ["b.txt"]


def test_a_new_card_makes_a_new_generation_without_embedding(
    two_documents: IndexConfig, fake_embedder: HashingEmbedder
) -> None:
    rebuild(two_documents, fake_embedder)
    (two_documents.source_docs / "a.toml").write_text('title = "On Apples"\n', "utf-8")
    result = rebuild(two_documents, fake_embedder)
    assert (result.changed, result.embedded) == (True, 0)


class Interrupted(HashingEmbedder):
    """Is stopped, as by Ctrl-C, once it has embedded ``most`` texts."""

    def __init__(self, most: int) -> None:
        super().__init__()
        self.most = most

    def encode(self, texts):  # type: ignore[no-untyped-def]
        if len(self.seen) >= self.most:
            raise KeyboardInterrupt
        return super().encode(texts)


@pytest.fixture
def _small_steps(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("index.build._STEP_CHARS", 1)


@pytest.mark.usefixtures("_small_steps")
def test_an_interrupted_rebuild_goes_on_where_it_was(
    two_documents: IndexConfig, fake_embedder: HashingEmbedder, tmp_path: Path
) -> None:
    stopped = Interrupted(2)
    with pytest.raises(KeyboardInterrupt):
        rebuild(two_documents, stopped)
    result = rebuild(two_documents, fake_embedder)
    assert (len(stopped.seen), len(fake_embedder.seen)) == (2, 1)
    assert not set(stopped.seen) & set(fake_embedder.seen)
    assert (result.embedded, result.reused) == (1, 2)
    fresh = IndexConfig(two_documents.source_docs, tmp_path / "fresh")
    rebuild(fresh, fake_embedder)
    one, other = opened(two_documents), opened(fresh)
    assert one.dense.vectors().tolist() == other.dense.vectors().tolist()
    assert not (two_documents.index_dir / "embedded.log").exists()


@pytest.mark.usefixtures("_small_steps")
def test_force_takes_nothing_from_an_interrupted_rebuild(
    two_documents: IndexConfig, fake_embedder: HashingEmbedder
) -> None:
    with pytest.raises(KeyboardInterrupt):
        rebuild(two_documents, Interrupted(2))
    rebuild(two_documents, fake_embedder, force=True)
    assert len(fake_embedder.seen) == 3


@pytest.mark.usefixtures("_small_steps")
def test_progress_counts_every_text_once_and_ends_at_the_total(
    two_documents: IndexConfig, fake_embedder: HashingEmbedder
) -> None:
    told: list[tuple[str, int, int]] = []
    rebuild(two_documents, fake_embedder, progress=lambda *report: told.append(report))
    embedding = [(done, total) for step, done, total in told if step == "embed"]
    assert embedding == [(done, 3) for done in range(4)]
