"""What a request must be before the page or the API sees it, and what every response carries."""

from __future__ import annotations

import json
from collections.abc import Sequence
from urllib.parse import urlsplit

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from assistant.library import MAX_UPLOAD_BYTES

MAX_BODY_BYTES = 2 * 1024 * 1024
# Where documents are added; a little more than the files themselves, for what stands between them.
UPLOAD_PATH = "/v1/documents"
MAX_UPLOAD_BODY_BYTES = MAX_UPLOAD_BYTES + 1024 * 1024
_MOST_UPLOADS = 2

_LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})
_WILDCARDS = frozenset({"0.0.0.0", "::", ""})  # noqa: S104 - compared with, not bound to
# gr.HTML evaluates its templates, hence 'unsafe-eval'; nothing may come from or go to another host.
_HEADERS = [
    (
        b"content-security-policy",
        b"default-src 'self'; script-src 'self' 'unsafe-inline' 'unsafe-eval'; style-src 'self' 'unsafe-inline'; "
        b"img-src 'self' data: blob:; font-src 'self' data:; connect-src 'self'; object-src 'none'; base-uri 'self'; "
        b"form-action 'self'; frame-ancestors 'none'",
    ),
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"no-referrer"),
    (b"x-frame-options", b"DENY"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"permissions-policy", b"camera=(), microphone=(), geolocation=()"),
]


class Guard:
    """Checks Host, Origin and body size. Written as plain ASGI, so that event streams pass through unbuffered."""

    def __init__(self, app: ASGIApp, host: str, uploads: bool = False) -> None:
        """``uploads``: whether a larger body may come to UPLOAD_PATH, a few at a time."""
        self._app = app
        self._uploads = uploads
        self._uploading = 0
        # Listening on every address, this machine's names are not known; the Origin check below still holds.
        self._hosts = None if host in _WILDCARDS else _LOOPBACK | {host.lower()}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        headers = {name.lower(): value.decode("latin-1") for name, value in scope["headers"]}
        upload = self._uploads and scope["method"] == "POST" and scope["path"] == UPLOAD_PATH
        most = MAX_UPLOAD_BODY_BYTES if upload else MAX_BODY_BYTES
        refusal = self._refusal(scope["method"], headers, most)
        if refusal is None and upload and self._uploading >= _MOST_UPLOADS:
            refusal = 429, "other documents are being added; try again in a moment"
        if refusal is not None:
            await _answer(send, *refusal)
            return
        self._uploading += upload
        try:
            await self._pass(scope, receive, send, most)
        finally:
            self._uploading -= upload

    async def _pass(self, scope: Scope, receive: Receive, send: Send, most: int) -> None:
        started = answered = False
        received = 0

        async def counted() -> Message:
            nonlocal received, answered
            message = await receive()
            received += len(message.get("body", b""))
            if received <= most:
                return message
            # Answered here and now: an exception would become the application's own 400 or 500.
            if not started and not answered:
                answered = True
                await _answer(send, 413, _too_large(most))
            return {"type": "http.disconnect"}

        async def with_headers(message: Message) -> None:
            nonlocal started
            if answered:
                return
            if message["type"] == "http.response.start":
                started = True
                message["headers"] = [*message.get("headers", ()), *_HEADERS]
            await send(message)

        await self._app(scope, counted, with_headers)

    def _refusal(self, method: str, headers: dict[bytes, str], most: int) -> tuple[int, str] | None:
        host = headers.get(b"host", "")
        if self._hosts is not None and _name(host) not in self._hosts:
            return 400, "this server does not answer for that host"
        if method not in ("GET", "HEAD", "OPTIONS"):
            origin = headers.get(b"origin")
            foreign = origin is not None and urlsplit(origin).netloc != host
            if foreign or headers.get(b"sec-fetch-site") == "cross-site":
                return 403, "requests from other sites are refused"
        length = headers.get(b"content-length", "0")
        if not length.isdigit() or int(length) > most:
            return 413, _too_large(most)
        return None


def _too_large(most: int) -> str:
    return f"the request is larger than {most} bytes"


def _name(host: str) -> str:
    return urlsplit(f"//{host}").hostname or ""


async def _answer(send: Send, status: int, line: str) -> None:
    body = json.dumps({"error": line}).encode()
    headers: Sequence[tuple[bytes, bytes]] = [
        (b"content-type", b"application/json"),
        (b"content-length", str(len(body)).encode()),
        # What was refused need not be sent to its end, and a body without an end would be read for ever.
        (b"connection", b"close"),
        *_HEADERS,
    ]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})
