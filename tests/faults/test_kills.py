"""SIGKILL at every step of a rebuild and of a roll-back, each in a process of its own."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from index.config import ROOT

ANSWERS_BEFORE = {
    "a first build": {"none", "new"},
    "a changed document": {"old", "new"},
    "a full folder, with what a kill left": {"old", "new"},
    "a damaged generation": {"old", "new"},
    "a roll-back": {"new", "old"},
}


def kills(folder: Path, write_bytes: int, sample: int) -> list[dict[str, Any]]:
    arguments = [sys.executable, str(ROOT / "tests" / "killing.py"), str(folder), str(write_bytes), str(sample)]
    path = os.pathsep.join([str(ROOT), str(ROOT / "tests")])
    environ = {**os.environ, "PYTHONPATH": path, "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
    done = subprocess.run(arguments, env=environ, capture_output=True, text=True, check=False, timeout=3600)
    assert done.returncode == 0, done.stderr
    return [json.loads(line) for line in done.stdout.splitlines()]


def refused(kill: dict[str, Any]) -> bool:
    """Whether a kill left anything but the old or the new index, or what the next rebuild does not mend."""
    whole = kill["answers"] in ANSWERS_BEFORE[kill["scenario"]]
    known = int(kill["scenario"] == "a damaged generation")
    sound = kill["verify"] != "CORRUPT" or known
    return not (whole and sound and kill["mended"] and kill["left"] == [] and kill["damaged"] <= known)


def test_a_kill_leaves_the_old_or_the_new_index_and_the_next_rebuild_mends_the_rest(tmp_path: Path) -> None:
    tried = kills(tmp_path, 100_000, 4)
    assert [kill for kill in tried if refused(kill)] == []
    assert sum(kill["killed"] for kill in tried) >= 20


@pytest.mark.slow
def test_not_one_of_a_thousand_kills_loses_an_index(tmp_path: Path) -> None:
    tried = kills(tmp_path, 32, 0)
    assert [kill for kill in tried if refused(kill)] == []
    assert sum(kill["killed"] for kill in tried) == len(tried) >= 1000
