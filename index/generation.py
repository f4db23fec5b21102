"""What the files of a generation hold: packing for the store, and unpacking into a searchable index."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from io import BytesIO
from typing import Any

import numpy as np
import regex

from index.dense import DenseIndex, Vectors
from index.documents import Document, Span
from index.errors import IndexCorrupt
from index.passage_index import Passage, PassageIndex, Sentence
from index.passages import PassageSpan
from index.store import Stored
from index.structure import Structure

_DOCUMENTS, _PASSAGES = "documents.jsonl", "passages.jsonl"
_PASSAGE_VECTORS, _SENTENCE_VECTORS = "passages.faiss", "sentences.npy"
_HALF_ROWS = regex.compile(rb"\{'descr': '<f2', 'fortran_order': False, 'shape': \((\d+), (\d+)\), \}\s*")


def pack(
    documents: Sequence[Document],
    passages: Sequence[Sequence[PassageSpan]],
    passage_vectors: Vectors,
    sentence_vectors: Vectors,
) -> dict[str, bytes]:
    """File name → bytes. ``passages[i]`` are those of ``documents[i]``; vectors follow them in order.

    Texts are stored once, in ``documents.jsonl``; everything else is spans. Sentence vectors are kept in half
    precision: they only order sentences inside passages already found.
    """
    buffer = BytesIO()
    np.save(buffer, sentence_vectors.astype(np.float16, copy=False), allow_pickle=False)
    return {
        _DOCUMENTS: _lines(
            {"id": d.id, "title": d.title, "text": d.text, "sha256": d.sha256, "card": dict(d.card)}
            | ({"structure": d.structure.to_json()} if d.structure else {})
            for d in documents
        ),
        _PASSAGES: _lines(
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
        ),
        _PASSAGE_VECTORS: DenseIndex.of(passage_vectors).to_bytes(),
        _SENTENCE_VECTORS: buffer.getvalue(),
    }


def unpack(stored: Stored) -> PassageIndex:
    """A stored generation, ready to search. Raises IndexCorrupt when its files contradict each other."""
    name = stored.manifest.generation
    try:
        documents = [_document(json.loads(line)) for line in stored.files[_DOCUMENTS].splitlines()]
        passages = _passages(stored.files[_PASSAGES], documents)
        dense = DenseIndex.from_bytes(stored.files[_PASSAGE_VECTORS])
        sentence_vectors = half_rows(stored.files[_SENTENCE_VECTORS])
        sentence_rows, sentence_dimension = sentence_vectors.shape
    except (ValueError, KeyError, TypeError, IndexError) as problem:
        raise IndexCorrupt(name, f"cannot be read back ({problem})") from None
    held = (len(documents), len(passages), sum(len(passage.sentences) for passage in passages))
    promised = (stored.manifest.documents, stored.manifest.passages, stored.manifest.sentences)
    rows = (len(dense), sentence_rows, dense.dimension, sentence_dimension)
    if held != promised or rows != (*held[1:], stored.manifest.dimension, stored.manifest.dimension):
        raise IndexCorrupt(name, f"holds {held} and {rows}, its manifest promises {promised}")
    return PassageIndex(stored.manifest, passages, dense, sentence_vectors)


def half_rows(data: bytes) -> Vectors:
    """The float16 rows of an ``.npy`` file. Raises ValueError when it is another.

    numpy would have Python parse the header, which CPython 3.11 does for one thread at a time: another that parses
    meanwhile, as Gradio does while it is imported, ends with a SystemError.
    """
    start = 10 + int.from_bytes(data[8:10], "little")
    header = _HALF_ROWS.fullmatch(data[10:start])
    if data[:8] != b"\x93NUMPY\x01\x00" or header is None:
        raise ValueError(f"{_SENTENCE_VECTORS} does not hold rows of float16")
    return np.frombuffer(data, dtype="<f2", offset=start).reshape(int(header[1]), int(header[2]))


def _document(fields: dict[str, Any]) -> Document:
    structure = fields.pop("structure", None)
    document = Document(**fields)
    return document if structure is None else replace(document, structure=Structure.from_json(structure, document.text))


def _passages(data: bytes, documents: Sequence[Document]) -> list[Passage]:
    passages: list[Passage] = []
    sentence_id = 0
    for line in data.splitlines():
        fields = json.loads(line)
        document = documents[fields["document"]]
        sentences: list[Sentence] = []
        for start, end in fields["sentences"]:
            span = Span(start, end)
            span.of(document.text)
            sentences.append(Sentence(sentence_id, span))
            sentence_id += 1
        whole = Span(fields["start"], fields["end"])
        whole.of(document.text)
        passages.append(
            Passage(
                id=len(passages),
                document=document,
                span=whole,
                heading=fields["heading"],
                paragraph=fields["paragraph"],
                sentences=tuple(sentences),
            )
        )
    return passages


def _lines(records: Iterable[Mapping[str, object]]) -> bytes:
    return "".join(json.dumps(record, ensure_ascii=False) + "\n" for record in records).encode()
