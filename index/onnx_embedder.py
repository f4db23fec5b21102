"""Text → unit vectors without torch: the packaged MiniLM as onnxruntime runs it.

The graph is made of the package's weights, whose hash is checked first, and kept beside the index with their 8-bit
form. What a vector is, sentence-transformers defines: tests hold the two against each other, ``verify --deep`` too.
Their cosine is 0.9992 on average over questions, 0.9991 over passages, 0.998 at the least, and 0.994 for a text of no
words.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import threading
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from index.dense import Vectors
from index.embedding import (
    Embedder,
    EmbedderIdentity,
    SentenceTransformerEmbedder,
    check_minilm,
    encodable,
    packaged_minilm,
)
from index.errors import BadModel
from index.int8_rows import PRECISION
from index.weights import WEIGHTS_FILE, WORDS, Rows
from index.word_pieces import open_tokenizer

MODELS = "models"
# Raise it when bert_graph.py builds another graph, so that none written by an older program is used.
_GRAPH = 6
# More tokens at a time leave a core's own cache: with VNNI 512 take 1.05 times as long a text, 2,048 1.5 times.
BATCH_TOKENS = 256
# The tokens of a batch's texts, padding included, are a multiple of it. With an odd number onnxruntime adds up in
# another order, what lies in the middle between two int8 is rounded otherwise, and a vector turns by a third as much as
# from all the rounding: a text would have another one alone than among others.
_STEP_TOKENS = 4
# As sentence_bert_config.json of the packaged model says.
_MOST_TOKENS = 256
_GRAPH_FILE, _DATA_FILE, _HASH_FILE = "graph.onnx", "graph.onnx.data", "graph.onnx.sha256"


def open_embedder(model_dir: Path | None, index_dir: Path) -> Embedder:
    """The packaged MiniLM for ``model_dir`` None, else the sentence-transformers model in that folder.

    The MiniLM's graph is kept in ``index_dir``. Raises BadModel when the folder or a file is absent or altered.
    """
    return OnnxEmbedder(index_dir / MODELS) if model_dir is None else SentenceTransformerEmbedder(model_dir)


class OnnxEmbedder:
    """The packaged MiniLM. Checked when made, loaded when first used, safe to call from any thread."""

    def __init__(self, graphs: Path) -> None:
        """``graphs``: a folder for the exported graph, made when needed; without it the export is done each time.

        Raises BadModel when a file of the packaged model is absent or altered.
        """
        self.folder = packaged_minilm()
        self._identity = replace(check_minilm(self.folder), precision=PRECISION)
        self._graphs = graphs
        self._session: Any = None
        self._tokenizer: Any = None
        self._words: Any = None
        self._pool: ThreadPoolExecutor | None = None
        self._lock = threading.Lock()

    def __reduce__(self) -> tuple[type[OnnxEmbedder], tuple[Path]]:
        """Another process checks and loads the model itself."""
        return OnnxEmbedder, (self._graphs,)

    @property
    def identity(self) -> EmbedderIdentity:
        return self._identity

    def load(self) -> None:
        """Read the graph and the weights now rather than at the first question. Raises BadModel."""
        with self._lock:
            if self._session is None:
                self._tokenizer = open_tokenizer(str(self.folder / "tokenizer.json"))
                self._words = self._table()
                self._session = self._opened()

    def encode(self, texts: Sequence[str]) -> Vectors:
        """As ``Embedder.encode``; any number of texts, in batches of like length on all cores."""
        self.load()
        encodings = self._tokenizer.encode_batch([encodable(text) for text in texts])
        tokens = [truncated(encoding.ids) for encoding in encodings]
        batches = batches_by_length([len(ids) for ids in tokens], BATCH_TOKENS)
        if len(batches) < 2:
            return self._run(tokens) if tokens else np.zeros((0, self._dimension()), dtype=np.float32)
        vectors = np.empty((len(tokens), self._dimension()), dtype=np.float32)
        # One thread a batch: threads that share a batch wait for each other, the longer the busier the machine is.
        rows = self._threads().map(lambda batch: self._run([tokens[place] for place in batch]), batches)
        for batch, found in zip(batches, rows, strict=True):
            vectors[batch] = found
        return vectors

    def _run(self, tokens: Sequence[Sequence[int]]) -> Vectors:
        longest = max(len(ids) for ids in tokens)
        shape = (len(tokens), longest + -longest % _STEP_TOKENS)
        ids, mask = np.zeros(shape, dtype=np.int64), np.zeros(shape, dtype=np.int64)
        for row, of_text in enumerate(tokens):
            ids[row, : len(of_text)] = of_text
            mask[row, : len(of_text)] = 1
        found: Vectors = self._session.run(None, {"words": self._words[ids], "attention_mask": mask})[0]
        return found

    def _dimension(self) -> int:
        return int(self._session.get_outputs()[0].shape[1])

    def _threads(self) -> ThreadPoolExecutor:
        with self._lock:
            if self._pool is None:
                self._pool = ThreadPoolExecutor(len(os.sched_getaffinity(0)), thread_name_prefix="embed")
            return self._pool

    def _table(self) -> Rows:
        try:
            return Rows(self.folder / WEIGHTS_FILE, WORDS)
        except (OSError, ValueError, KeyError, TypeError) as problem:
            raise BadModel(f"{self.folder}: its table of words cannot be read ({problem})") from None

    def _opened(self) -> Any:
        # Not for commands such as ``status``, which embed nothing.
        from index.onnx_session import open_session

        graph = self._kept_graph()
        if graph is not None:
            # Whole, and yet of no use to this onnxruntime: then a fresh one may be.
            with contextlib.suppress(Exception):
                return open_session(graph, 1, self._place())
        try:
            graph, data = self._exported()
            return open_session(graph, 1, files={_DATA_FILE: data})
        except Exception as problem:  # noqa: BLE001 - onnxruntime promises no class of exception
            line = " ".join(str(problem).split())[:200]
            raise BadModel(f"{self.folder}: cannot be run by onnxruntime ({line})") from None

    def _place(self) -> Path:
        return self._graphs / f"{self._identity.weights_sha256[:16]}-{_GRAPH}"

    def _kept_graph(self) -> bytes | None:
        """The graph exported earlier, or None when there is none or it or its weights are not what was written."""
        try:
            graph = (self._place() / _GRAPH_FILE).read_bytes()
            # Not read into memory: onnxruntime maps it.
            with (self._place() / _DATA_FILE).open("rb") as data:
                found = _hashes(hashlib.sha256(graph).hexdigest(), hashlib.file_digest(data, "sha256").hexdigest())
            promised = (self._place() / _HASH_FILE).read_bytes()
        except OSError:
            return None
        return graph if found == promised else None

    def _exported(self) -> tuple[bytes, bytes]:
        """A fresh graph and its weights, kept for the next time where the folder can be written."""
        from index.bert_graph import bert_graph

        graph, data = bert_graph(self.folder, _DATA_FILE)
        with contextlib.suppress(OSError):
            self._place().mkdir(parents=True, exist_ok=True)
            _replace(self._place() / _DATA_FILE, data)
            _replace(self._place() / _GRAPH_FILE, graph)
            hashes = _hashes(hashlib.sha256(graph).hexdigest(), hashlib.sha256(data).hexdigest())
            _replace(self._place() / _HASH_FILE, hashes)
        return graph, data


def _hashes(graph: str, data: str) -> bytes:
    """As sha256sum writes and checks it."""
    return f"{graph}  {_GRAPH_FILE}\n{data}  {_DATA_FILE}\n".encode()


def truncated(ids: list[int]) -> list[int]:
    """As the tokenizer would: the last of a long text's tokens that are kept is the one that ends each text."""
    return ids if len(ids) <= _MOST_TOKENS else [*ids[: _MOST_TOKENS - 1], ids[-1]]


def batches_by_length(lengths: Sequence[int], most: int) -> list[list[int]]:
    """Positions in ``lengths`` in batches of like length, each of at most ``most`` tokens with padding, or of one.

    The longest come first: what takes most memory fails at once, not at the end.
    """
    batches: list[list[int]] = []
    for place in sorted(range(len(lengths)), key=lambda place: (-lengths[place], place)):
        if batches and (len(batches[-1]) + 1) * lengths[batches[-1][0]] <= most:
            batches[-1].append(place)
        else:
            batches.append([place])
    return batches


def _replace(file: Path, data: bytes) -> None:
    """Write a whole file or nothing: two that export at once write the same."""
    beside = file.with_name(f"{file.name}.{os.getpid()}.{threading.get_ident()}")
    try:
        with beside.open("wb") as handle:
            handle.write(data)
            handle.flush()
            os.fsync(handle.fileno())
        os.replace(beside, file)
    finally:
        beside.unlink(missing_ok=True)
