from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from index.config import ROOT


def run(tmp_path: Path, *arguments: str, **settings: str) -> subprocess.CompletedProcess[str]:
    environ = {name: value for name, value in os.environ.items() if not name.startswith("SCO_")}
    environ |= {"SCO_INDEX_DIR": str(tmp_path / "built"), "SCO_SOURCE_DOCS": str(tmp_path / "docs"), **settings}
    command = [sys.executable, "-m", "index", *arguments]
    return subprocess.run(command, cwd=ROOT, env=environ, capture_output=True, text=True, check=False, timeout=120)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An index built by the command from one document and one file that is left out."""
    folder = tmp_path_factory.mktemp("commands")
    (folder / "docs").mkdir()
    (folder / "docs" / "a.txt").write_text("Apples are red. Pears are green.\n\nBoats float.\n", "utf-8")
    (folder / "docs" / "b.pdf").write_bytes(b"%PDF")
    built = run(folder, "rebuild", "--progress", "json")
    assert (built.returncode, built.stderr) == (
        3,
        "left out: b.pdf: only .txt files are read; save its text as .txt\n",
    )
    assert json.loads(built.stdout.splitlines()[-1])["changed"] is True
    return folder


def test_status_of_a_fresh_index_is_current(folder: Path) -> None:
    found = run(folder, "status", "--json")
    assert (found.returncode, json.loads(found.stdout)["state"]) == (0, "current")


def test_search_prints_the_nearest_passage_first(folder: Path) -> None:
    found = run(folder, "search", "ships on the sea", "-k", "1", "--json")
    assert (found.returncode, json.loads(found.stdout)["text"]) == (0, "Boats float.")


def test_verify_of_a_whole_index_succeeds(folder: Path) -> None:
    assert run(folder, "verify").returncode == 0


@pytest.mark.parametrize(
    ("arguments", "settings", "code", "line"),
    [
        (["search", "apples"], {}, 1, "no index in "),
        (["search", " "], {}, 2, "search needs a query"),
        (["rebuild"], {}, 1, "no such folder; make it"),
        (
            ["status"],
            {"SCO_INDEX_DIRR": "x"},
            1,
            "setting SCO_INDEX_DIRR: there is no such setting; did you mean SCO_I",
        ),
        (["status"], {"SCO_MODEL_DIR": "/nowhere"}, 1, "/nowhere: not a sentence-transformers folder"),
    ],
)
def test_a_mistake_is_told_in_one_line(
    tmp_path: Path, arguments: list[str], settings: dict[str, str], code: int, line: str
) -> None:
    done = run(tmp_path, *arguments, **settings)
    assert (done.returncode, done.stderr.count("\n"), line in done.stderr) == (code, 1, True)


@pytest.mark.parametrize("command", ["status", "verify"])
def test_a_missing_index_has_its_own_exit_status(tmp_path: Path, command: str) -> None:
    assert run(tmp_path, command).returncode == 5
