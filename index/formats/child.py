"""The process that reads files of strangers: a small server that forks a child with hard limits for each document.

Requests come on standard input: a line of JSON, ``{"format": name, "bytes": n}``, then n bytes. Each answer is a line
that holds the length of a JSON object, then the object: ``{"read": …}`` or ``{"failed": why}``. It ends when its input
does, so it never outlives the process that started it.
"""

from __future__ import annotations

import contextlib
import importlib
import json
import os
import resource
import select
import signal
import sys
import time
from typing import BinaryIO, Never

from index.formats import Unreadable
from index.formats.transcript import MAX_CHARS, TooMuchText

MEMORY_BYTES = 1024**3
CPU_S = 20
CLOCK_S = 120
ANSWER_BYTES = 96 * 1024 * 1024

_TOO_LONG = f"takes more than {CPU_S} s of processor time to read; split or simplify it"


def serve(requests: BinaryIO, answers: BinaryIO) -> None:
    """Answer every request until there are no more."""
    while line := requests.readline():
        request = json.loads(line)
        data = requests.read(request["bytes"])
        # Here rather than in each child: what is imported once is there for all of them.
        with contextlib.suppress(ImportError):
            importlib.import_module(f"index.formats.{request['format']}")
        answer = _in_a_child(request["format"], data)
        answers.write(b"%d\n%b" % (len(answer), answer))
        answers.flush()


def _in_a_child(name: str, data: bytes) -> bytes:
    reading, writing = os.pipe()
    child = os.fork()
    if not child:
        os.close(reading)
        _read(name, data, writing)
    os.close(writing)
    try:
        answer, ended = _gather(reading), True
    except TimeoutError:
        answer, ended = b"", False
    finally:
        os.close(reading)
        # It may have stopped writing without having ended.
        with contextlib.suppress(ProcessLookupError):
            os.kill(child, signal.SIGKILL)
        _, status = os.waitpid(child, 0)
    if answer.endswith(b"}\n"):
        return answer
    return _failed(_reason(status) if ended else f"takes more than {CLOCK_S} s to read; split or simplify it")


def _gather(reading: int) -> bytes:
    deadline = time.monotonic() + CLOCK_S
    parts: list[bytes] = []
    size = 0
    while True:
        left = deadline - time.monotonic()
        if left <= 0 or not select.select([reading], [], [], left)[0]:
            raise TimeoutError
        part = os.read(reading, 1024 * 1024)
        size += len(part)
        if not part or size > ANSWER_BYTES:
            return b"".join(parts)
        parts.append(part)


def _reason(status: int) -> str:
    if os.WIFSIGNALED(status) and os.WTERMSIG(status) in (signal.SIGXCPU, signal.SIGKILL):
        return _TOO_LONG
    return "cannot be read: the program that reads it broke down; is it damaged?"


def _read(name: str, data: bytes, writing: int) -> Never:
    """What the child does; it never returns."""
    for limit, most in (
        (resource.RLIMIT_AS, MEMORY_BYTES),
        (resource.RLIMIT_CPU, CPU_S),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
    ):
        with contextlib.suppress(ValueError, OSError):
            resource.setrlimit(limit, (most, most))
    try:
        found = importlib.import_module(f"index.formats.{name}").extract(data)
        if not found["text"].strip():
            raise Unreadable("holds no text; write something in it or remove it")
        answer = json.dumps({"read": found}).encode() + b"\n"
    except Unreadable as problem:
        answer = _failed(str(problem))
    except MemoryError:
        answer = _failed(f"takes more than {MEMORY_BYTES // 2**20} MiB of memory to read; split or simplify it")
    except TooMuchText:
        answer = _failed(f"holds more than {MAX_CHARS:,} characters of text; split it")
    except ImportError as problem:
        answer = _failed(f"cannot be read: {problem}; pip install -r requirements.txt")
    except Exception as problem:  # noqa: BLE001 - whatever a library does with a strange file, the next one is read
        line = " ".join(str(problem).split())[:120]
        answer = _failed(f"cannot be read ({type(problem).__name__}{': ' if line else ''}{line}); is it damaged?")
    try:
        view = memoryview(answer)
        while view:
            view = view[os.write(writing, view) :]
    finally:
        # Not sys.exit: what the parent process has to do at its end is not for the child to do.
        os._exit(0)


def _failed(why: str) -> bytes:
    return json.dumps({"failed": why}).encode() + b"\n"


if __name__ == "__main__":
    serve(sys.stdin.buffer, sys.stdout.buffer)
