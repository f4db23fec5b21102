"""Answers a second and waiting times of the real server: python benchmarks/many.py --chats 1 10 50 200

Starts `python -m assistant` on a free port over the shipped article. Each chat asks over loopback, waits for its answer
and asks on, for --seconds. First every question is a new one (a made-up word at its end keeps the cache out), then all
chats ask the dev questions over and over, as a page's examples are. Prints for each: answers a second, percentiles of
the time to an answer in ms, and the server's CPU ms an answer, which a busy machine changes least.
"""

from __future__ import annotations

import argparse
import http.client
import json
import os
import statistics
import tempfile
import threading
import time
from collections.abc import Callable
from itertools import count

import server

QUESTIONS = server.ROOT / "tests" / "eval" / "dev.jsonl"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--chats", type=int, nargs="+", default=[1, 10, 50, 200])
    parser.add_argument("--seconds", type=float, default=20)
    options = parser.parse_args()
    questions = [json.loads(line)["question"] for line in QUESTIONS.read_text("utf-8").splitlines()]
    numbers = count()

    def new() -> str:
        number = next(numbers)
        return f"{questions[number % len(questions)]} zq{number}"

    def again() -> str:
        return questions[next(numbers) % 8]

    with (
        tempfile.TemporaryDirectory() as folder,
        server.started({**os.environ, "SCO_INDEX_DIR": folder}) as (base, process),
    ):
        # Of all that is loaded the conversation comes last.
        server.wait_for(f"{base}/readyz")
        port = int(base.rpartition(":")[2])
        _ask(port, "When did India join?")
        print("questions  chats  answers/s   p50 ms   p95 ms   p99 ms  CPU ms an answer  failed")
        for name, draw in (("new", new), ("again", again)):
            for chats in options.chats:
                _measure(name, draw, chats, options.seconds, port, process)


def _measure(name: str, draw: Callable[[], str], chats: int, seconds: float, port: int, pid: int) -> None:
    took: list[float] = []
    failed: list[str] = []
    started, cpu = time.monotonic(), server.cpu_s(pid)
    end = started + seconds

    def chat() -> None:
        while time.monotonic() < end:
            before = time.monotonic()
            try:
                _ask(port, draw())
                took.append(time.monotonic() - before)
            except (OSError, http.client.HTTPException, ValueError) as problem:
                failed.append(str(problem))

    threads = [threading.Thread(target=chat) for _ in range(chats)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    wall = time.monotonic() - started
    cuts = [1000 * cut for cut in statistics.quantiles(took, n=100)] if len(took) > 1 else [0.0] * 99
    print(
        f"{name:>9} {chats:6} {len(took) / wall:10.1f} {cuts[49]:8.0f} {cuts[94]:8.0f} {cuts[98]:8.0f} "
        f"{1000 * (server.cpu_s(pid) - cpu) / max(1, len(took)):17.1f} {len(failed):7}",
        flush=True,
    )


def _ask(port: int, question: str) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=300)
    try:
        connection.request("POST", "/v1/ask", json.dumps({"question": question}), {"Content-Type": "application/json"})
        answer = connection.getresponse()
        reply = json.load(answer)
        if answer.status != 200 or reply["question"] != question:
            raise ValueError(f"status {answer.status}")
    finally:
        connection.close()


if __name__ == "__main__":
    main()
