"""Processes of one session and where they listen, as Linux tells it."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from pathlib import Path

# How the addresses that ``listens`` tells end: of IPv4, which may stand in one of IPv6, and of IPv6.
LOOPBACK = ("0100007F", "00000000000000000000000001000000")


def of_session(session: int) -> dict[int, str]:
    """Number and command of the living processes of a session."""
    found: dict[int, str] = {}
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            state, _, _, of = (folder / "stat").read_text().rpartition(")")[2].split()[:4]
            if int(of) == session and state != "Z":
                found[int(folder.name)] = (folder / "cmdline").read_text().replace("\0", " ")
        except OSError:
            continue
    return found


def listens(process: int) -> Iterator[str]:
    """Addresses, in hexadecimal, that a process listens on by TCP."""
    try:
        held = {str(file.readlink()) for file in Path(f"/proc/{process}/fd").iterdir()}
    except OSError:
        return
    for table in ("tcp", "tcp6"):
        for line in Path(f"/proc/net/{table}").read_text().splitlines()[1:]:
            _, local, _, state, *_, inode = line.split()[:10]
            if state == "0A" and f"socket:[{inode}]" in held:
                yield local.partition(":")[0]


def wait_until(true: Callable[[], bool]) -> None:
    ends = time.monotonic() + 60
    while not true():
        assert time.monotonic() < ends
        time.sleep(0.1)
