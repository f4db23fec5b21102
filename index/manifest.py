"""What a generation was built from and with, and what its files must be."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from index.documents import Document
from index.embedding import EmbedderIdentity
from index.errors import IndexCorrupt, IndexIncompatible
from index.passages import SPLITTER
from index.searching import Searching

# Raise it when the files of a generation change their meaning.
FORMAT = 2
MANIFEST_FILE = "manifest.json"


@dataclass(frozen=True, slots=True)
class Manifest:
    """Written last, so that a folder without one is not a generation.

    Attributes:
        generation: the folder's name, UTC time and the first 8 hexadecimal digits of the fingerprint.
        fingerprint: sha256 over everything that decides the content; equal means nothing to rebuild.
        sources: document id → sha256 of its file.
        stamps: (name, bytes, mtime in ns) of the source folder's files: equal means not even hashing is needed.
        left_out: one line for each file that could not be read.
        files: file name → (bytes, sha256).
        languages: document id → the language that a document seems to be in, of those that do not seem English.
        searching: how neighbours are found, and how many of them: one made before there was a choice is exact.
    """

    format: int
    generation: str
    fingerprint: str
    created_at: str
    embedder: EmbedderIdentity
    dimension: int
    passage_chars: int
    splitter: int
    documents: int
    passages: int
    sentences: int
    sources: Mapping[str, str]
    stamps: Sequence[Sequence[str | int]]
    left_out: Sequence[str]
    files: Mapping[str, tuple[int, str]]
    took_s: float
    searching: Searching = field(default_factory=Searching)
    languages: Mapping[str, str] = field(default_factory=dict)

    def to_bytes(self) -> bytes:
        return (json.dumps(asdict(self), ensure_ascii=False, indent=1, sort_keys=True) + "\n").encode()

    def made_by(self, embedder: EmbedderIdentity, passage_chars: int) -> bool:
        """Whether this program, with this model, its precision and this setting, would make the same vectors."""
        made = (self.embedder, self.splitter, self.passage_chars)
        return made == (embedder, SPLITTER, passage_chars)

    def summary(self) -> dict[str, object]:
        """What a person or a program asks of a generation, JSON-ready; one form for command, page and API."""
        return {
            "generation": self.generation,
            "created_at": self.created_at,
            "took_s": self.took_s,
            "model": str(self.embedder),
            "documents": self.documents,
            "passages": self.passages,
            "sentences": self.sentences,
            "bytes": sum(size for size, _ in self.files.values()),
            "search": str(self.searching),
            "left_out": list(self.left_out),
            "other_languages": [f"{name}: {language}" for name, language in self.languages.items()],
        }

    @classmethod
    def from_bytes(cls, data: bytes, file: str) -> Manifest:
        """Raises IndexCorrupt when it is no manifest, IndexIncompatible when another version wrote it."""
        try:
            fields: dict[str, Any] = json.loads(data)
            written = fields["format"]
            if written != FORMAT:
                raise IndexIncompatible(f"index format {written}", f"format {FORMAT}")
            fields["embedder"] = EmbedderIdentity(**fields["embedder"])
            fields["files"] = {name: (int(size), str(sha)) for name, (size, sha) in fields["files"].items()}
            fields["searching"] = Searching(**fields.get("searching", {}))
            return cls(**fields)
        except (ValueError, KeyError, TypeError, AttributeError, OverflowError, RecursionError):
            raise IndexCorrupt(file, "not a manifest") from None


def fingerprint(
    documents: Sequence[Document], embedder: EmbedderIdentity, passage_chars: int, splitter: int = SPLITTER
) -> str:
    """sha256, in hexadecimal, over all that decides what a generation holds; ``splitter``: the version that made it."""
    facts = {
        "format": FORMAT,
        "splitter": splitter,
        "passage_chars": passage_chars,
        "embedder": embedder.facts(),
        "sources": [_facts(document) for document in documents],
    }
    return hashlib.sha256(json.dumps(facts, sort_keys=True).encode()).hexdigest()


def _facts(document: Document) -> list[object]:
    read_by = [document.structure.extractor] if document.structure else []
    return [document.id, document.sha256, document.title, dict(document.card), *read_by]
