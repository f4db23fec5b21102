"""Layers of a BERT as an ONNX graph in 8 bits. The only module that knows ``onnx``.

All matrices are rounded (``int8_rows.py``); sums, norms and attention itself are float32.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import onnx
from onnx import TensorProto, helper

from index.dense import Vectors
from index.int8_rows import TOP, ZERO, by_output, divisors

_OPSET = 20
_IR = 10
# Operators of onnxruntime's own: MatMulIntegerToFloat is MatMulInteger whose sums leave it as floats, in one pass.
_CONTRIB = "com.microsoft"
_NORM, _GELU = "LayerNormalization", "Gelu"
# Less than the least that Gelu gives, -0.16997.
_LEAST_GELU = -0.17
_TINY = 1e-30
# Of the names of a matrix's weights: of their numbers in 8 bits, and of what these are multiplied by.
_ROUNDED, _SCALES = ".weight.int8", ".weight.scales"
# So that no tensor begins in the middle of a processor's line.
_ALIGNED = 64

Ends = Sequence[tuple[str, int, Sequence[str | int]]]
"""Of a graph's inputs or outputs: name, kind as in TensorProto, and shape, a name for what varies."""


@dataclass(frozen=True, slots=True)
class Bert:
    """``read`` gives a weight by its name in a BERT checkpoint, float32, matrices as torch keeps them: transposed."""

    read: Callable[[str], Vectors]
    width: int
    heads: int
    epsilon: float


class Int8Graph:
    """Nodes and initializers in the order they are asked for; every method returns the name of what it made.

    Weights lie in the graph, or where ``data_file`` names one, a name without a folder, in ``data``, which that file is
    to hold: what stands in a graph itself onnxruntime keeps twice.
    """

    def __init__(self, bert: Bert, data_file: str = "") -> None:
        self.data = bytearray()
        self._bert = bert
        self._data_file = data_file
        self._divisors = divisors(bert.width)
        self._nodes: list[onnx.NodeProto] = []
        self._kinds: dict[str, str] = {}
        self._in_8_bits: dict[str, tuple[str, str, int]] = {}
        self._initializers: dict[str, onnx.TensorProto] = {}
        self.flat, self.last = self.constant([-1, bert.width]), self.constant([-1])

    def layer(self, states: str, name: str, split: str, masked: str | None) -> str:
        """``states``, shape ``(tokens of all texts, width)``, after the layer ``name``.

        ``split`` is a shape, (texts, tokens, heads, a head's width); ``masked`` is added to the logits of attention.
        """
        # What attention's logits are divided by is in the query's weights already. A bias of the keys would add the
        # same to all logits of a token; the values' bias comes to every token whole, and so into the next layer's.
        attention = f"{name}.attention"
        query = self._linear(states, f"{attention}.self.query", (self._bert.width // self._bert.heads) ** -0.5)
        key, value = (self._product(states, f"{attention}.self.{part}")[0] for part in ("key", "value"))
        query, key, value = (self.op("Reshape", each, split) for each in (query, key, value))
        query = self.op("Transpose", query, perm=[0, 2, 1, 3])
        logits = self.op("MatMul", query, self.op("Transpose", key, perm=[0, 2, 3, 1]))
        shares = self.op("Softmax", self.op("Add", logits, masked) if masked else logits, axis=-1)
        mixed = self.op("MatMul", shares, self.op("Transpose", value, perm=[0, 2, 1, 3]))
        mixed = self.op("Reshape", self.op("Transpose", mixed, perm=[0, 2, 1, 3]), self.flat)
        shift = self._bert.read(f"{attention}.output.dense.weight") @ self._bert.read(f"{attention}.self.value.bias")
        attended = self._linear(mixed, f"{attention}.output.dense", shift=shift)
        states = self.normed(self.op("Add", attended, states), f"{attention}.output.LayerNorm")
        inner = self.op(_GELU, self._linear(states, f"{name}.intermediate.dense"))
        return self.normed(
            self.op("Add", self._linear(inner, f"{name}.output.dense"), states), f"{name}.output.LayerNorm"
        )

    def normed(self, rows: str, name: str) -> str:
        scale, shift = self.weight(f"{name}.weight"), self.weight(f"{name}.bias")
        return self.op(_NORM, rows, scale, shift, axis=-1, epsilon=self._bert.epsilon)

    def _linear(self, rows: str, name: str, times: float = 1.0, shift: Vectors | None = None) -> str:
        """``rows`` through the layer ``name``, its outputs ``times`` as large, and ``shift`` added to each."""
        product, lack = self._product(rows, name, times)
        bias = self._bert.read(f"{name}.bias") * np.float32(times) + lack
        return self.op("Add", product, self.kept(f"{name}.bias", bias if shift is None else bias + shift))

    def _product(self, rows: str, name: str, times: float = 1.0) -> tuple[str, Vectors | float]:
        """``rows`` times the weights of the layer ``name``, ``times`` as large, and what a bias has to add to it."""
        numbers, step, zero = self._rounded(rows)
        matrix = self._bert.read(f"{name}.weight") * np.float32(times)
        weights, scales = by_output(matrix * self._divisors if self._kinds[rows] == _NORM else matrix)
        product = self.op(
            "MatMulIntegerToFloat",
            numbers,
            self.kept(f"{name}{_ROUNDED}", weights),
            self.constant(np.float32(1)),
            self.kept(f"{name}{_SCALES}", scales),
            self.constant(np.uint8(zero)),
            self.constant(np.int8(0)),
            domain=_CONTRIB,
        )
        product = self.op("Mul", product, step)
        return product, 0.0 if zero else _lack(weights.astype(np.float32), scales)

    def _rounded(self, rows: str) -> tuple[str, str, int]:
        """``rows`` in 8 bits: their numbers, the step between two of each row, and the number that stands for zero.

        What comes out of Gelu is nearly all above zero, so its numbers begin at the least there is.
        """
        if rows in self._in_8_bits:
            return self._in_8_bits[rows]
        if self._kinds[rows] == _GELU:
            above = self.op("Sub", rows, self.constant(np.float32(_LEAST_GELU)))
            highest = self.op("ReduceMax", above, self.last, keepdims=0)
            step = self.op("Mul", highest, self.constant(np.float32(1 / (ZERO + TOP))))
            numbers, zero = self.op("QuantizeLinear", above, step, axis=0), 0
        else:
            normed = self._kinds[rows] == _NORM
            even = self.op("Mul", rows, self.constant(1 / self._divisors)) if normed else rows
            highest = self.op("ReduceMax", self.op("Abs", even), self.last, keepdims=0)
            # A row of zeros has any step.
            highest = self.op("Max", highest, self.constant(np.float32(_TINY)))
            step = self.op("Mul", highest, self.constant(np.float32(1 / TOP)))
            zeros = self.op("Expand", self.constant(np.uint8(ZERO)), self.op("Shape", step))
            numbers, zero = self.op("QuantizeLinear", even, step, zeros, axis=0), ZERO
        self._in_8_bits[rows] = numbers, self.op("Unsqueeze", step, self.last), zero
        return self._in_8_bits[rows]

    def op(self, kind: str, *inputs: str, output: str = "", **attributes: Any) -> str:
        output = output or f"{kind}_{len(self._nodes)}"
        self._kinds[output] = kind
        self._nodes.append(helper.make_node(kind, list(inputs), [output], name=output, **attributes))
        return output

    def constant(self, value: Any) -> str:
        array = np.asarray(value)
        name = f"constant_{len(self._initializers)}"
        kind = helper.np_dtype_to_tensor_dtype(array.dtype)
        self._initializers[name] = helper.make_tensor(name, kind, array.shape, array.tobytes(), raw=True)
        return name

    def weight(self, name: str) -> str:
        return name if name in self._initializers else self.kept(name, self._bert.read(name))

    def kept(self, name: str, array: npt.NDArray[Any]) -> str:
        """``array``, of floats or 8 bits, as a tensor."""
        kind = helper.np_dtype_to_tensor_dtype(array.dtype)
        made = TensorProto(name=name, data_type=kind, dims=array.shape)
        if self._data_file:
            made.data_location = TensorProto.EXTERNAL
            self.data += bytes(-len(self.data) % _ALIGNED)
            for key, value in (("location", self._data_file), ("offset", len(self.data)), ("length", array.nbytes)):
                made.external_data.add(key=key, value=str(value))
            self.data += array.tobytes()
        else:
            made.raw_data = array.tobytes()
        self._initializers[name] = made
        return name

    def model(self, name: str, inputs: Ends, outputs: Ends) -> bytes:
        """All that was asked for, as ONNX writes it."""
        ends = [[helper.make_tensor_value_info(*end) for end in each] for each in (inputs, outputs)]
        graph = helper.make_graph(self._nodes, name, *ends, list(self._initializers.values()))
        sets = [helper.make_opsetid("", _OPSET), helper.make_opsetid(_CONTRIB, 1)]
        return bytes(helper.make_model(graph, opset_imports=sets, ir_version=_IR).SerializeToString())


def multiplied_out(bert: Bert, held: Mapping[str, npt.NDArray[Any]]) -> dict[str, Vectors]:
    """The weights that compute what a graph of ``bert``'s shape with these initializers does, named as ``bert.read``'s.

    They are not those the graph was made of: matrices are rounded, keys and values have no bias any more.
    """
    scale = np.float32((bert.width // bert.heads) ** 0.5)
    found = {name: array for name, array in held.items() if not name.endswith((_ROUNDED, _SCALES))}
    for name in held:
        if not name.endswith(_ROUNDED):
            continue
        layer = name.removesuffix(_ROUNDED)
        numbers = held[name].astype(np.float32)
        scales, bias = held[f"{layer}{_SCALES}"], held.get(f"{layer}.bias")
        matrix = (numbers * scales).T
        if layer.endswith((".query", ".key", ".value", ".intermediate.dense")):
            matrix = matrix / divisors(bert.width)
        elif not layer.endswith(".attention.output.dense"):
            assert bias is not None
            found[f"{layer}.bias"] = bias - _lack(numbers, scales)
        if layer.endswith(".query"):
            assert bias is not None
            matrix, found[f"{layer}.bias"] = matrix * scale, bias * scale
        found[f"{layer}.weight"] = np.ascontiguousarray(matrix)
        found.setdefault(f"{layer}.bias", np.zeros(matrix.shape[0], dtype=np.float32))
    return found


def _lack(numbers: Vectors, scales: Vectors) -> Vectors:
    """What a product of numbers that stand for what is above the least of Gelu's is short of."""
    lack: Vectors = np.float32(_LEAST_GELU) * scales * numbers.sum(axis=0)
    return lack
