"""Start, first answer, warm questions and memory of the real server: python benchmarks/serving.py

Starts `python -m assistant` on a free port over the shipped article, three times, and asks it over loopback. Prints
medians; needs nothing but the runtime requirements.
"""

from __future__ import annotations

import argparse
import json
import os
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
QUESTIONS = ROOT / "tests" / "eval" / "dev.jsonl"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--starts", type=int, default=3)
    parser.add_argument("--questions", type=int, default=150)
    options = parser.parse_args()
    asked = [json.loads(line)["question"] for line in QUESTIONS.read_text("utf-8").splitlines()][: options.questions]
    with tempfile.TemporaryDirectory() as folder:
        environ = {**os.environ, "SCO_INDEX_DIR": folder}
        subprocess.run(
            [sys.executable, "-m", "index", "rebuild"], cwd=ROOT, env=environ, check=True, capture_output=True
        )
        runs = [_run(environ, asked) for _ in range(options.starts)]
    for name in runs[0]:
        print(f"{name:>28}  {statistics.median(run[name] for run in runs):.3f}")


def _run(environ: dict[str, str], questions: list[str]) -> dict[str, float]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    started = time.monotonic()
    server = subprocess.Popen(
        [sys.executable, "-m", "assistant", "--port", str(port)], cwd=ROOT, env=environ, stdout=subprocess.DEVNULL
    )
    base = f"http://127.0.0.1:{port}"
    try:
        _wait(f"{base}/", started)
        page_s = time.monotonic() - started
        _ask(base, questions[0])
        first_answer_s = time.monotonic() - started
        for question in questions[:5]:
            _ask(base, question)
        took: list[float] = []
        for question in questions:
            before = time.perf_counter()
            _ask(base, question)
            took.append((time.perf_counter() - before) * 1000)
        status = Path(f"/proc/{server.pid}/status").read_text()
        resident = next(int(line.split()[1]) for line in status.splitlines() if line.startswith("VmRSS"))
    finally:
        server.send_signal(signal.SIGTERM)
        server.wait(timeout=30)
    cuts = statistics.quantiles(took, n=20)
    return {
        "seconds to the page": page_s,
        "seconds to the first answer": first_answer_s,
        "warm question median ms": statistics.median(took),
        "warm question p95 ms": cuts[18],
        "resident MB": resident / 1024,
    }


def _wait(url: str, started: float) -> None:
    while time.monotonic() - started < 120:
        try:
            with urllib.request.urlopen(url, timeout=5) as answer:
                if answer.status == 200:
                    return
        except (urllib.error.URLError, OSError):
            time.sleep(0.02)
    raise SystemExit(f"{url} did not answer in two minutes")


def _ask(base: str, question: str) -> dict[str, object]:
    body = json.dumps({"question": question}).encode()
    request = urllib.request.Request(f"{base}/v1/ask", body, {"Content-Type": "application/json"})
    with urllib.request.urlopen(request, timeout=120) as answer:
        reply: dict[str, object] = json.load(answer)
        return reply


if __name__ == "__main__":
    main()
