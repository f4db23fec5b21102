from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from onnx import TensorProto, helper, numpy_helper

from index.int8_rows import TOP, by_output, divisors
from index.onnx_session import open_session


def multiplied(numbers: np.ndarray, weights: np.ndarray) -> np.ndarray:
    """The product as this processor comes to it, shape ``(tokens, outputs)``."""
    ends = [
        helper.make_tensor_value_info("numbers", TensorProto.UINT8, ["tokens", weights.shape[0]]),
        helper.make_tensor_value_info("sums", TensorProto.INT32, ["tokens", weights.shape[1]]),
    ]
    node = helper.make_node("MatMulInteger", ["numbers", "weights"], ["sums"])
    graph = helper.make_graph([node], "product", ends[:1], ends[1:], [numpy_helper.from_array(weights, "weights")])
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 20)], ir_version=10)
    found: np.ndarray = open_session(model.SerializeToString(), 1).run(None, {"numbers": numbers})[0]
    return found


def test_weights_come_back_as_near_as_half_a_step_of_their_output() -> None:
    drawn = np.random.default_rng(3).standard_normal((5, 256), dtype=np.float32)
    # One output's large weights coarsen no other's.
    drawn[0] *= 100
    rounded, scales = by_output(drawn)
    assert (rounded.shape, rounded.dtype, scales.shape, scales.dtype) == ((256, 5), np.int8, (5,), np.float32)
    off = np.abs((rounded.astype(np.float32) * scales).T - drawn).max(axis=1)
    assert (off <= scales * 0.5001).all()
    assert off[0] > 10 * off[1:].max()


def test_the_largest_weight_of_an_output_is_kept_whatever_its_sign() -> None:
    rounded, scales = by_output(np.array([[0.5, -2.0], [-1.0, 3.0]], dtype=np.float32))
    assert rounded.T.tolist() == [[32, -127], [-42, 127]]
    assert scales == pytest.approx(np.array([2 / 127, 3 / 127]))


def test_neighbours_that_add_up_have_a_coarser_step() -> None:
    rounded, scales = by_output(np.array([[2.0, 2.0, -1.0], [-1.5, -2.5, 4.0]], dtype=np.float32))
    assert rounded.T.tolist() == [[64, 64, -32], [-48, -79, 127]]
    assert scales == pytest.approx(np.array([4 / 127, 4 / 127]))


@given(st.integers(0, 2**32 - 1), st.sampled_from([1, 2, 7, 64]), st.sampled_from([0.0, 0.5, 1.0]))
def test_no_two_neighbours_come_to_more_than_16_bits_hold(seed: int, inputs: int, alike: float) -> None:
    draws = np.random.default_rng(seed)
    # As ``alike`` grows, more weights are the largest there are.
    drawn = np.where(draws.random((9, inputs)) < alike, 1.0, draws.standard_normal((9, inputs))).astype(np.float32)
    rounded, _ = by_output(drawn * draws.choice([-1, 1], (9, 1)).astype(np.float32))
    pairs = rounded[: inputs // 2 * 2].astype(int).reshape(-1, 2, 9).sum(axis=1)
    assert np.abs(rounded.astype(int)).max() <= TOP
    assert np.abs(pairs).max(initial=0) * 255 <= 2**15


@pytest.mark.parametrize(("inputs", "outputs"), [(384, 384), (384, 1536), (1536, 384)])
def test_this_processor_comes_to_the_exact_sums(inputs: int, outputs: int) -> None:
    draws = np.random.default_rng(inputs + outputs)
    drawn = draws.choice([-1.0, 0.9, 1.0], (outputs, inputs)).astype(np.float32)
    weights, _ = by_output(drawn)
    numbers = draws.choice([0, 254, 255], (37, inputs)).astype(np.uint8)
    # The largest there can be: every number and every second output's weights alike.
    numbers[:5], weights[:, ::2] = 255, 64
    assert (multiplied(numbers, weights) == numbers.astype(int) @ weights.astype(int)).all()


def test_an_output_of_zeros_stays_zeros() -> None:
    rounded, scales = by_output(np.zeros((1, 4), dtype=np.float32))
    assert (rounded.ravel().tolist(), bool(np.isfinite(scales).all())) == ([0] * 4, True)


def test_only_large_channels_are_divided() -> None:
    found = divisors(384)
    assert (found.shape, found.dtype, int((found != 1).sum()), float(found.min())) == ((384,), np.float32, 6, 1.0)
    assert divisors(8).tolist() == [1.0] * 8
