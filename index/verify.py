"""Check a built index from the outside: every file, every offset, every vector, every older generation."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from index.config import IndexConfig
from index.dense import sampled
from index.embedding import Embedder
from index.errors import BadIndex, IndexCorrupt
from index.live import State, status
from index.manifest import fingerprint
from index.opening import opened
from index.passage_index import PassageIndex
from index.passage_table import in_context
from index.store import Store

_SAMPLE = 20
_NORM_TOLERANCE = 2e-3
# What rounding to 8 bits may cost: 0.9980 was the least of 4,000 single words, 0.9989 of longer texts.
_LEAST_COSINE = 0.997
_LEAST_CODE_COSINE = 0.98
# Of a tie at the tenth place either may count as found.
_RECALL_TOLERANCE = 0.02
_ROWS_AT_ONCE = 65_536
# What is wrong behind valid hashes looks unchanged to a plain rebuild, and its vectors would be used again.
_REMEDY = "python -m index rebuild --force"


@dataclass(frozen=True, slots=True)
class Report:
    """``state`` of the live generation, and one line for each thing checked or found wrong."""

    state: State
    lines: tuple[str, ...]


def verify(config: IndexConfig, embedder: Embedder, *, deep: bool = False) -> Report:
    """Check the live generation and every older one. ``deep`` embeds a sample of passages again."""
    store = Store(config.index_dir)
    found = status(config, embedder.identity)
    lines = [f"{found.state.name.lower()}: {found.line}"]
    state = found.state
    if state in (State.CURRENT, State.STALE):
        try:
            live = opened(store.read_current(), config)
            check_contents(live)
            if deep:
                _check_vectors(live, embedder)
            checked = "files, offsets and vectors" if deep else "files and offsets"
            lines.append(f"ok: {live.generation}: {checked} hold")
        except IndexCorrupt as problem:
            state = State.CORRUPT
            lines.append(str(problem))
    lines.extend(_older(store, config))
    return Report(state, tuple(lines))


def _older(store: Store, config: IndexConfig) -> list[str]:
    live = store.live()
    lines: list[str] = []
    for name in store.generations():
        if name == live:
            continue
        try:
            check_contents(opened(store.read(name), config))
            lines.append(f"ok: older generation {name}")
        except BadIndex as problem:
            lines.append(f"older generation {name}: {problem}")
    return lines


def check_contents(index: PassageIndex) -> None:
    """Check what valid hashes cannot promise of a generation read back. Raises IndexCorrupt."""
    name = index.generation
    _check_manifest(index)
    for passage in index.passages:
        text = passage.document.text
        at = passage.span.start
        for sentence in passage.sentences:
            exact = sentence.span.of(text)
            if (
                exact != exact.strip()
                or text[at : sentence.span.start].strip()
                or not passage.span.contains(sentence.span)
            ):
                raise IndexCorrupt(name, f"the sentences of passage {passage.id} do not tile it", _REMEDY)
            at = sentence.span.end
        if text[at : passage.span.end].strip():
            raise IndexCorrupt(name, f"passage {passage.id} ends after its last sentence", _REMEDY)
    vectors = index.dense.vectors()
    # A part at a time: the arrays in between would be gigabytes for a million.
    for first in range(0, len(vectors), _ROWS_AT_ONCE):
        part = vectors[first : first + _ROWS_AT_ONCE]
        if not np.isfinite(part).all() or np.abs(np.linalg.norm(part, axis=1) - 1).max() > _NORM_TOLERANCE:
            raise IndexCorrupt(name, "a vector is not of length 1", _REMEDY)
    problem = index.stored_lexical_problem()
    if problem is not None:
        raise IndexCorrupt(name, problem, _REMEDY)


def _check_manifest(index: PassageIndex) -> None:
    """An older generation's manifest is vouched for by no hash in CURRENT, but its contents repeat what matters."""
    manifest = index.manifest
    held = {document.id: document.sha256 for document in index.documents.values()}
    if any(manifest.sources.get(name) != sha256 for name, sha256 in held.items()):
        raise IndexCorrupt(manifest.generation, "its manifest names other documents than it holds", _REMEDY)
    same = len(held) == len(manifest.sources)
    if same and manifest.fingerprint != fingerprint(
        list(index.documents.values()), manifest.embedder, manifest.passage_chars, manifest.splitter
    ):
        raise IndexCorrupt(manifest.generation, "its fingerprint is not that of what it holds", _REMEDY)


def _check_vectors(index: PassageIndex, embedder: Embedder) -> None:
    step = max(1, len(index.passages) // _SAMPLE)
    sample = index.passages[::step]
    again = embedder.encode([passage.embedded_text for passage in sample])
    numbers = np.array([passage.id for passage in sample])
    worst = float((again * index.dense.vectors()[numbers]).sum(axis=1).min())
    if worst < _LEAST_COSINE:
        raise IndexCorrupt(
            index.generation, f"a passage embedded again has cosine {worst:.4f} with its vector", _REMEDY
        )
    worst = index.dense.least_code_cosine(numbers)
    if worst < _LEAST_CODE_COSINE:
        raise IndexCorrupt(index.generation, f"a passage's code has cosine {worst:.4f} with its vector", _REMEDY)
    asked = [in_context(p.document.text, p.sentences[0].span, None) for p in sampled(index.passages)]
    recall, promised = index.dense.recall(embedder.encode(asked)), index.dense.searching.recall_at_10
    if recall < promised - _RECALL_TOLERANCE:
        found = f"finds {recall:.1%} of the ten nearest, its manifest says {promised:.1%}"
        raise IndexCorrupt(index.generation, found, _REMEDY)
