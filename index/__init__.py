"""Documents in, a searchable index out.

``rebuild`` brings the built index up to date, ``roll_back`` goes back to an earlier generation; ``open_index`` loads
the live one, ``LiveIndex`` follows it. A ``PassageIndex`` answers ``retrieve``. Every error a user can mend is a
``BadInput``.
"""

from typing import TYPE_CHECKING

from index.public import late

if TYPE_CHECKING:
    from index.build import Rebuilt as Rebuilt
    from index.build import rebuild as rebuild
    from index.changes import Changes as Changes
    from index.config import SETTINGS as SETTINGS
    from index.config import IndexConfig as IndexConfig
    from index.documents import Document as Document
    from index.documents import Span as Span
    from index.embedding import Embedder as Embedder
    from index.embedding import SentenceTransformerEmbedder as SentenceTransformerEmbedder
    from index.errors import BadIndex as BadIndex
    from index.errors import BadInput as BadInput
    from index.errors import BadModel as BadModel
    from index.errors import BadSetting as BadSetting
    from index.errors import BadSource as BadSource
    from index.errors import IndexBusy as IndexBusy
    from index.errors import IndexCorrupt as IndexCorrupt
    from index.errors import IndexIncompatible as IndexIncompatible
    from index.errors import IndexMissing as IndexMissing
    from index.errors import NoSuchGeneration as NoSuchGeneration
    from index.live import LiveIndex as LiveIndex
    from index.live import State as State
    from index.live import Status as Status
    from index.live import open_index as open_index
    from index.live import status as status
    from index.manifest import Manifest as Manifest
    from index.onnx_embedder import OnnxEmbedder as OnnxEmbedder
    from index.onnx_embedder import open_embedder as open_embedder
    from index.passage_index import Hit as Hit
    from index.passage_index import PassageIndex as PassageIndex
    from index.passage_table import Passage as Passage
    from index.passage_table import Sentence as Sentence
    from index.rollback import Generations as Generations
    from index.rollback import Kept as Kept
    from index.rollback import RolledBack as RolledBack
    from index.rollback import roll_back as roll_back
else:
    __all__, __getattr__, __dir__ = late(
        __name__,
        {
            "build": ["Rebuilt", "rebuild"],
            "changes": ["Changes"],
            "config": ["SETTINGS", "IndexConfig"],
            "documents": ["Document", "Span"],
            "embedding": ["Embedder", "SentenceTransformerEmbedder"],
            "errors": [
                "BadIndex",
                "BadInput",
                "BadModel",
                "BadSetting",
                "BadSource",
                "IndexBusy",
                "IndexCorrupt",
                "IndexIncompatible",
                "IndexMissing",
                "NoSuchGeneration",
            ],
            "live": ["LiveIndex", "State", "Status", "open_index", "status"],
            "manifest": ["Manifest"],
            "onnx_embedder": ["OnnxEmbedder", "open_embedder"],
            "passage_index": ["Hit", "PassageIndex"],
            "passage_table": ["Passage", "Sentence"],
            "rollback": ["Generations", "Kept", "RolledBack", "roll_back"],
        },
    )
