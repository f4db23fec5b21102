"""What the files of a generation hold: packing for the store, and unpacking into a searchable index."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from io import BytesIO
from typing import Any

import numpy as np
import regex

from index.dense import DenseIndex, Vectors
from index.documents import Document
from index.errors import IndexCorrupt
from index.lexical import STORED_FROM, LexicalIndex
from index.passage_index import PassageIndex
from index.passage_table import PassageTable, in_context
from index.passages import PassageSpan
from index.searching import Searching
from index.store import Data, Stored
from index.structure import Structure

_DOCUMENTS, _PASSAGES = "documents.jsonl", "passages.jsonl"
_PASSAGE_VECTORS, _PASSAGE_ROWS, LEXICAL_FILE = "passages.faiss", "passages.npy", "passages.bm25"
_HEADER = regex.compile(rb"\{'descr': '<f4', 'fortran_order': False, 'shape': \((\d+), (\d+)\), \}\s*")


def pack(
    documents: Sequence[Document], passages: Sequence[Sequence[PassageSpan]], rows: Rows, asked: Callable[[], Vectors]
) -> tuple[dict[str, bytes | memoryview], Searching]:
    """File name → bytes, and how its passages will be searched. ``passages[i]`` are those of ``documents[i]``.

    Texts are stored once, in ``documents.jsonl``; everything else is spans. A passage's vector is kept in full, beside
    its code in an index that holds codes: the next rebuild takes it from there, and a cosine is never one of codes.
    ``asked`` gives what recall is measured with, as for ``DenseIndex.of``.
    """
    dense = DenseIndex.of(rows.vectors, asked)
    files: dict[str, bytes | memoryview] = {
        _DOCUMENTS: _lines(
            {"id": d.id, "title": d.title, "text": d.text, "sha256": d.sha256, "card": dict(d.card)}
            | ({"structure": d.structure.to_json()} if d.structure else {})
            for d in documents
        ),
        _PASSAGES: passage_lines(passages),
        _PASSAGE_VECTORS: dense.to_bytes(),
    }
    if dense.searching.probes:
        files[_PASSAGE_ROWS] = rows.to_file()
    if len(rows.vectors) >= STORED_FROM:
        spans = ((d.text, p) for d, of_document in zip(documents, passages, strict=True) for p in of_document)
        files[LEXICAL_FILE] = LexicalIndex.of(in_context(text, p.span, p.heading) for text, p in spans).to_bytes()
    return files, dense.searching


def passage_lines(passages: Sequence[Sequence[PassageSpan]]) -> bytes:
    """A JSON object a line for each passage of each document, as ``PassageTable.parse`` reads them."""
    return _lines(
        {
            "document": number,
            "start": passage.span.start,
            "end": passage.span.end,
            "heading": passage.heading,
            "paragraph": passage.paragraph,
            "sentences": [[sentence.start, sentence.end] for sentence in passage.sentences],
        }
        for number, of_document in enumerate(passages)
        for passage in of_document
    )


def unpack(stored: Stored) -> PassageIndex:
    """A stored generation, ready to search. Raises IndexCorrupt when its files contradict each other."""
    name, files, searching = stored.manifest.generation, stored.files, stored.manifest.searching
    try:
        documents = [_document(json.loads(line)) for line in _split(files[_DOCUMENTS])]
        passages = PassageTable.parse(_split(files[_PASSAGES]), documents)
        rows = read_rows(files[_PASSAGE_ROWS]) if searching.probes else None
        dense = DenseIndex.from_bytes(memoryview(files[_PASSAGE_VECTORS]), rows, searching)
        lexical = LexicalIndex.from_bytes(memoryview(files[LEXICAL_FILE])) if LEXICAL_FILE in files else None
    except (ValueError, KeyError, TypeError, IndexError, OverflowError) as problem:
        raise IndexCorrupt(name, f"cannot be read back ({problem})") from None
    held = (len(documents), len(passages), passages.sentences)
    promised = (stored.manifest.documents, stored.manifest.passages, stored.manifest.sentences)
    found = (len(dense), dense.dimension)
    if held != promised or found != (len(passages), stored.manifest.dimension):
        raise IndexCorrupt(name, f"holds {held} and {found}, its manifest promises {promised}")
    if lexical is not None and len(lexical) != len(passages):
        raise IndexCorrupt(name, f"its BM25 is of {len(lexical)} passages, not of {len(passages)}")
    return PassageIndex(stored.manifest, passages, dense, lexical)


class Rows:
    """The passages' vectors while they come in: ``vectors`` has shape ``(passages, dim)``, float32.

    They lie behind the head of the ``.npy`` file that they may become, so that nothing is copied to write it.
    """

    def __init__(self, passages: int) -> None:
        self._passages = passages
        self._make(0)

    def _make(self, dimension: int) -> None:
        head = BytesIO()
        fields = {"descr": "<f4", "fortran_order": False, "shape": (self._passages, dimension)}
        np.lib.format.write_array_header_1_0(head, fields)
        start = len(head.getvalue())
        self._whole = np.zeros(start + 4 * self._passages * dimension, dtype=np.uint8)
        self._whole[:start] = np.frombuffer(head.getvalue(), dtype=np.uint8)
        self.vectors: Vectors = self._whole[start:].view("<f4").reshape(self._passages, dimension)

    def put(self, vector: Vectors, numbers: Sequence[int]) -> None:
        """Set the rows of these numbers."""
        if not self.vectors.shape[1]:
            self._make(len(vector))
        self.vectors[numbers] = vector

    def to_file(self) -> memoryview:
        """``vectors`` as an ``.npy`` file."""
        return self._whole.data


def read_rows(data: Data) -> Vectors:
    """The rows of an ``.npy`` file of float32, where they lie. Raises ValueError when it is another.

    numpy would have Python parse the header, which CPython 3.11 does for one thread at a time: another that parses
    meanwhile, as Gradio does while it is imported, ends with a SystemError.
    """
    start = 10 + int.from_bytes(data[8:10], "little")
    header = _HEADER.fullmatch(data[10:start])
    if data[:8] != b"\x93NUMPY\x01\x00" or header is None:
        raise ValueError("an .npy file that does not hold rows of <f4")
    rows: Vectors = np.frombuffer(data, dtype="<f4", offset=start).reshape(int(header[1]), int(header[2]))
    return rows


def _split(data: Data) -> Iterator[bytes]:
    """The lines of a file, one after the other: all of them beside it would take its size again."""
    at = 0
    while at < len(data):
        end = data.find(b"\n", at)
        end = len(data) if end < 0 else end
        yield data[at:end]
        at = end + 1


def _document(fields: dict[str, Any]) -> Document:
    structure = fields.pop("structure", None)
    document = Document(**fields)
    return document if structure is None else replace(document, structure=Structure.from_json(structure, document.text))


def _lines(records: Iterable[Mapping[str, object]]) -> bytes:
    return "".join(json.dumps(record, ensure_ascii=False) + "\n" for record in records).encode()
