from __future__ import annotations

import numpy as np
import pytest

from index.int8_rows import ZERO, by_output, divisors, zero_of


@pytest.mark.parametrize(("signed", "kind"), [(True, np.int8), (False, np.uint8)])
def test_weights_come_back_as_near_as_half_a_step_of_their_output(signed: bool, kind: type) -> None:
    drawn = np.random.default_rng(3).standard_normal((5, 256), dtype=np.float32)
    # One output's large weights coarsen no other's.
    drawn[0] *= 100
    rounded, scales = by_output(drawn, signed)
    assert (rounded.shape, rounded.dtype, scales.shape, scales.dtype) == ((256, 5), kind, (5,), np.float32)
    again = (rounded.astype(np.float32) - zero_of(rounded)) * scales
    off = np.abs(again.T - drawn).max(axis=1)
    assert (off <= scales * 0.5001).all()
    assert off[0] > 10 * off[1:].max()


def test_the_largest_weight_of_an_output_is_kept_whatever_its_sign() -> None:
    rounded, scales = by_output(np.array([[0.5, -2.0], [1.0, 3.0]], dtype=np.float32), signed=False)
    assert rounded.tolist() == [[160, 170], [1, 255]]
    assert scales == pytest.approx(np.array([2 / 127, 3 / 127]))


def test_an_output_of_zeros_stays_zeros() -> None:
    rounded, scales = by_output(np.zeros((1, 4), dtype=np.float32), signed=False)
    assert (rounded.ravel().tolist(), bool(np.isfinite(scales).all())) == ([ZERO] * 4, True)


def test_only_large_channels_are_divided() -> None:
    found = divisors(384)
    assert (found.shape, found.dtype, int((found != 1).sum()), float(found.min())) == ((384,), np.float32, 6, 1.0)
    assert divisors(8).tolist() == [1.0] * 8
