"""A disk that is full or read-only: a real one, in memory."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from fakes import HashingEmbedder

from index import BadIndex, IndexConfig, LiveIndex, open_index, rebuild
from index.config import ROOT

PAGE = 4096
EMBEDDER = HashingEmbedder()
FORCED = """
import sys
from pathlib import Path
from fakes import HashingEmbedder
from index import BadIndex, IndexConfig, rebuild
try:
    rebuild(IndexConfig(Path(sys.argv[1]), Path(sys.argv[2])), HashingEmbedder(), force=True)
except BadIndex as problem:
    print(problem)
"""


def mounted(*arguments: str) -> bool:
    mount = shutil.which("mount")
    return mount is not None and subprocess.run([mount, *arguments], capture_output=True, check=False).returncode == 0


@pytest.fixture
def disk(two_documents: IndexConfig, tmp_path: Path) -> Iterator[IndexConfig]:
    """A disk of 512 kB with the index of two documents on it, one of which has been edited since."""
    folder = tmp_path / "disk"
    folder.mkdir()
    if not mounted("-t", "tmpfs", "-o", "size=512k", "tmpfs", str(folder)):
        pytest.skip(
            "a disk can only be mounted by root; the same faults are injected in tests/unit/index/test_store.py"
        )
    config = replace(two_documents, index_dir=folder / "built")
    try:
        rebuild(config, EMBEDDER)
        (config.source_docs / "a.txt").write_text("Apples\n\nApples are brown now.\n", "utf-8")
        yield config
    finally:
        subprocess.run(["umount", str(folder)], check=True)


def filled(folder: Path, but_pages: int) -> Path:
    """Fill the disk to all but some pages; returns the file that fills it."""
    ballast = folder / "ballast"
    facts = os.statvfs(folder)
    ballast.write_bytes(bytes(facts.f_bavail * facts.f_frsize - but_pages * PAGE))
    return ballast


def test_a_disk_that_fills_up_at_any_page_keeps_the_old_index_and_no_rest_of_the_new(disk: IndexConfig) -> None:
    refused: list[str] = []
    for pages in range(64):
        ballast = filled(disk.index_dir.parent, pages)
        try:
            rebuild(disk, EMBEDDER)
            break
        except BadIndex as problem:
            refused.append(str(problem))
        finally:
            ballast.unlink()
        index, _ = open_index(disk, EMBEDDER.identity)
        assert index.passages[0].text == "Apples are red. Pears are green."
        assert not [name for name in os.listdir(disk.index_dir) if name.startswith(".tmp-")]
    index, notices = open_index(disk, EMBEDDER.identity)
    assert (index.passages[0].text, notices) == ("Apples are brown now.", ())
    assert len(refused) >= 5
    assert all("cannot be written (No space left on device); free some space" in line for line in refused)


def test_a_read_only_disk_refuses_a_rebuild_in_one_line_and_goes_on_answering(disk: IndexConfig) -> None:
    assert mounted("-o", "remount,ro", str(disk.index_dir.parent))
    with pytest.raises(BadIndex) as refused:
        rebuild(disk, EMBEDDER)
    assert str(refused.value) == (
        f"{disk.index_dir}: cannot be written (Read-only file system); "
        "free some space or point SCO_INDEX_DIR at a folder you can write; the old index is kept"
    )
    assert LiveIndex(disk, EMBEDDER.identity).get()[0].passages[0].text == "Apples are red. Pears are green."


def test_a_folder_without_the_right_to_write_refuses_a_rebuild_in_one_line(two_documents: IndexConfig) -> None:
    rebuild(two_documents, EMBEDDER)
    two_documents.index_dir.chmod(0o555)
    # Root may write anywhere, unless it gives that right up.
    like_others = ["setpriv", "--bounding-set", "-dac_override"] if os.geteuid() == 0 else []
    command = [*like_others, sys.executable, "-c", FORCED, str(two_documents.source_docs), str(two_documents.index_dir)]
    environ = {**os.environ, "PYTHONPATH": f"{ROOT}:{ROOT / 'tests'}"}
    done = subprocess.run(command, env=environ, capture_output=True, text=True, check=False, timeout=120)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == (
        f"{two_documents.index_dir}: cannot be written (Permission denied); "
        "free some space or point SCO_INDEX_DIR at a folder you can write; the old index is kept\n"
    )
    assert LiveIndex(two_documents, EMBEDDER.identity).get()[0].passages[0].text == "Apples are red. Pears are green."
