"""Models as onnxruntime runs them, for the embedder and the reader alike."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path

import numpy as np
import onnxruntime

# An ONNX model of one MatMulInteger: a, uint8 (8, 64), times b, int8 (64, 32), is y, int32. Written out, for importing
# onnx to make it would take a third of a second.
_PRODUCT = (
    b'\x08\n:\\\n\x18\n\x01a\n\x01b\x12\x01y"\rMatMulInteger\x12\x01g'
    b"Z\x13\n\x01a\x12\x0e\n\x0c\x08\x02\x12\x08\n\x02\x08\x08\n\x02\x08@"
    b"Z\x13\n\x01b\x12\x0e\n\x0c\x08\x03\x12\x08\n\x02\x08@\n\x02\x08 "
    b"b\x13\n\x01y\x12\x0e\n\x0c\x08\x06\x12\x08\n\x02\x08\x08\n\x02\x08 B\x04\n\x00\x10\x14"
)


def open_session(
    graph: bytes, threads: int, folder: Path | None = None, files: Mapping[str, bytes] | None = None
) -> onnxruntime.InferenceSession:
    """A session over a model that leaves its cores to others between batches.

    ``folder`` holds the files that the model names as the places of its tensors; ``files`` are these themselves, where
    they lie in no folder. Raises Exception, as onnxruntime promises no class of it, when the model cannot be run.
    """
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    options.inter_op_num_threads = 1
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    options.add_session_config_entry("session.inter_op.allow_spinning", "0")
    options.log_severity_level = 3
    # Texts are of many lengths, and for each it would keep a plan of all that a run needs, and room for it at once, for
    # those weights too that it then packs and keeps elsewhere.
    options.enable_mem_pattern = False
    if folder is not None:
        options.add_session_config_entry("session.model_external_initializers_file_folder_path", str(folder))
    if files is not None:
        sizes = [len(data) for data in files.values()]
        options.add_external_initializers_from_files_in_memory(list(files), list(files.values()), sizes)
    return onnxruntime.InferenceSession(graph, options, providers=["CPUExecutionProvider"])


@cache
def signed_is_exact() -> bool:
    """Whether onnxruntime multiplies signed weights of 8 bits by unsigned numbers without overflow on this processor.

    One without VNNI, of the x86 kind, adds two such products in 16 bits. Tried with the largest numbers there are.
    """
    numbers, weights = np.full((8, 64), 255, np.uint8), np.full((64, 32), 127, np.int8)
    product = open_session(_PRODUCT, 1).run(None, {"a": numbers, "b": weights})[0]
    return bool((product == 64 * 255 * 127).all())
