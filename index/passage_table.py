"""Passages and their sentences as columns of numbers: a million of them as objects would fill gigabytes."""

from __future__ import annotations

import json
from abc import abstractmethod
from array import array
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, overload

import numpy as np
import numpy.typing as npt

from index.documents import Document, Span


@dataclass(frozen=True, slots=True)
class Sentence:
    """``id`` counts all sentences in reading order, from 0; the span is absolute in the document."""

    id: int
    span: Span


@dataclass(frozen=True, slots=True)
class Passage:
    """``id`` is its row in FAISS, 0-based; ``paragraph`` is 1-based, as a reader counts; sentences in order.

    ``heading``: those it stands under, a line each, the outermost first (``index.headings``).
    """

    id: int
    document: Document
    span: Span
    heading: str | None
    paragraph: int
    sentences: tuple[Sentence, ...]

    @property
    def text(self) -> str:
        return self.span.of(self.document.text)

    @property
    def embedded_text(self) -> str:
        """What stands for the passage in both indexes: its headings, then its words on one line."""
        return in_context(self.document.text, self.span, self.heading)


class Passages(Sequence[Passage]):
    """Every passage in reading order, wherever they are kept."""

    @abstractmethod
    def documents(self) -> list[Document]:
        """Those that hold a passage, in order."""

    @abstractmethod
    def counts(self) -> dict[str, tuple[int, int]]:
        """Id → how many passages and sentences, of each document that holds one, in order."""

    @abstractmethod
    def of_documents(self, ids: Collection[str]) -> npt.NDArray[np.int64]:
        """The ids of the passages of these documents, ascending."""

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Sequence) and len(self) == len(other) and all(map(_same, self, other))

    __hash__ = None  # type: ignore[assignment]


class PassageTable(Passages):
    """A tuple of passages to whoever reads it; each is made when it is asked for."""

    def __init__(self, documents: Sequence[Document], columns: _Columns) -> None:
        self._documents = documents
        self._columns = columns

    @classmethod
    def parse(cls, lines: Iterable[bytes], documents: Sequence[Document]) -> PassageTable:
        """A JSON object a line, as ``generation.pack`` writes them.

        Raises ValueError, KeyError, TypeError, IndexError or OverflowError for anything else, and for a span that is
        not one of its document's text.
        """
        columns = _Columns.of(map(json.loads, lines))
        columns.check([len(document.text) for document in documents])
        return cls(documents, columns)

    def __len__(self) -> int:
        return len(self._columns.document)

    @overload
    def __getitem__(self, number: int) -> Passage: ...
    @overload
    def __getitem__(self, number: slice) -> tuple[Passage, ...]: ...
    def __getitem__(self, number: int | slice) -> Passage | tuple[Passage, ...]:
        if isinstance(number, slice):
            return tuple(self._made(each) for each in range(*number.indices(len(self))))
        if not -len(self) <= number < len(self):
            raise IndexError(number)
        return self._made(int(number) % len(self))

    def __iter__(self) -> Iterator[Passage]:
        return map(self._made, range(len(self)))

    @property
    def sentences(self) -> int:
        """How many sentences the passages have together."""
        return len(self._columns.sentence_start)

    def documents(self) -> list[Document]:
        # Not by np.unique, nor np.isin below: these import numpy.ma, a tenth of a second and a parsed signature.
        held = np.flatnonzero(np.bincount(self._columns.document, minlength=len(self._documents)))
        return [self._documents[number] for number in held.tolist()]

    def counts(self) -> dict[str, tuple[int, int]]:
        held, most = self._columns, len(self._documents)
        passages = np.bincount(held.document, minlength=most).tolist()
        sentences = np.bincount(held.document, np.diff(held.first), minlength=most).astype(int).tolist()
        return {
            document.id: (passages[number], sentences[number])
            for number, document in enumerate(self._documents)
            if passages[number]
        }

    def of_documents(self, ids: Collection[str]) -> npt.NDArray[np.int64]:
        chosen = np.array([document.id in ids for document in self._documents], dtype=bool)
        return np.flatnonzero(chosen[self._columns.document])

    def _made(self, number: int) -> Passage:
        held = self._columns
        first, last = int(held.first[number]), int(held.first[number + 1])
        starts, ends = held.sentence_start[first:last].tolist(), held.sentence_end[first:last].tolist()
        return Passage(
            id=number,
            document=self._documents[held.document[number]],
            span=Span(int(held.start[number]), int(held.end[number])),
            heading=held.headings[held.heading[number]],
            paragraph=int(held.paragraph[number]),
            sentences=tuple(
                Sentence(first + at, Span(start, end)) for at, (start, end) in enumerate(zip(starts, ends, strict=True))
            ),
        )


def in_context(text: str, span: Span, heading: str | None) -> str:
    """A span's words on one line, behind the headings it stands under."""
    words = " ".join(span.of(text).split())
    return f"{heading}\n{words}" if heading else words


def _same(one: object, other: object) -> bool:
    return one == other


_Column = npt.NDArray[np.int32]


@dataclass(frozen=True, slots=True)
class _Columns:
    """One number a passage, or a sentence; ``first`` has the first sentence of each passage, and their count at last.

    ``heading`` is a place in ``headings``.
    """

    document: _Column
    start: _Column
    end: _Column
    paragraph: _Column
    heading: _Column
    first: _Column
    sentence_start: _Column
    sentence_end: _Column
    headings: tuple[str | None, ...]

    @classmethod
    def of(cls, records: Iterable[Any]) -> _Columns:
        document, start, end, paragraph, heading = (array("i") for _ in range(5))
        first, sentence_start, sentence_end = array("i", [0]), array("i"), array("i")
        headings: dict[str | None, int] = {}
        for record in records:
            document.append(record["document"])
            start.append(record["start"])
            end.append(record["end"])
            paragraph.append(record["paragraph"])
            heading.append(headings.setdefault(record["heading"], len(headings)))
            for each_start, each_end in record["sentences"]:
                sentence_start.append(each_start)
                sentence_end.append(each_end)
            first.append(len(sentence_start))
        if any(type(text) is not str and text is not None for text in headings):
            raise TypeError("a heading is no text")
        columns = (document, start, end, paragraph, heading, first, sentence_start, sentence_end)
        made: list[Any] = [np.frombuffer(column, dtype=np.int32) for column in columns]
        return cls(*[*made, tuple(headings)])

    def check(self, lengths: Sequence[int]) -> None:
        """``lengths``: of the documents' texts. Raises ValueError or IndexError."""
        if len(self.document) and not 0 <= self.document.min() <= self.document.max() < len(lengths):
            raise IndexError("a passage of a document that is not there")
        of_document = np.array(lengths, dtype=np.int64)[self.document]
        of_sentence = np.repeat(of_document, np.diff(self.first))
        spans = ((self.start, self.end, of_document), (self.sentence_start, self.sentence_end, of_sentence))
        for start, end, most in spans:
            wrong = np.flatnonzero((start < 0) | (start >= end) | (end > most))
            if len(wrong):
                raise ValueError(f"[{start[wrong[0]]}, {end[wrong[0]]}) is no span of a text of {most[wrong[0]]}")
