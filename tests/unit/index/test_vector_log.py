from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from index.embedding import EmbedderIdentity
from index.vector_log import VectorLog, digest

MODEL = EmbedderIdentity("model", "0" * 64)


def vectors(*rows: list[float]) -> np.ndarray:
    return np.array(rows, dtype=np.float32)


def write(folder: Path) -> Path:
    log = VectorLog(folder, MODEL)
    log.append(["red", "green"], vectors([1, 0], [0, 1]))
    log.append(["caf\udce9"], vectors([0.6, 0.8]))
    log.close()
    return folder / "embedded.log"


def read(folder: Path, model: EmbedderIdentity = MODEL) -> dict[bytes, list[float]]:
    return {known: vector.tolist() for known, vector in VectorLog(folder, model).records()}


def test_what_was_appended_is_read_back(tmp_path: Path) -> None:
    write(tmp_path)
    assert read(tmp_path) == {
        digest("red"): [1, 0],
        digest("green"): [0, 1],
        digest("caf\udce9"): pytest.approx([0.6, 0.8]),
    }


def test_without_a_log_there_is_nothing_to_read(tmp_path: Path) -> None:
    assert read(tmp_path) == {}


@pytest.mark.parametrize(
    ("damage", "kept"),
    [
        (lambda data: data[:-1], 2),
        (lambda data: data[:-45], 1),
        (lambda data: data[:-2] + b"xx", 2),
        (lambda data: data + b"a record that was cut", 3),
        (lambda data: data.replace(digest("green"), digest("blue")), 1),
        (lambda data: data[:20], 0),
        (lambda data: b"", 0),
        (lambda data: b"{}\n" + data, 0),
    ],
    ids=["cut", "cut by more", "flipped", "half a record", "other text", "half a header", "empty", "other header"],
)
def test_only_whole_records_are_believed_and_the_log_goes_on_after_them(
    tmp_path: Path, damage: Callable[[bytes], bytes], kept: int
) -> None:
    file = write(tmp_path)
    file.write_bytes(damage(file.read_bytes()))
    log = VectorLog(tmp_path, MODEL)
    assert len(list(log.records())) == kept
    log.append(["blue"], vectors([0, -1]))
    log.close()
    found = read(tmp_path)
    assert len(found) == kept + 1
    assert found[digest("blue")] == [0, -1]


def test_another_models_vectors_are_forgotten(tmp_path: Path) -> None:
    file = write(tmp_path)
    assert read(tmp_path, EmbedderIdentity("other", "0" * 64)) == {}
    assert not file.exists()


def test_vectors_of_another_precision_are_forgotten(tmp_path: Path) -> None:
    file = write(tmp_path)
    assert read(tmp_path, replace(MODEL, precision="int8")) == {}
    assert not file.exists()


def test_a_log_that_cannot_be_written_stops_nothing(tmp_path: Path) -> None:
    log = VectorLog(tmp_path / "nowhere", MODEL)
    log.append(["red"], vectors([1, 0]))
    log.append(["green"], vectors([0, 1]))
    log.close()
    assert list(log.records()) == []
