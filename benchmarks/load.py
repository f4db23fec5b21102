"""Many chats at once against the real server: python benchmarks/load.py

Starts `python -m assistant` over a copy of the shipped article and of the second test document, on a free port of this
machine. So many chats ask so many questions, spread over so many seconds, a share of them through the page's own queue
and event streams, the others through the API. In the middle a document is changed and the index rebuilt.

Two cores answer four to five new questions a second. Users ask the same, too, and a cache answers those: --new is the
share of questions that nobody asked before, each with a mark of its own; the others are drawn from --known questions,
asked once before the load begins and new again after the rebuild. Both kinds are reported apart.

Every quote of every reply is compared with the texts that were in the folder. A reply must carry its own question, and
the quotes that the same question got from the same generation. Whoever is told "busy" waits as told and asks again,
until a tenth of the time more has passed. Ends with 1 when a quote was wrong, a reply crossed, or anything but a reply
or "busy" came back.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import random
import shutil
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import httpx
import server
from load_told import Told, figures

DOCUMENTS = (server.ROOT / "source_docs", server.ROOT / "tests" / "eval" / "documents")
QUESTIONS = [server.ROOT / "tests" / "eval" / name for name in ("dev.jsonl", "test.jsonl", "second.jsonl")]
Came = dict[str, Any] | float | str
"""What came of a question: the reply object; how many seconds to wait before asking again; or what went wrong."""
Ask = Callable[[str], Awaitable[Came]]

BUSY = "many questions are waiting"
ADDED = "\n\nThe harvest of the year 2031 was the best that anybody remembers.\n"


@dataclass(frozen=True)
class Plan:
    """What chats ask, and when: ``each`` questions, spread evenly from ``started`` over ``seconds``."""

    questions: list[str]
    known: list[str]
    new: float
    each: int
    started: float
    seconds: float

    @property
    def until(self) -> float:
        return self.started + 1.1 * self.seconds


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--clients", type=int, default=200)
    parser.add_argument("--seconds", type=float, default=120)
    parser.add_argument("--questions", type=int, default=10_000, help="of all chats together")
    parser.add_argument("--new", type=float, default=0.03, help="share of the questions that were never asked before")
    parser.add_argument("--known", type=int, default=40, help="how many different questions are asked again and again")
    parser.add_argument("--page", type=float, default=0.5, help="share of the chats that ask as the page does")
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        told, took_s = run(Path(folder), options)
    facts = figures(told, took_s, options)
    if options.json:
        print(json.dumps(facts))
    else:
        for name, value in facts.items():
            print(f"{name:>52}  {value}")
    for line in told.troubles[:20]:
        print(line, file=sys.stderr)
    return 1 if told.troubles else 0


def run(folder: Path, options: argparse.Namespace) -> tuple[Told, float]:
    documents = folder / "docs"
    documents.mkdir()
    for source in DOCUMENTS:
        shutil.copytree(source, documents, dirs_exist_ok=True)
    texts = {text for file in documents.rglob("*.txt") for text in [canonical(file)]}
    settings = {"SCO_SOURCE_DOCS": str(documents), "SCO_INDEX_DIR": str(folder / "built"), "SCO_FEEDBACK": "0"}
    environ = {name: value for name, value in os.environ.items() if not name.startswith("SCO_")} | settings
    with server.started(environ) as (base, process):
        server.wait_for(f"{base}/readyz")
        return asyncio.run(load(base, process, documents, texts, options))


def canonical(file: Path) -> str:
    text = file.read_bytes().decode("utf-8").removeprefix("\ufeff")
    return text.replace("\r\n", "\n").replace("\r", "\n")


async def load(
    base: str, process: int, documents: Path, texts: set[str], options: argparse.Namespace
) -> tuple[Told, float]:
    told = Told()
    limits = httpx.Limits(max_connections=options.clients + 4, max_keepalive_connections=options.clients + 4)
    async with httpx.AsyncClient(base_url=base, timeout=180, limits=limits) as client:
        asked = [json.loads(line)["question"] for file in QUESTIONS for line in file.read_text("utf-8").splitlines()]
        known = random.Random(0).sample(sorted(set(asked)), options.known)
        for question in known:
            if not isinstance(came := await through_api(client, question), dict):
                raise SystemExit(f"{question!r} cannot be asked before the load: {came}")
        each = -(-options.questions // options.clients)
        started, cpu_s = time.monotonic(), server.cpu_s(process)
        plan = Plan(asked, known, options.new, each, started, options.seconds)
        watching = asyncio.create_task(watch(process, started, told))
        rebuilding = asyncio.create_task(rebuild(client, documents, texts, options.seconds / 2, told))
        ways = [
            through_page if number < options.clients * options.page else through_api
            for number in range(options.clients)
        ]
        try:
            await asyncio.gather(
                *(chat(number, partial(way, client), plan, texts, told) for number, way in enumerate(ways))
            )
            took_s = time.monotonic() - started
            await rebuilding
        finally:
            watching.cancel()
        told.server_cpu_s = server.cpu_s(process) - cpu_s
    return told, took_s


async def chat(number: int, ask: Ask, plan: Plan, texts: set[str], told: Told) -> None:
    """One visitor: a question after the other, at times of its own; late when answers were late."""
    chance = random.Random(number)
    for turn in range(plan.each):
        due = plan.started + (turn + chance.random()) * plan.seconds / plan.each
        await asyncio.sleep(max(0.0, due - time.monotonic()))
        if time.monotonic() > plan.until:
            return
        kind = "new" if chance.random() < plan.new else "repeated"
        question = chance.choice(plan.known)
        if kind == "new":
            question = f"{chance.choice(plan.questions)} (visitor {number}, question {turn})"
        told.asked[kind] += 1
        await insist(number, ask, question, kind, plan, texts, told, chance)


async def insist(
    number: int, ask: Ask, question: str, kind: str, plan: Plan, texts: set[str], told: Told, chance: random.Random
) -> None:
    """Ask until there is an answer, waiting after each busy reply as it says."""
    while True:
        before = time.perf_counter()
        try:
            came = await ask(question)
        except httpx.TransportError as problem:
            told.lost.append(f"visitor {number}: no reply ({type(problem).__name__})")
            return
        took_ms = (time.perf_counter() - before) * 1000
        if isinstance(came, str):
            told.lost.append(f"visitor {number}: {came}")
            return
        if not isinstance(came, float):
            told.took_ms[kind].append(took_ms)
            told.check(question, kind, came, texts)
            return
        told.busy[kind] += 1
        told.busy_ms.append(took_ms)
        wait_s = came * chance.uniform(0.5, 1.5)
        if time.monotonic() + wait_s > plan.until:
            told.given_up[kind] += 1
            return
        await asyncio.sleep(wait_s)


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


async def rebuild(client: httpx.AsyncClient, documents: Path, texts: set[str], after_s: float, told: Told) -> None:
    """Change a document and rebuild."""
    await asyncio.sleep(after_s)
    file = next(documents.rglob("tunnel*.txt"))
    file.write_bytes(file.read_bytes() + ADDED.encode())
    texts.add(canonical(file))
    before = time.monotonic()
    if (await client.post("/v1/rebuild")).status_code != 202:
        told.lost.append("the rebuild was refused")
        return
    while True:
        await asyncio.sleep(0.5)
        facts = (await client.get("/v1/index")).json()["rebuild"]
        if not facts["running"]:
            told.rebuilt_s = round(time.monotonic() - before, 1)
            if facts["failed"]:
                told.lost.append(facts["line"])
            return


async def watch(process: int, started: float, told: Told) -> None:
    while True:
        handles = len(list(Path(f"/proc/{process}/fd").iterdir()))
        told.memory.append((time.monotonic() - started, server.resident_mb(process), handles))
        await asyncio.sleep(1)


if __name__ == "__main__":
    sys.exit(main())
