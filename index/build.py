"""Source documents → a new generation, re-embedding only what changed."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from index.config import IndexConfig
from index.dense import Vectors, sampled
from index.documents import Document, Sources, read_sources, source_stamps
from index.embedding import Embedder
from index.errors import BadIndex, BadSource
from index.extraction import Extractor
from index.formats import BY_SUFFIX
from index.generation import Rows, pack
from index.languages import languages
from index.manifest import FORMAT, Manifest, fingerprint
from index.opening import follower, is_in_engine, reusable
from index.passage_index import PassageIndex
from index.passage_table import in_context
from index.passages import SPLITTER, PassageSpan, first_heading, split_document
from index.store import Store
from index.vector_log import VectorLog, digest

# Embedded between two reports of progress, and lost when a rebuild is interrupted: some seconds' work.
_STEP_CHARS = 64_000
_TRIES = 3

Progress = Callable[[str, int, int], None]
"""Called with a step, how much of it is done, and how much there is: files in "read", documents in "split",
different passages in "embed", one whole in "write". Each begins with what is done already, mostly 0, and ends with all
of it."""


@dataclass(frozen=True, slots=True)
class Rebuilt:
    """What a rebuild did. ``embedded`` and ``reused`` count passages.

    ``anew``: why no vector of the live generation could be taken over, in one line, where it was for the model or its
    precision.
    """

    manifest: Manifest
    changed: bool
    embedded: int
    reused: int
    took_s: float
    anew: str | None = None


def rebuild(
    config: IndexConfig, embedder: Embedder, *, force: bool = False, progress: Progress = lambda *_: None
) -> Rebuilt:
    """Bring the index up to date with the source documents; do nothing when it already is.

    The live generation serves until the new one is complete and verified. ``force`` embeds everything anew. What was
    embedded survives an interruption: the next rebuild goes on from there.
    Raises BadSource (nothing to index), BadModel, IndexBusy, or BadIndex (the folder cannot be written).
    """
    started = time.monotonic()
    store = Store(config.index_dir)
    with store.lock():
        live = None if force else _live(store, config)
        log = VectorLog(config.index_dir, embedder.identity)
        engine = follower(config, store)
        if engine is not None:
            engine.settle()
        if force:
            log.remove()
            if engine is not None:
                engine.abandon()
        for _ in range(_TRIES):
            stamps = source_stamps(config.source_docs)
            with Extractor(live.extracted() if live is not None else None) as extractor:
                sources = load_sources(config.source_docs, lambda done, total: progress("read", done, total), extractor)
            identity = fingerprint(sources.documents, embedder.identity, config.passage_chars)
            if (
                live is not None
                and live.manifest.fingerprint == identity
                and live.manifest.made_by(embedder.identity, config.passage_chars)
                and is_in_engine(live.manifest) == (config.engine is not None)
                and _left_out(sources) == list(live.manifest.left_out)
                and languages(sources.documents) == live.manifest.languages
            ):
                # Left by a rebuild that was killed once it had swapped the new index in.
                log.remove()
                # Written again as they were, they would be looked through at every change of any.
                store.note_stamps(live.generation, stamps)
                if engine is not None:
                    engine.follow()
                return Rebuilt(live.manifest, False, 0, 0, time.monotonic() - started)
            if config.engine is not None:
                # It brings what only a rebuild into an engine needs.
                from index.engine.building import generation_in_engine

                made = generation_in_engine(config, embedder, sources, live, identity, progress)
            else:
                with closing(log):
                    made = _generation(config, embedder, sources, live, log, progress)
            files, manifest, embedded, reused = made
            # A document edited meanwhile would be reported as indexed without being so.
            if source_stamps(config.source_docs) == stamps:
                break
        else:
            raise BadSource(str(config.source_docs), "the documents keep changing; rebuild when they are at rest")
        manifest = replace(
            manifest,
            fingerprint=identity,
            generation=f"{datetime.now(UTC):%Y%m%dT%H%M%S%f}Z-{identity[:8]}",
            stamps=stamps,
            took_s=round(time.monotonic() - started, 3),
        )
        before = store.live()
        collections = engine.collections() if engine is not None else {}
        store.write(manifest, files)
        log.remove()
        try:
            if engine is not None:
                engine.forget_journal()
                engine.follow()
        finally:
            # The one that answered until now was good, and may have been rolled back to for that: newer ones go first.
            store.prune(also=before)
            if engine is not None:
                engine.forget(collections)
        progress("write", 1, 1)
    return Rebuilt(manifest, True, embedded, reused, time.monotonic() - started, _anew(live, embedder))


def _anew(live: PassageIndex | None, embedder: Embedder) -> str | None:
    if live is None or live.manifest.embedder == embedder.identity:
        return None
    made = live.manifest.embedder
    was, now = (
        (made.precision, embedder.identity.precision)
        if made.is_model_of(embedder.identity)
        else (str(made), str(embedder.identity))
    )
    return f"every passage was embedded anew: the vectors were made with {was}, and are made with {now} now"


def load_sources(
    folder: Path,
    progress: Callable[[int, int], None] = lambda done, total: None,
    extractor: Extractor | None = None,
) -> Sources:
    """``read_sources``, with documents that have no title named by their first heading, if that may be one.

    Raises BadSource.
    """
    sources = read_sources(folder, progress, extractor)
    return replace(sources, documents=tuple(_titled(document) for document in sources.documents))


def _titled(document: Document) -> Document:
    known = BY_SUFFIX.get(Path(document.id).suffix.lower())
    if "title" in document.card or (known is not None and not known.titled):
        return document
    return replace(document, title=first_heading(document.text, document.blocks) or document.title)


def _left_out(sources: Sources) -> list[str]:
    return [str(problem) for problem in sources.left_out]


def _live(store: Store, config: IndexConfig) -> PassageIndex | None:
    """The live generation to take vectors from, or None: a damaged or foreign one is simply built anew."""
    try:
        return reusable(store.read_current(), config)
    except BadIndex:
        return None


def _generation(
    config: IndexConfig,
    embedder: Embedder,
    sources: Sources,
    live: PassageIndex | None,
    log: VectorLog,
    progress: Progress,
) -> tuple[dict[str, bytes | memoryview], Manifest, int, int]:
    documents = sources.documents
    split: list[list[PassageSpan]] = []
    for done, document in enumerate(documents):
        progress("split", done, len(documents))
        split.append(split_document(document, config.passage_chars))
    progress("split", len(documents), len(documents))
    if not any(split):
        raise BadSource(str(config.source_docs), "the documents hold no sentence to index; add some text")
    passage_texts = [
        in_context(document.text, passage.span, passage.heading)
        for document, passages in zip(documents, split, strict=True)
        for passage in passages
    ]

    def asked() -> Vectors:
        passages = [(document.text, one) for document, held in zip(documents, split, strict=True) for one in held]
        return embedder.encode([in_context(text, one.sentences[0], None) for text, one in sampled(passages)])

    rows = Rows(len(passage_texts))
    missing = _take(live, embedder, rows, passage_texts)
    embedded = _embed(missing, rows, embedder, log, progress)
    progress("write", 0, 1)
    files, searching = pack(documents, split, rows, asked)
    manifest = Manifest(
        format=FORMAT,
        generation="",
        fingerprint="",
        created_at=f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%SZ}",
        embedder=embedder.identity,
        dimension=rows.vectors.shape[1],
        passage_chars=config.passage_chars,
        splitter=SPLITTER,
        documents=len(documents),
        passages=len(passage_texts),
        sentences=sum(len(passage.sentences) for passages in split for passage in passages),
        sources={document.id: document.sha256 for document in documents},
        stamps=(),
        left_out=_left_out(sources),
        files={name: (len(data), hashlib.sha256(data).hexdigest()) for name, data in files.items()},
        took_s=0.0,
        searching=searching,
        languages=languages(documents),
    )
    return files, manifest, embedded, len(passage_texts) - embedded


def _take(live: PassageIndex | None, embedder: Embedder, rows: Rows, texts: list[str]) -> dict[str, list[int]]:
    """Fill in what the live generation has, if this embedder made it. Returns text → rows of all it has not."""
    missing: dict[str, list[int]] = {}
    known: dict[str, int] = {}
    vectors: Vectors | None = None
    if live is not None and live.manifest.embedder == embedder.identity:
        vectors = live.dense.vectors()
        known = {passage.embedded_text: passage.id for passage in live.passages}
    for number, text in enumerate(texts):
        at = known.get(text)
        if at is None or vectors is None:
            missing.setdefault(text, []).append(number)
        else:
            rows.put(vectors[at], [number])
    return missing


def _embed(missing: dict[str, list[int]], rows: Rows, embedder: Embedder, log: VectorLog, progress: Progress) -> int:
    """Fill in the rows of every text of ``missing``: from the log of an interrupted rebuild, or by embedding it.

    Returns how many rows were embedded.
    """
    left = {digest(text): text for text in missing}
    for known, vector in log.records():
        text = left.pop(known, None)
        if text is not None:
            rows.put(vector, missing[text])
    done = len(missing) - len(left)
    progress("embed", done, len(missing))
    for step in _steps(list(left.values())):
        vectors = embedder.encode(step)
        for text, vector in zip(step, vectors, strict=True):
            rows.put(vector, missing[text])
        log.append(step, vectors)
        done += len(step)
        progress("embed", done, len(missing))
    return sum(len(missing[text]) for text in left.values())


def _steps(texts: list[str]) -> list[list[str]]:
    """``texts`` in runs of about _STEP_CHARS characters, each with its share of the short and of the long.

    In order of length the work would slow down all the way, and no time left could be told from it.
    """
    ordered = sorted(texts, key=lambda text: (len(text), text))
    count = -(-sum(map(len, ordered)) // _STEP_CHARS)
    return [ordered[number::count] for number in range(min(count, len(ordered)))]
