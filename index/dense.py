"""Exact nearest neighbours by cosine over unit vectors. The only module that knows FAISS."""

from __future__ import annotations

import faiss
import numpy as np
import numpy.typing as npt

Vectors = npt.NDArray[np.float32]

_LOOP_LIMIT = 100_000


class DenseIndex:
    """Rows of length 1, searched by inner product. Row i belongs to passage i."""

    def __init__(self, index: faiss.Index) -> None:
        self._index = index

    @classmethod
    def of(cls, vectors: Vectors) -> DenseIndex:
        """``vectors``: shape ``(n, dim)``, float32, rows of length 1."""
        index = faiss.IndexFlatIP(vectors.shape[1])
        index.add(np.ascontiguousarray(vectors, dtype=np.float32))
        return cls(index)

    @classmethod
    def from_bytes(cls, data: bytes) -> DenseIndex:
        """Read what ``to_bytes`` wrote. The caller has checked the hash: FAISS trusts what it reads.

        Raises ValueError when the bytes are not an index.
        """
        # Against one flipped header bit asking for gigabytes, should a caller ever forget to check.
        faiss.set_deserialization_loop_limit(_LOOP_LIMIT)
        faiss.set_deserialization_vector_byte_limit(2 * len(data) + 1024)
        try:
            index = faiss.deserialize_index(np.frombuffer(data, dtype=np.uint8))
        except RuntimeError as problem:
            raise ValueError(f"not a FAISS index: {str(problem).splitlines()[0]}") from None
        if not isinstance(index, faiss.IndexFlatIP):
            raise ValueError(f"not a FAISS index by inner product: {type(index).__name__}")
        return cls(index)

    def to_bytes(self) -> bytes:
        """The index as FAISS stores it. Writing is left to the store: FAISS cuts files short on a full disk."""
        return bytes(faiss.serialize_index(self._index).tobytes())

    def __len__(self) -> int:
        return int(self._index.ntotal)

    @property
    def dimension(self) -> int:
        return int(self._index.d)

    def search(self, query: Vectors, k: int, rows: npt.NDArray[np.int64] | None = None) -> list[tuple[int, float]]:
        """The ``k`` nearest passages as (row, cosine), best first; fewer if the index, or ``rows``, has fewer.

        With ``rows`` only those are looked at, so that the ``k`` nearest of them are found however far they are.

        ``query`` has shape ``(dim,)`` and length 1. Raises ValueError for another shape: a matrix here is a
        caller's mistake, and reshaping it would search for nothing in particular.
        """
        if query.shape != (self.dimension,):
            raise ValueError(f"query has shape {query.shape}, the index needs ({self.dimension},)")
        if k < 1 or not len(self):
            return []  # FAISS asserts that it is asked for something
        chosen = None
        if rows is not None:
            # Held by a name until the search is over: FAISS keeps a pointer to it, not a reference.
            selector = faiss.IDSelectorBatch(rows)
            chosen = faiss.SearchParameters()
            chosen.sel = selector
        cosines, found = self._index.search(query[np.newaxis, :], min(k, len(self)), params=chosen)
        # FAISS pads with row -1, which Python would read as the last passage.
        return [(int(row), float(cosine)) for row, cosine in zip(found[0], cosines[0], strict=True) if row >= 0]

    def row(self, number: int) -> Vectors:
        """One row, shape ``(dim,)``, float32. Raises IndexError when there is no such row."""
        if not 0 <= number < len(self):
            raise IndexError(number)
        return np.asarray(self._index.reconstruct(number), dtype=np.float32)

    def vectors(self) -> Vectors:
        """Every row, shape ``(n, dim)``, float32."""
        if not len(self):
            return np.zeros((0, self.dimension), dtype=np.float32)
        return np.asarray(self._index.reconstruct_n(0, len(self)), dtype=np.float32)

    def cosines(self, query: Vectors, rows: list[int]) -> list[float]:
        """The cosine of ``query`` with each of ``rows``, in their order."""
        return [float(self._index.reconstruct(row) @ query) for row in rows]
