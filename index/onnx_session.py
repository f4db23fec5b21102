"""Models as onnxruntime runs them, for the embedder and the reader alike."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import onnxruntime


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
