from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest

from index.embedding import packaged_minilm
from index.weights import WEIGHTS_FILE, WORDS, Place, Rows, places, tensor

ROWS = np.arange(12, dtype="<f4").reshape(4, 3)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """A file with a list and a matrix of float32, and one of another kind."""
    tensors = {
        "__metadata__": {"format": "pt"},
        "list": {"dtype": "F32", "shape": [2], "data_offsets": [0, 8]},
        "rows": {"dtype": "F32", "shape": [4, 3], "data_offsets": [8, 56]},
        "whole": {"dtype": "I64", "shape": [1], "data_offsets": [56, 64]},
    }
    head = json.dumps(tensors).encode()
    made = tmp_path / WEIGHTS_FILE
    made.write_bytes(len(head).to_bytes(8, "little") + head + bytes(8) + ROWS.tobytes() + bytes(8))
    return made


def test_the_places_are_those_of_the_float_tensors(file: Path) -> None:
    start = file.stat().st_size - 64
    assert places(file) == {"list": Place((2,), start, 8), "rows": Place((4, 3), start + 8, 48)}


def test_a_tensor_is_read_whole(file: Path) -> None:
    found = tensor(file, places(file)["rows"])
    assert (found.dtype, found.tolist()) == (np.float32, ROWS.tolist())


def test_rows_are_read_in_the_shape_they_are_asked_for(file: Path) -> None:
    rows = Rows(file, "rows")
    asked = np.array([[3, 0], [0, 2]], dtype=np.int64)
    found = rows[asked]
    assert (found.dtype, found.tolist()) == (np.float32, ROWS[asked].tolist())
    found[:] = 0
    assert rows[asked].tolist() == ROWS[asked].tolist()
    assert rows[np.zeros((0, 5), dtype=np.int64)].shape == (0, 5, 3)


def test_a_row_that_is_not_there_is_an_error(file: Path) -> None:
    with pytest.raises(IndexError):
        Rows(file, "rows")[np.array([4])]


@pytest.mark.parametrize("name", ["list", "whole", "nothing"])
def test_what_is_no_matrix_is_refused(file: Path, name: str) -> None:
    with pytest.raises(ValueError, match=f"has no matrix {name}"):
        Rows(file, name)


def test_a_file_of_another_kind_is_refused(tmp_path: Path) -> None:
    (tmp_path / "other").write_bytes(b"\xff" * 100)
    with pytest.raises(ValueError, match="not a safetensors file"):
        places(tmp_path / "other")


def test_a_table_that_is_cut_off_is_refused(file: Path) -> None:
    file.write_bytes(file.read_bytes()[:-20])
    with pytest.raises(ValueError, match="buffer"):
        Rows(file, "rows")


def resident_kb(name: str) -> int:
    """What this process holds of mappings of the file of this name."""
    found, counts = 0, False
    for line in Path("/proc/self/smaps").read_text().splitlines():
        if line.split(" ", 1)[0].count("-") == 1 and not line.split(" ", 1)[0].endswith(":"):
            counts = line.endswith(name)
        elif counts and line.startswith("Rss:"):
            found += int(line.split()[1])
    return found


def test_the_words_of_the_model_are_read_by_many_at_once_and_none_stays() -> None:
    held = resident_kb(f"/{WEIGHTS_FILE}")
    rows = Rows(packaged_minilm() / WEIGHTS_FILE, WORDS)
    draw = np.random.default_rng(7)
    asked = [draw.integers(0, 30_522, size=(2, 40)) for _ in range(40)]
    alone = [rows[numbers] for numbers in asked]
    with ThreadPoolExecutor(8) as pool:
        together = list(pool.map(rows.__getitem__, asked))
    assert all(np.array_equal(one, other) for one, other in zip(alone, together, strict=True))
    assert resident_kb(f"/{WEIGHTS_FILE}") <= held
