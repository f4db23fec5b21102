from __future__ import annotations

import numpy as np
import pytest

from index.int8_blocks import ZERO, block_size, in_blocks


def test_weights_come_back_as_near_as_half_a_step_of_their_block() -> None:
    drawn = np.random.default_rng(3).standard_normal((5, 256), dtype=np.float32)
    # One block of large weights coarsens no other.
    drawn[:, :64] *= 100
    rounded, scales = in_blocks(drawn, 64)
    assert (rounded.shape, rounded.dtype, scales.shape, scales.dtype) == ((5, 4, 64), np.uint8, (5, 4), np.float32)
    again = ((rounded.astype(np.float32) - ZERO) * scales[:, :, np.newaxis]).reshape(drawn.shape)
    off = np.abs(again - drawn).reshape(5, 4, 64).max(axis=2)
    assert (off <= scales * 0.5001).all()
    assert (off[:, 0] > 10 * off[:, 1:].max(axis=1)).all()


def test_the_largest_weight_of_a_block_is_kept_whatever_its_sign() -> None:
    rounded, scales = in_blocks(np.array([[0.5, -2.0, 1.0, 3.0]], dtype=np.float32), 2)
    assert rounded.tolist() == [[[160, 1], [170, 255]]]
    assert scales == pytest.approx(np.array([[2 / 127, 3 / 127]]))


def test_a_block_of_zeros_stays_zeros() -> None:
    rounded, scales = in_blocks(np.zeros((1, 4), dtype=np.float32), 2)
    assert (rounded.ravel().tolist(), bool(np.isfinite(scales).all())) == ([ZERO] * 4, True)


def test_columns_that_make_no_whole_blocks_are_refused() -> None:
    with pytest.raises(ValueError, match="reshape"):
        in_blocks(np.zeros((1, 5), dtype=np.float32), 2)


def test_what_attention_passes_on_stays_float32() -> None:
    sizes = {
        name: block_size(f"encoder.layer.3.{name}")
        for name in ("attention.self.query", "attention.self.value", "intermediate.dense", "output.dense")
    }
    assert list(sizes.values()) == [128, None, 64, 128]
