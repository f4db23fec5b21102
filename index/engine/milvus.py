"""Milvus as the engine, through its official client. The only module that knows pymilvus."""

from __future__ import annotations

import base64
import logging
import os
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial
from typing import Any

import numpy as np
import regex

from index.dense import Vectors
from index.engine.protocol import EngineAddress, Only, Row
from index.errors import BadSetting, EngineAway, IndexCorrupt
from index.searching import Searching

_TIMEOUT_S = 30.0
_CONNECT_S = 5.0
# Rows of 1.5 kB and pieces of up to 64 kB: well below the 64 MB that a server takes in one message.
_AT_ONCE = 500
# Up to so many passages every vector is compared, as by the files; beyond, half of the lists are read, which is what it
# took index/dense.py to find 99 % of the ten nearest among a million real passages.
EXACT_UP_TO = 100_000
_INVERTED = {"nlist": 2048}
_PROBES = 1024
_PIECE_CHARS = 65_535
# The first version that has sparse vectors.
_SPARSE_FROM = (2, 4)
_VERSION = regex.compile(r"(\d+)\.(\d+)")
# Through which rows are written side by side.
_SHARDS = 2
# A row must have some term; no question asks for this one.
_NO_TERM = {0: 1.0}
# No collection, or one whose making was interrupted before its index.
_NOT_THERE = (100, 700)


class Milvus:
    """A generation is two collections: its rows, and ``…_pieces``.

    What was written is seen by every read. A strong one waits until the server has heard of all writes up to now, 0.2 s
    by its clock; to see a generation, which does not change any more, it need only have heard of those before it was
    opened.
    """

    def __init__(self, address: EngineAddress) -> None:
        # gRPC would tell of each process that Ray forks, and of every pause: what matters is raised.
        os.environ.setdefault("GRPC_VERBOSITY", "NONE")
        try:
            import pymilvus
        except ImportError:
            raise BadSetting("SCO_INDEX", "needs pymilvus; run: pip install -r index/engine/requirements.txt") from None
        # They log every refusal with a traceback, and raise it too.
        for noisy in ("pymilvus", "milvus_lite", "grpc._server"):
            logging.getLogger(noisy).setLevel(logging.CRITICAL)
        self._address = address
        self._milvus: Any = pymilvus
        # Collection → when it was opened, as the server counts time.
        self._opened: dict[str, int] = {}
        try:
            self._client: Any = pymilvus.MilvusClient(uri=address.place, token=address.token, timeout=_CONNECT_S)
        except ImportError:
            raise BadSetting(
                "SCO_INDEX", "a file needs milvus-lite; run: pip install -r index/engine/requirements.txt"
            ) from None
        except Exception as problem:  # noqa: BLE001 - the embedded edition promises no class of exception
            what_to_do = (
                "one process at a time can have such a file open: end the other, or use a server"
                if address.place.endswith(".db")
                else "start it, or correct SCO_INDEX"
            )
            raise EngineAway(
                f"the index engine at {address.place} cannot be opened ({_one_line(problem)}); {what_to_do}"
            ) from None

    @property
    def shared(self) -> EngineAddress:
        if not self._address.place.endswith(".db"):
            return self._address
        from milvus_lite.server_manager import server_manager_instance

        return EngineAddress(server_manager_instance.start_and_get_uri(self._address.place), self._address.collection)

    @property
    def keeps_terms(self) -> bool:
        told = str(self._call("", lambda: self._client.get_server_version(timeout=_TIMEOUT_S)))
        version = _VERSION.search(told)
        return version is None or (int(version[1]), int(version[2])) >= _SPARSE_FROM

    def searching(self, rows: int) -> Searching:
        if rows <= EXACT_UP_TO:
            return Searching()
        return Searching(f"IVF{_INVERTED['nlist']},SQ8 of Milvus", _PROBES, 0.0, 0)

    def create(self, collection: str, dimension: int, rows: int, terms: bool) -> None:
        kinds, client = self._milvus.DataType, self._client
        schema = client.create_schema(auto_id=False, enable_dynamic_field=False)
        schema.add_field("row", kinds.INT64, is_primary=True)
        schema.add_field("document", kinds.INT64)
        schema.add_field("vector", kinds.FLOAT_VECTOR, dim=dimension)
        indexes = client.prepare_index_params()
        if rows > EXACT_UP_TO:
            indexes.add_index("vector", index_type="IVF_SQ8", metric_type="IP", params=_INVERTED)
        else:
            indexes.add_index("vector", index_type="FLAT", metric_type="IP")
        if terms:
            schema.add_field("terms", kinds.SPARSE_FLOAT_VECTOR)
            indexes.add_index("terms", index_type="SPARSE_INVERTED_INDEX", metric_type="IP")
        self._make(collection, schema, indexes)
        schema = client.create_schema(auto_id=False, enable_dynamic_field=False)
        schema.add_field("key", kinds.VARCHAR, is_primary=True, max_length=100)
        schema.add_field("piece", kinds.VARCHAR, max_length=_PIECE_CHARS)
        # A collection without a vector is refused.
        schema.add_field("unsearched", kinds.FLOAT_VECTOR, dim=2)
        indexes = client.prepare_index_params()
        indexes.add_index("unsearched", index_type="FLAT", metric_type="IP")
        self._make(_pieces(collection), schema, indexes)

    def _make(self, collection: str, schema: Any, indexes: Any) -> None:
        def make() -> None:
            self._client.create_collection(
                collection, schema=schema, consistency_level="Strong", num_shards=_SHARDS, timeout=_TIMEOUT_S
            )
            # Not waited for: ``finish`` loads, which waits for the indexes of all that was added.
            self._client.create_index(collection, indexes, sync=False, timeout=_TIMEOUT_S)

        self._call(collection, make)

    def add(self, collection: str, rows: Sequence[Row], pieces: Mapping[str, bytes]) -> None:
        told = [
            {"row": row.row, "document": row.document, "vector": row.vector}
            | ({} if row.terms is None else {"terms": dict(row.terms) or _NO_TERM})
            for row in rows
        ]
        kept = [
            {"key": key, "piece": base64.b64encode(piece).decode("ascii"), "unsearched": [0.0, 0.0]}
            for key, piece in pieces.items()
        ]
        for name, records in ((collection, told), (_pieces(collection), kept)):
            self._opened.pop(name, None)
            for start in range(0, len(records), _AT_ONCE):
                part = records[start : start + _AT_ONCE]
                self._call(name, partial(self._client.upsert, name, part, timeout=_TIMEOUT_S))

    def finish(self, collection: str) -> int:
        for name in (collection, _pieces(collection)):
            # Others may have written to it since.
            self._opened.pop(name, None)
            self._call(name, partial(self._client.flush, name, timeout=20 * _TIMEOUT_S))
            self._call(name, partial(self._client.load_collection, name, timeout=20 * _TIMEOUT_S))
        return self._count(collection)

    def open(self, collection: str) -> tuple[int, int]:
        now = int(self._milvus.mkts_from_unixtime(time.time()))
        for name in (collection, _pieces(collection)):
            self._call(name, partial(self._client.load_collection, name, timeout=_TIMEOUT_S))
            self._opened[name] = now
        told = self._call(collection, lambda: self._client.describe_collection(collection, timeout=_TIMEOUT_S))
        dimension = next((int(f["params"]["dim"]) for f in told["fields"] if f["name"] == "vector"), 0)
        return self._count(collection), dimension

    def _count(self, collection: str) -> int:
        found = self._call(
            collection,
            lambda: self._client.query(
                collection, filter="", output_fields=["count(*)"], timeout=_TIMEOUT_S, **self._as_of(collection)
            ),
        )
        return int(found[0]["count(*)"])

    def _as_of(self, collection: str) -> dict[str, Any]:
        """How fresh a read of it must be."""
        if collection not in self._opened:
            return {"consistency_level": "Strong"}
        return {"consistency_level": "Customized", "guarantee_timestamp": self._opened[collection]}

    def point(self, alias: str, collection: str) -> None:
        """Raises EngineAway when the name is taken by a collection."""

        def switch() -> None:
            try:
                self._client.create_alias(collection_name=collection, alias=alias, timeout=_TIMEOUT_S)
            except self._milvus.exceptions.MilvusException as taken:
                # By an alias, or by a collection, which has no alias to alter.
                try:
                    self._client.alter_alias(collection_name=collection, alias=alias, timeout=_TIMEOUT_S)
                except self._milvus.exceptions.MilvusException:
                    raise taken from None

        self._call(alias, switch)

    def drop(self, collection: str) -> None:
        for name in (collection, _pieces(collection)):
            self._opened.pop(name, None)
            self._call(name, partial(self._client.drop_collection, name, timeout=_TIMEOUT_S))

    def nearest(self, collection: str, vector: Vectors, k: int, only: Only | None = None) -> list[tuple[int, float]]:
        return self._search(collection, "vector", vector.tolist(), k, only, {"nprobe": _PROBES})

    def heaviest(
        self, collection: str, weights: Mapping[int, float], k: int, only: Only | None = None
    ) -> list[tuple[int, float]]:
        if not weights:
            return []
        found = self._search(collection, "terms", dict(weights), k, only, {"drop_ratio_search": 0.0})
        return [(row, score) for row, score in found if score > 0]

    def _search(
        self, collection: str, field: str, query: object, k: int, only: Only | None, params: Mapping[str, float]
    ) -> list[tuple[int, float]]:
        if k < 1:
            return []
        found = self._call(
            collection,
            lambda: self._client.search(
                collection,
                [query],
                anns_field=field,
                limit=k,
                filter=_filter(only),
                search_params={"metric_type": "IP", "params": dict(params)},
                timeout=_TIMEOUT_S,
                **self._as_of(collection),
            ),
        )
        # Its field's name, "row", is not told by every server.
        return [(int(hit.id), float(hit.distance)) for hit in found[0]]

    def vectors(self, collection: str, rows: Sequence[int]) -> Vectors:
        found: dict[int, Any] = {}
        for start in range(0, len(rows), _AT_ONCE):
            part = [int(row) for row in rows[start : start + _AT_ONCE]]
            told = self._get(collection, part, "vector")
            found.update((int(one["row"]), one["vector"]) for one in told)
        if missing := [row for row in rows if row not in found]:
            raise IndexCorrupt(collection, f"row {missing[0]} is not there")
        return np.array([found[row] for row in rows], dtype=np.float32)

    def pieces(self, collection: str, keys: Iterable[str]) -> dict[str, bytes]:
        asked = list(dict.fromkeys(keys))
        found: dict[str, bytes] = {}
        name = _pieces(collection)
        for start in range(0, len(asked), _AT_ONCE):
            for one in self._get(name, asked[start : start + _AT_ONCE], "piece"):
                try:
                    found[str(one["key"])] = base64.b64decode(one["piece"], validate=True)
                except ValueError:
                    raise IndexCorrupt(name, f"piece {one['key']!a} is not what was written") from None
        return found

    def _get(self, collection: str, keys: Sequence[int] | Sequence[str], field: str) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = self._call(
            collection,
            lambda: self._client.get(
                collection, ids=list(keys), output_fields=[field], timeout=_TIMEOUT_S, **self._as_of(collection)
            ),
        )
        return found

    def _call(self, collection: str, do: Callable[[], Any]) -> Any:
        """``do``, with what it raises told in one line."""
        try:
            return do()
        except self._milvus.exceptions.MilvusException as problem:
            line = _one_line(problem)
            if problem.code in _NOT_THERE:
                raise IndexCorrupt(f"milvus collection {collection}", f"is not there ({line})") from None
            raise EngineAway(
                f"the index engine at {self._address.place} does not do what it is asked ({line}); "
                "look whether it runs, then try again"
            ) from None
        except (OSError, RuntimeError) as problem:
            raise EngineAway(
                f"the index engine at {self._address.place} does not answer ({_one_line(problem)}); start it again"
            ) from None


def _pieces(collection: str) -> str:
    return f"{collection}_pieces"


def _filter(only: Only | None) -> str:
    if only is None:
        return ""
    if only.rows is not None:
        return f"row in {[int(row) for row in only.rows]}"
    return f"document in {[int(number) for number in only.documents or ()]}"


def _one_line(problem: Exception) -> str:
    told = getattr(problem, "message", "") or str(problem)
    return " ".join(str(told).split())[:200]
