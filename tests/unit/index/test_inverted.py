"""An index past the size up to which every vector is compared; the size is lowered, everything else is real."""

from __future__ import annotations

import hashlib
import shutil
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from fakes import HashingEmbedder

import index.store
from index import IndexConfig, IndexCorrupt, PassageIndex, State, dense, generation, open_index, rebuild, roll_back
from index.dense import DenseIndex
from index.generation import read_rows
from index.lexical import LexicalIndex
from index.store import Store
from index.verify import verify

ROOT = Path(__file__).resolve().parents[3]
THINGS = "apples pears plums boats stones rivers bridges clouds lamps roads towers wells".split()
COLOURS = "red green blue grey brown white black golden".split()
PLACES = "garden harbour forest".split()
EXACT_UP_TO = 100

LOWERED = """
import sys
from pathlib import Path
from index import dense, generation, rebuild, IndexConfig
from fakes import HashingEmbedder
dense.EXACT_UP_TO = generation.STORED_FROM = int(sys.argv[3])
"""


@pytest.fixture(autouse=True)
def _lowered(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dense, "EXACT_UP_TO", EXACT_UP_TO)
    monkeypatch.setattr(generation, "STORED_FROM", EXACT_UP_TO)


@pytest.fixture(scope="module")
def _built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """576 passages, a document for each place, and their index."""
    folder = tmp_path_factory.mktemp("many")
    (folder / "docs").mkdir()
    for place in PLACES:
        pairs = [(thing, colour) for thing in THINGS for colour in COLOURS]
        paragraphs = [f"The {t} of the {place} are {c}.\n\nNobody paints {t} {c} in the {place}." for t, c in pairs]
        (folder / "docs" / f"{place}.txt").write_text("\n\n".join(paragraphs), "utf-8")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(dense, "EXACT_UP_TO", EXACT_UP_TO)
        patch.setattr(generation, "STORED_FROM", EXACT_UP_TO)
        rebuild(IndexConfig(folder / "docs", folder / "built"), HashingEmbedder())
    return folder


@pytest.fixture
def many(_built: Path, tmp_path: Path) -> IndexConfig:
    """A copy of it all, to be changed."""
    shutil.copytree(_built, tmp_path, dirs_exist_ok=True)
    return IndexConfig(tmp_path / "docs", tmp_path / "built")


def opened(config: IndexConfig) -> PassageIndex:
    return open_index(config, HashingEmbedder().identity)[0]


def test_the_manifest_tells_what_was_measured_and_what_status_shows(many: IndexConfig) -> None:
    found = opened(many)
    manifest = found.manifest
    searching = manifest.searching
    assert (searching.kind, manifest.passages, searching.sample) == ("IVF14,SQ8", 576, 200)
    assert 1 <= searching.probes < 14
    assert searching.recall_at_10 >= 0.97
    asked = [p.sentences[0].span.of(p.document.text) for p in dense.sampled(found.passages)]
    assert len(set(asked)) == 200
    assert found.dense.recall(HashingEmbedder().encode(asked)) == pytest.approx(searching.recall_at_10, abs=1e-4)
    assert str(manifest.summary()["search"]).startswith(f"IVF14,SQ8, {searching.probes} lists read, finds ")


def test_the_same_documents_make_the_same_index_to_the_byte(many: IndexConfig, tmp_path: Path) -> None:
    again = replace(many, index_dir=tmp_path / "again")
    assert rebuild(again, HashingEmbedder()).manifest.files == opened(many).manifest.files


def test_few_lists_are_read_and_the_cosines_are_those_of_the_vectors(many: IndexConfig) -> None:
    index = opened(many)
    query = HashingEmbedder().encode(["The boats of the harbour are golden"])[0]
    exact = index.dense.vectors() @ query
    found = index.dense.search(query, 10)
    assert [cosine for _, cosine in found] == [pytest.approx(float(exact[row]), abs=1e-6) for row, _ in found]
    assert index.passages[found[0][0]].text == "The boats of the harbour are golden."
    assert len(set(np.argsort(-exact, kind="stable")[:10].tolist()) & {row for row, _ in found}) >= 8


def test_a_vector_that_did_not_change_comes_from_the_vectors_and_not_from_their_codes(many: IndexConfig) -> None:
    changed = many.source_docs / "forest.txt"
    changed.write_text(changed.read_text("utf-8").replace("golden", "silver"), "utf-8")
    embedder = HashingEmbedder()
    done = rebuild(many, embedder)
    assert done.changed
    # And what recall is measured with, which no index keeps.
    assert len(embedder.seen) == done.embedded + 200
    assert {"silver" in text for text in embedder.seen[:-200]} == {True}
    index = opened(many)
    fresh = HashingEmbedder().encode([passage.embedded_text for passage in index.passages])
    assert np.array_equal(index.dense.vectors(), fresh)


def test_of_chosen_documents_the_nearest_passages_are_found_exactly(many: IndexConfig) -> None:
    index = opened(many)
    query = HashingEmbedder().encode(["The boats of the harbour are golden"])[0]
    rows = index.passages.of_documents(["forest.txt"])
    found = index.dense.search(query, 20, rows)
    exact = index.dense.vectors()[rows] @ query
    order = np.argsort(-exact, kind="stable")[:20]
    assert [row for row, _ in found] == rows[order].tolist()
    hits = index.retrieve("golden boats", query, 20, ["forest.txt"])
    assert {hit.passage.document.id for hit in hits} == {"forest.txt"}


def test_of_more_documents_than_are_compared_one_by_one_the_nearest_are_still_theirs(many: IndexConfig) -> None:
    index = opened(many)
    query = HashingEmbedder().encode(["The boats of the harbour are golden"])[0]
    hits = index.retrieve("golden boats", query, 10, ["forest.txt", "garden.txt"])
    assert len(hits) == 10
    assert not any(hit.passage.document.id == "harbour.txt" for hit in hits)


def test_a_generation_without_lists_and_one_with_them_can_be_gone_back_to(
    many: IndexConfig, monkeypatch: pytest.MonkeyPatch
) -> None:
    identity = HashingEmbedder().identity
    monkeypatch.setattr(dense, "EXACT_UP_TO", 1000)
    exact = rebuild(many, HashingEmbedder(), force=True).manifest.generation
    monkeypatch.setattr(dense, "EXACT_UP_TO", 100)
    inverted = rebuild(many, HashingEmbedder(), force=True).manifest.generation
    assert roll_back(many, identity).manifest.generation == exact
    assert opened(many).dense.searching.kind == "exact"
    assert roll_back(many, identity, inverted).manifest.generation == inverted
    assert opened(many).dense.searching.kind == "IVF14,SQ8"


def test_a_build_that_was_killed_goes_on_and_ends_with_the_same_index(many: IndexConfig) -> None:
    expected = opened(many).manifest.files
    shutil.rmtree(many.index_dir)
    killed = LOWERED + (
        "import index.build, os, signal\n"
        "index.build._STEP_CHARS = 4000\n"
        "def progress(step, done, total):\n"
        "    if step == 'embed' and 2 * done > total: os.kill(os.getpid(), signal.SIGKILL)\n"
        "rebuild(IndexConfig(Path(sys.argv[1]), Path(sys.argv[2])), HashingEmbedder(), progress=progress)\n"
    )
    environ = {"PYTHONPATH": f"{ROOT}:{ROOT / 'tests'}"}
    command = [sys.executable, "-c", killed, str(many.source_docs), str(many.index_dir), str(EXACT_UP_TO)]
    assert subprocess.run(command, env=environ, timeout=60).returncode == -9
    embedder = HashingEmbedder()
    done = rebuild(many, embedder)
    assert 0 < done.embedded < done.manifest.passages
    assert len(embedder.seen) == done.embedded + 200
    assert done.manifest.files == expected


@pytest.mark.parametrize("mapped_from", [1, index.store.MAPPED_FROM])
@pytest.mark.parametrize(
    "name", ["passages.faiss", "passages.npy", "passages.bm25", "documents.jsonl", "passages.jsonl"]
)
def test_a_flipped_bit_in_any_file_is_found_before_it_is_used(
    many: IndexConfig, monkeypatch: pytest.MonkeyPatch, name: str, mapped_from: int
) -> None:
    monkeypatch.setattr(index.store, "MAPPED_FROM", mapped_from)
    made = Store(many.index_dir).current()[0]
    file = many.index_dir / made / name
    data = bytearray(file.read_bytes())
    data[len(data) // 2] ^= 1
    file.write_bytes(data)
    with pytest.raises(IndexCorrupt, match=f"{name}: its sha256"):
        opened(many)
    file.write_bytes(data[:-1])
    with pytest.raises(IndexCorrupt, match=f"{name}: holds"):
        opened(many)


def test_a_file_that_is_mapped_gives_the_same_answers_even_once_it_is_removed(
    many: IndexConfig, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = Store(many.index_dir).current()[0]
    query = HashingEmbedder().encode(["The boats of the harbour are golden"])[0]
    expected = opened(many).retrieve("golden boats", query, 10)
    monkeypatch.setattr(index.store, "MAPPED_FROM", 1)
    mapped = opened(many)
    for file in (many.index_dir / made).iterdir():
        file.unlink()
    assert mapped.retrieve("golden boats", query, 10) == expected


def _rows_of(count: int) -> np.ndarray:
    rows = np.random.default_rng(0).standard_normal((count, 64), dtype=np.float32)
    return rows / np.linalg.norm(rows, axis=1, keepdims=True)


def plant(config: IndexConfig, name: str, data: bytes) -> None:
    """A fault behind valid hashes."""
    store = Store(config.index_dir)
    manifest = store.read_current().manifest
    folder = config.index_dir / manifest.generation
    files = {**manifest.files, name: (len(data), hashlib.sha256(data).hexdigest())}
    written = replace(manifest, files=files).to_bytes()
    (folder / name).write_bytes(data)
    (folder / "manifest.json").write_bytes(written)
    store.point_at(folder.name, hashlib.sha256(written).hexdigest())


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("passages.npy", "is not of length 1"),
        ("passages.faiss", "a passage's code has cosine"),
        ("passages.bm25", "BM25 does not know all words"),
    ],
)
def test_a_fault_behind_valid_hashes_is_found_by_the_deep_check(many: IndexConfig, name: str, told: str) -> None:
    index = opened(many)
    rows = np.array(index.dense.vectors())
    faults = {
        "passages.npy": lambda data: data[:-4] + np.float32(3).tobytes(),
        "passages.faiss": lambda data: bytes(DenseIndex.of(np.roll(rows, 7, axis=0)).to_bytes()),
        "passages.bm25": lambda data: bytes(LexicalIndex.of(["other words"] * len(rows)).to_bytes()),
    }
    plant(many, name, faults[name]((many.index_dir / index.generation / name).read_bytes()))
    report = verify(many, HashingEmbedder(), deep=True)
    assert report.state is State.CORRUPT
    assert told in "\n".join(report.lines)


def test_a_recall_that_is_not_what_the_manifest_says_is_found_by_the_deep_check(many: IndexConfig) -> None:
    store = Store(many.index_dir)
    manifest = store.read_current().manifest
    boast = replace(manifest, searching=replace(manifest.searching, probes=1, recall_at_10=1.0)).to_bytes()
    (many.index_dir / manifest.generation / "manifest.json").write_bytes(boast)
    store.point_at(manifest.generation, hashlib.sha256(boast).hexdigest())
    assert verify(many, HashingEmbedder()).state is State.CURRENT
    report = verify(many, HashingEmbedder(), deep=True)
    assert report.state is State.CORRUPT
    assert "of the ten nearest, its manifest says 100.0%" in report.lines[-1]


def test_lists_that_are_not_those_of_the_manifest_are_refused(many: IndexConfig) -> None:
    fewer = DenseIndex.of(_rows_of(300))
    plant(many, "passages.faiss", bytes(fewer.to_bytes()))
    with pytest.raises(IndexCorrupt, match="expected IVF14,SQ8"):
        opened(many)


def test_rows_of_another_kind_are_refused() -> None:
    with pytest.raises(ValueError, match="rows of <f4"):
        read_rows(b"\x93NUMPY\x01\x00\x00\x00")
