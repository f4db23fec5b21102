"""Search and whole questions by size: python benchmarks/scale.py --text FILE --passages 100000 1000000

FILE holds real prose, a paragraph a line; ours came from the HTML and text of some thirty of Debian's documentation
packages (Linux, Python, Rust, OpenJDK, PostgreSQL, Boost, pandas and so on), paragraphs of 12 words and more. Builds an
index of so many passages in a process of its own and asks it. The words are real, so BM25, splitting, reading and
memory are measured as they are; where there are fewer paragraphs than passages, halves of two are put together. The
vectors are drawn, since embedding a million passages takes up to hours: each text gets one of 2,000 real vectors of
the same prose, moved towards another and by noise; questions are embedded for real. With --embed all are embedded.
Prints, for each size, what the build took and held, and medians of what a question costs, alone and as a whole.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
from drawn import Drawn

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from assistant.answering import Assistant, open_reader  # noqa: E402 - run as a script, from anywhere
from index import IndexConfig, LiveIndex, OnnxEmbedder, rebuild  # noqa: E402
from index.acronyms import expanded  # noqa: E402
from index.dense import Vectors  # noqa: E402

PASSAGES_A_DOCUMENT = 200
DRAWN_FROM = 2000


class DrawnEmbedder(Drawn):
    """It passes for the real model."""

    def __init__(self, model: OnnxEmbedder, real: Path) -> None:
        super().__init__(real)
        self.identity = model.identity


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--text", type=Path, required=True)
    parser.add_argument("--passages", type=int, nargs="+", default=[100_000])
    parser.add_argument("--questions", type=int, default=60)
    parser.add_argument("--folder", type=Path, help="where to keep documents and indexes; what is there is used again")
    parser.add_argument("--embed", action="store_true", help="embed every passage in place of drawing its vector")
    parser.add_argument("--step", choices=("draw", "build", "ask"), help=argparse.SUPPRESS)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as made:
        folder = options.folder or Path(made)
        folder.mkdir(parents=True, exist_ok=True)
        for passages in options.passages:
            config = IndexConfig(folder / f"documents-{passages}", folder / f"built-{passages}")
            if options.step == "draw":
                draw_from(folder, options.text)
            elif options.step == "build":
                build(config, folder, options.embed)
            elif options.step == "ask":
                ask(config, folder, options.questions)
            else:
                if not config.source_docs.exists():
                    write_documents(config.source_docs, options.text, passages)
                for step in ("build", "ask") if options.embed else ("draw", "build", "ask"):
                    again = ["--text", str(options.text), "--passages", str(passages), "--folder", str(folder)]
                    again += ["--questions", str(options.questions), "--step", step]
                    again += ["--embed"] if options.embed else []
                    subprocess.run([sys.executable, __file__, *again], check=True)


def write_documents(folder: Path, text: Path, passages: int) -> None:
    """Paragraphs in the order of the file, then halves of two drawn; the same ones every time."""
    paragraphs = text.read_text("utf-8").splitlines()
    draw = random.Random(0)
    folder.mkdir()
    for number, first in enumerate(range(0, passages, PASSAGES_A_DOCUMENT)):
        held = paragraphs[first : min(passages, first + PASSAGES_A_DOCUMENT)]
        while len(held) < min(PASSAGES_A_DOCUMENT, passages - first):
            one, other = (draw.choice(paragraphs).split() for _ in range(2))
            held.append(" ".join([*one[: len(one) // 2], *other[len(other) // 2 :]]))
        (folder / f"{number:05}.txt").write_text("\n\n".join(held) + "\n", "utf-8")


def draw_from(folder: Path, text: Path) -> None:
    kept = folder / "real.npy"
    if not kept.exists():
        sample = random.Random(1).sample(text.read_text("utf-8").splitlines(), DRAWN_FROM)
        np.save(kept, OnnxEmbedder(folder).encode(sample))


def build(config: IndexConfig, folder: Path, embed: bool) -> None:
    real = OnnxEmbedder(folder)
    embedder = real if embed else DrawnEmbedder(real, folder / "real.npy")
    began: dict[str, float] = {}

    def progress(step: str, done: int, total: int) -> None:
        began.setdefault(step, time.monotonic())

    started = time.process_time()
    result = rebuild(config, embedder, progress=progress)
    ended = time.monotonic()
    used = resource.getrusage(resource.RUSAGE_SELF)
    manifest = result.manifest
    parts = [*began.values(), ended]
    told = {
        "passages": manifest.passages,
        "sentences": manifest.sentences,
        "embedded": result.embedded,
        "build CPU s" if embed else "build CPU s, without a model": round(time.process_time() - started, 1),
        "wall s": {step: round(after - at, 1) for (step, at), after in zip(began.items(), parts[1:], strict=True)},
        "peak resident MB": used.ru_maxrss // 1024,
        "disk MB": {name: round(size / 1e6, 1) for name, (size, _) in manifest.files.items()},
        "search": str(manifest.searching),
    }
    print(json.dumps(told), flush=True)


def ask(config: IndexConfig, folder: Path, count: int) -> None:
    embedder = OnnxEmbedder(folder)
    before, started = time.process_time(), time.monotonic()
    live = LiveIndex(config, embedder.identity)
    index, _ = live.get()
    opened_s = time.monotonic() - started
    assistant = Assistant(live, embedder, open_reader()[0])
    assistant.load()
    load_s, load_cpu_s = time.monotonic() - started, time.process_time() - before
    draw = random.Random(2)
    questions: list[str] = []
    while len(questions) < count:
        words = [
            word.strip("“”‘’.,;:()[]") for word in index.passages[draw.randrange(len(index.passages))].text.split()
        ]
        words = [word for word in words if word.isalpha()]
        if len(words) >= 12:
            first = draw.randrange(len(words) - 7)
            questions.append(f"What is known about {' '.join(words[first : first + 8])}?")
    told: dict[str, object] = {
        "passages": len(index.passages),
        "seconds to open": round(opened_s, 1),
        "seconds to answer": round(load_s, 1),
        "CPU s to answer": round(load_cpu_s, 1),
        "resident MB when loaded": _resident_mb(),
    }
    vectors = embedder.encode(questions)
    for name, each in (
        ("embed", lambda q, v: embedder.encode([q])),
        ("dense", lambda q, v: index.dense.search(v, 50)),
        ("BM25", lambda q, v: index.lexical.search(q, 50)),
        ("acronyms", lambda q, v: expanded(q, index.acronyms)),
        ("retrieve", lambda q, v: index.retrieve(q, v, 10)),
        ("look for changes", lambda q, v: live.get()),
        ("whole question", lambda q, v: assistant.ask(q)),
    ):
        told[name] = _cost(each, questions, vectors)
    told["recall at 10 of exact"] = round(index.dense.recall(vectors), 4)
    told["resident MB after the questions"] = _resident_mb()
    print(json.dumps(told), flush=True)


def _cost(each: Callable[[str, Vectors], object], questions: Sequence[str], vectors: Vectors) -> dict[str, float]:
    for question, vector in list(zip(questions, vectors, strict=True))[:5]:
        each(question, vector)
    took: list[tuple[float, float]] = []
    for question, vector in zip(questions, vectors, strict=True):
        wall, cpu = time.perf_counter(), time.process_time()
        each(question, vector)
        took.append((1000 * (time.perf_counter() - wall), 1000 * (time.process_time() - cpu)))
    walls = sorted(wall for wall, _ in took)
    return {
        "CPU ms": round(statistics.median(cpu for _, cpu in took), 2),
        "wall ms p50": round(statistics.median(walls), 2),
        "wall ms p95": round(walls[int(0.95 * (len(walls) - 1))], 2),
    }


def _resident_mb() -> dict[str, int]:
    held = {
        line.split()[0].rstrip(":"): line.split()[1]
        for line in Path("/proc/self/status").read_text().splitlines()
        if line.startswith(("VmRSS", "RssAnon"))
    }
    return {name: int(kb) // 1024 for name, kb in held.items()}


if __name__ == "__main__":
    os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
    main()
