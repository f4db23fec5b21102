"""Documents in, a searchable index out.

``rebuild`` brings the built index up to date, ``open_index`` loads it, ``LiveIndex`` follows it while it is
rebuilt. A ``PassageIndex`` answers ``retrieve``; every error a user can mend is a ``BadInput``.
"""

from index.build import Rebuilt, rebuild
from index.config import SETTINGS, IndexConfig
from index.documents import Document, Span
from index.embedding import Embedder, SentenceTransformerEmbedder
from index.errors import (
    BadIndex,
    BadInput,
    BadModel,
    BadSetting,
    BadSource,
    IndexBusy,
    IndexCorrupt,
    IndexIncompatible,
    IndexMissing,
)
from index.live import LiveIndex, State, Status, open_index, status
from index.manifest import Manifest
from index.onnx_embedder import OnnxEmbedder, open_embedder
from index.passage_index import Hit, Passage, PassageIndex, Sentence

__all__ = [
    "SETTINGS",
    "BadIndex",
    "BadInput",
    "BadModel",
    "BadSetting",
    "BadSource",
    "Document",
    "Embedder",
    "Hit",
    "IndexBusy",
    "IndexConfig",
    "IndexCorrupt",
    "IndexIncompatible",
    "IndexMissing",
    "LiveIndex",
    "Manifest",
    "OnnxEmbedder",
    "Passage",
    "PassageIndex",
    "Rebuilt",
    "Sentence",
    "SentenceTransformerEmbedder",
    "Span",
    "State",
    "Status",
    "open_embedder",
    "open_index",
    "rebuild",
    "status",
]
