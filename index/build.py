"""Source documents → a new generation, re-embedding only what changed."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

import numpy as np

from index.config import IndexConfig
from index.dense import Vectors
from index.documents import Document, Sources, read_sources, source_stamps
from index.embedding import Embedder
from index.errors import BadIndex, BadSource
from index.generation import pack, unpack
from index.manifest import FORMAT, Manifest, fingerprint
from index.passage_index import PassageIndex, in_context
from index.passages import SPLITTER, PassageSpan, first_heading, split_passages
from index.store import Store

_BATCH = 64
_TRIES = 3

Progress = Callable[[str, int, int], None]
"""Called with a step ("read", "embed", "write"), how much of it is done, and how much there is."""


@dataclass(frozen=True, slots=True)
class Rebuilt:
    """What a rebuild did. ``embedded`` and ``reused`` count passages and sentences together."""

    manifest: Manifest
    changed: bool
    embedded: int
    reused: int
    took_s: float


def rebuild(
    config: IndexConfig, embedder: Embedder, *, force: bool = False, progress: Progress = lambda *_: None
) -> Rebuilt:
    """Bring the index up to date with the source documents; do nothing when it already is.

    The live generation serves until the new one is complete and verified. ``force`` embeds everything anew.
    Raises BadSource (nothing to index), BadModel, IndexBusy, or BadIndex (the folder cannot be written).
    """
    started = time.monotonic()
    store = Store(config.index_dir)
    with store.lock():
        live = None if force else _live(store)
        for _ in range(_TRIES):
            stamps = source_stamps(config.source_docs)
            sources = load_sources(config.source_docs)
            identity = fingerprint(sources.documents, embedder.identity, config.passage_chars)
            if (
                live is not None
                and live.manifest.fingerprint == identity
                and live.manifest.made_by(embedder.identity, config.passage_chars)
                and _left_out(sources) == list(live.manifest.left_out)
            ):
                return Rebuilt(live.manifest, False, 0, 0, time.monotonic() - started)
            files, manifest, embedded, reused = _generation(config, embedder, sources, live, progress)
            # A document edited meanwhile would be reported as indexed without being so.
            if source_stamps(config.source_docs) == stamps:
                break
        else:
            raise BadSource(str(config.source_docs), "the documents keep changing; rebuild when they are at rest")
        progress("write", 0, 1)
        manifest = replace(
            manifest,
            fingerprint=identity,
            generation=f"{datetime.now(UTC):%Y%m%dT%H%M%S%f}Z-{identity[:8]}",
            stamps=stamps,
            took_s=round(time.monotonic() - started, 3),
        )
        before = _live_name(store)
        store.write(manifest, files)
        # The one that answered until now was good, and may have been rolled back to for that: newer ones go first.
        store.prune(also=before)
        progress("write", 1, 1)
    return Rebuilt(manifest, True, embedded, reused, time.monotonic() - started)


def load_sources(folder: Path) -> Sources:
    """``read_sources``, with documents that have no card named by their first heading. Raises BadSource."""
    sources = read_sources(folder)
    return replace(sources, documents=tuple(_titled(document) for document in sources.documents))


def _titled(document: Document) -> Document:
    if "title" in document.card:
        return document
    return replace(document, title=first_heading(document.text) or document.title)


def _left_out(sources: Sources) -> list[str]:
    return [str(problem) for problem in sources.left_out]


def _live(store: Store) -> PassageIndex | None:
    """The live generation to take vectors from, or None: a damaged or foreign one is simply built anew."""
    try:
        return unpack(store.read_current())
    except BadIndex:
        return None


def _live_name(store: Store) -> str:
    try:
        return store.current()[0]
    except BadIndex:
        return ""


def _generation(
    config: IndexConfig, embedder: Embedder, sources: Sources, live: PassageIndex | None, progress: Progress
) -> tuple[dict[str, bytes], Manifest, int, int]:
    documents = sources.documents
    split: list[list[PassageSpan]] = []
    for done, document in enumerate(documents):
        progress("read", done, len(documents))
        split.append(split_passages(document.text, config.passage_chars))
    if not any(split):
        raise BadSource(str(config.source_docs), "the documents hold no sentence to index; add some text")
    passage_texts = [
        in_context(document.text, passage.span, passage.heading)
        for document, passages in zip(documents, split, strict=True)
        for passage in passages
    ]
    sentence_texts = [
        in_context(document.text, sentence, None)
        for document, passages in zip(documents, split, strict=True)
        for passage in passages
        for sentence in passage.sentences
    ]
    known_passages, known_sentences = _known_vectors(live, embedder)
    new_passages = {text for text in passage_texts if text not in known_passages}
    new_sentences = {text for text in sentence_texts if text not in known_sentences}
    # Texts of like length share a batch, so that little of it is padding.
    new = sorted(new_passages | new_sentences, key=lambda text: (len(text), text))
    for at in range(0, len(new), _BATCH):
        progress("embed", at, len(new))
        batch = new[at : at + _BATCH]
        for text, vector in zip(batch, embedder.encode(batch), strict=True):
            known_passages.setdefault(text, vector)
            known_sentences.setdefault(text, vector)
    progress("embed", len(new), len(new))
    passage_vectors = np.stack([known_passages[text] for text in passage_texts])
    sentence_vectors = np.stack([known_sentences[text] for text in sentence_texts])
    files = pack(documents, split, passage_vectors, sentence_vectors)
    manifest = Manifest(
        format=FORMAT,
        generation="",
        fingerprint="",
        created_at=f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%SZ}",
        embedder=embedder.identity,
        dimension=passage_vectors.shape[1],
        passage_chars=config.passage_chars,
        splitter=SPLITTER,
        documents=len(documents),
        passages=len(passage_texts),
        sentences=len(sentence_texts),
        sources={document.id: document.sha256 for document in documents},
        stamps=(),
        left_out=_left_out(sources),
        files={name: (len(data), hashlib.sha256(data).hexdigest()) for name, data in files.items()},
        took_s=0.0,
    )
    reused = len(passage_texts) + len(sentence_texts) - len(new_passages) - len(new_sentences)
    return files, manifest, len(new_passages) + len(new_sentences), reused


def _known_vectors(live: PassageIndex | None, embedder: Embedder) -> tuple[dict[str, Vectors], dict[str, Vectors]]:
    """Text → vector for the passages and the sentences of the live generation, if this embedder made them."""
    if live is None or live.manifest.embedder != embedder.identity:
        return {}, {}
    sentences = [
        in_context(passage.document.text, sentence.span, None)
        for passage in live.passages
        for sentence in passage.sentences
    ]
    return (
        dict(zip((p.embedded_text for p in live.passages), live.dense.vectors(), strict=True)),
        dict(zip(sentences, live.sentence_vectors(), strict=True)),
    )
