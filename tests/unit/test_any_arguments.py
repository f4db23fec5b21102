"""Command lines made by machine: each ends with a known status and without a traceback."""

from __future__ import annotations

import io
import random
from pathlib import Path

import pytest
from fakes import HashingEmbedder

import assistant.__main__ as asking
import index.__main__ as indexing
from assistant import Assistant
from index import IndexConfig, LiveIndex, rebuild

WORDS = (
    "", " ", "-", "--", "-1", "0", "1", "9" * 40, "1e3", "NaN", "apples", "What is red?", "x" * 5000, "\u202e",
    "🤷", "--json", "--force", "--deep", "-k", "--progress", "none", "json", "--history", "--document", "--batch",
    "--style", "apa", "csl-json", "--export", "/", "..", "/dev/null", "/proc/self/mem", "nowhere", "a.txt", "%s",
    "--help", "--no-such-option", "--json=1", "20260101T000000000000Z-00000000", "@file", "=", "--=", "-h",
)  # fmt: skip
COMMANDS = {
    indexing: ("rebuild", "status", "search", "verify", "generations", "rollback", "nonsense"),
    asking: ("ask", "verify", "cite", "nonsense"),
}
KNOWN = {0, 1, 2, 3, 4, 5, 6, 75}


@pytest.fixture
def anywhere(two_documents: IndexConfig, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> IndexConfig:
    """Two documents, indexed, named by the settings; an embedder that needs no model."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(b"Apples are red.")))
    monkeypatch.setenv("SCO_SOURCE_DOCS", str(two_documents.source_docs))
    monkeypatch.setenv("SCO_INDEX_DIR", str(two_documents.index_dir))
    for name in ("SentenceTransformerEmbedder", "packaged_embedder", "open_embedder"):
        if hasattr(indexing, name):
            monkeypatch.setattr(indexing, name, lambda *_, **__: HashingEmbedder())
    embedder = HashingEmbedder()
    rebuild(two_documents, embedder)
    whole = Assistant(LiveIndex(two_documents, embedder.identity), embedder, None)
    monkeypatch.setattr(Assistant, "open", lambda environ=None: whole)
    return two_documents


def ended(main: object, arguments: list[str]) -> object:
    try:
        return main(arguments)  # type: ignore[operator]
    except SystemExit as problem:
        return problem.code


def run(module: object, count: int, seed: int, capsys: pytest.CaptureFixture[str]) -> None:
    chance = random.Random(seed)
    for _ in range(count):
        command = chance.choice(COMMANDS[module])  # type: ignore[index]
        arguments = [command, *chance.choices(WORDS, k=chance.randrange(5))]
        assert ended(module.main, arguments) in KNOWN, arguments  # type: ignore[attr-defined]
        assert "Traceback" not in capsys.readouterr().err, arguments


@pytest.mark.usefixtures("anywhere")
@pytest.mark.parametrize("module", COMMANDS, ids=["index", "assistant"])
def test_every_generated_command_line_ends_with_a_known_status(
    module: object, capsys: pytest.CaptureFixture[str]
) -> None:
    run(module, 250, 1, capsys)


@pytest.mark.slow
@pytest.mark.usefixtures("anywhere")
@pytest.mark.parametrize("module", COMMANDS, ids=["index", "assistant"])
def test_so_does_every_one_of_ten_thousand(module: object, capsys: pytest.CaptureFixture[str]) -> None:
    run(module, 5000, 2, capsys)
