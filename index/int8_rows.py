"""Matrices of the encoder in 8 bits: how their weights are rounded, and what is done before.

The weights of an output share a scale, and so do a token's numbers that they are multiplied by: a text's vector does
not depend on the texts beside it. A token's numbers are unsigned, around a zero of their own, and weights are signed,
as every processor multiplies fastest: one with VNNI four times as fast as float32, one with AVX2 alone twice. The
latter adds the products of two neighbouring inputs in 16 bits, so an output's scale is such that no two of its weights
that are neighbours come to more than these hold. That takes a quarter of a bit, and the sums are the same integers on
every processor.

In a few channels the first and the last token of a text have numbers ten times as large as elsewhere, which leave their
other numbers few steps, and all tokens attend to these two. So such a channel's numbers are divided, and its weights
multiplied, as SmoothQuant does with every channel (Xiao et al., 2023): a whole number for each of six channels of the
packaged MiniLM is enough.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt

from index.dense import Vectors

# Of vectors, as manifests name it: another way of rounding needs another name.
PRECISION = "int8 by output, pair and token"
ZERO = 128
TOP = 127
# By what the numbers of a channel are divided after each norm: about the root of how many times as large as the others
# it grows, over a dozen passages.
_DIVISORS: Mapping[int, float] = {63: 2, 99: 5, 127: 2, 157: 2, 223: 3, 338: 2}


def divisors(width: int) -> Vectors:
    """By what each channel of a norm's output is divided, shape ``(width,)``."""
    every = np.ones(width, dtype=np.float32)
    for channel, divisor in _DIVISORS.items():
        if channel < width:
            every[channel] = divisor
    return every


def by_output(matrix: Vectors) -> tuple[npt.NDArray[np.int8], Vectors]:
    """``matrix``, shape ``(outputs, inputs)``, rounded: weights of shape ``(inputs, outputs)``, scales ``(outputs,)``.

    A weight is its output's scale times its number. The numbers of inputs 0 and 1, 2 and 3 and so on add up to between
    -128 and 128: times 255, the largest number of a token, 16 bits hold them.
    """
    even = matrix[:, : matrix.shape[1] // 2 * 2]
    largest = np.maximum(np.abs(matrix).max(axis=1), np.abs(even[:, ::2] + even[:, 1::2]).max(axis=1, initial=0))
    scales = largest / np.float32(TOP)
    # An output without weights has any scale.
    scales[scales == 0] = 1
    # Two that are rounded up add at most one to the 127 of their sum.
    return np.ascontiguousarray(np.rint(matrix.T / scales).astype(np.int8)), scales
