"""The reader's graph without its large tensors: the same model, whatever its weights."""

from __future__ import annotations

import shutil
from pathlib import Path

import numpy as np
import onnx
import pytest
from onnx import TensorProto, helper, numpy_helper

from assistant.answering import READER_FOLDER
from assistant.reader.lean import LEAST, lean
from assistant.reader.runtime import MODEL_FILE, Reader
from index.embedding import packaged_minilm
from index.onnx_session import open_session

DRAWS = np.random.default_rng(7)


def given(tokens: int) -> dict[str, np.ndarray]:
    """A window of so many tokens, with numbers as the table of words has them."""
    words = DRAWS.normal(size=(tokens, 384), scale=0.05).astype(np.float32)
    return {"words": words, "types": DRAWS.integers(0, 2, tokens)}


def made(*initializers: onnx.TensorProto) -> bytes:
    """A model that gives back what it is given, beside tensors that nothing needs."""
    ends = [helper.make_tensor_value_info(name, TensorProto.FLOAT, [1]) for name in ("given", "found")]
    node = helper.make_node("Identity", ["given"], ["found"])
    model = helper.make_model(helper.make_graph([node], "made", ends[:1], ends[1:], list(initializers)))
    return bytes(model.SerializeToString())


def test_the_lean_graph_is_the_model_without_its_large_tensors_and_says_where_they_lie() -> None:
    data = (READER_FOLDER / MODEL_FILE).read_bytes()
    whole, found = onnx.load_from_string(data), onnx.load_from_string(lean(memoryview(data), MODEL_FILE))
    moved = 0
    for tensor, kept in zip(whole.graph.initializer, found.graph.initializer, strict=True):
        if kept.data_location == TensorProto.EXTERNAL:
            place = {entry.key: entry.value for entry in kept.external_data}
            first, size = int(place["offset"]), int(place["length"])
            assert place["location"] == MODEL_FILE
            assert data[first : first + size] == tensor.raw_data
            moved += size
            kept.raw_data = tensor.raw_data
            kept.ClearField("data_location")
            kept.ClearField("external_data")
    assert found == whole
    # What is left: the nodes, and what is not int8.
    assert len(data) - moved < 600_000


def test_the_lean_graph_computes_what_the_whole_model_does() -> None:
    data = (READER_FOLDER / MODEL_FILE).read_bytes()
    sessions = [open_session(data, 1), open_session(lean(memoryview(data), MODEL_FILE), 1, READER_FOLDER)]
    for tokens in (1, 2, 31, 160):
        window = given(tokens)
        wholes, leans = (session.run(["score", "end"], window) for session in sessions)
        for whole, found in zip(wholes, leans, strict=True):
            assert whole.tobytes() == found.tobytes()


def test_small_tensors_and_those_of_wider_numbers_stay_in_the_graph() -> None:
    data = made(
        numpy_helper.from_array(np.ones(LEAST, np.int8), "moved"),
        numpy_helper.from_array(np.ones(LEAST - 1, np.int8), "small"),
        numpy_helper.from_array(np.ones(LEAST, np.float32), "wide"),
    )
    found = onnx.load_from_string(lean(memoryview(data), "file")).graph.initializer
    assert [tensor.name for tensor in found if tensor.data_location == TensorProto.EXTERNAL] == ["moved"]
    assert [len(tensor.raw_data) for tensor in found] == [0, LEAST - 1, 4 * LEAST]


def test_a_model_without_large_tensors_stays_as_it_is() -> None:
    data = made(numpy_helper.from_array(np.ones(3, np.int8), "small"))
    assert lean(memoryview(data), "file") == data


@pytest.mark.parametrize("damage", [lambda data: data[:-9], lambda data: data[:1], lambda data: b"\xff" * 40])
def test_what_is_no_model_is_told(damage) -> None:  # type: ignore[no-untyped-def]
    data = made(numpy_helper.from_array(np.ones(LEAST, np.int8), "moved"))
    with pytest.raises(ValueError):
        lean(memoryview(damage(data)), "file")


def test_weights_behind_a_link_are_read(tmp_path: Path) -> None:
    shutil.copytree(READER_FOLDER, tmp_path / "stored")
    (tmp_path / "weights").mkdir()
    for file in (tmp_path / "stored").iterdir():
        (tmp_path / "weights" / file.name).symlink_to(file)
    [[there]] = Reader.open(tmp_path / "weights", packaged_minilm()).read("When?", [["It was in 1932."]])
    [[here]] = Reader.open(READER_FOLDER, packaged_minilm()).read("When?", [["It was in 1932."]])
    assert there == here
