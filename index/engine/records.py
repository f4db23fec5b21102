"""What is kept of a document in an engine, and the sha256 by which it is known again: nothing else is believed."""

from __future__ import annotations

import hashlib
import json
import zlib
from collections.abc import Collection, Iterable, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt

from index.documents import Document, Span
from index.passage_table import Passage, Sentence
from index.passages import PassageSpan
from index.structure import Structure
from index.vocabulary import encoded

# A piece grows by a third where an engine keeps it as text, and must stay below 64 kB.
PIECE_BYTES = 48_000


@dataclass(frozen=True, slots=True)
class Anchor:
    """What this side knows of a document's record; ``size`` in bytes."""

    id: str
    sha256: str
    size: int
    passages: int
    sentences: int


class Anchors:
    """Anchors in the order of documents, and which rows and sentences are whose."""

    def __init__(self, anchors: Iterable[Anchor]) -> None:
        self.all = tuple(anchors)
        self.numbers = {anchor.id: number for number, anchor in enumerate(self.all)}
        self.first_rows = _firsts([anchor.passages for anchor in self.all])
        self.first_sentences = _firsts([anchor.sentences for anchor in self.all])

    @property
    def rows(self) -> int:
        return int(self.first_rows[-1])

    @property
    def sentences(self) -> int:
        return int(self.first_sentences[-1])

    def of_row(self, row: int) -> int:
        """The number of the document a passage belongs to. Raises IndexError when there is no such row."""
        if not 0 <= row < self.rows:
            raise IndexError(row)
        return int(np.searchsorted(self.first_rows, row, side="right")) - 1

    def numbers_of(self, ids: Collection[str]) -> list[int]:
        """The numbers of the documents with these ids, ascending; an id of none is passed over."""
        return sorted({self.numbers[name] for name in ids if name in self.numbers})

    def rows_of(self, numbers: Iterable[int]) -> npt.NDArray[np.int64]:
        """The rows of the documents with these numbers, in their order."""
        parts = [np.arange(*self.first_rows[number : number + 2]) for number in numbers]
        return np.concatenate(parts) if parts else np.zeros(0, dtype=np.int64)

    def to_bytes(self) -> bytes:
        return "".join(json.dumps(asdict(anchor), ensure_ascii=False) + "\n" for anchor in self.all).encode()

    @classmethod
    def from_bytes(cls, data: bytes) -> Anchors:
        """Raises ValueError, KeyError or TypeError when it is something else."""
        return cls(Anchor(**json.loads(line)) for line in data.splitlines())


def _firsts(counts: Sequence[int]) -> npt.NDArray[np.int64]:
    return np.concatenate([[0], np.cumsum(np.array(counts, dtype=np.int64))]).astype(np.int64)


def record(document: Document, passages: Sequence[PassageSpan]) -> bytes:
    """A document with its passages, the same bytes for the same document: they are what its sha256 is of."""
    facts = {
        "document": {
            "id": document.id,
            "title": document.title,
            "text": document.text,
            "sha256": document.sha256,
            "card": dict(document.card),
            "structure": document.structure.to_json() if document.structure else None,
        },
        "passages": [
            [[p.span.start, p.span.end], p.heading, p.paragraph, [[s.start, s.end] for s in p.sentences]]
            for p in passages
        ],
    }
    return zlib.compress(json.dumps(facts, ensure_ascii=False, sort_keys=True).encode("utf-8", "surrogatepass"), 6)


def anchor(document: Document, passages: Sequence[PassageSpan], kept: bytes) -> Anchor:
    sentences = sum(len(passage.sentences) for passage in passages)
    return Anchor(document.id, hashlib.sha256(kept).hexdigest(), len(kept), len(passages), sentences)


def is_kept(anchor: Anchor, kept: bytes) -> bool:
    """Whether the bytes that came back are those that were written."""
    return len(kept) == anchor.size and hashlib.sha256(kept).hexdigest() == anchor.sha256


def read(kept: bytes, first_row: int, first_sentence: int) -> tuple[Document, tuple[Passage, ...]]:
    """What ``record`` wrote, its passages numbered from ``first_row``. The caller has checked the hash.

    Raises ValueError, KeyError, TypeError or zlib.error when another version wrote it.
    """
    facts: dict[str, Any] = json.loads(zlib.decompress(kept).decode("utf-8", "surrogatepass"))
    structure = facts["document"].pop("structure")
    document = Document(**facts["document"])
    if structure is not None:
        document = replace(document, structure=Structure.from_json(structure, document.text))
    passages: list[Passage] = []
    for (start, end), heading, paragraph, spans in facts["passages"]:
        sentences = []
        for span in (Span(*bounds) for bounds in spans):
            span.of(document.text)
            sentences.append(Sentence(first_sentence, span))
            first_sentence += 1
        whole = Span(start, end)
        whole.of(document.text)
        passages.append(Passage(first_row + len(passages), document, whole, heading, paragraph, tuple(sentences)))
    return document, tuple(passages)


def record_keys(number: int, size: int) -> list[str]:
    """Under which keys the pieces of a document's record lie, in order."""
    return [f"d:{number}:{part}" for part in range(-(-size // PIECE_BYTES))]


def record_pieces(number: int, kept: bytes) -> dict[str, bytes]:
    keys = record_keys(number, len(kept))
    return {key: kept[part * PIECE_BYTES : (part + 1) * PIECE_BYTES] for part, key in enumerate(keys)}


def term_key(term: str) -> str:
    """Where a term's number and frequency lie: a term may be longer than a key."""
    return f"t:{_short(term)}"


def word_key(word: str) -> str:
    """Where the count of a word lies that is not among the commonest."""
    return f"w:{_short(word)}"


def _short(text: str) -> str:
    return hashlib.sha256(encoded(text)).hexdigest()[:32]
