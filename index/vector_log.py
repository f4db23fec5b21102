"""What a rebuild has embedded so far, appended as it goes: one that is interrupted goes on where it was."""

from __future__ import annotations

import contextlib
import hashlib
import json
import zlib
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import BinaryIO

import numpy as np

from index.dense import Vectors
from index.embedding import EmbedderIdentity

_NAME = "embedded.log"
_FORMAT = 1
_DIGEST_BYTES, _CHECK_BYTES = 32, 4


class VectorLog:
    """A line that names the embedder, then a record a text: sha256 of the text, its vector (float32), CRC-32 of both.

    The rebuild's lock must be held. Nothing here stops a rebuild: what cannot be read or written is embedded again.
    """

    def __init__(self, folder: Path, embedder: EmbedderIdentity) -> None:
        self._file = folder / _NAME
        self._made_by = {"format": _FORMAT, **embedder.facts()}
        self._out: BinaryIO | None = None
        self._broken = False

    def records(self) -> Iterator[tuple[bytes, Vectors]]:
        """Digest and vector of each text embedded before. A record that was cut short or altered ends it for good."""
        with contextlib.suppress(OSError, ValueError, KeyError, TypeError), self._file.open("rb") as log:
            header = json.loads(log.readline(1000))
            dimension = int(header.pop("dimension"))
            if header != self._made_by or not 0 < dimension < 100_000:
                self.remove()
                return
            size = _DIGEST_BYTES + 4 * dimension
            whole = log.tell()
            while len(record := log.read(size + _CHECK_BYTES)) == size + _CHECK_BYTES:
                if zlib.crc32(record[:size]) != int.from_bytes(record[size:], "little"):
                    break
                whole = log.tell()
                yield record[:_DIGEST_BYTES], np.frombuffer(record[_DIGEST_BYTES:size], dtype="<f4")
            if whole != self._file.stat().st_size:
                with self._file.open("r+b") as damaged:
                    damaged.truncate(whole)
            return
        # Without a header that can be read there is nothing to go on from.
        self.remove()

    def append(self, texts: Sequence[str], vectors: Vectors) -> None:
        """Note the vectors of ``texts``, row by row. To be called once ``records`` has been read to its end."""
        if self._broken:
            return
        records = bytearray()
        for text, vector in zip(texts, vectors, strict=True):
            record = digest(text) + np.ascontiguousarray(vector, dtype="<f4").tobytes()
            records += record + zlib.crc32(record).to_bytes(_CHECK_BYTES, "little")
        try:
            if self._out is None:
                self._out = self._file.open("ab")
                if not self._out.tell():
                    header = json.dumps({**self._made_by, "dimension": vectors.shape[1]})
                    self._out.write(header.encode() + b"\n")
            self._out.write(records)
            self._out.flush()
        except OSError:
            # A full disk: the rebuild may still end, and says so itself if it cannot.
            self._broken = True

    def close(self) -> None:
        """Leave the log for the next rebuild."""
        if self._out is not None:
            with contextlib.suppress(OSError):
                self._out.close()
            self._out = None

    def remove(self) -> None:
        """Forget it all: the rebuild is done, or is to start from nothing."""
        self.close()
        with contextlib.suppress(OSError):
            self._file.unlink(missing_ok=True)


def digest(text: str) -> bytes:
    """What a text is known by in the log; half of a surrogate pair is a text like any other here."""
    return hashlib.sha256(text.encode("utf-8", errors="surrogatepass")).digest()
