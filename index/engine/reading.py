"""Documents and passages fetched from an engine as they are asked for, and checked."""

from __future__ import annotations

import zlib
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import Any, overload

import numpy as np
import numpy.typing as npt

from index.dense import RECALL_AT, Rows, Vectors
from index.documents import Document
from index.engine import records
from index.engine.lately import Lately
from index.engine.protocol import Kept, Only
from index.engine.records import Anchors
from index.errors import IndexCorrupt
from index.manifest import Manifest
from index.passage_table import Passage, Passages
from index.searching import Searching

READ_AHEAD = 64
_TEXT_BYTES_KEPT = 64 * 2**20
_ROWS_AT_ONCE = 16_384
_SAME = 1e-5

_Record = tuple[Document, tuple[Passage, ...]]


class Reading:
    """Documents as they are asked for."""

    def __init__(self, manifest: Manifest, anchors: Anchors, kept: Kept) -> None:
        self.manifest, self.anchors, self.kept = manifest, anchors, kept
        # A passage weighs as much as some hundred characters.
        self._records: Lately[int, _Record] = Lately(
            _TEXT_BYTES_KEPT, lambda one: len(one[0].text) + 400 * len(one[1]) + 1000
        )

    def documents(self, numbers: Iterable[int]) -> dict[int, _Record]:
        """Documents by number, each checked. Raises IndexCorrupt for one that is not what was written."""
        return self._records.get(numbers, self.fetch)

    def fetch(self, numbers: Sequence[int]) -> dict[int, _Record]:
        """The same, remembered nowhere."""
        anchors = self.anchors
        keys = {number: records.record_keys(number, anchors.all[number].size) for number in numbers}
        pieces = self.kept.pieces(key for of_one in keys.values() for key in of_one)
        found: dict[int, _Record] = {}
        for number, of_one in keys.items():
            anchor = anchors.all[number]
            kept = b"".join(pieces.get(key, b"") for key in of_one)
            where = f"milvus collection {self.kept.name}"
            if not records.is_kept(anchor, kept):
                raise IndexCorrupt(where, f"document {anchor.id} is not what was written")
            first_row, first_sentence = int(anchors.first_rows[number]), int(anchors.first_sentences[number])
            try:
                found[number] = records.read(kept, first_row, first_sentence)
            except (ValueError, KeyError, TypeError, IndexError, zlib.error) as problem:
                raise IndexCorrupt(where, f"document {anchor.id} cannot be read back ({problem})") from None
        return found


class EnginePassages(Passages):
    """Each is fetched when it is asked for, many at a time when all are."""

    def __init__(self, reading: Reading) -> None:
        self._read = reading

    def __len__(self) -> int:
        return self._read.anchors.rows

    @overload
    def __getitem__(self, at: int) -> Passage: ...
    @overload
    def __getitem__(self, at: slice) -> tuple[Passage, ...]: ...
    def __getitem__(self, at: int | slice) -> Passage | tuple[Passage, ...]:
        if isinstance(at, slice):
            rows = range(len(self))[at]
            numbers = dict.fromkeys(map(self._read.anchors.of_row, rows))
            held = self._read.fetch(list(numbers)) if len(numbers) <= READ_AHEAD else {}
            return tuple(self._of(row, held) for row in rows)
        return self._of(at + len(self) if at < 0 else at, {})

    def _of(self, row: int, held: Mapping[int, _Record]) -> Passage:
        number = self._read.anchors.of_row(row)
        record = held.get(number) or self._read.documents([number])[number]
        return record[1][row - int(self._read.anchors.first_rows[number])]

    def __iter__(self) -> Iterator[Passage]:
        for _, passages in _all(self._read):
            yield from passages

    def documents(self) -> list[Document]:
        return [document for document, passages in _all(self._read) if passages]

    def counts(self) -> dict[str, tuple[int, int]]:
        return {one.id: (one.passages, one.sentences) for one in self._read.anchors.all if one.passages}

    def of_documents(self, ids: Collection[str]) -> npt.NDArray[np.int64]:
        return self._read.anchors.rows_of(self._read.anchors.numbers_of(ids))


class Documents(Mapping[str, Document]):
    """Id → document, of those that hold a passage, in reading order."""

    def __init__(self, reading: Reading) -> None:
        self._read = reading
        self._ids = {one.id: number for number, one in enumerate(reading.anchors.all) if one.passages}

    def __getitem__(self, name: str) -> Document:
        number = self._ids[name]
        return self._read.documents([number])[number][0]

    def __contains__(self, name: object) -> bool:
        return name in self._ids

    def __iter__(self) -> Iterator[str]:
        return iter(self._ids)

    def __len__(self) -> int:
        return len(self._ids)

    def values(self) -> Any:
        return EnginePassages(self._read).documents()


def _all(reading: Reading) -> Iterator[_Record]:
    count = len(reading.anchors.all)
    for start in range(0, count, READ_AHEAD):
        yield from reading.fetch(range(start, min(start + READ_AHEAD, count))).values()


class EngineDense:
    """The vectors of the passages, as ``Dense`` asks for them."""

    def __init__(self, reading: Reading) -> None:
        self._read = reading

    def __len__(self) -> int:
        return self._read.anchors.rows

    @property
    def dimension(self) -> int:
        return self._read.manifest.dimension

    def row(self, number: int) -> Vectors:
        if not 0 <= number < len(self):
            raise IndexError(number)
        vector: Vectors = self._read.kept.vectors([number])[0]
        return vector

    def vectors(self) -> Vectors:
        return self._read.kept.vectors(range(len(self)))

    @property
    def searching(self) -> Searching:
        return self._read.manifest.searching

    def search(self, query: Vectors, k: int, rows: Rows | None = None) -> list[tuple[int, float]]:
        if query.shape != (self.dimension,):
            raise ValueError(f"query has shape {query.shape}, the index needs ({self.dimension},)")
        only = None if rows is None else Only(rows=rows.tolist())
        return self._read.kept.nearest(query, min(k, len(self)), only)

    def cosines(self, query: Vectors, rows: list[int]) -> list[float]:
        return [float(row @ query) for row in self._read.kept.vectors(rows)]

    def recall(self, queries: Vectors) -> float:
        """Share of the true RECALL_AT nearest rows that ``search`` finds: every vector is fetched and compared."""
        k = min(RECALL_AT, len(self))
        if not k or not len(queries):
            return 1.0
        nearest = np.zeros((len(queries), 0), dtype=np.float32)
        for first in range(0, len(self), _ROWS_AT_ONCE):
            part = self._read.kept.vectors(range(first, min(first + _ROWS_AT_ONCE, len(self))))
            nearest = -np.sort(-np.concatenate([nearest, queries @ part.T], axis=1), axis=1)[:, :k]
        found = 0
        for query, cosines in zip(queries, nearest, strict=True):
            rows = [row for row, _ in self.search(query, k) if 0 <= row < len(self)]
            # By its cosine, for of a tie at the last place either may be found.
            found += sum(cosine >= cosines[-1] - _SAME for cosine in self.cosines(query, rows)) if rows else 0
        return found / (k * len(queries))

    def least_code_cosine(self, sample: Rows) -> float:
        """The least cosine that the engine tells of a row in ``sample`` with itself."""
        worst = 1.0
        for number in sample.tolist():
            told = dict(self._read.kept.nearest(self.row(number), 1, Only(rows=[number])))
            worst = min(worst, told.get(number, -1.0))
        return worst
