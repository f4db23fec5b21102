from __future__ import annotations

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest

from index import BadModel, IndexConfig, OnnxEmbedder, SentenceTransformerEmbedder, open_embedder
from index import embedding as module
from index.bert_graph import bert_graph
from index.config import ROOT
from index.embedding import packaged_minilm
from index.onnx_embedder import batches_by_length

ODD_TEXTS = [
    "",
    " ",
    "\n\t  \u00a0",
    "a",
    "?!… – “”",
    "Heading\nIts words on a line of their own",
    "ÅNGSTRÖM naïve café E\u0301cole ﬁne ½",
    "中文没有空格 日本語 한국어 ไทย",
    "مرحبا بالعالم שלום",
    "🙂👩‍👩‍👧 family",
    "zero\u200bwidth\u202ebidi\ufeff",
    "half \udce9 a pair",
    "nul \x00 and \x07 bell",
    "[CLS] [SEP] [MASK] [PAD] ##ing",
    "x" * 5000,
    "supercalifragilistic " * 400,
    "one two three four five six seven eight nine ten " * 26,
    "1,234.56 $99 50% 3.5e10 192.168.0.1 https://example.org/a?b=c#d",
]


@pytest.fixture(scope="module")
def _real_texts() -> list[str]:
    """Every paragraph, and every question of the dev set, of the shipped article."""
    article = next(IndexConfig().source_docs.glob("*.txt")).read_text("utf-8")
    questions = (ROOT / "tests" / "eval" / "dev.jsonl").read_text("utf-8").splitlines()
    return [part for part in article.split("\n") if part.strip()] + questions[::4]


def test_onnxruntime_gives_the_vectors_of_sentence_transformers(_minilm: OnnxEmbedder, _real_texts: list[str]) -> None:
    texts = ODD_TEXTS + _real_texts
    ours, defined = _minilm.encode(texts), SentenceTransformerEmbedder().encode(texts)
    assert len(texts) > 60
    cosines = (ours * defined).sum(axis=1)
    # The fewer words, the further off: it is 0.99378 for none at all.
    assert cosines.min() > 0.993
    assert cosines[len(ODD_TEXTS) :].min() > 0.997
    assert cosines[len(ODD_TEXTS) :].mean() > 0.9988


def test_both_engines_are_one_model_in_two_precisions(_minilm: OnnxEmbedder) -> None:
    other = SentenceTransformerEmbedder().identity
    assert (_minilm.identity == other, _minilm.identity.is_model_of(other)) == (False, True)
    assert (other.precision, _minilm.identity.precision) == ("float32", "int8 by output, pair and token")


def test_a_text_has_the_same_vector_alone_and_among_others(_minilm: OnnxEmbedder, _real_texts: list[str]) -> None:
    # Of every length: one of an odd number of tokens would be rounded otherwise alone.
    texts = [*_real_texts, *(" ".join(["pears"] * count) for count in range(1, 40))]
    together = _minilm.encode(texts)
    alone = np.concatenate([_minilm.encode([text]) for text in texts])
    assert np.abs(together - alone).max() < 1e-5


def test_nothing_is_embedded_as_no_rows(_minilm: OnnxEmbedder) -> None:
    assert _minilm.encode([]).shape == (0, 384)


def test_questions_from_many_threads_get_their_own_vectors(_minilm: OnnxEmbedder) -> None:
    texts = [f"question number {n} about {'ships' if n % 2 else 'taxes'}" for n in range(40)]
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(lambda text: _minilm.encode([text])[0], texts))
    assert np.abs(np.stack(found) - _minilm.encode(texts)).max() < 1e-5


def test_answering_imports_neither_torch_nor_what_needs_it(built_article: Path) -> None:
    program = (
        "import sys; from assistant import Assistant\n"
        f"reply = Assistant.open({{'SCO_INDEX_DIR': {str(built_article)!r}}}).ask('When did India join?')\n"
        "assert '2017' in reply.quotes[0].exact\n"
        "print([name for name in ('torch', 'transformers', 'sentence_transformers', 'onnx') if name in sys.modules])"
    )
    # Once to export the graph into that folder, once to find it there.
    for _ in range(2):
        done = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"


def kept(graphs: Path) -> dict[str, bytes]:
    return {file.name: file.read_bytes() for file in graphs.rglob("*") if file.is_file()}


def test_the_graph_is_exported_once_and_holds_no_weights(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    OnnxEmbedder(tmp_path).load()
    files = kept(tmp_path)
    assert sorted(files) == ["graph.onnx", "graph.onnx.data", "graph.onnx.sha256"]
    assert (len(files["graph.onnx"]) < 100_000, len(files["graph.onnx.data"]) < 15_000_000) == (True, True)
    monkeypatch.setattr("index.bert_graph.bert_graph", lambda *_: pytest.fail("exported again"))
    assert OnnxEmbedder(tmp_path).encode(["apples"]).shape == (1, 384)


@pytest.mark.parametrize(
    ("name", "damage"),
    [
        ("graph.onnx", lambda data: data[:100]),
        ("graph.onnx", lambda data: data[:200] + bytes([data[200] ^ 1]) + data[201:]),
        ("graph.onnx.data", lambda data: data[:-1]),
        ("graph.onnx.data", lambda data: data[:9_000_000] + bytes([data[9_000_000] ^ 1]) + data[9_000_001:]),
        ("graph.onnx.sha256", lambda data: b""),
        ("graph.onnx.sha256", lambda data: b"\xff\xfe"),
        ("graph.onnx.sha256", lambda data: b"0" * 64),
    ],
    ids=["cut", "flipped", "weights cut", "weight flipped", "empty hash", "no hash", "other hash"],
)
def test_a_damaged_graph_is_never_used_and_mends_itself(tmp_path: Path, name: str, damage) -> None:  # type: ignore[no-untyped-def]
    whole = OnnxEmbedder(tmp_path).encode(["apples and pears"])
    files = kept(tmp_path)
    file = next(tmp_path.rglob(name))
    file.write_bytes(damage(file.read_bytes()))
    assert OnnxEmbedder(tmp_path).encode(["apples and pears"]).tolist() == whole.tolist()
    assert kept(tmp_path) == files


def test_a_graph_that_is_whole_but_no_graph_is_exported_anew(tmp_path: Path) -> None:
    OnnxEmbedder(tmp_path).load()
    files = kept(tmp_path)
    next(tmp_path.rglob("graph.onnx")).write_bytes(b"")
    # The hash of nothing, so that only onnxruntime can tell.
    hashes = next(tmp_path.rglob("*.sha256"))
    empty = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
    hashes.write_text(f"{empty}  graph.onnx\n{hashes.read_text().splitlines()[1]}\n")
    assert OnnxEmbedder(tmp_path).encode(["apples"]).shape == (1, 384)
    assert kept(tmp_path) == files


def test_a_folder_that_cannot_be_written_costs_only_the_export(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("where the folder should be")
    kept_nowhere = OnnxEmbedder(tmp_path / "file" / "models").encode(["apples"])
    OnnxEmbedder(tmp_path).load()
    assert kept_nowhere.tolist() == OnnxEmbedder(tmp_path).encode(["apples"]).tolist()


def test_altered_weights_are_refused_before_anything_is_used(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(module._MINILM_SHA256, "model.safetensors", "0" * 64)
    with pytest.raises(BadModel, match="sha256 53aa51172d142c89"):
        OnnxEmbedder(tmp_path)
    assert kept(tmp_path) == {}


def test_another_model_folder_is_left_to_sentence_transformers(tmp_path: Path) -> None:
    assert isinstance(open_embedder(packaged_minilm(), tmp_path), SentenceTransformerEmbedder)
    assert isinstance(open_embedder(None, tmp_path), OnnxEmbedder)


def test_a_model_of_another_kind_has_no_graph(tmp_path: Path) -> None:
    (tmp_path / "config.json").write_text('{"model_type": "t5", "hidden_act": "relu"}')
    (tmp_path / "modules.json").write_text('[{"type": "sentence_transformers.models.Transformer"}]')
    (tmp_path / "1_Pooling").mkdir()
    (tmp_path / "1_Pooling" / "config.json").write_text("{}")
    with pytest.raises(ValueError, match="no graph is known"):
        bert_graph(tmp_path, "data")


def test_no_batch_exceeds_its_tokens_and_every_text_is_in_one() -> None:
    lengths = [3, 250, 7, 7, 90, 256, 3, 12, 12, 12]
    batches = batches_by_length(lengths, 100)
    assert batches == [[5], [1], [4], [7, 8, 9, 2, 3, 0, 6]]
    assert batches_by_length([], 100) == []
