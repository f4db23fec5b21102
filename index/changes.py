"""What became of the documents since a generation was built from them."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass

from index.build import load_sources
from index.config import IndexConfig
from index.documents import CARD_SUFFIX, Document, source_stamps
from index.errors import BadSource
from index.extraction import Remembered
from index.passage_index import PassageIndex
from index.passages import SPLITTER
from index.store import Store

_NAMED = 3
_OUTGROWN = "an earlier version of this program built the index; bring it up to date with: python -m index rebuild"


@dataclass(frozen=True, slots=True)
class Changes:
    """How the documents on disk differ from those of a generation; names are paths below the source folder.

    Attributes:
        added, changed, removed: documents, in order; one whose card alone changed is named by the card's file.
        left_out: a line for each file that cannot be read now.
        problem: why there is no document to read at all, None when there is one.
        outgrown: whether an earlier version of this program split the documents.
    """

    added: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    left_out: tuple[str, ...] = ()
    problem: str | None = None
    outgrown: bool = False

    def line(self, *, earlier: bool) -> str | None:
        """What is so and what to do, or None when the generation matches.

        ``earlier``: a newer generation stands beside the live one, as after a roll-back. Then going forward is offered
        and not urged.
        """
        if self.problem is not None:
            return (
                f"the documents cannot be read any more ({self.problem}); answers come from the index as it was built"
            )
        parts = [
            f"{verb} {', '.join(names[:_NAMED])}{' and more' if len(names) > _NAMED else ''}"
            for verb, names in (("added", self.added), ("removed", self.removed), ("changed", self.changed))
            if names
        ]
        if not parts:
            return _OUTGROWN if self.outgrown else None
        if earlier:
            return (
                f"an earlier generation is live, older than the documents ({'; '.join(parts)}); "
                "it stays live until you run: python -m index rebuild"
            )
        return (
            f"the documents changed since the index was built ({'; '.join(parts)}); "
            "bring the index up to date with: python -m index rebuild"
        )

    def to_json(self) -> dict[str, object]:
        """JSON-ready; one form for command and API."""
        return {
            "added": list(self.added),
            "changed": list(self.changed),
            "removed": list(self.removed),
            "left_out": list(self.left_out),
        }


def changes_since(index: PassageIndex, config: IndexConfig) -> Changes:
    """Compare the documents on disk with those of ``index``. Reads nothing but their stamps when these are the same.

    A document that is new, or that another version now reads, counts as added or changed before it is read.
    """
    manifest = index.manifest
    outgrown = manifest.splitter < SPLITTER
    stamps, known = source_stamps(config.source_docs), Store(config.index_dir).stamps(manifest)
    if [list(stamp) for stamp in stamps] == [list(stamp) for stamp in known]:
        return Changes(left_out=tuple(manifest.left_out), outgrown=outgrown)
    try:
        unchanged = {str(stamp[0]) for stamp in {*map(tuple, stamps)} & {*map(tuple, known)}}
        sources = load_sources(config.source_docs, extractor=_remembered(index, unchanged))
    except BadSource as problem:
        return Changes(removed=tuple(sorted(manifest.sources)), problem=str(problem))
    now = {document.id: document for document in sources.documents}
    kept = now.keys() & manifest.sources.keys()
    other_text = {
        name
        for name in kept
        if now[name].sha256 != manifest.sources[name]
        or (name in index.documents and _read_by(index.documents[name]) != _read_by(now[name]))
    }
    other_card = {
        name for name in kept - other_text if name in index.documents and _recarded(index.documents[name], now[name])
    }
    return Changes(
        added=tuple(sorted(now.keys() - manifest.sources.keys())),
        changed=tuple(sorted(other_text | {_card(name) for name in other_card})),
        removed=tuple(sorted(manifest.sources.keys() - now.keys())),
        left_out=tuple(str(problem) for problem in sources.left_out),
        outgrown=outgrown,
    )


def _remembered(index: PassageIndex, unchanged: Collection[str]) -> Remembered:
    """What a generation knows of the documents: a question waits for this look, so none is extracted for it."""
    left_out: dict[str, str] = {}
    for line in index.manifest.left_out:
        # A file's name may hold what stands between it and the reason.
        ends = (place.start() for place in re.finditer(": ", line))
        left_out |= {line[:end]: line[end + 2 :] for end in ends if line[:end] in unchanged}
    return Remembered(index.extracted(), left_out)


def _read_by(document: Document) -> str | None:
    return document.structure.extractor if document.structure else None


def _recarded(was: Document, now: Document) -> bool:
    return (was.title, dict(was.card)) != (now.title, dict(now.card))


def _card(name: str) -> str:
    stem, _, _ = name.rpartition(".")
    return stem + CARD_SUFFIX
