"""Matrices of the encoder in 8 bits: how their weights are rounded, and what is done before.

The weights of an output share a scale, and so do a token's numbers that they are multiplied by: a text's vector does
not depend on the texts beside it. A token's numbers are unsigned, around a zero of their own. Signed weights are what a
processor with VNNI is four times as fast with; one without it adds two of their products in 16 bits, which overflow, so
there they are unsigned as well. The sums are the same integers.

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
PRECISION = "int8 by output and token"
ZERO = 128
TOP = 127
Weights = npt.NDArray[np.int8] | npt.NDArray[np.uint8]
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


def by_output(matrix: Vectors, signed: bool) -> tuple[Weights, Vectors]:
    """``matrix``, shape ``(outputs, inputs)``, rounded: weights of shape ``(inputs, outputs)``, scales ``(outputs,)``.

    A weight is its output's scale times what it is above ``zero_of(weights)``.
    """
    scales = np.abs(matrix).max(axis=1) / np.float32(TOP)
    # An output without weights has any scale.
    scales[scales == 0] = 1
    rounded = matrix.T / scales
    np.rint(rounded, out=rounded)
    if signed:
        return np.ascontiguousarray(rounded.astype(np.int8)), scales
    rounded += ZERO
    return np.ascontiguousarray(rounded.astype(np.uint8)), scales


def zero_of(weights: Weights) -> np.int8 | np.uint8:
    """The number that stands for zero among ``weights``, of their kind."""
    return np.int8(0) if weights.dtype == np.int8 else np.uint8(ZERO)
