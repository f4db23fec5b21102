"""Passages past one machine: the setting that names an engine, and what is asked of one."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Protocol
from urllib.parse import unquote, urlsplit

import regex

from index.dense import Vectors
from index.errors import BadSetting
from index.searching import Searching

_COLLECTION = regex.compile(r"[A-Za-z_][A-Za-z0-9_]{0,99}")
_FORM = "milvus://host:port/collection, or milvus:/folder/file.db/collection for the embedded edition"
_PORT = 19530
LOCAL = "local"
_CLUSTER = regex.compile(rf"{LOCAL}|(ray://)?([A-Za-z0-9._-]+|\[[0-9A-Fa-f:]+\]):[0-9]{{1,5}}")


@dataclass(frozen=True, slots=True)
class EngineAddress:
    """Where an engine is, and the name under which it keeps the index.

    Attributes:
        place: URL of a server, or the path of an embedded engine's file, which ends in ``.db``.
        collection: an alias in the engine; what it stands for changes with every rebuild.
        token: ``user:password``, never shown.
    """

    place: str
    collection: str
    token: str = field(default="", repr=False)

    def __str__(self) -> str:
        return f"{self.place}, {self.collection}"

    @classmethod
    def parse(cls, value: str) -> EngineAddress:
        """Raises BadSetting, whose line tells no password, for anything but the two forms."""
        try:
            parts = urlsplit(value)
            host, port = parts.hostname, parts.port or _PORT
        except ValueError:
            raise BadSetting("SCO_INDEX", f"is not of the form {_FORM}") from None
        place, _, collection = unquote(parts.path).rpartition("/")
        if parts.scheme != "milvus" or parts.query or parts.fragment or not _COLLECTION.fullmatch(collection):
            raise BadSetting("SCO_INDEX", f"is not of the form {_FORM}")
        if host is None:
            if not place.endswith(".db"):
                raise BadSetting("SCO_INDEX", f"is not of the form {_FORM}")
            return cls(str(Path(place).expanduser().absolute()), collection)
        if place:
            raise BadSetting("SCO_INDEX", f"is not of the form {_FORM}")
        token = f"{unquote(parts.username)}:{unquote(parts.password or '')}" if parts.username else ""
        return cls(f"http://{f'[{host}]' if ':' in host else host}:{port}", collection, token)


def ray_cluster(value: str, engine: EngineAddress) -> str:
    """Where the workers are that embed for ``engine``: LOCAL, or the address of a Ray cluster. Raises BadSetting."""
    if not _CLUSTER.fullmatch(value):
        raise BadSetting("SCO_RAY", "is not of the form local, host:port or ray://host:port")
    if value != LOCAL and engine.place.endswith(".db"):
        raise BadSetting(
            "SCO_RAY", "no other machine can open the file that SCO_INDEX names; set it to local, or use a server"
        )
    return value


@dataclass(frozen=True, slots=True)
class Row:
    """A passage as an engine searches it. ``terms``: number of a term, from 1 → its weight, or None."""

    row: int
    document: int
    vector: Vectors
    terms: Mapping[int, float] | None


class Engine(Protocol):
    """Keeps generations, each a collection of rows that are searched and of pieces that are fetched by their keys.

    Nothing it returns is believed but the order of rows: what is shown comes from pieces whose sha256 is known here.
    Every method raises EngineAway when the engine does not answer in time, IndexCorrupt when a collection is not there
    or refuses. Safe to call from any thread.
    """

    @property
    def shared(self) -> EngineAddress:
        """Where other processes of this machine reach it while this one has it open."""
        ...

    @property
    def keeps_terms(self) -> bool:
        """Whether it has sparse vectors: without them BM25 lies in the index folder, and ``heaviest`` is not asked."""
        ...

    def searching(self, rows: int) -> Searching:
        """How neighbours are found among so many rows."""
        ...

    def create(self, collection: str, dimension: int, rows: int, terms: bool) -> None:
        """An empty generation for so many rows, with terms or without."""
        ...

    def add(self, collection: str, rows: Sequence[Row], pieces: Mapping[str, bytes]) -> None:
        """Put rows and pieces; those of the same number or key are replaced."""
        ...

    def finish(self, collection: str) -> int:
        """Make all that was added searchable and lasting. Returns how many rows there are."""
        ...

    def open(self, collection: str) -> tuple[int, int]:
        """The number of rows of a generation and their dimension."""
        ...

    def point(self, alias: str, collection: str) -> None:
        """Let an alias stand for a generation, in one step."""
        ...

    def drop(self, collection: str) -> None:
        """Forget a generation; nothing happens when there is none."""
        ...

    def nearest(self, collection: str, vector: Vectors, k: int, only: Only | None = None) -> list[tuple[int, float]]:
        """(row, cosine) of the ``k`` nearest, best first."""
        ...

    def heaviest(
        self, collection: str, weights: Mapping[int, float], k: int, only: Only | None = None
    ) -> list[tuple[int, float]]:
        """(row, inner product of its terms with ``weights``) of the ``k`` best that share a term, best first."""
        ...

    def vectors(self, collection: str, rows: Sequence[int]) -> Vectors:
        """Vectors of these rows, in their order, shape ``(len(rows), dim)``, float32."""
        ...

    def pieces(self, collection: str, keys: Iterable[str]) -> dict[str, bytes]:
        """Key → piece of those that are there."""
        ...


@dataclass(frozen=True, slots=True)
class Only:
    """What a search is confined to: rows of these numbers, or of these documents."""

    rows: Sequence[int] | None = None
    documents: Sequence[int] | None = None


class Kept:
    """One collection of an engine."""

    def __init__(self, engine: Engine, collection: str) -> None:
        self.engine = engine
        self.name = collection

    def pieces(self, keys: Iterable[str]) -> dict[str, bytes]:
        return self.engine.pieces(self.name, keys)

    def nearest(self, vector: Vectors, k: int, only: Only | None = None) -> list[tuple[int, float]]:
        return self.engine.nearest(self.name, vector, k, only)

    def heaviest(self, weights: Mapping[int, float], k: int, only: Only | None = None) -> list[tuple[int, float]]:
        return self.engine.heaviest(self.name, weights, k, only)

    def vectors(self, rows: Sequence[int]) -> Vectors:
        return self.engine.vectors(self.name, rows)


@lru_cache(maxsize=4)
def engine_at(address: EngineAddress) -> Engine:
    """The engine at an address, one for all who ask in this process. Raises BadSetting or EngineAway."""
    # Its client takes seconds to import: only who has set an engine pays.
    from index.engine.milvus import Milvus

    return Milvus(address)
