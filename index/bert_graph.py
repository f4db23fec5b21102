"""The sentence encoder as an ONNX graph: words' rows in, unit vectors out.

The graph holds no weights: its initializers name their places in a file beside it, where onnxruntime reads them. The
table of words is in neither: half of the model, of which a text needs a few rows.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
from onnx import TensorProto

from index.int8_graph import Bert, Int8Graph
from index.weights import WEIGHTS_FILE, places, tensor

# Added to the logits of padding before the softmax: e**-10000 is 0 in float32.
_MASKED = -10_000.0


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
        weights = folder / WEIGHTS_FILE
        found = places(weights)
        bert = Bert(
            lambda name: tensor(weights, found[name]),
            width=config["hidden_size"],
            heads=config["num_attention_heads"],
            epsilon=float(config["layer_norm_eps"]),
        )
        graph = Int8Graph(bert, data_file)
        return _encoder(graph, bert, config["num_hidden_layers"]), bytes(graph.data)
    except (OSError, KeyError, TypeError, AttributeError) as problem:
        raise ValueError(f"not a model that a graph is known for ({problem!r})") from None


def _encoder(graph: Int8Graph, bert: Bert, layers: int) -> bytes:
    kept = graph.op("Cast", "attention_mask", to=TensorProto.FLOAT)
    # Shape (texts, 1, 1, tokens), as the logits of attention broadcast.
    masked = graph.op("Sub", graph.constant(np.float32(1)), kept)
    masked = graph.op("Mul", masked, graph.constant(np.float32(_MASKED)))
    masked = graph.op("Unsqueeze", masked, graph.constant([1, 2]))
    states = _embeddings(graph)
    shape = graph.op("Shape", states)
    each = graph.constant([bert.heads, bert.width // bert.heads])
    split = graph.op("Concat", graph.op("Shape", "attention_mask"), each, axis=0)
    # Every text's tokens one below the other: each layer is then one matrix product.
    states = graph.op("Reshape", states, graph.flat)
    for number in range(layers):
        states = graph.layer(states, f"encoder.layer.{number}", split, masked)
    _pooled(graph, graph.op("Reshape", states, shape), kept)
    return graph.model(
        "sentence_encoder",
        [
            ("words", TensorProto.FLOAT, ["texts", "tokens", bert.width]),
            ("attention_mask", TensorProto.INT64, ["texts", "tokens"]),
        ],
        [("vectors", TensorProto.FLOAT, ["texts", bert.width])],
    )


def _embeddings(graph: Int8Graph) -> str:
    count = graph.op("Squeeze", graph.op("Shape", "attention_mask", start=1, end=2))
    zero = graph.constant(np.int64(0))
    positions = graph.op("Range", zero, count, graph.constant(np.int64(1)))
    position = graph.op("Gather", graph.weight("embeddings.position_embeddings.weight"), positions)
    kind = graph.op("Gather", graph.weight("embeddings.token_type_embeddings.weight"), zero)
    return graph.normed(graph.op("Add", graph.op("Add", "words", kind), position), "embeddings.LayerNorm")


def _pooled(graph: Int8Graph, states: str, kept: str) -> None:
    counted = graph.op("Mul", states, graph.op("Unsqueeze", kept, graph.last))
    axis = graph.constant([1])
    total = graph.op("ReduceSum", counted, axis, keepdims=0)
    mean = graph.op("Div", total, graph.op("ReduceSum", kept, axis, keepdims=1))
    graph.op("Div", mean, graph.op("ReduceL2", mean, graph.last, keepdims=1), output="vectors")
