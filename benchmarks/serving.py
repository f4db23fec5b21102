"""Start, first answer, warm questions and memory of the real server: python benchmarks/serving.py

Starts `python -m assistant` on a free port over the shipped article, three times, and asks it over loopback. Prints
medians; needs nothing but the runtime requirements. CPU seconds are the server's own: a busy machine changes them
least.
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
        _wait(f"{base}/", started, (200,))
        opened_s, opened_cpu_s = time.monotonic() - started, _cpu_s(server.pid)
        _ask(base, questions[0])
        answer_s, answer_cpu_s = time.monotonic() - started, _cpu_s(server.pid)
        _wait(f"{base}/config", started, (200,))
        drawn_s, drawn_cpu_s = time.monotonic() - started, _cpu_s(server.pid)
        # Asked with another last word each: a question asked before is answered from the cache.
        for number, question in enumerate(questions[:5]):
            _ask(base, f"{question} zq{number}")
        took: list[float] = []
        before_cpu_s = _cpu_s(server.pid)
        for question in questions:
            before = time.perf_counter()
            _ask(base, question)
            took.append((time.perf_counter() - before) * 1000)
        question_cpu_ms = 1000 * (_cpu_s(server.pid) - before_cpu_s) / len(questions)
        status = Path(f"/proc/{server.pid}/status").read_text()
        resident = next(int(line.split()[1]) for line in status.splitlines() if line.startswith("VmRSS"))
    finally:
        server.send_signal(signal.SIGTERM)
        server.wait(timeout=30)
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
        "resident MB": resident / 1024,
    }


def _wait(url: str, started: float, statuses: tuple[int, ...]) -> None:
    while time.monotonic() - started < 300:
        try:
            with urllib.request.urlopen(url, timeout=60) as answer:
                status = answer.status
        except urllib.error.HTTPError as answer:
            status = answer.code
        except OSError:
            status = 0
        if status in statuses:
            return
        time.sleep(0.02)
    raise SystemExit(f"{url} did not answer in five minutes")


def _cpu_s(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _ask(base: str, question: str) -> dict[str, object]:
    body = json.dumps({"question": question}).encode()
    request = urllib.request.Request(f"{base}/v1/ask", body, {"Content-Type": "application/json"})
    with urllib.request.urlopen(request, timeout=120) as answer:
        reply: dict[str, object] = json.load(answer)
        return reply


if __name__ == "__main__":
    main()
