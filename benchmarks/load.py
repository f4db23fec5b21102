"""Many chats at once against the real server: python benchmarks/load.py

Starts `python -m assistant` over a copy of the shipped article and of the second test document, on a free port of this
machine, and lets so many clients ask at once for so long, a share of them through the page's own queue and event
streams, the others through the API. In the middle a document is changed and the index rebuilt.
Every quote of every reply is compared with the texts that were in the folder; every question carries a mark
of its client, which must come back; whoever is told "busy" waits as told and asks again. Prints what was asked,
answered, refused as busy, wrong or crossed, the percentiles of the answers, and the memory over time. Ends with 1 when
a quote was wrong, a reply was another client's, or anything but an answer or "busy" came back.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import random
import shutil
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

import httpx

ROOT = Path(__file__).resolve().parents[1]
DOCUMENTS = (ROOT / "source_docs", ROOT / "tests" / "eval" / "documents")
QUESTIONS = [ROOT / "tests" / "eval" / name for name in ("dev.jsonl", "test.jsonl", "second.jsonl")]
Came = dict[str, Any] | float | str
"""What came of a question: the reply object; how many seconds to wait before asking again; or what went wrong."""

BUSY = "many questions are waiting"
ADDED = "\n\nThe harvest of the year 2031 was the best that anybody remembers.\n"


@dataclass
class Told:
    """What became of the questions."""

    took_ms: list[float] = field(default_factory=list)
    answers: int = 0
    refusals: int = 0
    quotes: int = 0
    busy: int = 0
    busy_ms: list[float] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)
    generations: set[str] = field(default_factory=set)
    memory: list[tuple[float, float, int]] = field(default_factory=list)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--clients", type=int, default=200)
    parser.add_argument("--seconds", type=float, default=120)
    parser.add_argument("--questions", type=int, default=10_000, help="at most, of all clients together")
    parser.add_argument("--page", type=float, default=0.5, help="share of the clients that ask as the page does")
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        told, took_s = run(Path(folder), options)
    facts = figures(told, took_s, options)
    if options.json:
        print(json.dumps(facts))
    else:
        for name, value in facts.items():
            print(f"{name:>32}  {value}")
    for line in told.wrong[:20]:
        print(line, file=sys.stderr)
    return 1 if told.wrong else 0


def run(folder: Path, options: argparse.Namespace) -> tuple[Told, float]:
    documents = folder / "docs"
    documents.mkdir()
    for source in DOCUMENTS:
        shutil.copytree(source, documents, dirs_exist_ok=True)
    texts = {text for file in documents.rglob("*.txt") for text in [canonical(file)]}
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    settings = {"SCO_SOURCE_DOCS": str(documents), "SCO_INDEX_DIR": str(folder / "built"), "SCO_FEEDBACK": "0"}
    environ = {name: value for name, value in os.environ.items() if not name.startswith("SCO_")} | settings
    server = subprocess.Popen(
        [sys.executable, "-m", "assistant", "--port", str(port)], cwd=ROOT, env=environ, stdout=subprocess.DEVNULL
    )
    try:
        return asyncio.run(load(f"http://127.0.0.1:{port}", server.pid, documents, texts, options))
    finally:
        server.send_signal(signal.SIGTERM)
        if server.wait(timeout=60):
            print(f"the server ended with {server.returncode}", file=sys.stderr)


def canonical(file: Path) -> str:
    text = file.read_bytes().decode("utf-8").removeprefix("\ufeff")
    return text.replace("\r\n", "\n").replace("\r", "\n")


async def load(
    base: str, process: int, documents: Path, texts: set[str], options: argparse.Namespace
) -> tuple[Told, float]:
    told = Told()
    limits = httpx.Limits(max_connections=options.clients + 4, max_keepalive_connections=options.clients + 4)
    async with httpx.AsyncClient(base_url=base, timeout=180, limits=limits) as client:
        await ready(client)
        asked = [json.loads(line)["question"] for file in QUESTIONS for line in file.read_text("utf-8").splitlines()]
        started = time.monotonic()
        until = started + options.seconds
        left = iter(range(options.questions))
        watching = asyncio.create_task(watch(process, started, told))
        rebuilding = asyncio.create_task(rebuild(client, documents, texts, options.seconds / 2))
        try:
            await asyncio.gather(
                *(
                    chat(
                        number,
                        partial(through_page if number < options.clients * options.page else through_api, client),
                        asked,
                        left,
                        until,
                        texts,
                        told,
                    )
                    for number in range(options.clients)
                )
            )
            took_s = time.monotonic() - started
            if (line := await rebuilding) is not None:
                told.wrong.append(line)
        finally:
            watching.cancel()
    return told, took_s


async def ready(client: httpx.AsyncClient) -> None:
    for _ in range(1200):
        try:
            if (await client.get("/readyz")).status_code == 200:
                return
        except httpx.TransportError:
            pass
        await asyncio.sleep(0.1)
    raise SystemExit("the server was not ready in two minutes")


async def chat(
    number: int,
    ask: Callable[[str], Awaitable[Came]],
    questions: list[str],
    left: Any,
    until: float,
    texts: set[str],
    told: Told,
) -> None:
    """One visitor: a question after the other, each with a mark by which its reply is known."""
    chance = random.Random(number)
    turn = 0
    while time.monotonic() < until and next(left, None) is not None:
        turn += 1
        question = f"{chance.choice(questions)} (visitor {number}, question {turn})"
        while True:
            before = time.perf_counter()
            try:
                came = await ask(question)
            except httpx.TransportError as problem:
                told.wrong.append(f"visitor {number}: no reply ({type(problem).__name__})")
                break
            took_ms = (time.perf_counter() - before) * 1000
            if isinstance(came, float):
                told.busy += 1
                told.busy_ms.append(took_ms)
                if time.monotonic() > until:
                    break
                await asyncio.sleep(came * chance.uniform(0.5, 1.5))
                continue
            if isinstance(came, str):
                told.wrong.append(f"visitor {number}: {came}")
                break
            told.took_ms.append(took_ms)
            check(question, came, texts, told)
            break


async def through_api(client: httpx.AsyncClient, question: str) -> Came:
    reply = await client.post("/v1/ask", json={"question": question})
    if reply.status_code == 503 and "retry-after" in reply.headers:
        return float(reply.headers["retry-after"])
    if reply.status_code != 200:
        return f"status {reply.status_code}: {reply.text[:200]}"
    return dict(reply.json())


async def through_page(client: httpx.AsyncClient, question: str) -> Came:
    """As a browser asks: the question joins Gradio's queue, the reply comes in an event stream."""
    joined = await client.post("/gradio_api/call/ask", json={"data": [question, [], []]})
    if joined.status_code != 200:
        return f"status {joined.status_code}: {joined.text[:200]}"
    event = ""
    async with client.stream("GET", f"/gradio_api/call/ask/{joined.json()['event_id']}") as stream:
        async for line in stream.aiter_lines():
            name, _, value = line.partition(": ")
            if name == "event":
                event = value
            elif name == "data" and event == "complete":
                return dict(json.loads(value)[0])
            elif name == "data" and event == "error":
                return 5.0 if BUSY in value else f"{event}: {value[:200]}"
    return f"the stream ended after {event!r}"


def check(question: str, reply: dict[str, Any], texts: set[str], told: Told) -> None:
    if reply["question"] != question:
        told.wrong.append(f"crossed: asked {question!r}, told {reply['question']!r}")
    quotes = reply["quotes"] if reply["kind"] == "answer" else reply["nearest"]
    told.answers += reply["kind"] == "answer"
    told.refusals += reply["kind"] != "answer"
    told.generations.add(reply["generation"])
    for quote in quotes:
        told.quotes += 1
        if not any(text[quote["start"] : quote["end"]] == quote["exact"] for text in texts):
            told.wrong.append(f"no document holds {quote['exact']!r} at {quote['start']}")


async def rebuild(client: httpx.AsyncClient, documents: Path, texts: set[str], after_s: float) -> str | None:
    """Change a document and rebuild; a line when that failed."""
    await asyncio.sleep(after_s)
    file = next(documents.rglob("tunnel*.txt"))
    file.write_bytes(file.read_bytes() + ADDED.encode())
    texts.add(canonical(file))
    if (await client.post("/v1/rebuild")).status_code != 202:
        return "the rebuild was refused"
    while True:
        await asyncio.sleep(0.5)
        facts = (await client.get("/v1/index")).json()["rebuild"]
        if not facts["running"]:
            return facts["line"] if facts["failed"] else None


async def watch(process: int, started: float, told: Told) -> None:
    while True:
        status = Path(f"/proc/{process}/status").read_text()
        resident = next(int(line.split()[1]) for line in status.splitlines() if line.startswith("VmRSS")) / 1024
        handles = len(list(Path(f"/proc/{process}/fd").iterdir()))
        told.memory.append((time.monotonic() - started, resident, handles))
        await asyncio.sleep(1)


def figures(told: Told, took_s: float, options: argparse.Namespace) -> dict[str, object]:
    cuts = statistics.quantiles(told.took_ms, n=100) if len(told.took_ms) > 1 else [0.0] * 99
    memory = [resident for _, resident, _ in told.memory]
    # A third to warm up in; then the memory must not go on growing.
    warm = memory[len(memory) // 3 :] or memory
    return {
        "clients": options.clients,
        "of them through the page": round(options.clients * options.page),
        "seconds": round(took_s, 1),
        "answered": len(told.took_ms),
        "answered a second": round(len(told.took_ms) / took_s, 1),
        "answers / refusals": f"{told.answers} / {told.refusals}",
        "quotes checked": told.quotes,
        "told busy": told.busy,
        "slowest busy ms": round(max(told.busy_ms, default=0.0)),
        "wrong, crossed or lost": len(told.wrong),
        "generations that answered": len(told.generations),
        "p50 ms": round(cuts[49]),
        "p95 ms": round(cuts[94]),
        "p99 ms": round(cuts[98]),
        "resident MB, start / warm / end": " / ".join(f"{mb:.0f}" for mb in (memory[0], warm[0], warm[-1])),
        "most resident MB": round(max(memory)),
        "open files, start / end": f"{told.memory[0][2]} / {told.memory[-1][2]}",
    }


if __name__ == "__main__":
    sys.exit(main())
