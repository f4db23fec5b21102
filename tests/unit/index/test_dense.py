from __future__ import annotations

import faiss
import numpy as np
import pytest

from index.dense import DenseIndex


@pytest.fixture
def three() -> DenseIndex:
    return DenseIndex.of(np.eye(3, 4, dtype=np.float32))


def test_asking_for_more_than_there_are_gives_all_and_no_padding(three: DenseIndex) -> None:
    assert sorted(row for row, _ in three.search(np.eye(4, dtype=np.float32)[1], 10)) == [0, 1, 2]


def test_the_nearest_row_comes_first_with_its_cosine(three: DenseIndex) -> None:
    assert three.search(np.eye(4, dtype=np.float32)[1], 1) == [(1, 1.0)]


@pytest.mark.parametrize("shape", [(3,), (1, 4), (5,), ()])
def test_a_query_of_another_shape_is_refused(three: DenseIndex, shape: tuple[int, ...]) -> None:
    with pytest.raises(ValueError, match="query has shape"):
        three.search(np.ones(shape, dtype=np.float32), 1)


def test_rows_come_back_as_they_were_written(three: DenseIndex) -> None:
    assert DenseIndex.from_bytes(three.to_bytes()).vectors().tolist() == np.eye(3, 4).tolist()


@pytest.mark.parametrize("data", [b"", b"IxFI", b"nonsense" * 10, b"\xff" * 200])
def test_bytes_that_are_no_index_are_refused(data: bytes) -> None:
    with pytest.raises(ValueError, match="not a FAISS index"):
        DenseIndex.from_bytes(data)


def test_every_truncation_is_refused(three: DenseIndex) -> None:
    data = three.to_bytes()
    for length in range(len(data)):
        with pytest.raises(ValueError):
            DenseIndex.from_bytes(data[:length])


def test_an_index_by_distance_is_refused() -> None:
    by_distance = faiss.IndexFlatL2(4)
    by_distance.add(np.eye(3, 4, dtype=np.float32))
    with pytest.raises(ValueError, match="not a FAISS index by inner product: IndexFlatL2"):
        DenseIndex.from_bytes(faiss.serialize_index(by_distance).tobytes())


def test_an_empty_index_finds_nothing() -> None:
    empty = DenseIndex.of(np.zeros((0, 4), dtype=np.float32))
    assert (empty.search(np.eye(4, dtype=np.float32)[0], 3), empty.vectors().shape) == ([], (0, 4))
