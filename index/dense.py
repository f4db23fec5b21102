"""Nearest neighbours by cosine over unit vectors, exact or nearly so. The only module that knows FAISS."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, TypeVar

import faiss
import numpy as np
import numpy.typing as npt

from index.searching import Searching

# Its type stubs leave out some of what it has.
faiss_all: Any = faiss

T = TypeVar("T")
Vectors = npt.NDArray[np.float32]
Rows = npt.NDArray[np.int64]

# Up to so many passages every vector is compared: 7 ms at 100,000, and nothing can be missed. Beyond, inverted lists:
# the vectors nearest to each of some thousand centres, of which a question reads those of the nearest centres only.
EXACT_UP_TO = 100_000
# At a build as many lists are read as it takes to find this share of the true ten nearest, over the sample.
RECALL_AIM = 0.97
# And so many at the least: a question lies farther from the passages than the sample, their own sentences. Over 988,549
# drawn vectors 2 lists found 99 % for sentences and 68 % for questions; 32 find 99.7 % for these, and cost 0.3 ms more.
# Of 945,256 real ones 2,048 lists are read, which find 99 % for both.
LEAST_READ = 32
RECALL_SAMPLE = 200
RECALL_AT = 10

_LOOP_LIMIT = 100_000
# Found by their codes of 8 bits a component, ordered by their rows: so much more is found than is asked for.
_REORDERED = 2
_LEAST_A_LIST = 39  # with fewer FAISS warns that centres are ill-placed
_MOST_TRAINED_A_LIST = 64  # k-means over all of a million would take minutes and find the same centres
_ROWS_AT_ONCE = 16_384


class DenseIndex:
    """Rows of length 1, searched by inner product. Row i belongs to passage i."""

    def __init__(self, index: faiss.Index, rows: Vectors | None = None, searching: Searching | None = None) -> None:
        """``rows``: every row, where ``index`` holds but codes of them."""
        self._index: Any = index
        self._rows = rows
        self._held: object = None
        self.searching = searching or Searching()

    @classmethod
    def of(cls, vectors: Vectors, asked: Callable[[], Vectors] | None = None) -> DenseIndex:
        """``vectors``: shape ``(n, dim)``, float32, rows of length 1; the same rows always make the same index.

        ``asked`` gives what recall is measured with, shape ``(m, dim)``, where the index is not exact; by default the
        first of the rows, which flatters it.
        """
        rows = np.ascontiguousarray(vectors, dtype=np.float32)
        if len(rows) > EXACT_UP_TO:
            return cls._inverted(rows, rows[:RECALL_SAMPLE] if asked is None else asked())
        index = faiss.IndexFlatIP(rows.shape[1])
        index.add(rows)
        return cls(index)

    @classmethod
    def _inverted(cls, rows: Vectors, asked: Vectors) -> DenseIndex:
        count, dimension = rows.shape
        lists = max(1, min(round(4 * count**0.5), count // _LEAST_A_LIST))
        centres = faiss.IndexFlatIP(dimension)
        code = faiss.ScalarQuantizer.QT_8bit
        index = faiss.IndexIVFScalarQuantizer(centres, dimension, lists, code, faiss.METRIC_INNER_PRODUCT, False)
        index.cp.max_points_per_centroid = _MOST_TRAINED_A_LIST
        index.cp.min_points_per_centroid = 1
        # The same rows, the same centres: the draw of those to train with is seeded (cp.seed).
        index.train(rows)
        index.add(rows)
        made = cls(index, rows)
        probes = max(1, min(LEAST_READ, lists // 4))
        while (recall := made.recall(asked, probes)) < RECALL_AIM and probes < lists:
            probes = min(2 * probes, lists)
        made.searching = Searching(_kind(lists), probes, round(recall, 4), len(asked))
        return made

    @classmethod
    def from_bytes(
        cls, data: bytes | memoryview, rows: Vectors | None = None, searching: Searching | None = None
    ) -> DenseIndex:
        """Read what ``to_bytes`` wrote. The caller has checked the hash: FAISS trusts what it reads.

        ``data`` is not copied: the index reads it where it lies. Raises ValueError when the bytes
        are not an index, or not the one that ``searching`` describes.
        """
        searching = searching or Searching()
        # Against one flipped header bit asking for gigabytes, should a caller ever forget to check.
        faiss.set_deserialization_loop_limit(_LOOP_LIMIT)
        faiss.set_deserialization_vector_byte_limit(2 * len(data) + 1024)
        held = np.frombuffer(data, dtype=np.uint8)
        index: Any = None
        try:
            reader = faiss_all.ZeroCopyIOReader(faiss.swig_ptr(held), len(held))
            index = faiss.read_index(reader, faiss.IO_FLAG_MMAP_IFC)
        except RuntimeError as problem:
            raise ValueError(f"not a FAISS index: {str(problem).splitlines()[0]}") from None
        if not isinstance(index, faiss_all.IndexFlatIP if rows is None else faiss_all.IndexIVFScalarQuantizer):
            raise ValueError(f"not a FAISS index by inner product: {type(index).__name__}")
        if rows is not None:
            found = _kind(index.nlist)
            if (searching.kind, rows.shape) != (found, (index.ntotal, index.d)) or searching.probes < 1:
                raise ValueError(f"{found} over {(index.ntotal, index.d)}, expected {searching.kind} over {rows.shape}")
        elif searching.probes:
            raise ValueError(f"an exact index, expected {searching.kind}")
        made = cls(index, rows, searching)
        # FAISS points into the bytes: they must live as long as it does.
        made._held = held
        return made

    def to_bytes(self) -> memoryview:
        """The index as FAISS stores it. Writing is left to the store: FAISS cuts files short on a full disk."""
        whole: npt.NDArray[np.uint8] = faiss.serialize_index(self._index)
        return whole.data

    def __len__(self) -> int:
        return int(self._index.ntotal)

    @property
    def dimension(self) -> int:
        return int(self._index.d)

    def search(self, query: Vectors, k: int, rows: Rows | None = None) -> list[tuple[int, float]]:
        """The ``k`` nearest passages as (row, cosine), best first; fewer if the index, or ``rows``, has fewer.

        With ``rows`` only those are looked at, so that the ``k`` nearest of them are found however far they are. An
        index that is not exact may miss some, as ``searching`` tells; the cosines it gives are those of the rows.

        ``query`` has shape ``(dim,)`` and length 1. Raises ValueError for another shape: a matrix here is a
        caller's mistake, and reshaping it would search for nothing in particular.
        """
        if query.shape != (self.dimension,):
            raise ValueError(f"query has shape {query.shape}, the index needs ({self.dimension},)")
        if k < 1 or not len(self):
            return []  # FAISS asserts that it is asked for something
        if self._rows is not None:
            if rows is not None and len(rows) <= EXACT_UP_TO:
                return self._best(query, rows, k)
            # Of a part of the passages each list holds less, so more of them are read.
            wider = 1 if rows is None else -(-len(self) // len(rows))
            probes = min(int(self._index.nlist), self.searching.probes * wider)
            return self._best(query, self._found(query[np.newaxis, :], k, probes, rows)[0], k)
        chosen = None
        if rows is not None:
            # Held by a name until the search is over: FAISS keeps a pointer to it, not a reference.
            selector = faiss.IDSelectorBatch(rows)
            chosen = faiss.SearchParameters()
            chosen.sel = selector
        cosines, found = self._index.search(query[np.newaxis, :], min(k, len(self)), params=chosen)
        # FAISS pads with row -1, which Python would read as the last passage.
        return [(int(row), float(cosine)) for row, cosine in zip(found[0], cosines[0], strict=True) if row >= 0]

    def _found(self, queries: Vectors, k: int, probes: int, rows: Rows | None = None) -> Rows:
        """Rows whose codes are nearest, -1 where there are none, shape ``(queries, more than k)``."""
        chosen = faiss_all.SearchParametersIVF(nprobe=probes)
        if rows is not None:
            selector = faiss.IDSelectorBatch(rows)
            chosen.sel = selector
        found: Rows = self._index.search(queries, min(_REORDERED * k, len(self)), params=chosen)[1]
        return found

    def _best(self, query: Vectors, rows: Rows, k: int) -> list[tuple[int, float]]:
        """The ``k`` of ``rows`` nearest to ``query``, ties in row order; -1 is no row."""
        rows = np.sort(rows[rows >= 0])
        parts = [rows[first : first + _ROWS_AT_ONCE] for first in range(0, len(rows), _ROWS_AT_ONCE)]
        cosines = np.concatenate([self.vectors()[part] @ query for part in parts] or [np.zeros(0, np.float32)])
        order = np.argsort(-cosines, kind="stable")[:k]
        return [(int(rows[at]), float(cosines[at])) for at in order]

    def recall(self, queries: Vectors, probes: int | None = None) -> float:
        """Share of the true RECALL_AT nearest rows that ``search`` finds, over ``queries``, shape ``(m, dim)``."""
        if self._rows is None or not len(queries):
            return 1.0
        # faiss.knn compares with each row, in pieces that fit the cache.
        k = min(RECALL_AT, len(self))
        true = faiss.knn(queries, self._rows, k, metric=faiss.METRIC_INNER_PRODUCT)[1]
        found = self._found(queries, k, self.searching.probes if probes is None else probes)
        alike = [
            len({row for row, _ in self._best(query, rows, k)} & set(nearest.tolist()))
            for query, rows, nearest in zip(queries, found, true, strict=True)
        ]
        return sum(alike) / (k * len(queries))

    def row(self, number: int) -> Vectors:
        """One row, shape ``(dim,)``, float32. Raises IndexError when there is no such row."""
        if not 0 <= number < len(self):
            raise IndexError(number)
        if self._rows is not None:
            return np.array(self._rows[number])
        return np.asarray(self._index.reconstruct(number), dtype=np.float32)

    def vectors(self) -> Vectors:
        """Every row, shape ``(n, dim)``, float32; not to be written to."""
        if self._rows is not None:
            return self._rows
        if not len(self):
            return np.zeros((0, self.dimension), dtype=np.float32)
        return np.asarray(self._index.reconstruct_n(0, len(self)), dtype=np.float32)

    def least_code_cosine(self, sample: Rows) -> float:
        """The least cosine of a row in ``sample`` with what its code stands for; 1 for an index without codes."""
        if self._rows is None:
            return 1.0
        chosen = faiss_all.SearchParametersIVF(nprobe=int(self._index.nlist))
        worst = 1.0
        for number in sample:
            selector = faiss.IDSelectorBatch(np.array([number], dtype=np.int64))
            chosen.sel = selector
            cosines, found = self._index.search(self._rows[number][np.newaxis, :], 1, params=chosen)
            worst = min(worst, float(cosines[0, 0]) if found[0, 0] == number else -1.0)
        return worst

    def cosines(self, query: Vectors, rows: list[int]) -> list[float]:
        """The cosine of ``query`` with each of ``rows``, in their order."""
        if self._rows is not None:
            return [float(cosine) for cosine in self._rows[rows] @ query]
        return [float(self._index.reconstruct(row) @ query) for row in rows]


def sampled(passages: Sequence[T]) -> Sequence[T]:
    """RECALL_SAMPLE of these, or all that there are, evenly drawn: the same ones every time.

    Recall is measured with a sentence of each. Passages themselves would flatter the index: each is its own nearest,
    and lies among the neighbours it was listed with. A sentence is as short as a question and stands for none of them.
    """
    step = max(1, len(passages) // RECALL_SAMPLE)
    return passages[::step][:RECALL_SAMPLE]


def _kind(lists: int) -> str:
    return f"IVF{lists},SQ8"
