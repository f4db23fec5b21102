from __future__ import annotations

import asyncio
import os
import re
import subprocess
import sys
import threading
from collections.abc import Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import httpx
import loops
import pytest
from starlette.applications import Starlette
from starlette.responses import PlainTextResponse
from starlette.routing import Route

from assistant.serving.admission import Admission, Refused
from assistant.web.door import Door
from assistant.web.guard import Guard
from index.config import ROOT


def says(text: str, *paths: str, events: list[str] | None = None) -> Starlette:
    @asynccontextmanager
    async def lifespan(app: Starlette):  # type: ignore[no-untyped-def]
        if events is not None:
            events.append("began")
        yield
        if events is not None:
            events.append("ended")

    return Starlette(routes=[Route(path, lambda _: PlainTextResponse(text)) for path in paths], lifespan=lifespan)


def knock(door: Door, *, failed: Callable[[], None] = lambda: None) -> httpx.AsyncClient:
    """Open the door in the running loop and return a client that stands before it."""
    door.open(failed)
    return httpx.AsyncClient(transport=httpx.ASGITransport(app=door), base_url="http://localhost")


def test_a_browser_gets_the_page_before_the_conversation_is_there() -> None:
    made = threading.Event()

    async def run() -> None:
        door = Door(lambda: says("api"), lambda: made.wait() and says("settings", "/config"), "127.0.0.1")
        async with knock(door) as client:
            page = await client.get("/")
            assert page.status_code == 200
            assert "frame-ancestors 'none'" in page.headers["content-security-policy"]
            for address in re.findall(r'(?:src|href)="(/[^"]+\.(?:js|css))"', page.text):
                assert (await client.get(address)).status_code == 200, address
            ready = await client.get("/readyz")
            assert (ready.status_code, ready.json()["status"]) == (503, "loading")
            assert not door.settled
            made.set()
            # What the page's script asks for, and waits for.
            assert (await client.get("/config?page=")).text == "settings"

    loops.run(run())


def test_the_api_answers_before_the_page_is_there() -> None:
    made = threading.Event()

    async def run() -> None:
        door = Door(lambda: says("api", "/v1/index"), lambda: made.wait() and says("page", "/v1/index"), "127.0.0.1")
        async with knock(door) as client:
            assert (await client.get("/v1/index")).text == "api"
            made.set()
            await client.get("/config")
            assert (await client.get("/v1/index")).text == "page"

    loops.run(run())


def test_a_stranger_is_refused_at_the_door_too() -> None:
    made = threading.Event()

    async def run() -> None:
        async with knock(Door(lambda: says("api"), lambda: made.wait() and says("page"), "127.0.0.1")) as client:
            assert (await client.get("/", headers={"host": "example.org"})).status_code == 400
        made.set()

    loops.run(run())


def test_a_request_that_waited_at_the_door_is_counted_once() -> None:
    class Counting(Admission):
        asked = 0

        def refusal(self, *request: Any) -> Refused | None:
            self.asked += 1
            return super().refusal(*request)

    made, admission = threading.Event(), Counting()
    page = says("settings", "/config")
    page.add_middleware(Guard, host="127.0.0.1", admission=admission)

    async def run() -> None:
        door = Door(lambda: says("api"), lambda: made.wait() and page, "127.0.0.1", admission)
        async with knock(door) as client:
            early = asyncio.create_task(client.get("/config"))
            await asyncio.sleep(0.05)
            made.set()
            assert ((await early).text, admission.asked) == ("settings", 1)
            assert ((await client.get("/")).status_code, admission.asked) == (200, 2)

    loops.run(run())


def test_a_page_that_cannot_be_made_ends_the_server_and_nobody_waits_for_ever() -> None:
    def fail() -> Starlette:
        raise RuntimeError("no page today")

    async def run() -> None:
        told = asyncio.Event()
        door = Door(lambda: says("api"), fail, "127.0.0.1")
        async with knock(door, failed=told.set) as client:
            assert (await client.get("/theme.css")).status_code == 503
            await told.wait()
            assert str(door.failure) == "no page today"

    loops.run(run())


def test_a_page_made_after_the_server_has_ended_is_no_failure(monkeypatch: pytest.MonkeyPatch) -> None:
    failures: list[threading.ExceptHookArgs] = []
    monkeypatch.setattr(threading, "excepthook", failures.append)
    ended = threading.Event()
    making: list[threading.Thread] = []

    def make() -> Starlette:
        making.append(threading.current_thread())
        ended.wait()
        return says("page")

    async def run() -> None:
        Door(lambda: says("api"), make, "127.0.0.1").open(lambda: None)
        while not making:
            await asyncio.sleep(0.01)

    loops.run(run())
    ended.set()
    making[0].join(30)
    assert failures == []


def test_the_applications_own_beginning_and_end_are_run() -> None:
    events: list[str] = []

    async def run() -> None:
        door = Door(lambda: says("api"), lambda: says("page", "/", events=events), "127.0.0.1")
        async with knock(door) as client:
            await client.get("/config")
        assert events == ["began"]
        messages = iter([{"type": "lifespan.startup"}, {"type": "lifespan.shutdown"}])
        sent: list[str] = []

        async def receive() -> dict[str, str]:
            return next(messages)

        async def send(message: dict[str, str]) -> None:
            sent.append(message["type"])

        await door({"type": "lifespan"}, receive, send)
        assert sent == ["lifespan.startup.complete", "lifespan.shutdown.complete"]

    loops.run(run())
    assert events == ["began", "ended"]


# CPython 3.11 parses for one thread at a time. Gradio's import parses its own sources and ended with "SystemError: AST
# constructor recursion depth mismatch" when numpy had a header parsed meanwhile: what runs beside it must not parse.
BESIDE_GRADIO = """
import ast, asyncio, os
import httpx
from assistant.config import AppConfig
from assistant.web.server import create_api
from assistant.serving.service import Service

service = Service(AppConfig.from_env(os.environ))
api = create_api(service)

def refuse(*arguments, **options):
    raise SystemError("Python was parsed")

ast.parse = refuse
service._load()

async def ask():
    transport = httpx.ASGITransport(app=api)
    async with httpx.AsyncClient(transport=transport, base_url="http://localhost") as client:
        print((await client.post("/v1/ask", json={"question": "When did India join?"})).json()["kind"])
        print((await client.get("/v1/index")).json()["state"])

asyncio.run(ask())
service.close()
"""


def test_nothing_that_runs_while_the_page_is_made_parses_python(built_article: Path) -> None:
    environ = {**os.environ, "SCO_INDEX_DIR": str(built_article)}
    done = subprocess.run(
        [sys.executable, "-c", BESIDE_GRADIO], cwd=ROOT, env=environ, capture_output=True, text=True, check=True
    )
    assert (done.stdout, done.stderr) == ("answer\nready\n", "")
