"""A language model's server on this machine that says what a test wants, or misbehaves as one is told to."""

from __future__ import annotations

import contextlib
import json
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

Does = Callable[["_Handler"], None]


@dataclass
class FakeModel:
    """``answer`` may be changed at any time; ``asked`` holds path, headers and body of every request, of any method."""

    answer: Does
    port: int = 0
    asked: list[tuple[str, dict[str, str], Any]] = field(default_factory=list)
    stopping: threading.Event = field(default_factory=threading.Event)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/v1"


class _Handler(BaseHTTPRequestHandler):
    model: FakeModel

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers.get("content-length", 0)))
        self.model.asked.append((self.path, dict(self.headers.items()), json.loads(body or b"null")))
        with contextlib.suppress(OSError):
            self.model.answer(self)

    def do_GET(self) -> None:
        self.do_POST()

    def log_message(self, *_: object) -> None:
        pass

    def send(self, status: int, body: bytes, **headers: str) -> None:
        self.send_response(status)
        for name, value in {"content-length": str(len(body)), **headers}.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()
        self.wfile.write(body)


@contextlib.contextmanager
def serving(answer: Does, tls: ssl.SSLContext | None = None) -> Iterator[FakeModel]:
    """The server as long as the block runs."""
    model = FakeModel(answer)
    server = ThreadingHTTPServer(("127.0.0.1", 0), type("Handler", (_Handler,), {"model": model}))
    server.daemon_threads = True
    server.handle_error = lambda *_: None  # type: ignore[method-assign]
    if tls is not None:
        server.socket = tls.wrap_socket(server.socket, server_side=True)
    model.port = server.server_address[1]
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield model
    finally:
        model.stopping.set()
        server.shutdown()
        server.server_close()


def completion(content: object) -> bytes:
    return json.dumps({"choices": [{"message": {"role": "assistant", "content": content}}]}).encode()


def says(content: object) -> Does:
    """A model that writes this, whatever it is asked."""
    return lambda handler: handler.send(200, completion(content))


def writes(*sentences: tuple[str, list[int]]) -> Does:
    """A model that keeps to the form it is asked for."""
    return says(json.dumps({"sentences": [{"text": text, "quotes": numbers} for text, numbers in sentences]}))


def responds(status: int, body: bytes = b"", **headers: str) -> Does:
    return lambda handler: handler.send(status, body, **headers)


def silent(handler: _Handler) -> None:
    """Takes the question and never says a word."""
    handler.model.stopping.wait(30)


def hangs_up(handler: _Handler) -> None:
    handler.connection.close()


def breaks_off(handler: _Handler) -> None:
    handler.send(200, b'{"choices": [', content_length="100")
    handler.connection.close()


def _drip(handler: _Handler, head: bytes, drop: bytes, every_s: float) -> None:
    handler.wfile.write(head)
    until = time.monotonic() + 30
    while time.monotonic() < until and not handler.model.stopping.is_set():
        handler.wfile.write(drop)
        handler.wfile.flush()
        time.sleep(every_s)


def drips_headers(handler: _Handler) -> None:
    """One header after the other, for ever: each comes in good time."""
    _drip(handler, b"HTTP/1.1 200 OK\r\n", b"x: y\r\n", 0.05)


def drips_body(handler: _Handler) -> None:
    """A byte at a time, for ever."""
    _drip(handler, b"HTTP/1.1 200 OK\r\nconnection: close\r\n\r\n", b" ", 0.05)


def streams_events(handler: _Handler) -> None:
    """Server-sent events, though none were asked for, for ever."""
    event = b'data: {"choices": [{"delta": {"content": "India "}}]}\n\n'
    _drip(handler, b"HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\nconnection: close\r\n\r\n", event, 0.02)


def floods(handler: _Handler) -> None:
    """Megabytes a moment, for ever."""
    _drip(handler, b"HTTP/1.1 200 OK\r\nconnection: close\r\n\r\n", b" " * 1_000_000, 0)


def rejects_options(handler: _Handler) -> None:
    """A server that knows no schema: it refuses the request that has one."""
    if "response_format" in handler.model.asked[-1][2]:
        handler.send(400, b'{"error": "unknown field"}')
    else:
        writes(("India joined in 2017.", [1]))(handler)
