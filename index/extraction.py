"""Files that are not plain text → their text and structure, read by a process of its own that may come to grief."""

from __future__ import annotations

import contextlib
import json
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any

from index.errors import BadSource
from index.formats import BY_SUFFIX, Unreadable, extractor
from index.formats.child import ANSWER_BYTES
from index.structure import Structure

_FOLDER = Path(__file__).resolve().parent
# As a package without its __init__, which imports FAISS and more: the child stays small, and starts in a moment.
_START = (
    "import sys, types; package = types.ModuleType('index'); package.__path__ = [{folder!r}]; "
    "sys.modules['index'] = package; from index.formats.child import serve; serve(sys.stdin.buffer, sys.stdout.buffer)"
)


@dataclass(frozen=True, slots=True)
class Extracted:
    """What a file holds."""

    text: str
    structure: Structure


class Extractor:
    """Reads documents one at a time, in a process that it starts when there is the first to read.

    ``known``: (sha256 of the file, what read it) → what was read, so that an unchanged file is not read again. To be
    used as a context manager, by one thread.
    """

    def __init__(self, known: Mapping[tuple[str, str], Extracted] | None = None) -> None:
        self._known = known or {}
        self._process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Extractor:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, problem: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stop()

    def extract(self, name: str, data: bytes, sha256: str) -> Extracted:
        """Read the document ``name``, whose suffix says what it is. Raises BadSource when that cannot be done."""
        known = BY_SUFFIX[Path(name).suffix.lower()]
        try:
            reader = extractor(known)
        except Unreadable as problem:
            raise BadSource(name, str(problem)) from None
        found = self._known.get((sha256, reader))
        if found is not None:
            return found
        answer = self._ask(known.name, data)
        if "failed" in answer:
            raise BadSource(name, " ".join(str(answer["failed"]).split()))
        try:
            read = answer["read"]
            text = str(read["text"])
            text.encode("utf-8")
            return Extracted(text, Structure.from_json({**read, "extractor": reader}, text))
        except (ValueError, TypeError, KeyError) as problem:
            # A child that a file has taken over may answer anything.
            line = " ".join(str(problem).split())[:120]
            raise BadSource(name, f"cannot be read: what was made of it contradicts itself ({line})") from None

    def _ask(self, format_name: str, data: bytes) -> dict[str, Any]:
        broken = {"failed": "cannot be read: the process that reads documents ended; is it damaged?"}
        try:
            process = self._started()
            assert process.stdin is not None
            assert process.stdout is not None
            process.stdin.write(json.dumps({"format": format_name, "bytes": len(data)}).encode() + b"\n")
            process.stdin.write(data)
            process.stdin.flush()
            size = int(process.stdout.readline() or b"-1")
            answer = process.stdout.read(size) if 0 <= size <= ANSWER_BYTES else b""
            found = json.loads(answer)
        except (OSError, ValueError, RecursionError):
            self._stop()
            return broken
        return found if isinstance(found, dict) else broken

    def _started(self) -> subprocess.Popen[bytes]:
        if self._process is None:
            script = _START.format(folder=str(_FOLDER))
            # -I: no file that lies in the folder from which the program was started is ever imported.
            self._process = subprocess.Popen(
                [sys.executable, "-I", "-c", script],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                env={},
            )
        return self._process

    def _stop(self) -> None:
        process, self._process = self._process, None
        if process is None:
            return
        for pipe in (process.stdin, process.stdout):
            if pipe is not None:
                with contextlib.suppress(OSError):
                    pipe.close()
        # Its child, if it has one, has limits of its own and nobody to write to.
        process.kill()
        process.wait()


class Remembered(Extractor):
    """Reads nothing anew: tells whether documents changed, cheaply, while a question waits for it.

    A file that is not known counts as a document with no text yet; one of ``left_out`` (name → reason) stays left out.
    """

    def __init__(self, known: Mapping[tuple[str, str], Extracted], left_out: Mapping[str, str]) -> None:
        super().__init__(known)
        self._left_out = left_out

    def extract(self, name: str, data: bytes, sha256: str) -> Extracted:
        if name in self._left_out:
            raise BadSource(name, self._left_out[name])
        return super().extract(name, data, sha256)

    def _ask(self, format_name: str, data: bytes) -> dict[str, Any]:
        return {"read": {"text": "", "blocks": [], "pages": [], "card": {}}}
