"""The two engines of one model beside each other: python benchmarks/embedding.py

Embeds the same questions one by one, and the same passages together, by sentence-transformers and by onnxruntime, in
turn and in one process. Prints CPU ms a text (medians of --rounds), the ratio of the two, and how near the vectors are.
"""

from __future__ import annotations

import argparse
import random
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from index import Embedder, OnnxEmbedder, SentenceTransformerEmbedder  # noqa: E402 - run as a script, from anywhere


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--passages", type=int, default=60)
    options = parser.parse_args()
    words = next((ROOT / "source_docs").glob("*.txt")).read_text("utf-8").split()
    draw = random.Random(0)
    passages = [" ".join(draw.choices(words, k=draw.randint(8, 110))) for _ in range(options.passages)]
    questions = [" ".join(draw.choices(words, k=8)) + "?" for _ in range(10)]
    with tempfile.TemporaryDirectory() as folder:
        engines: list[tuple[str, Embedder]] = [
            ("sentence-transformers", SentenceTransformerEmbedder()),
            ("onnxruntime", OnnxEmbedder(Path(folder))),
        ]
        found = [engine.encode([*passages, *questions]) for _, engine in engines]
        for what, texts, one_by_one in (("questions, one by one", questions, True), ("passages", passages, False)):
            took: dict[str, list[float]] = {name: [] for name, _ in engines}
            for _ in range(options.rounds):
                for name, engine in engines:
                    took[name].append(_cpu_ms(engine.encode, texts, one_by_one))
            medians = {name: statistics.median(each) for name, each in took.items()}
            told = ", ".join(f"{name} {each:.2f}" for name, each in medians.items())
            ratio = medians["sentence-transformers"] / medians["onnxruntime"]
            print(f"{what}: CPU ms a text {told}; ratio {ratio:.2f}", flush=True)
    cosines = (found[0] * found[1]).sum(axis=1)
    print(f"cosine {cosines.mean():.5f}, least {cosines.min():.5f}, top 10 alike {_overlap(*found):.4f}")


def _cpu_ms(encode: Callable[[Sequence[str]], object], texts: Sequence[str], one_by_one: bool) -> float:
    before = time.process_time()
    for batch in [[text] for text in texts] if one_by_one else [texts]:
        encode(batch)
    return 1000 * (time.process_time() - before) / len(texts)


def _overlap(one: np.ndarray, other: np.ndarray) -> float:
    """Share of each row's ten nearest that both engines find, over all rows."""
    nearest = [np.argsort(-(rows @ rows.T), axis=1, kind="stable")[:, :10] for rows in (one, other)]
    return float(np.mean([len(set(a) & set(b)) / 10 for a, b in zip(*nearest, strict=True)]))


if __name__ == "__main__":
    main()
