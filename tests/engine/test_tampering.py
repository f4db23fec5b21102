"""An engine that is wrong, stale or false: nothing that it says becomes a quote unless its sha256 is known here."""

from __future__ import annotations

import base64
import json
import shutil
import zlib
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from fakes import HashingEmbedder

from assistant.answering import Assistant
from assistant.replies import Answer
from index import BadIndex, IndexConfig, IndexCorrupt, IndexIncompatible, LiveIndex, OnnxEmbedder, open_index, rebuild
from index.config import ROOT
from index.engine.protocol import EngineAddress, engine_at
from index.verify import verify

IDENTITY = HashingEmbedder().identity
ARTICLE = "sco-alternative-global-order.txt"


def client(config: IndexConfig) -> Any:
    from pymilvus import MilvusClient

    assert config.engine is not None
    return MilvusClient(uri=config.engine.place, token=config.engine.token)


def collection(config: IndexConfig) -> str:
    """Of the live generation."""
    name = (config.index_dir / "CURRENT").read_text("ascii").split()[0]
    return str(json.loads((config.index_dir / name / "engine.json").read_bytes())["collection"])


def alter(config: IndexConfig, key: str, change: Callable[[bytes], bytes]) -> None:
    """Change one piece as someone would who can write to the engine."""
    engine, name = client(config), f"{collection(config)}_pieces"
    (found,) = engine.get(name, ids=[key])
    piece = base64.b64encode(change(base64.b64decode(found["piece"]))).decode()
    engine.upsert(name, [{"key": key, "piece": piece, "unsearched": [0.0, 0.0]}])
    heard_of(engine, name)


def heard_of(engine: Any, name: str) -> None:
    """Wait until a server answers with what was written: an index that is open need not see what came after it."""
    engine.query(name, filter="", output_fields=["count(*)"], consistency_level="Strong")


def forged(words: str, instead: str) -> Callable[[bytes], bytes]:
    """A record that reads as if the document said something else at the same place."""

    def change(piece: bytes) -> bytes:
        facts = json.loads(zlib.decompress(piece))
        assert words in facts["document"]["text"]
        assert len(words) == len(instead)
        facts["document"]["text"] = facts["document"]["text"].replace(words, instead)
        return zlib.compress(json.dumps(facts, ensure_ascii=False, sort_keys=True).encode(), 6)

    return change


@pytest.fixture
def built(two_documents: IndexConfig, fake_embedder: HashingEmbedder) -> IndexConfig:
    rebuild(two_documents, fake_embedder)
    return two_documents


@pytest.mark.parametrize(
    "change",
    [
        forged("red", "tan"),
        lambda piece: piece[:-1],
        lambda piece: b"",
        lambda piece: zlib.compress(b"{}"),
    ],
    ids=["forged", "cut short", "emptied", "another record"],
)
def test_a_document_that_was_altered_is_never_read(
    built: IndexConfig, fake_embedder: HashingEmbedder, change: Callable[[bytes], bytes]
) -> None:
    index, _ = open_index(built, IDENTITY)
    alter(built, "d:0:0", change)
    for ask in (
        lambda: index.search("What colour are apples?", fake_embedder, 3),
        lambda: index.documents["a.txt"],
        lambda: list(index.passages),
        lambda: index.passages[0],
        lambda: index.of_documents(["a.txt"]),
        lambda: list(index.documents.values()),
    ):
        with pytest.raises(IndexCorrupt, match=r"document a\.txt is not what was written; mend it with: python -m"):
            ask()
    assert index.documents["b.txt"].text == "Boats\n\nBoats float on water. Stones sink.\n"


def test_verify_tells_what_was_altered_and_a_rebuild_by_force_mends_it(
    built: IndexConfig, fake_embedder: HashingEmbedder
) -> None:
    alter(built, "d:1:0", forged("float", "sank "))
    report = verify(built, fake_embedder)
    assert (report.state.name, "document b.txt is not what was written" in report.lines[1]) == ("CORRUPT", True)
    rebuild(built, fake_embedder, force=True)
    assert verify(built, fake_embedder).state.name == "CURRENT"


def test_rows_that_lie_about_their_place_change_the_order_and_no_word(
    built: IndexConfig, fake_embedder: HashingEmbedder
) -> None:
    vector = fake_embedder.encode(["Apples are red."])[0].tolist()
    # Row 2 claims the vector and the document of row 0; row 77 is of no passage at all.
    assert built.engine is not None
    terms = {"terms": {1: 9.0}} if engine_at(built.engine).keeps_terms else {}
    rows = [{"row": row, "document": 0, "vector": vector, **terms} for row in (2, 77)]
    index, _ = open_index(built, IDENTITY)
    client(built).upsert(collection(built), rows)
    heard_of(client(built), collection(built))
    hits = index.search("Apples are red.", fake_embedder, 5)
    assert {hit.passage.id for hit in hits} == {0, 1, 2}
    for hit in hits:
        text = (built.source_docs / hit.passage.document.id).read_text("utf-8")
        assert hit.passage.text in text
        assert hit.passage.span.of(text) == hit.passage.text
    boats = next(hit for hit in hits if hit.passage.id == 2)
    assert boats.passage.document.id == "b.txt"


@pytest.mark.parametrize("how", ["of another time", "dropped", "a row missing", "another dimension"])
def test_a_collection_that_is_not_the_one_that_was_written_is_refused_when_it_is_opened(
    built: IndexConfig, how: str
) -> None:
    engine, name = client(built), collection(built)
    if how == "of another time":
        alter(built, "made", lambda piece: piece.replace(b"hashing", b"another"))
    elif how == "dropped":
        assert built.engine is not None
        engine.drop_alias(built.engine.collection)
        engine_at(built.engine).drop(name)
    elif how == "a row missing":
        engine.delete(name, ids=[1])
    else:
        engine.drop_alias(built.engine.collection)
        engine.drop_collection(name)
        schema = engine.create_schema(auto_id=False)
        kinds = __import__("pymilvus").DataType
        schema.add_field("row", kinds.INT64, is_primary=True)
        schema.add_field("vector", kinds.FLOAT_VECTOR, dim=3)
        indexes = engine.prepare_index_params()
        indexes.add_index("vector", index_type="FLAT", metric_type="IP")
        engine.create_collection(name, schema=schema, index_params=indexes)
        engine.insert(name, [{"row": row, "vector": [1.0, 0.0, 0.0]} for row in range(3)])
    told = {
        "of another time": "is not what was written for 20",
        "dropped": "is not there",
        "a row missing": r"holds \(2, 64\), its manifest promises \(3, 64\)",
        "another dimension": r"holds \(3, 3\), its manifest promises \(3, 64\)",
    }
    with pytest.raises(IndexCorrupt, match=told[how]) as problem:
        open_index(built, IDENTITY)
    assert "\n" not in str(problem.value)


def test_another_model_is_told_and_not_searched_with(built: IndexConfig) -> None:
    with pytest.raises(IndexIncompatible, match=r"the index was made with hashing .* this program uses other"):
        open_index(built, HashingEmbedder("other").identity)


def test_an_index_kept_elsewhere_than_the_settings_say_is_told(
    built: IndexConfig, fake_embedder: HashingEmbedder
) -> None:
    with pytest.raises(IndexIncompatible, match=r"made with an engine .* uses files, for SCO_INDEX is not set"):
        open_index(replace(built, engine=None), IDENTITY)
    rebuild(replace(built, engine=None), fake_embedder)
    with pytest.raises(IndexIncompatible, match="made with files, this program uses an engine"):
        open_index(built, IDENTITY)


def test_an_engine_that_does_not_answer_is_one_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    milvus = pytest.importorskip("index.engine.milvus")
    pytest.importorskip("pymilvus")
    monkeypatch.setattr(milvus, "_CONNECT_S", 0.5)
    with pytest.raises(BadIndex, match=r"engine at http://127\.0\.0\.1:9 cannot be opened .*; start it, or") as problem:
        engine_at(EngineAddress.parse("milvus://127.0.0.1:9/sco"))
    assert "\n" not in str(problem.value)


def test_a_forged_article_is_never_quoted(engine: EngineAddress, tmp_path: Path, _minilm: OnnxEmbedder) -> None:
    shutil.copy(ROOT / "source_docs" / ARTICLE, tmp_path)
    config = IndexConfig(source_docs=tmp_path, index_dir=tmp_path / "built", engine=engine)
    rebuild(config, _minilm)
    question = "When was the SCO founded?"
    answer = Assistant(LiveIndex(config, _minilm.identity), _minilm).ask(question)
    text = (tmp_path / ARTICLE).read_text("utf-8")
    if isinstance(answer, Answer):
        assert all(text[quote.start : quote.end] == quote.exact for quote in answer.quotes)
    alter(config, "d:0:0", forged("2001", "1871"))
    with pytest.raises(IndexCorrupt, match="is not what was written"):
        Assistant(LiveIndex(config, _minilm.identity), _minilm).ask(question)
