"""What a disk may hold after the power goes: everything that was synced, and any part of what was not.

``recorded`` notes the operations of a rebuild; ``Disk`` plays them back up to a moment and then loses what it may:
a file keeps its synced bytes, or part of the later ones, or zeros in their place; a folder keeps any subset of the
entries changed since it was last synced. Harsher than real file systems, which keep some order of their own.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import Any

import pytest

Event = tuple[Any, ...]
"""("create" | "mkdir" | "remove", path), ("write", path, bytes), ("rename", path, path) or ("sync", path)."""


@contextmanager
def recorded(root: Path) -> Iterator[list[Event]]:
    """The operations below ``root`` while the block runs, in order, with paths relative to it."""
    events: list[Event] = []
    with pytest.MonkeyPatch.context() as patch:
        real = {name: getattr(os, name) for name in ("open", "write", "fsync", "mkdir", "rename", "replace")}
        real |= {name: getattr(os, name) for name in ("unlink", "rmdir")}

        def path_of(handle: int) -> str:
            return os.path.relpath(Path(f"/proc/self/fd/{handle}").readlink(), root)

        def named(path: Any, dir_fd: int | None) -> str:
            base = Path(f"/proc/self/fd/{dir_fd}").readlink() if dir_fd is not None else Path("/")
            return os.path.relpath(base / path, root)

        def opened(path: Any, flags: int, *rest: Any, **options: Any) -> int:
            fresh = flags & os.O_CREAT and not Path(path).exists()
            handle: int = real["open"](path, flags, *rest, **options)
            if fresh:
                events.append(("create", path_of(handle)))
            return handle

        def written(handle: int, data: Any) -> int:
            count: int = real["write"](handle, data)
            events.append(("write", path_of(handle), bytes(data[:count])))
            return count

        def synced(handle: int) -> None:
            real["fsync"](handle)
            events.append(("sync", path_of(handle)))

        def made(path: Any, *rest: Any, **options: Any) -> None:
            real["mkdir"](path, *rest, **options)
            events.append(("mkdir", named(path, None)))

        def moved(name: str) -> Any:
            def move(old: Any, new: Any) -> None:
                real[name](old, new)
                events.append(("rename", named(old, None), named(new, None)))

            return move

        def removed(name: str) -> Any:
            def remove(path: Any, *, dir_fd: int | None = None) -> None:
                gone = named(path, dir_fd)
                real[name](path, dir_fd=dir_fd)
                events.append(("remove", gone))

            return remove

        patch.setattr(os, "open", opened)
        patch.setattr(os, "write", written)
        patch.setattr(os, "fsync", synced)
        patch.setattr(os, "mkdir", made)
        for name in ("rename", "replace"):
            patch.setattr(os, name, moved(name))
        for name in ("unlink", "rmdir"):
            patch.setattr(os, name, removed(name))
        yield events


@dataclass
class Node:
    """A file's bytes or a folder's entries: what is certain to survive, what is there, and what may get lost."""

    folder: bool
    safe: bytes = b""
    now: bytes = b""
    safe_entries: dict[str, Node] = field(default_factory=dict)
    entries: dict[str, Node] = field(default_factory=dict)
    pending: list[dict[str, Node | None]] = field(default_factory=list)

    def change(self, changed: dict[str, Node | None]) -> None:
        self.pending.append(changed)
        _apply(self.entries, changed)

    def sync(self) -> None:
        self.safe, self.safe_entries, self.pending = self.now, dict(self.entries), []


def _apply(entries: dict[str, Node], changed: dict[str, Node | None]) -> None:
    for name, node in changed.items():
        if node is None:
            entries.pop(name, None)
        else:
            entries[name] = node


class Disk:
    """A folder's contents, all of them safe, and what happens to them."""

    def __init__(self, root: Path) -> None:
        self._root = _read(root)

    def play(self, events: Sequence[Event]) -> None:
        for kind, path, *more in events:
            folder, name = self._find(Path(path).parent), Path(path).name
            match kind:
                case "create" | "mkdir":
                    folder.change({name: Node(folder=kind == "mkdir")})
                case "write":
                    folder.entries[name].now += more[0]
                case "remove":
                    folder.change({name: None})
                case "rename":
                    target = Path(more[0])
                    assert target.parent == Path(path).parent, "renamed across folders"
                    folder.change({name: None, target.name: folder.entries[name]})
                case "sync":
                    self._find(Path(path)).sync()

    def lose_power(self, to: Path, chance: Random) -> None:
        """Write one of the states that the disk may be found in."""
        _survive(self._root, to, chance)

    def _find(self, path: Path) -> Node:
        node = self._root
        for part in path.parts:
            node = node.entries[part]
        return node


def _read(path: Path) -> Node:
    if not path.is_dir():
        data = path.read_bytes()
        return Node(False, data, data)
    entries = {child.name: _read(child) for child in path.iterdir()}
    return Node(True, safe_entries=dict(entries), entries=entries)


def _survive(node: Node, to: Path, chance: Random) -> None:
    if not node.folder:
        to.write_bytes(_torn(node, chance))
        return
    to.mkdir(exist_ok=True)
    entries = dict(node.safe_entries)
    # Now and then all or nothing, which a subset drawn one by one hardly ever is.
    likely = chance.choice((0.0, 0.5, 0.9, 1.0))
    for changed in node.pending:
        if chance.random() < likely:
            _apply(entries, changed)
    for name, child in entries.items():
        _survive(child, to / name, chance)


def _torn(node: Node, chance: Random) -> bytes:
    if node.now == node.safe:
        return node.now
    cut = chance.randrange(len(node.now) + 1)
    rest = len(node.now) - cut
    return chance.choice((node.safe, node.now, node.now[:cut], node.now[:cut] + bytes(rest), bytes(len(node.now))))
