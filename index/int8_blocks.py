"""Matrices of the encoder in 8 bits: which of them, in what blocks, and how a block is rounded.

A row's weights share a scale with their neighbours only, and so do the numbers they are multiplied by: onnxruntime's
MatMulNBits rounds those block by block too, so that a text's vector does not depend on the texts beside it.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from index.dense import Vectors

# Of vectors, as manifests name it: another way of rounding needs another name.
PRECISION = "int8 in blocks of 64 and 128"
BITS, ZERO = 8, 128
_TOP = 127
# What attention passes on is a mean of values and is rounded no more: in blocks of 64 they alone would turn vectors
# by 1 - cosine = 0.0003, all other matrices together do by as much.
_FLOAT32 = ".attention.self.value"
# Its inputs have few components that are ten times the others, which coarsen their whole block.
_FINER = ".intermediate.dense"


def block_size(name: str) -> int | None:
    """How many weights of a row share a scale in the matrix of layer ``name``; None for one that stays in float32."""
    if name.endswith(_FLOAT32):
        return None
    return 64 if name.endswith(_FINER) else 128


def in_blocks(matrix: Vectors, size: int) -> tuple[npt.NDArray[np.uint8], Vectors]:
    """``matrix``, shape ``(rows, columns)``, in blocks of ``size`` columns: weights and scales.

    Weights have shape ``(rows, blocks, size)``, scales ``(rows, blocks)``: a weight is its scale times what it is above
    ``ZERO``. Raises ValueError when ``size`` does not divide the columns.
    """
    blocks = matrix.reshape(len(matrix), -1, size)
    scales = np.abs(blocks).max(axis=2) / np.float32(_TOP)
    # A block of zeros has any scale.
    scales[scales == 0] = 1
    rounded = blocks / scales[:, :, np.newaxis]
    np.rint(rounded, out=rounded)
    rounded += ZERO
    return rounded.astype(np.uint8), scales
