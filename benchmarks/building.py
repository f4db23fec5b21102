"""Time and memory of a build by size: python benchmarks/building.py --passages 1000 5000

Writes made-up English documents of that many passages (sentences of the shipped article's words, seeded) and builds
their index in a process of its own. With --interrupt it kills a second build half way and measures the one that goes
on. Prints a line a size: passages embedded a CPU second, wall seconds, peak resident memory, bytes on disk.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
SENTENCES_A_PASSAGE = 3
PASSAGES_A_DOCUMENT = 200


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--passages", type=int, nargs="+", default=[1000])
    parser.add_argument("--interrupt", action="store_true", help="also interrupt a build and measure the rest of it")
    options = parser.parse_args()
    print("passages   CPU s  passages/CPU s  wall s  peak MB  disk MB")
    for passages in options.passages:
        with tempfile.TemporaryDirectory() as folder:
            documents = Path(folder) / "documents"
            write_documents(documents, passages)
            environ = {**os.environ, "SCO_SOURCE_DOCS": str(documents), "SCO_INDEX_DIR": f"{folder}/built"}
            _report(environ, Path(folder) / "built")
            if options.interrupt:
                environ["SCO_INDEX_DIR"] = f"{folder}/again"
                _interrupt(environ)
                _report(environ, Path(folder) / "again")


def write_documents(folder: Path, passages: int) -> None:
    """Made-up documents of so many one-paragraph passages; the same ones every time."""
    article = next((ROOT / "source_docs").glob("*.txt")).read_text("utf-8")
    words = [word.strip("“”‘’.,;:()–").lower() for word in article.split()]
    words = [word for word in words if word.isalpha()]
    draw = random.Random(passages)
    folder.mkdir()
    for number, first in enumerate(range(0, passages, PASSAGES_A_DOCUMENT)):
        count = min(PASSAGES_A_DOCUMENT, passages - first)
        paragraphs = [" ".join(_sentence(words, draw) for _ in range(SENTENCES_A_PASSAGE)) for _ in range(count)]
        text = f"Document {number}\n\n" + "\n\n".join(paragraphs) + "\n"
        (folder / f"{number:05}.txt").write_text(text, "utf-8")


def _sentence(words: list[str], draw: random.Random) -> str:
    chosen = " ".join(draw.choices(words, k=draw.randint(8, 28)))
    return f"{chosen[0].upper()}{chosen[1:]}."


def _report(environ: dict[str, str], built: Path) -> None:
    before, started = resource.getrusage(resource.RUSAGE_CHILDREN), time.monotonic()
    command = [sys.executable, "-m", "index", "rebuild", "--progress", "json"]
    done = subprocess.run(command, cwd=ROOT, env=environ, check=True, capture_output=True, text=True)
    wall, after = time.monotonic() - started, resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    reports = [json.loads(line) for line in done.stdout.splitlines()]
    embedding = [report for report in reports if report["step"] == "embed"]
    embedded = embedding[-1]["total"] - embedding[0]["done"]
    manifest = json.loads((built / reports[-1]["generation"] / "manifest.json").read_bytes())
    disk = sum(file.stat().st_size for file in built.rglob("*") if file.is_file())
    print(
        f"{manifest['passages']:8} {cpu:7.1f} {embedded / cpu:15.1f} {wall:7.1f} "
        f"{after.ru_maxrss / 1024:8.0f} {disk / 1e6:8.1f}"
        + (f"  ({embedded} embedded)" if embedding[0]["done"] else ""),
        flush=True,
    )


def _interrupt(environ: dict[str, str]) -> None:
    """Start a build and kill it once half of its passages are embedded."""
    command = [sys.executable, "-m", "index", "rebuild", "--progress", "json"]
    build = subprocess.Popen(command, cwd=ROOT, env=environ, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    assert build.stdout is not None
    for line in build.stdout:
        report = json.loads(line)
        if report["step"] == "embed" and 2 * report["done"] >= report["total"]:
            build.kill()
            break
    build.communicate(timeout=60)


if __name__ == "__main__":
    main()
