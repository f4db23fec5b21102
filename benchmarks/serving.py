"""Start, first answer, warm questions and memory of the real server: python benchmarks/serving.py

Starts `python -m assistant` on a free port over the shipped article, three times, and asks it over loopback. Prints
medians; needs nothing but the runtime requirements. CPU seconds are the server's own: a busy machine changes them
least.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request

import server

QUESTIONS = server.ROOT / "tests" / "eval" / "dev.jsonl"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--starts", type=int, default=3)
    parser.add_argument("--questions", type=int, default=150)
    options = parser.parse_args()
    asked = [json.loads(line)["question"] for line in QUESTIONS.read_text("utf-8").splitlines()][: options.questions]
    with tempfile.TemporaryDirectory() as folder:
        environ = {**os.environ, "SCO_INDEX_DIR": folder}
        subprocess.run(
            [sys.executable, "-m", "index", "rebuild"], cwd=server.ROOT, env=environ, check=True, capture_output=True
        )
        runs = [_run(environ, asked) for _ in range(options.starts)]
    for name in runs[0]:
        print(f"{name:>28}  {statistics.median(run[name] for run in runs):.3f}")


def _run(environ: dict[str, str], questions: list[str]) -> dict[str, float]:
    began = time.monotonic()
    with server.started(environ) as (base, process):
        server.wait_for(f"{base}/")
        opened_s, opened_cpu_s = time.monotonic() - began, server.cpu_s(process)
        _ask(base, questions[0])
        answer_s, answer_cpu_s = time.monotonic() - began, server.cpu_s(process)
        server.wait_for(f"{base}/config")
        drawn_s, drawn_cpu_s = time.monotonic() - began, server.cpu_s(process)
        # Asked with another last word each: a question asked before is answered from the cache.
        for number, question in enumerate(questions[:5]):
            _ask(base, f"{question} zq{number}")
        took: list[float] = []
        before_cpu_s = server.cpu_s(process)
        for question in questions:
            before = time.perf_counter()
            _ask(base, question)
            took.append((time.perf_counter() - before) * 1000)
        question_cpu_ms = 1000 * (server.cpu_s(process) - before_cpu_s) / len(questions)
        resident_mb = server.resident_mb(process)
    cuts = statistics.quantiles(took, n=20)
    return {
        "seconds to the page": opened_s,
        "seconds to the first answer": answer_s,
        "seconds to the conversation": drawn_s,
        "CPU s to the page": opened_cpu_s,
        "CPU s to the first answer": answer_cpu_s,
        "CPU s to the conversation": drawn_cpu_s,
        "warm question median ms": statistics.median(took),
        "warm question p95 ms": cuts[18],
        "CPU ms a warm question": question_cpu_ms,
        "resident MB": resident_mb,
    }


def _ask(base: str, question: str) -> dict[str, object]:
    body = json.dumps({"question": question}).encode()
    request = urllib.request.Request(f"{base}/v1/ask", body, {"Content-Type": "application/json"})
    with urllib.request.urlopen(request, timeout=120) as answer:
        reply: dict[str, object] = json.load(answer)
        return reply


if __name__ == "__main__":
    main()
