"""A BERT sentence encoder as an ONNX graph: words' rows in, unit vectors out. The only module that knows ``onnx``.

All matrices are rounded to 8 bits (``int8_rows.py``); sums, norms and attention itself are float32. The graph
holds no weights: its initializers name their places in a file beside it, where onnxruntime reads them, for what stands
in the graph itself would stay in memory twice. The table of words is in neither: half of the model, of which a text
needs a few rows.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import onnx
from onnx import TensorProto, helper

from index.dense import Vectors
from index.int8_rows import TOP, ZERO, by_output, divisors
from index.weights import WEIGHTS_FILE, Place, places, tensor

_OPSET = 20
_IR = 10
# Added to the logits of padding before the softmax: e**-10000 is 0 in float32.
_MASKED = -10_000.0
_NORM, _GELU = "LayerNormalization", "Gelu"
# Less than the least that Gelu gives, -0.16997.
_LEAST_GELU = -0.17
_TINY = 1e-30
# So that no tensor begins in the middle of a processor's line.
_ALIGNED = 64


def bert_graph(folder: Path, data_file: str) -> tuple[bytes, bytes]:
    """The sentence-transformers model in ``folder`` (BERT, mean pooling, length 1): its graph, and its weights.

    The graph finds the weights in ``data_file``, a name without a folder.

    Input ``words`` has shape ``(texts, tokens, dim)``, float32: of each token its row of ``weights.WORDS``. Input
    ``attention_mask`` has shape ``(texts, tokens)``, int64; output ``vectors`` has shape ``(texts, dim)``, float32.
    Raises ValueError when the folder holds a model of another kind.
    """
    try:
        config: dict[str, Any] = json.loads((folder / "config.json").read_bytes())
        kinds = [module["type"].rsplit(".", 1)[-1] for module in json.loads((folder / "modules.json").read_bytes())]
        pooling = json.loads((folder / "1_Pooling" / "config.json").read_bytes())
        form = (config["model_type"], config["hidden_act"], config.get("position_embedding_type", "absolute"))
        if form != ("bert", "gelu", "absolute") or kinds != ["Transformer", "Pooling", "Normalize"]:
            raise ValueError(f"no graph is known for {form} with {kinds}")
        if [name for name, on in pooling.items() if on is True] != ["pooling_mode_mean_tokens"]:
            raise ValueError("no graph is known for pooling other than the mean")
        graph = _Graph(folder / WEIGHTS_FILE, data_file)
        return graph.encoder(config).SerializeToString(), bytes(graph.data)
    except (OSError, KeyError, TypeError, AttributeError) as problem:
        raise ValueError(f"not a model that a graph is known for ({problem!r})") from None


class _Graph:
    """Nodes and initializers in the order they are asked for; every method returns the name of what it made.

    ``data``: what ``data_file`` is to hold.
    """

    def __init__(self, weights: Path, data_file: str) -> None:
        self.data = bytearray()
        self._data_file = data_file
        self._weights = weights
        self._places: Mapping[str, Place] = places(weights)
        self._nodes: list[onnx.NodeProto] = []
        self._kinds: dict[str, str] = {}
        self._in_8_bits: dict[str, tuple[str, str, int]] = {}
        self._initializers: dict[str, onnx.TensorProto] = {}

    def encoder(self, config: Mapping[str, Any]) -> onnx.ModelProto:
        width, heads = config["hidden_size"], config["num_attention_heads"]
        self._divisors = divisors(width)
        self._epsilon = float(config["layer_norm_eps"])
        self._flat = self._constant([-1, width])
        self._last, self._tokens_axis = self._constant([-1]), self._constant([1])
        kept = self._op("Cast", "attention_mask", to=TensorProto.FLOAT)
        # Shape (texts, 1, 1, tokens), as the logits of attention broadcast.
        masked = self._op("Sub", self._constant(np.float32(1)), kept)
        masked = self._op("Mul", masked, self._constant(np.float32(_MASKED)))
        masked = self._op("Unsqueeze", masked, self._constant([1, 2]))
        states = self._embeddings()
        shape = self._op("Shape", states)
        split = self._op("Concat", self._op("Shape", "attention_mask"), self._constant([heads, width // heads]), axis=0)
        # Every text's tokens one below the other: each layer is then one matrix product.
        states = self._op("Reshape", states, self._flat)
        for layer in range(config["num_hidden_layers"]):
            states = self._layer(states, f"encoder.layer.{layer}", masked, split, width // heads)
        self._pooled(self._op("Reshape", states, shape), kept)
        graph = helper.make_graph(
            self._nodes,
            "sentence_encoder",
            [
                helper.make_tensor_value_info("words", TensorProto.FLOAT, ["texts", "tokens", width]),
                helper.make_tensor_value_info("attention_mask", TensorProto.INT64, ["texts", "tokens"]),
            ],
            [helper.make_tensor_value_info("vectors", TensorProto.FLOAT, ["texts", width])],
            list(self._initializers.values()),
        )
        return helper.make_model(graph, opset_imports=[helper.make_opsetid("", _OPSET)], ir_version=_IR)

    def _embeddings(self) -> str:
        count = self._op("Squeeze", self._op("Shape", "attention_mask", start=1, end=2))
        zero = self._constant(np.int64(0))
        positions = self._op("Range", zero, count, self._constant(np.int64(1)))
        position = self._op("Gather", self._weight("embeddings.position_embeddings.weight"), positions)
        kind = self._op("Gather", self._weight("embeddings.token_type_embeddings.weight"), zero)
        return self._normed(self._op("Add", self._op("Add", "words", kind), position), "embeddings.LayerNorm")

    def _layer(self, states: str, name: str, masked: str, split: str, head_width: int) -> str:
        query, key, value = (
            self._op("Reshape", self._linear(states, f"{name}.attention.self.{part}"), split)
            for part in ("query", "key", "value")
        )
        scale = self._constant(np.float32(head_width**-0.5))
        query = self._op("Transpose", self._op("Mul", query, scale), perm=[0, 2, 1, 3])
        logits = self._op("MatMul", query, self._op("Transpose", key, perm=[0, 2, 3, 1]))
        shares = self._op("Softmax", self._op("Add", logits, masked), axis=-1)
        mixed = self._op("MatMul", shares, self._op("Transpose", value, perm=[0, 2, 1, 3]))
        mixed = self._op("Reshape", self._op("Transpose", mixed, perm=[0, 2, 1, 3]), self._flat)
        attended = self._linear(mixed, f"{name}.attention.output.dense")
        states = self._normed(self._op("Add", attended, states), f"{name}.attention.output.LayerNorm")
        inner = self._op(_GELU, self._linear(states, f"{name}.intermediate.dense"))
        return self._normed(
            self._op("Add", self._linear(inner, f"{name}.output.dense"), states), f"{name}.output.LayerNorm"
        )

    def _pooled(self, states: str, kept: str) -> None:
        counted = self._op("Mul", states, self._op("Unsqueeze", kept, self._last))
        total = self._op("ReduceSum", counted, self._tokens_axis, keepdims=0)
        mean = self._op("Div", total, self._op("ReduceSum", kept, self._tokens_axis, keepdims=1))
        self._op("Div", mean, self._op("ReduceL2", mean, self._last, keepdims=1), output="vectors")

    def _linear(self, rows: str, name: str) -> str:
        matrix, bias = self._read(f"{name}.weight"), self._read(f"{name}.bias")
        numbers, step, zero = self._rounded(rows)
        # torch keeps a layer's matrix transposed.
        weights, scales = by_output(matrix * self._divisors if self._kinds[rows] == _NORM else matrix)
        if zero == 0:
            # The numbers stand for what is above the least.
            bias = bias + np.float32(_LEAST_GELU) * scales * (weights.astype(np.float32) - ZERO).sum(axis=0)
        zeros = self._constant(np.uint8(zero)), self._constant(np.uint8(ZERO))
        product = self._op("MatMulInteger", numbers, self._kept(f"{name}.weight.uint8", weights), *zeros)
        product = self._op("Mul", self._op("Cast", product, to=TensorProto.FLOAT), step)
        product = self._op("Mul", product, self._kept(f"{name}.weight.scales", scales))
        return self._op("Add", product, self._kept(f"{name}.bias", bias))

    def _rounded(self, rows: str) -> tuple[str, str, int]:
        """``rows`` in 8 bits: their numbers, the step between two of each row, and the number that stands for zero.

        What comes out of Gelu is nearly all above zero, so its numbers begin at the least there is.
        """
        if rows in self._in_8_bits:
            return self._in_8_bits[rows]
        if self._kinds[rows] == _GELU:
            above = self._op("Sub", rows, self._constant(np.float32(_LEAST_GELU)))
            highest = self._op("ReduceMax", above, self._last, keepdims=0)
            step = self._op("Mul", highest, self._constant(np.float32(1 / (ZERO + TOP))))
            numbers, zero = self._op("QuantizeLinear", above, step, axis=0), 0
        else:
            normed = self._kinds[rows] == _NORM
            even = self._op("Mul", rows, self._constant(1 / self._divisors)) if normed else rows
            highest = self._op("ReduceMax", self._op("Abs", even), self._last, keepdims=0)
            # A row of zeros has any step.
            highest = self._op("Max", highest, self._constant(np.float32(_TINY)))
            step = self._op("Mul", highest, self._constant(np.float32(1 / TOP)))
            zeros = self._op("Expand", self._constant(np.uint8(ZERO)), self._op("Shape", step))
            numbers, zero = self._op("QuantizeLinear", even, step, zeros, axis=0), ZERO
        self._in_8_bits[rows] = numbers, self._op("Unsqueeze", step, self._last), zero
        return self._in_8_bits[rows]

    def _normed(self, rows: str, name: str) -> str:
        scale, shift = self._weight(f"{name}.weight"), self._weight(f"{name}.bias")
        return self._op(_NORM, rows, scale, shift, axis=-1, epsilon=self._epsilon)

    def _op(self, kind: str, *inputs: str, output: str = "", **attributes: object) -> str:
        output = output or f"{kind}_{len(self._nodes)}"
        self._kinds[output] = kind
        self._nodes.append(helper.make_node(kind, list(inputs), [output], name=output, **attributes))
        return output

    def _constant(self, value: Any) -> str:
        array = np.asarray(value)
        name = f"constant_{len(self._initializers)}"
        kind = helper.np_dtype_to_tensor_dtype(array.dtype)
        self._initializers[name] = helper.make_tensor(name, kind, array.shape, array.tobytes(), raw=True)
        return name

    def _weight(self, name: str) -> str:
        return name if name in self._initializers else self._kept(name, self._read(name))

    def _read(self, name: str) -> Vectors:
        return tensor(self._weights, self._places[name])

    def _kept(self, name: str, array: npt.NDArray[Any]) -> str:
        """``array``, float32 or uint8, as a tensor whose bytes lie in ``data``."""
        self.data += bytes(-len(self.data) % _ALIGNED)
        kind = helper.np_dtype_to_tensor_dtype(array.dtype)
        made = TensorProto(name=name, data_type=kind, dims=array.shape, data_location=TensorProto.EXTERNAL)
        for key, value in (("location", self._data_file), ("offset", len(self.data)), ("length", array.nbytes)):
            made.external_data.add(key=key, value=str(value))
        self.data += array.tobytes()
        self._initializers[name] = made
        return name
