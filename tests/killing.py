"""Kills a rebuild by SIGKILL before, and inside, each of its operations on files, and looks at what is left.

A process of its own, with the repository and its tests on PYTHONPATH: `python tests/killing.py FOLDER WRITE_BYTES
[SAMPLE]`. It forks one child for each kill, which spares the imports, and prints one JSON object a kill. Nothing here
is faked but the embedder: real files, real signals, real locks.
"""

from __future__ import annotations

import json
import os
import shutil
import signal
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

from fakes import HashingEmbedder

from index import BadIndex, IndexConfig, IndexMissing, State, open_index, rebuild, roll_back
from index.store import Store
from index.vector_log import VectorLog
from index.verify import verify

OPERATIONS = (
    "open",
    "write",
    "pwrite",
    "fsync",
    "ftruncate",
    "mkdir",
    "rename",
    "replace",
    "unlink",
    "rmdir",
    "close",
)
OLD, NEW = "red", "brown"


def scenarios(folder: Path) -> dict[str, tuple[IndexConfig, Callable[[IndexConfig], object]]]:
    """Name → the state before, and what is killed. Between OLD and NEW the text of one document changes."""
    docs = folder / "docs"
    docs.mkdir()
    (docs / "b.txt").write_text("Boats\n\nBoats float on water. Stones sink.\n", "utf-8")
    article = docs / "a.txt"

    def written(word: str) -> None:
        article.write_text(f"Apples\n\nApples are {word}. Pears are green.\n\nPlums are blue.\n", "utf-8")

    def state(name: str) -> IndexConfig:
        return IndexConfig(docs, folder / name)

    def forced(config: IndexConfig) -> object:
        return rebuild(config, HashingEmbedder(), force=True)

    def changed(config: IndexConfig) -> object:
        return rebuild(config, HashingEmbedder())

    def back(config: IndexConfig) -> object:
        return roll_back(config, HashingEmbedder().identity)

    written(OLD)
    first, one, full = state("first"), state("one"), state("full")
    rebuild(one, HashingEmbedder())
    for _ in range(3):
        forced(full)
    # What an earlier kill left, to be removed under the lock.
    left = full.index_dir / ".tmp-20260101T000000000000Z-00000000-1"
    left.mkdir()
    (left / "documents.jsonl").write_text("half", "utf-8")
    (full.index_dir / ".tmp-CURRENT-1").write_text("half", "utf-8")
    damaged = state("damaged")
    shutil.copytree(one.index_dir, damaged.index_dir)
    forced(damaged)
    (damaged.index_dir / Store(damaged.index_dir).current()[0] / "passages.faiss").write_bytes(b"x")
    newer = state("newer")
    shutil.copytree(one.index_dir, newer.index_dir)
    written(NEW)
    rebuild(newer, HashingEmbedder())
    return {
        "a first build": (first, changed),
        "a changed document": (one, changed),
        "a full folder, with what a kill left": (full, forced),
        "a damaged generation": (damaged, changed),
        "a roll-back": (newer, back),
    }


class Killer:
    """Counts the operations of this process and kills it at one; ``inside`` lets half of that one through first."""

    def __init__(self, at: int, inside: bool, write_bytes: int) -> None:
        self.count = 0
        self.splittable: list[int] = []
        self._at, self._inside, self._write_bytes = at, inside, write_bytes
        for name in OPERATIONS:
            setattr(os, name, self._counted(name, getattr(os, name)))
        # Written through Python's own files, which the operations above do not see.
        VectorLog.append = self._logged(VectorLog.append)  # type: ignore[method-assign]
        VectorLog.remove = self._counted("remove", VectorLog.remove)  # type: ignore[method-assign]

    def _counted(self, name: str, real: Callable[..., Any]) -> Callable[..., Any]:
        def operation(*arguments: Any, **options: Any) -> Any:
            if name == "open" and not arguments[1] & (os.O_CREAT | os.O_DIRECTORY):
                return real(*arguments, **options)  # only read from
            if name == "write":
                # Short writes are allowed to any system; they make more places to be killed at.
                arguments = (arguments[0], bytes(arguments[1])[: self._write_bytes])
            self.count += 1
            if name in ("write", "pwrite", "fsync", "rename", "replace"):
                self.splittable.append(self.count)
            if self.count == self._at:
                if self._inside:
                    if name in ("write", "pwrite"):
                        real(arguments[0], arguments[1][: len(arguments[1]) // 2], *arguments[2:])
                    else:
                        real(*arguments, **options)
                os.kill(os.getpid(), signal.SIGKILL)
            return real(*arguments, **options)

        return operation

    def _logged(self, real: Callable[..., None]) -> Callable[..., None]:
        def append(log: VectorLog, *arguments: Any) -> None:
            self.count += 1
            self.splittable.append(self.count)
            if self.count != self._at:
                real(log, *arguments)
                return
            if self._inside:
                real(log, *arguments)
                file = log._file
                os.truncate(file, file.stat().st_size - 100)
            os.kill(os.getpid(), signal.SIGKILL)

        return append


def forked(work: Callable[[], object]) -> tuple[int, Any]:
    """Run ``work`` in a child; its wait status and, when it lived, what it returned."""
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(reader)
        try:
            with os.fdopen(writer, "w", encoding="utf-8") as out:
                json.dump(work(), out)
            os._exit(0)
        except BaseException as problem:  # noqa: BLE001
            sys.stderr.write(f"{type(problem).__name__}: {problem}\n")
            os._exit(9)
    os.close(writer)
    with os.fdopen(reader, encoding="utf-8") as told:
        said = told.read()
    _, status = os.waitpid(child, 0)
    return status, json.loads(said) if said else None


def texts(config: IndexConfig) -> list[str]:
    return [passage.text for passage in open_index(config, HashingEmbedder().identity)[0].passages]


def answers(config: IndexConfig) -> str:
    """Which index answers: old, new or none; anything else is a mixture."""
    try:
        found = texts(config)
    except IndexMissing:
        return "none"
    except BadIndex as problem:
        return f"lost: {problem}"
    rest = ["Plums are blue.", "Boats float on water. Stones sink."]
    for name, word in (("old", OLD), ("new", NEW)):
        if found == [f"Apples are {word}. Pears are green.", *rest]:
            return name
    return f"mixed: {found}"


def aftermath(config: IndexConfig) -> dict[str, object]:
    """What answers after the kill, what verify says, and whether the next rebuild makes all well."""
    embedder = HashingEmbedder()
    answering = answers(config)
    before = verify(config, embedder)
    rebuild(config, embedder)
    after = verify(config, embedder, deep=True)
    return {
        "answers": answering,
        "verify": before.state.name,
        "mended": after.state is State.CURRENT and answers(config) == "new",
        "left": [name for name in os.listdir(config.index_dir) if name.startswith((".tmp-", "embedded"))],
        # The damage that was planted may still be told of, as an older generation's; a kill may add none.
        "damaged": sum("damaged" in line for line in after.lines),
    }


def kills(folder: Path, write_bytes: int, sample: int) -> Iterator[dict[str, object]]:
    for name, (start, work) in scenarios(folder).items():
        whole = replace(start, index_dir=folder / "whole")

        def counted(config: IndexConfig = whole, work: Callable[[IndexConfig], object] = work) -> object:
            killer = Killer(0, False, write_bytes)
            work(config)
            return killer.count, killer.splittable

        _copy(start, whole)
        _, (count, splittable) = forked(counted)
        points = [(at, False) for at in range(1, count + 1)] + [(at, True) for at in splittable]
        step = max(1, len(points) // sample) if sample else 1
        for at, inside in sorted(points)[::step]:
            config = replace(start, index_dir=folder / "killed")
            _copy(start, config)

            def killed(
                config: IndexConfig = config,
                work: Callable[[IndexConfig], object] = work,
                at: int = at,
                inside: bool = inside,
            ) -> object:
                Killer(at, inside, write_bytes)
                return [work(config) is None]

            status, _ = forked(killed)
            ended = {"scenario": name, "at": at, "inside": inside, "killed": status == signal.SIGKILL}
            status, told = forked(lambda config=config: aftermath(config))  # type: ignore[misc]
            yield ended | (told if status == 0 else {"answers": f"the next rebuild failed ({status})"})


def _copy(start: IndexConfig, to: IndexConfig) -> None:
    shutil.rmtree(to.index_dir, ignore_errors=True)
    if start.index_dir.exists():
        shutil.copytree(start.index_dir, to.index_dir)


if __name__ == "__main__":
    chosen = int(sys.argv[3]) if len(sys.argv) > 3 else 0
    for kill in kills(Path(sys.argv[1]), int(sys.argv[2]), chosen):
        print(json.dumps(kill), flush=True)
