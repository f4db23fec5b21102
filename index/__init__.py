"""Documents in, a searchable index out.

``rebuild`` brings the built index up to date, ``roll_back`` goes back to an earlier generation; ``open_index`` loads
the live one, ``LiveIndex`` follows it. A ``PassageIndex`` answers ``retrieve``. Every error a user can mend is a
``BadInput``.
"""

from index.build import Rebuilt, rebuild
from index.changes import Changes
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
    NoSuchGeneration,
)
from index.live import LiveIndex, State, Status, open_index, status
from index.manifest import Manifest
from index.onnx_embedder import OnnxEmbedder, open_embedder
from index.passage_index import Hit, PassageIndex
from index.passage_table import Passage, Sentence
from index.rollback import Generations, Kept, RolledBack, roll_back

__all__ = [
    "SETTINGS",
    "BadIndex",
    "BadInput",
    "BadModel",
    "BadSetting",
    "BadSource",
    "Changes",
    "Document",
    "Embedder",
    "Generations",
    "Hit",
    "IndexBusy",
    "IndexConfig",
    "IndexCorrupt",
    "IndexIncompatible",
    "IndexMissing",
    "Kept",
    "LiveIndex",
    "Manifest",
    "NoSuchGeneration",
    "OnnxEmbedder",
    "Passage",
    "PassageIndex",
    "Rebuilt",
    "RolledBack",
    "Sentence",
    "SentenceTransformerEmbedder",
    "Span",
    "State",
    "Status",
    "open_embedder",
    "open_index",
    "rebuild",
    "roll_back",
    "status",
]
