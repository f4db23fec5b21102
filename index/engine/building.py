"""Documents → a generation in an engine: embedded and handed over in batches, by several processes when it is much."""

from __future__ import annotations

import hashlib
import json
import os
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import chain, islice

from index.acronyms import acronyms
from index.config import IndexConfig
from index.dense import Vectors
from index.documents import Document, Sources
from index.embedding import Embedder
from index.engine import records
from index.engine.journal import JOURNAL, Journal
from index.engine.protocol import Engine, EngineAddress, engine_at
from index.engine.records import Anchors
from index.engine.searching import ANCHORS_FILE, MADE_KEY, WORDS_FILE, made_by
from index.engine.spreading import Part, Put, pool
from index.engine.terms import WORDS_KEPT, commonest, term_piece, term_weights, word_piece
from index.errors import BadSource, IndexCorrupt
from index.generation import LEXICAL_FILE
from index.languages import languages
from index.lexical import LexicalIndex
from index.manifest import FORMAT, Manifest
from index.onnx_embedder import OnnxEmbedder
from index.opening import ENGINE_FILE
from index.passage_index import PassageIndex
from index.passage_table import in_context
from index.passages import SPLITTER, PassageSpan, split_document
from index.tokens import split, terms
from index.vocabulary import encoded

# Embedded by one process in some seconds, and lost when a rebuild is interrupted.
BATCH_CHARS = 64_000
# Below that many characters the processes take longer to start than they save: seconds each, benchmarks/SCALE.md.
CHARS_FOR_PROCESSES = 1_000_000
_TERMS_AT_ONCE = 5_000

Progress = Callable[[str, int, int], None]


@dataclass(frozen=True, slots=True)
class Split:
    """A document and its passages."""

    document: Document
    passages: Sequence[PassageSpan]

    def passage_texts(self) -> list[str]:
        return [in_context(self.document.text, passage.span, passage.heading) for passage in self.passages]


def generation_in_engine(
    config: IndexConfig,
    embedder: Embedder,
    sources: Sources,
    live: PassageIndex | None,
    fingerprint: str,
    progress: Progress,
    workers: int | None = None,
) -> tuple[dict[str, bytes | memoryview], Manifest, int, int]:
    """Files of the generation, its manifest, and how many passages were embedded and taken over.

    Every row is in a collection of its own that nothing points at yet. When this is interrupted, the next rebuild of
    the same documents goes on from the batches that were done. ``workers``: processes, by default as many as cores
    when there is much to embed; of a local Ray always as many as cores. Raises BadSource, BadSetting, BadIndex.
    """
    if config.engine is None:
        raise ValueError("no engine is set")
    cut = _cut(config, sources, progress)
    kept = [records.record(one.document, one.passages) for one in cut]
    anchors = Anchors(records.anchor(one.document, one.passages, k) for one, k in zip(cut, kept, strict=True))
    engine = engine_at(config.engine)
    counted = _count(cut) if engine.keeps_terms else None
    # A server that has learnt of sparse vectors meanwhile: its collection has no room for terms.
    task = fingerprint if counted is not None else f"{fingerprint}, without terms"
    journal = Journal(config.index_dir / JOURNAL, config.engine, task)
    dimension = embedder.encode(["a"]).shape[1]
    if journal.collection is None or not _is_there(engine, journal.collection):
        journal.begin(f"{config.engine.collection}_{datetime.now(UTC):%Y%m%dT%H%M%S%f}_{fingerprint[:8]}", engine.drop)
        engine.create(journal.collection or "", dimension, anchors.rows, terms=counted is not None)
    collection = journal.collection or ""
    reuse = Reuse(live, embedder)
    batches = _batches(cut, kept, anchors, counted, reuse, journal.done)
    if workers is None and config.ray is None:
        much = sum(len(one.document.text) for one in cut) >= CHARS_FOR_PROCESSES and isinstance(embedder, OnnxEmbedder)
        workers = len(os.sched_getaffinity(0)) if much else 1
    total = anchors.rows
    done = resumed = journal.rows
    progress("embed", done, total)
    with _pool(config.ray, engine.shared, collection, embedder, workers) as put_all:
        for batch, rows in put_all(batches):
            journal.note(batch, rows)
            done += rows
            progress("embed", done, total)
    made = anchors.to_bytes()
    facts: dict[str, object] = {"collection": collection}
    facts["acronyms"] = acronyms(one.document.text for one in cut if one.passages)
    files: dict[str, bytes | memoryview] = {ANCHORS_FILE: made}
    if counted is not None:
        common = commonest(counted.words, WORDS_KEPT)
        for pieces in _counts(counted, common):
            engine.add(collection, (), pieces)
        facts |= {"mean_terms": counted.mean_length, "words": len(counted.words)}
        files[WORDS_FILE] = json.dumps(common).encode()
    else:
        files[LEXICAL_FILE] = LexicalIndex.of(text for one in cut for text in one.passage_texts()).to_bytes()
    files[ENGINE_FILE] = json.dumps(facts, ensure_ascii=False).encode()
    manifest = Manifest(
        format=FORMAT,
        generation="",
        fingerprint="",
        created_at=f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%SZ}",
        embedder=embedder.identity,
        dimension=dimension,
        passage_chars=config.passage_chars,
        splitter=SPLITTER,
        documents=len(cut),
        passages=anchors.rows,
        sentences=anchors.sentences,
        sources={one.document.id: one.document.sha256 for one in cut},
        stamps=(),
        left_out=[str(problem) for problem in sources.left_out],
        files={name: (len(data), hashlib.sha256(data).hexdigest()) for name, data in files.items()},
        took_s=0.0,
        searching=engine.searching(anchors.rows),
        languages=languages(one.document for one in cut),
    )
    engine.add(collection, (), {MADE_KEY: made_by(manifest, made)})
    held = engine.finish(collection)
    if held != anchors.rows:
        journal.drop(engine.drop)
        raise IndexCorrupt(f"milvus collection {collection}", f"holds {held} passages, {anchors.rows} were written")
    reused = reuse.rows + resumed
    return files, manifest, total - reused, reused


def _pool(
    cluster: str | None, address: EngineAddress, collection: str, embedder: Embedder, workers: int | None
) -> AbstractContextManager[Put]:
    if cluster is None:
        return pool(address, collection, embedder, workers or 1)
    from index.engine.on_ray import ray_pool

    return ray_pool(cluster, address, collection, embedder, workers)


def _is_there(engine: Engine, collection: str) -> bool:
    try:
        engine.open(collection)
    except IndexCorrupt:
        return False
    return True


def _cut(config: IndexConfig, sources: Sources, progress: Progress) -> list[Split]:
    cut: list[Split] = []
    for done, document in enumerate(sources.documents):
        progress("split", done, len(sources.documents))
        cut.append(Split(document, split_document(document, config.passage_chars)))
    progress("split", len(cut), len(cut))
    if not any(one.passages for one in cut):
        raise BadSource(str(config.source_docs), "the documents hold no sentence to index; add some text")
    return cut


@dataclass(frozen=True, slots=True)
class Counted:
    """What all passages hold.

    Attributes:
        numbers: term → its number, from 1 in order of appearance.
        frequencies: in how many passages each is, by number.
        words: word → how often it is written, in order of UTF-8.
        mean_length: of a passage, in terms.
    """

    numbers: Mapping[str, int]
    frequencies: Sequence[int]
    words: Mapping[str, int]
    mean_length: float


def _count(cut: Sequence[Split]) -> Counted:
    numbers: dict[str, int] = {}
    frequencies: list[int] = [0]
    words: Counter[str] = Counter()
    length = passages = 0
    for one in cut:
        for text in one.passage_texts():
            found, kept = split(text)
            words.update(found)
            held = Counter(kept)
            length += held.total()
            passages += 1
            for term in held:
                number = numbers.setdefault(term, len(frequencies))
                if number == len(frequencies):
                    frequencies.append(0)
                frequencies[number] += 1
    ordered = {word: words[word] for word in sorted(words, key=encoded)}
    return Counted(numbers, frequencies, ordered, length / passages if passages else 0.0)


def _counts(counted: Counted, common: Mapping[str, int]) -> Iterator[dict[str, bytes]]:
    """The pieces of every term, and of every word but the commonest."""
    of_terms = ((records.term_key(term), term_piece(n, counted.frequencies[n])) for term, n in counted.numbers.items())
    of_words = ((records.word_key(word), word_piece(n)) for word, n in counted.words.items() if word not in common)
    pieces = chain(of_terms, of_words)
    while part := dict(islice(pieces, _TERMS_AT_ONCE)):
        yield part


class Reuse:
    """Vectors of documents that the live generation holds unchanged; ``rows`` counts what was taken."""

    def __init__(self, live: PassageIndex | None, embedder: Embedder) -> None:
        self._live = live if live is not None and live.manifest.embedder == embedder.identity else None
        self._places: dict[str, slice] = {}
        first = 0
        for name, (passages, _) in self._live.passages.counts().items() if self._live is not None else ():
            self._places[name] = slice(first, first + passages)
            first += passages
        self.rows = 0

    def take(self, one: Split) -> Vectors | None:
        """Vectors of a document's passages, or None when they are not those of the live generation."""
        place = self._places.get(one.document.id)
        if self._live is None or place is None:
            return None
        was = self._live.passages[place]
        if was[0].document.text != one.document.text:
            return None
        if [(p.span, p.heading, p.sentences) for p in one.passages] != [
            (p.span, p.heading, tuple(sentence.span for sentence in p.sentences)) for p in was
        ]:
            return None
        self.rows += len(was)
        return self._live.passage_vectors([passage.id for passage in was])


def _batches(
    cut: Sequence[Split],
    kept: Sequence[bytes],
    anchors: Anchors,
    counted: Counted | None,
    reuse: Reuse,
    done: frozenset[int],
) -> Iterator[tuple[int, list[Part]]]:
    """Whole documents, of about BATCH_CHARS together; the same documents always make the same batches."""
    starts: list[int] = []
    room = 0
    for number, one in enumerate(cut):
        if room <= 0:
            starts.append(number)
            room = BATCH_CHARS
        room -= len(one.document.text)
    for batch, start in enumerate(starts):
        if batch in done:
            continue
        end = starts[batch + 1] if batch + 1 < len(starts) else len(cut)
        yield (
            batch,
            [
                _part(number, cut[number], kept[number], int(anchors.first_rows[number]), counted, reuse)
                for number in range(start, end)
            ],
        )


def _part(number: int, one: Split, kept: bytes, first_row: int, counted: Counted | None, reuse: Reuse) -> Part:
    passages = one.passage_texts()
    weights = tuple(_weights(text, counted) if counted is not None else None for text in passages)
    return Part(number, first_row, kept, tuple(passages), weights, reuse.take(one))


def _weights(text: str, counted: Counted) -> dict[int, float]:
    held = Counter(terms(text))
    by_number = {counted.numbers[term]: n for term, n in held.items()}
    return term_weights(by_number, held.total(), counted.mean_length)
