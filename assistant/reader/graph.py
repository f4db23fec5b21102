"""The reader as an ONNX graph in 8 bits: rows of a window's words in, its tokens' logits out."""

from __future__ import annotations

import itertools
from collections.abc import Mapping

import numpy as np
from onnx import TensorProto

from index.dense import Vectors
from index.int8_graph import Bert, Int8Graph

from .windows import MAX_WINDOW

HEADS = 12
EPSILON = 1e-12


def shape(weights: Mapping[str, Vectors]) -> Bert:
    """What is known of a reader with these weights, named as in a BERT checkpoint."""
    return Bert(weights.__getitem__, weights["embeddings.LayerNorm.weight"].shape[0], HEADS, EPSILON)


def reader_graph(weights: Mapping[str, Vectors]) -> bytes:
    """A BERT with a linear layer, ``heads``, over its tokens, as ONNX writes it.

    ``weights`` are named as in a BERT checkpoint. Inputs are of one window without padding: ``words``, shape
    ``(tokens, width)``, float32, of each token its row of the table of words, and ``types``, shape ``(tokens,)``,
    int64, 0 over the question and 1 over the sentences. Outputs ``score`` and ``end`` have shape
    ``(tokens,)``, float32.
    """
    bert = shape(weights)
    graph = Int8Graph(bert)
    count = graph.op("Shape", "types")
    places = graph.op("Range", graph.constant(np.int64(0)), graph.op("Squeeze", count), graph.constant(np.int64(1)))
    # Longer windows there are none.
    positions = graph.kept("positions", weights["embeddings.position_embeddings.weight"][:MAX_WINDOW])
    states = graph.op("Add", "words", graph.op("Gather", positions, places))
    kinds = graph.weight("embeddings.token_type_embeddings.weight")
    states = graph.normed(graph.op("Add", states, graph.op("Gather", kinds, "types")), "embeddings.LayerNorm")
    split = graph.op("Concat", graph.constant([1]), count, graph.constant([HEADS, bert.width // HEADS]), axis=0)
    names = map("encoder.layer.{}".format, itertools.count())
    for name in itertools.takewhile(lambda name: f"{name}.output.dense.bias" in weights, names):
        states = graph.layer(states, name, split, None)
    logits = graph.op("Gemm", states, graph.weight("heads.weight"), graph.weight("heads.bias"), transB=1)
    for place, name in enumerate(("score", "end")):
        graph.op("Gather", logits, graph.constant(np.int64(place)), output=name, axis=1)
    return graph.model(
        "reader",
        [("words", TensorProto.FLOAT, ["tokens", bert.width]), ("types", TensorProto.INT64, ["tokens"])],
        [(name, TensorProto.FLOAT, ["tokens"]) for name in ("score", "end")],
    )
