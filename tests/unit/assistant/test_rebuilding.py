from __future__ import annotations

import os
import subprocess
from pathlib import Path
from typing import Any

import pytest

from assistant.serving.rebuilding import Pace, Rebuilder
from index import IndexConfig


def test_the_time_left_is_told_from_the_share_that_is_done() -> None:
    pace = Pace()
    pace.note(0, 1064, 100.0)
    pace.note(64, 1064, 130.0)
    pace.note(564, 1064, 140.0)
    assert pace.left_s(140.0) == pytest.approx(10.0)


def test_the_time_left_runs_down_between_two_reports_and_never_below_nothing() -> None:
    pace = Pace()
    pace.note(64, 1064, 130.0)
    pace.note(564, 1064, 140.0)
    assert (pace.left_s(144.0), pace.left_s(160.0)) == (pytest.approx(6.0), 0.0)


def test_the_loading_of_the_model_is_not_taken_for_slow_work() -> None:
    pace = Pace()
    pace.note(0, 1000, 0.0)
    pace.note(100, 1000, 60.0)
    pace.note(300, 1000, 64.0)
    assert pace.left_s(64.0) == pytest.approx(14.0)


@pytest.mark.parametrize(
    "reports",
    [[], [(0, 0.0)], [(64, 5.0)], [(64, 5.0), (128, 9.0)], [(64, 5.0), (640, 6.0)]],
    ids=["none", "nothing done", "one batch", "few texts", "too early"],
)
def test_while_too_little_was_seen_no_time_is_told(reports: list[tuple[int, float]]) -> None:
    pace = Pace()
    for done, now in reports:
        pace.note(done, 1000, now)
    assert pace.left_s(10.0) is None


def test_documents_read_anew_start_the_clock_again() -> None:
    pace = Pace()
    pace.note(64, 1000, 0.0)
    pace.note(500, 1000, 10.0)
    pace.note(0, 2000, 11.0)
    assert pace.left_s(11.0) is None
    pace.note(100, 2000, 20.0)
    pace.note(300, 2000, 24.0)
    assert pace.left_s(24.0) == pytest.approx(34.0)


def environ(tmp_path: Path, documents: Path) -> dict[str, str]:
    return {**os.environ, "SCO_SOURCE_DOCS": str(documents), "SCO_INDEX_DIR": str(tmp_path / "built")}


def test_a_rebuild_that_cannot_be_done_ends_with_its_line(tmp_path: Path) -> None:
    rebuilder = Rebuilder(environ(tmp_path, tmp_path / "nowhere"))
    assert rebuilder.start()
    rebuilder.wait()
    progress = rebuilder.progress
    assert (progress.running, progress.failed, progress.left_s, progress.took_s > 0) == (False, True, None, True)
    assert progress.line == (
        f"{tmp_path / 'nowhere'}: no such folder; make it and put documents in it, or set SCO_SOURCE_DOCS"
    )


def test_only_one_rebuild_runs_at_a_time_and_its_end_says_what_it_did(tmp_path: Path) -> None:
    docs = tmp_path / "docs"
    docs.mkdir()
    (docs / "a.txt").write_text("Apples are red.\n", "utf-8")
    (docs / "b.xlsx").write_bytes(b"%PDF")
    rebuilder = Rebuilder(environ(tmp_path, docs))
    assert (rebuilder.start(), rebuilder.start()) == (True, False)
    assert rebuilder.progress.running
    rebuilder.wait()
    assert (rebuilder.progress.failed, rebuilder.progress.line) == (
        False,
        "The index was rebuilt. left out: b.xlsx: only .txt, .md, .html, .htm, .pdf, .docx, .epub, .csv, .tsv files "
        "are read; save its text as .txt",
    )


def test_relative_folders_are_those_of_this_process(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "docs").mkdir()
    (tmp_path / "docs" / "a.txt").write_text("Apples are red.\n", "utf-8")
    monkeypatch.chdir(tmp_path)
    rebuilder = Rebuilder({**os.environ, "SCO_SOURCE_DOCS": "docs", "SCO_INDEX_DIR": "built"})
    assert rebuilder.start()
    rebuilder.wait()
    assert (rebuilder.progress.failed, rebuilder.progress.line) == (False, "The index was rebuilt.")
    assert (tmp_path / "built" / "CURRENT").is_file()


@pytest.mark.parametrize("engine", ["milvus:some%20data/50%25.db/docs", "milvus://ada:se%2Fcret@localhost:1/docs"])
def test_the_child_is_told_every_path_as_this_process_understands_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, engine: str
) -> None:
    told: list[dict[str, str]] = []

    def started(*_: Any, env: dict[str, str], **__: Any) -> None:
        told.append(env)
        raise OSError("not here")

    monkeypatch.setattr(subprocess, "Popen", started)
    monkeypatch.chdir(tmp_path)
    given = {"SCO_SOURCE_DOCS": "docs", "SCO_INDEX_DIR": "a/../built", "SCO_MODEL_DIR": "model", "SCO_INDEX": engine}
    understood = IndexConfig.from_env(given)
    rebuilder = Rebuilder({**given, "HOME": "/root"})
    rebuilder.start()
    rebuilder.wait()
    monkeypatch.chdir("/")
    assert IndexConfig.from_env(told[0]) == understood
    assert told[0]["HOME"] == "/root"
