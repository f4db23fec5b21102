"""python -m index: build the index, look at it, search it, check it."""

from __future__ import annotations

import argparse
import contextlib
import io
import json
import os
import shutil
import sys
import time
from collections.abc import Callable, Sequence
from typing import Never

import tqdm

from index import (
    BadInput,
    Embedder,
    Generations,
    IndexBusy,
    IndexConfig,
    Manifest,
    SentenceTransformerEmbedder,
    State,
    open_embedder,
    open_index,
    rebuild,
    roll_back,
    status,
)
from index.arguments import parser
from index.build import Progress
from index.headings import shown
from index.languages import told
from index.verify import verify


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; returns the exit status."""
    options = parser().parse_args(arguments)
    if isinstance(sys.stdout, io.TextIOWrapper):
        # A folder's name need not be UTF-8, a terminal need not show a curly quote: neither may end a command.
        sys.stdout.reconfigure(errors="backslashreplace")
    try:
        ended = _COMMANDS[options.command](IndexConfig.from_env(os.environ), options)
        # Here rather than at exit, where a pipe whose reader has gone could no longer be handled.
        sys.stdout.flush()
        return ended
    except IndexBusy as problem:
        print(problem, file=sys.stderr)
        return 75
    except BadInput as problem:
        print(problem, file=sys.stderr)
        return 1
    except BrokenPipeError:
        # The reader of a pipe has seen enough; Python would complain again when it closes stdout.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except KeyboardInterrupt:
        print("stopped; the index is as it was", file=sys.stderr)
        return 130


def _embedder(config: IndexConfig) -> Embedder:
    return open_embedder(config.model_dir, config.index_dir)


def _rebuild(config: IndexConfig, options: argparse.Namespace) -> int:
    embedder = _embedder(config)
    result = rebuild(config, embedder, force=options.force, progress=_progress(options.progress))
    manifest = result.manifest
    for line in manifest.left_out:
        print(f"left out: {line}", file=sys.stderr)
    if manifest.languages:
        print(f"note: {told(manifest.languages)}; only English is read well", file=sys.stderr)
    if result.anew is not None:
        print(f"note: {result.anew}", file=sys.stderr)
    if options.progress == "json":
        print(json.dumps({"step": "done", "changed": result.changed, "generation": manifest.generation}), flush=True)
    else:
        done = f"built {manifest.generation}" if result.changed else f"nothing changed: {manifest.generation} stays"
        counts = f"{_counts(manifest)}; {result.embedded} passages embedded, {result.reused} reused"
        print(f"{done}: {counts}, {result.took_s:.1f} s")
    return 3 if manifest.left_out else 0


def _progress(kind: str) -> Progress:
    if kind == "json":

        def line(step: str, done: int, total: int) -> None:
            # Whoever follows the progress may leave: the index is built all the same.
            with contextlib.suppress(BrokenPipeError):
                print(json.dumps({"step": step, "done": done, "total": total}), flush=True)

        return line
    if kind == "none" or not sys.stderr.isatty():
        return lambda step, done, total: None
    bars: dict[str, tqdm.tqdm[Never]] = {}

    def show(step: str, done: int, total: int) -> None:
        if step not in bars:
            for bar in bars.values():
                bar.close()
            width = min(100, shutil.get_terminal_size().columns)
            bars[step] = tqdm.tqdm(desc=step, total=total, file=sys.stderr, leave=False, ncols=width)
        bars[step].update(done - bars[step].n)
        if done >= total:
            bars[step].close()

    return show


def _status(config: IndexConfig, options: argparse.Namespace) -> int:
    found = status(config, _embedder(config).identity)
    if options.json:
        manifest = found.manifest
        facts: dict[str, object] = {"state": found.state.name.lower(), "message": found.line}
        facts |= {"folder": str(config.index_dir), "changes": found.changes.to_json()}
        print(json.dumps(facts | (manifest.summary() if manifest else {}), ensure_ascii=False))
        return found.state.value
    print(f"{found.state.name.lower()}: {found.line}")
    if found.manifest is not None:
        for name, value in found.manifest.summary().items():
            print(f"  {name}: {value if not isinstance(value, list) else '; '.join(value) or 'none'}")
        changes = found.changes
        for name, names in (("added", changes.added), ("changed", changes.changed), ("removed", changes.removed)):
            if names:
                print(f"  {name} since: {'; '.join(names)}")
        if list(changes.left_out) != list(found.manifest.left_out):
            print(f"  left out now: {'; '.join(changes.left_out) or 'none'}")
    return found.state.value


def _generations(config: IndexConfig, options: argparse.Namespace) -> int:
    kept = Generations(config, SentenceTransformerEmbedder(config.model_dir).identity).kept()
    for one in kept:
        if options.json:
            print(json.dumps(one.to_json(), ensure_ascii=False))
            continue
        checked = "whole" if one.verifies else one.problem or "not checked, for its engine does not answer"
        print(f"{'*' if one.live else ' '} {one.generation}: {checked}")
        if one.manifest is not None:
            facts = one.manifest
            size = sum(size for size, _ in facts.files.values())
            print(f"    built {facts.created_at} in {facts.took_s:.1f} s by {facts.embedder}")
            print(f"    {_counts(facts)}, {size:,} bytes")
    if not kept:
        print(f"no index in {config.index_dir}; build it with: python -m index rebuild", file=sys.stderr)
        return State.MISSING.value
    if not options.json:
        print("\n* answers now; go back to another with: python -m index rollback GENERATION")
    if any(one.verifies is False for one in kept):
        return State.CORRUPT.value
    return State.CURRENT.value if all(one.verifies for one in kept) else State.AWAY.value


def _rollback(config: IndexConfig, options: argparse.Namespace) -> int:
    identity = SentenceTransformerEmbedder(config.model_dir).identity
    done = roll_back(config, identity, options.generation)
    name = done.manifest.generation
    print(f"rolled back to {name}: {_counts(done.manifest)}" if done.changed else f"{name} is live already")
    found = status(config, identity)
    if found.state is not State.CURRENT:
        print(f"note: {found.line}", file=sys.stderr)
    return 0


def _counts(manifest: Manifest) -> str:
    documents = "1 document" if manifest.documents == 1 else f"{manifest.documents} documents"
    return f"{documents}, {manifest.passages} passages, {manifest.sentences} sentences"


def _search(config: IndexConfig, options: argparse.Namespace) -> int:
    if not options.query.strip() or options.k < 1:
        print("search needs a query and -k of at least 1", file=sys.stderr)
        return 2
    embedder = _embedder(config)
    index, notices = open_index(config, embedder.identity)
    for notice in notices:
        print(f"note: {notice}", file=sys.stderr)
    started = time.monotonic()
    hits = index.search(options.query, embedder, options.k)
    for rank, hit in enumerate(hits, start=1):
        passage = hit.passage
        if options.json:
            record = {
                "rank": rank,
                "score": round(hit.score, 4),
                "cosine": round(hit.cosine, 4),
                "bm25": round(hit.bm25, 4),
                "document": passage.document.id,
                "heading": shown(passage.heading),
                "paragraph": passage.paragraph,
                "start": passage.span.start,
                "end": passage.span.end,
                "text": passage.text,
            }
            print(json.dumps(record, ensure_ascii=False))
        else:
            place = f"{passage.document.id}, paragraph {passage.paragraph}"
            print(f"{rank}. {hit.score:.3f} (cosine {hit.cosine:.3f}, BM25 {hit.bm25:.2f}) {place}")
            print(f"   {' '.join(passage.text.split())}\n")
    if not options.json:
        print(f"{len(hits)} of {index.manifest.passages} passages, {(time.monotonic() - started) * 1000:.0f} ms")
    return 0


def _text(config: IndexConfig, options: argparse.Namespace) -> int:
    index, _ = open_index(config, SentenceTransformerEmbedder(config.model_dir).identity)
    document = index.documents.get(options.document)
    if document is None:
        print(f"there is no document {options.document} in the index", file=sys.stderr)
        return 2
    if isinstance(sys.stdout, io.TextIOWrapper):
        # Nothing may be written otherwise than it is: this is for checking.
        sys.stdout.reconfigure(encoding="utf-8", errors="strict")
    print(document.text, end="")
    made = f"read by {document.structure.extractor}" if document.structure else "the file itself"
    print(f"file sha256 {document.sha256}, text sha256 {document.text_sha256()}, {made}", file=sys.stderr)
    return 0


def _verify(config: IndexConfig, options: argparse.Namespace) -> int:
    # What a vector is, sentence-transformers defines: the deep check must not ask the engine that made the vectors.
    embedder = SentenceTransformerEmbedder(config.model_dir) if options.deep else _embedder(config)
    report = verify(config, embedder, deep=options.deep)
    for line in report.lines:
        print(line)
    return report.state.value


_COMMANDS: dict[str, Callable[[IndexConfig, argparse.Namespace], int]] = {
    "rebuild": _rebuild,
    "status": _status,
    "search": _search,
    "text": _text,
    "verify": _verify,
    "generations": _generations,
    "rollback": _rollback,
}

if __name__ == "__main__":
    sys.exit(main())
