"""What the files of a generation hold: packing for the store, and unpacking into a searchable index."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
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
_PASSAGE_VECTORS, _SENTENCE_VECTORS = "passages.faiss", "sentences.npy"
_PASSAGE_ROWS, _LEXICAL = "passages.npy", "passages.bm25"
_HEADER = regex.compile(rb"\{'descr': '(<f[24])', 'fortran_order': False, 'shape': \((\d+), (\d+)\), \}\s*")


def pack(
    documents: Sequence[Document], passages: Sequence[Sequence[PassageSpan]], rows: Rows
) -> tuple[dict[str, bytes | memoryview], Searching]:
    """File name → bytes, and how its passages will be searched. ``passages[i]`` are those of ``documents[i]``.

    Texts are stored once, in ``documents.jsonl``; everything else is spans. Sentence vectors are kept in half
    precision: they only order sentences inside passages already found. A passage's vector is kept in full, beside its
    code in an index that holds codes: the next rebuild takes it from there, and a cosine is never one of codes.
    """
    dense = DenseIndex.of(rows.passages, rows.sentences)
    files: dict[str, bytes | memoryview] = {
        _DOCUMENTS: _lines(
            {"id": d.id, "title": d.title, "text": d.text, "sha256": d.sha256, "card": dict(d.card)}
            | ({"structure": d.structure.to_json()} if d.structure else {})
            for d in documents
        ),
        _PASSAGES: passage_lines(passages),
        _PASSAGE_VECTORS: dense.to_bytes(),
        _SENTENCE_VECTORS: rows.sentence_file(),
    }
    if dense.searching.probes:
        files[_PASSAGE_ROWS] = rows.passage_file()
    if len(rows.passages) >= STORED_FROM:
        spans = ((d.text, p) for d, of_document in zip(documents, passages, strict=True) for p in of_document)
        files[_LEXICAL] = LexicalIndex.of(in_context(text, p.span, p.heading) for text, p in spans).to_bytes()
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
        rows = read_rows(files[_PASSAGE_ROWS], "<f4") if searching.probes else None
        dense = DenseIndex.from_bytes(memoryview(files[_PASSAGE_VECTORS]), rows, searching)
        sentence_vectors = read_rows(files[_SENTENCE_VECTORS], "<f2")
        sentence_rows, sentence_dimension = sentence_vectors.shape
        lexical = LexicalIndex.from_bytes(memoryview(files[_LEXICAL])) if _LEXICAL in files else None
    except (ValueError, KeyError, TypeError, IndexError, OverflowError) as problem:
        raise IndexCorrupt(name, f"cannot be read back ({problem})") from None
    held = (len(documents), len(passages), passages.sentences)
    promised = (stored.manifest.documents, stored.manifest.passages, stored.manifest.sentences)
    found = (len(dense), sentence_rows, dense.dimension, sentence_dimension)
    if held != promised or found != (*held[1:], stored.manifest.dimension, stored.manifest.dimension):
        raise IndexCorrupt(name, f"holds {held} and {found}, its manifest promises {promised}")
    if lexical is not None and len(lexical) != len(passages):
        raise IndexCorrupt(name, f"its BM25 is of {len(lexical)} passages, not of {len(passages)}")
    return PassageIndex(stored.manifest, passages, dense, sentence_vectors, lexical)


class Rows:
    """The vectors of a generation while they come in: ``passages`` float32, ``sentences`` float16.

    Row numbers run through the passages, then the sentences. Each lies behind the head of the file that it will be, so
    that nothing is copied to write it.
    """

    def __init__(self, passages: int, sentences: int) -> None:
        self._counts = (passages, sentences)
        self._files = _Npy("<f4", passages, 0), _Npy("<f2", sentences, 0)

    @property
    def passages(self) -> Vectors:
        return self._files[0].rows

    @property
    def sentences(self) -> Vectors:
        return self._files[1].rows

    def put(self, vector: Vectors, numbers: Sequence[int]) -> None:
        """Set the rows of these numbers."""
        if not self.passages.shape[1]:
            passages, sentences = self._counts
            self._files = _Npy("<f4", passages, len(vector)), _Npy("<f2", sentences, len(vector))
        for number in numbers:
            if number < self._counts[0]:
                self.passages[number] = vector
            else:
                self.sentences[number - self._counts[0]] = vector

    def passage_file(self) -> memoryview:
        """``passages`` as an ``.npy`` file."""
        return self._files[0].whole.data

    def sentence_file(self) -> memoryview:
        """``sentences`` as an ``.npy`` file."""
        return self._files[1].whole.data


class _Npy:
    """An ``.npy`` file in memory, zeros at first, and its rows as an array over the same bytes."""

    def __init__(self, kind: str, count: int, dimension: int) -> None:
        head = BytesIO()
        fields = {"descr": kind, "fortran_order": False, "shape": (count, dimension)}
        np.lib.format.write_array_header_1_0(head, fields)
        size = np.dtype(kind).itemsize * count * dimension
        self.whole = np.zeros(len(head.getvalue()) + size, dtype=np.uint8)
        self.whole[: len(head.getvalue())] = np.frombuffer(head.getvalue(), dtype=np.uint8)
        self.rows: Vectors = self.whole[len(head.getvalue()) :].view(kind).reshape(count, dimension)


def read_rows(data: Data, kind: str) -> Vectors:
    """The rows of an ``.npy`` file, "<f4" or "<f2", where they lie. Raises ValueError when it is another.

    numpy would have Python parse the header, which CPython 3.11 does for one thread at a time: another that parses
    meanwhile, as Gradio does while it is imported, ends with a SystemError.
    """
    start = 10 + int.from_bytes(data[8:10], "little")
    header = _HEADER.fullmatch(data[10:start])
    if data[:8] != b"\x93NUMPY\x01\x00" or header is None or header[1].decode() != kind:
        raise ValueError(f"an .npy file that does not hold rows of {kind}")
    rows: Vectors = np.frombuffer(data, dtype=kind, offset=start).reshape(int(header[2]), int(header[3]))
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
