from __future__ import annotations

import asyncio
from typing import Any

import loops
import pytest

from assistant.web.guard import MAX_BODY_BYTES, MAX_UPLOAD_BODY_BYTES, UPLOAD_PATH, Guard


class Waiting:
    """An application that reads the whole body and answers 200 once it is let go."""

    def __init__(self) -> None:
        self.inside = 0
        self.release = asyncio.Event()

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        self.inside += 1
        while (await receive()).get("more_body"):
            pass
        await self.release.wait()
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b""})


async def status(guard: Guard, method: str, path: str, length: int, **headers: str) -> int:
    sent: list[Any] = []

    async def receive() -> Any:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: Any) -> None:
        sent.append(message)

    named = {"host": "localhost", "content-length": str(length), **headers}
    raw = [(name.replace("_", "-").encode(), value.encode()) for name, value in named.items()]
    await guard({"type": "http", "method": method, "path": path, "headers": raw}, receive, send)
    return int(sent[0]["status"])


def test_only_so_many_uploads_go_on_at_a_time_and_another_is_told_to_wait() -> None:
    async def run() -> None:
        app = Waiting()
        guard = Guard(app, "127.0.0.1", uploads=True)
        under_way = [asyncio.create_task(status(guard, "POST", UPLOAD_PATH, 10_000_000)) for _ in range(2)]
        while app.inside < 2:
            await asyncio.sleep(0)
        assert await status(guard, "POST", UPLOAD_PATH, 10) == 429
        question = asyncio.create_task(status(guard, "POST", "/v1/ask", 10))
        while app.inside < 3:
            await asyncio.sleep(0)
        app.release.set()
        assert [await each for each in (*under_way, question)] == [200, 200, 200]
        assert await status(guard, "POST", UPLOAD_PATH, 10) == 200

    loops.run(run())


@pytest.mark.parametrize(
    ("method", "path", "uploads", "most"),
    [
        ("POST", UPLOAD_PATH, True, MAX_UPLOAD_BODY_BYTES),
        ("POST", UPLOAD_PATH, False, MAX_BODY_BYTES),
        ("PUT", UPLOAD_PATH, True, MAX_BODY_BYTES),
        ("POST", UPLOAD_PATH + "/", True, MAX_BODY_BYTES),
        ("POST", "/v1/ask", True, MAX_BODY_BYTES),
    ],
)
def test_a_body_may_be_large_only_where_documents_are_added(method: str, path: str, uploads: bool, most: int) -> None:
    async def run() -> list[int]:
        app = Waiting()
        app.release.set()
        guard = Guard(app, "127.0.0.1", uploads=uploads)
        return [await status(guard, method, path, length) for length in (most, most + 1)]

    assert loops.run(run()) == [200, 413]
