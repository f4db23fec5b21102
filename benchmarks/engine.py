"""Files against an engine: python benchmarks/engine.py --passages 600 --questions tests/eval/second.jsonl

The same documents (the article, the short texts of tests/eval, and prose of Python's own documentation strings up to so
many passages) are built into files and into an engine, with the vectors of the files, then by one process and by two,
at last by so many workers of a local Ray as ``--ray`` says.
Then the same questions are asked of both: how many replies are the same, and what retrieval takes. At last made-up rows
are handed over, as many as ``--rows`` says. Needs index/engine/requirements.txt; SCO_INDEX names a server, by default
the embedded edition is used. tests/milvus_server.py has a server to run this beside.
"""

from __future__ import annotations

import argparse
import contextlib
import ctypes
import importlib
import inspect
import json
import os
import pkgutil
import resource
import shutil
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).parent.parent))

from assistant.answering import Assistant, open_reader
from index import IndexConfig, LiveIndex, OnnxEmbedder, open_index
from index.build import load_sources, rebuild
from index.config import ROOT
from index.engine import building
from index.engine.protocol import EngineAddress, Row, engine_at
from index.passages import split_document, split_passages

_CHILD_SUBREAPER = 36


def prose() -> Iterator[tuple[str, str]]:
    """Documentation strings of the standard library, by module, each long enough to be a document."""
    import http
    import logging
    import unittest
    import xml

    roots = ["argparse", "asyncio", "collections", "concurrent.futures", "decimal", "difflib", "email", "typing"]
    for package in (http, logging, unittest, xml):
        within = [one.name for one in pkgutil.walk_packages(package.__path__, package.__name__ + ".")]
        # Importing unittest's would run it.
        roots += [name for name in within if not name.endswith("__main__")]
    for name in [*roots, *sorted(one for one in sys.stdlib_module_names if not one.startswith(("_", "idle", "this")))]:
        try:
            module = importlib.import_module(name)
            told = [inspect.getdoc(module) or ""]
            for _, held in sorted(inspect.getmembers(module)):
                if inspect.isclass(held) or inspect.isfunction(held):
                    told.append(inspect.getdoc(held) or "")
                if inspect.isclass(held):
                    told += [inspect.getdoc(one) or "" for _, one in sorted(inspect.getmembers(held, callable))]
        except Exception:  # noqa: BLE001 - a module this machine has not
            continue
        text = "\n\n".join(dict.fromkeys(one for one in told if len(one) > 200))
        if len(text) > 1000:
            yield f"{name}.txt", text


def lay_out(folder: Path, passages: int) -> int:
    """Put documents of about so many passages into ``folder``; returns how many there are."""
    texts = (ROOT / "tests" / "eval" / "various-dev").iterdir() if passages else ()
    for file in [*(ROOT / "source_docs").iterdir(), *texts]:
        shutil.copy(file, folder)
    made = sum(len(split_document(d, 700)) for d in load_sources(folder).documents)
    for name, text in prose():
        if made >= passages:
            break
        (folder / name).write_text(text, "utf-8")
        made += len(split_passages(text, 700))
    return made


def cpu() -> float:
    """Of this process and of those it started, or they did, that have ended: those of Ray take some seconds."""
    ends = time.monotonic() + 20
    with contextlib.suppress(ChildProcessError):
        while time.monotonic() < ends:
            if not os.waitpid(-1, os.WNOHANG)[0]:
                time.sleep(0.1)
    return sum(
        u.ru_utime + u.ru_stime for u in map(resource.getrusage, (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    )


def quantiles(times: list[float]) -> str:
    return f"median {statistics.median(times):.1f} ms, p95 {sorted(times)[-(len(times) // 20) - 1]:.1f}"


def hand_over(address: EngineAddress, rows: int, dimension: int = 384) -> None:
    """Made-up rows into a collection of its own: documents of 50 passages, 40 terms a passage."""
    engine, name = engine_at(address), f"{address.collection}_rows"
    terms, drawn = engine.keeps_terms, np.random.default_rng(1)
    vectors = drawn.standard_normal((rows, dimension)).astype(np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    engine.create(name, dimension, rows, terms)
    added, before = 0.0, cpu()
    for first in range(0, rows, 50):
        weights = [dict.fromkeys(drawn.integers(1, 50_000, 40).tolist(), 0.5) if terms else None for _ in range(50)]
        part = [Row(n, first // 50, vectors[n], weights[n - first]) for n in range(first, min(first + 50, rows))]
        started = time.monotonic()
        engine.add(name, part, {f"d:{first}:0": drawn.bytes(15_000)})
        added += time.monotonic() - started
    started = time.monotonic()
    held = engine.finish(name)
    finished = time.monotonic() - started
    rate = f"{held} rows handed over in {added:.1f} s, {held / added:.0f} a second"
    print(f"{rate}, {cpu() - before:.1f} CPU s on this side")
    print(f"flushed, indexed and loaded in {finished:.1f} s", flush=True)
    engine.open(name)
    times = []
    for vector in vectors[:200]:
        started = time.perf_counter()
        engine.nearest(name, vector, 50)
        times.append((time.perf_counter() - started) * 1000)
    print(f"the 50 nearest of {held} rows: {quantiles(times)}", flush=True)
    engine.drop(name)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--passages", type=int, default=600)
    parser.add_argument("--questions", nargs="+", type=Path, default=[ROOT / "tests" / "eval" / "second.jsonl"])
    parser.add_argument("--replies", type=int, default=66, help="how many whole replies to compare (default: 66)")
    parser.add_argument("--workers", type=int, nargs="*", default=[1, 2])
    parser.add_argument(
        "--ray", type=int, nargs="*", default=[], help="build by so many workers of Ray (default: none)"
    )
    parser.add_argument("--rows", type=int, default=0, help="how many made-up rows to hand over (default: 0)")
    options = parser.parse_args()
    # What outlives who started it becomes this process's child, and is counted.
    ctypes.CDLL(None).prctl(_CHILD_SUBREAPER, 1)
    questions = [json.loads(line)["question"] for file in options.questions for line in file.open()]
    with tempfile.TemporaryDirectory() as made:
        work = Path(made)
        (work / "docs").mkdir()
        lay_out(work / "docs", options.passages)
        embedder = OnnxEmbedder(work / "models")
        embedder.encode(["warm"])
        address = os.environ.get("SCO_INDEX") or f"milvus:{work}/engine.db/bench"
        files = IndexConfig(work / "docs", work / "files")
        engine = IndexConfig(work / "docs", work / "engine", engine=EngineAddress.parse(address))
        whole = building.generation_in_engine
        before, wall = cpu(), time.monotonic()
        rebuild(files, embedder)
        shutil.copytree(files.index_dir, engine.index_dir)
        print(f"files: {time.monotonic() - wall:.1f} s wall, {cpu() - before:.1f} CPU s", flush=True)
        before, wall = cpu(), time.monotonic()
        done = rebuild(engine, embedder)
        held = f"{done.manifest.passages} passages, {done.embedded} embedded"
        print(f"engine: {held}, {time.monotonic() - wall:.1f} s wall, {cpu() - before:.1f} CPU s", flush=True)
        spread = [(n, "processes", None) for n in options.workers] + [
            (n, "workers of Ray", "local") for n in options.ray
        ]
        for workers, kind, ray in spread:
            building.generation_in_engine = lambda *asked, n=workers: whole(*asked, workers=n)
            before, wall = cpu(), time.monotonic()
            rebuild(replace(engine, ray=ray), embedder, force=True)
            took_s = f"{time.monotonic() - wall:.1f} s wall"
            print(f"engine, all embedded, {workers} {kind}: {took_s}, {cpu() - before:.1f} CPU s", flush=True)
        both = [open_index(config, embedder.identity)[0] for config in (files, engine)]
        vectors = embedder.encode(questions)
        same, took = 0, ([], [])
        for question, vector in zip(questions, vectors, strict=True):
            found = []
            for index, times in zip(both, took, strict=True):
                started = time.perf_counter()
                found.append([hit.passage.id for hit in index.retrieve(question, vector, 10)])
                times.append((time.perf_counter() - started) * 1000)
            same += found[0] == found[1]
        print(f"the same ten passages in the same order: {same} of {len(questions)} questions")
        for name, times in zip(("files", "engine"), took, strict=True):
            print(f"retrieval from {name}: {quantiles(times)}")
        reader, _ = open_reader()
        ask = [Assistant(LiveIndex(config, embedder.identity), embedder, reader).ask for config in (files, engine)]
        alike = total = 0
        for question in questions[: options.replies]:
            told = [one(question).to_json() for one in ask]
            for reply in told:
                for name in ("took_ms", "generation"):
                    reply.pop(name)
            total += 1
            alike += told[0] == told[1]
        print(f"the same reply, quotes, offsets and scores: {alike} of {total} questions", flush=True)
        if options.rows:
            hand_over(engine.engine, options.rows)
        print(f"load {' '.join(f'{load:.0f}' for load in os.getloadavg())} on {os.cpu_count()} cores")


if __name__ == "__main__":
    main()
