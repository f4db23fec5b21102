"""What a request must be before the page or the API sees it, and what every response carries."""

from __future__ import annotations

import contextlib
import ipaddress
import json
import logging
import socket
from urllib.parse import urlsplit

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from assistant.config import MAX_UPLOAD_BYTES
from assistant.serving.admission import BUSY, Admission, Refused

_log = logging.getLogger(__name__)

MAX_BODY_BYTES = 2 * 1024 * 1024
# Where documents are added; a little more than the files themselves, for what stands between them.
UPLOAD_PATH = "/v1/documents"
MAX_UPLOAD_BODY_BYTES = MAX_UPLOAD_BYTES + 1024 * 1024
_MOST_UPLOADS = 2
_DROPPED_BYTES = 64 * 1024
# What a search through the documents answers: these wait for a turn. So does a question, but where its reply is kept:
# see asking.py.
_SEARCHING = frozenset({"/v1/search", "/v1/verify", "/v1/cite", "/v1/resolve", "/v1/export"})

_LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})
_WILDCARDS = frozenset({"0.0.0.0", "::", ""})  # noqa: S104 - compared with, not bound to
# Gradio makes functions of the lines that its events call, hence 'unsafe-eval'. A script that stands in the page itself
# is never run; nothing may come from or go to another host.
_HEADERS = [
    (
        b"content-security-policy",
        b"default-src 'self'; script-src 'self' 'unsafe-eval'; style-src 'self' 'unsafe-inline'; "
        b"img-src 'self' data: blob:; font-src 'self' data:; connect-src 'self'; object-src 'none'; base-uri 'self'; "
        b"form-action 'self'; frame-ancestors 'none'",
    ),
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"no-referrer"),
    (b"x-frame-options", b"DENY"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"cross-origin-resource-policy", b"same-origin"),
    (b"permissions-policy", b"camera=(), microphone=(), geolocation=()"),
]


def _headers(framed_by: str) -> list[tuple[bytes, bytes]]:
    """What every response carries; with a site that may frame the page, less what forbids that."""
    if not framed_by:
        return _HEADERS
    framed = [
        (name, value.replace(b"frame-ancestors 'none'", f"frame-ancestors {framed_by}".encode()))
        for name, value in _HEADERS
    ]
    return [(name, value) for name, value in framed if name != b"x-frame-options"]


class Guard:
    """Checks Host, Origin, login, rate and body size. Plain ASGI, so that event streams pass through unbuffered."""

    def __init__(self, app: ASGIApp, host: str, uploads: bool = False, admission: Admission | None = None) -> None:
        """``uploads``: whether a larger body may come to UPLOAD_PATH, a few at a time.

        ``admission`` is shared by all guards of a server; without one there is no login and no limit to the rate.
        """
        self._app = app
        self._uploads = uploads
        self._uploading = 0
        self._admission = admission or Admission()
        self._names = _LOOPBACK | {host.lower(), socket.gethostname().lower()} | self._admission.hosts
        self._headers = _headers(self._admission.framed_by)
        self._any_address = host in _WILDCARDS

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "websocket":
            # Nothing here speaks it, and nothing below would check it.
            await send({"type": "websocket.close", "code": 1008})
            return
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        headers = {name.lower(): value.decode("latin-1") for name, value in scope["headers"]}
        method, path = scope["method"], scope["path"]
        upload = self._uploads and method == "POST" and path == UPLOAD_PATH
        most = MAX_UPLOAD_BODY_BYTES if upload else MAX_BODY_BYTES
        address = (scope.get("client") or ("", 0))[0]
        refused = self._foreign(method, headers) or self._admission.refusal(method, path, address, headers)
        refused = refused or _oversized(headers, most)
        if refused is None and upload and self._uploading >= _MOST_UPLOADS:
            refused = Refused(429, "other documents are being added; try again in a moment", ((b"retry-after", b"5"),))
        long = _long(headers)
        if refused is not None:
            await _answer(send, refused, self._headers, close=long)
            return
        async with contextlib.AsyncExitStack() as held:
            if (
                method == "POST"
                and path in _SEARCHING
                and not await held.enter_async_context(self._admission.turns.turn())
            ):
                await _answer(send, BUSY, self._headers, close=long)
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
                await _answer(send, _too_large(most), self._headers, close=True)
            return {"type": "http.disconnect"}

        async def with_headers(message: Message) -> None:
            nonlocal started
            if answered:
                return
            if message["type"] == "http.response.start":
                started = True
                message["headers"] = [*filter(_kept, message.get("headers", ())), *self._headers]
            await send(message)

        try:
            await self._app(scope, counted, with_headers)
        except Exception:
            if started or answered:
                raise
            # Here, so that this answer too carries the headers; what went wrong is for the log alone.
            _log.exception("a request could not be answered: %s %s", scope["method"], ascii(scope["path"])[:200])
            failed = Refused(500, "the program failed on this request; the server's log says more")
            await _answer(send, failed, self._headers, close=True)

    def _foreign(self, method: str, headers: dict[bytes, str]) -> Refused | None:
        host = headers.get(b"host", "")
        if not self._knows(_name(host)):
            return Refused(400, "this server does not answer for that host; if it is its name, add it to SCO_HOSTS")
        origin = headers.get(b"origin")
        foreign = origin is not None and _netloc(origin) != host
        # A link on another site may lead here; whatever else other sites send is refused.
        cross = method not in ("GET", "HEAD", "OPTIONS") and headers.get(b"sec-fetch-site") == "cross-site"
        return Refused(403, "requests from other sites are refused") if foreign or cross else None

    def _knows(self, name: str) -> bool:
        """Whether a Host may be this server: a page made to look like it by DNS always goes by another name.

        With a login any name will do, for a browser gives the password to none but the one it was typed for.
        """
        if name in self._names:
            return True
        return self._any_address and (self._admission.login is not None or _is_address(name))


def _oversized(headers: dict[bytes, str], most: int) -> Refused | None:
    length = _announced(headers)
    return None if length is not None and length <= most else _too_large(most)


def _announced(headers: dict[bytes, str]) -> int | None:
    """The length of the body that a request's head announces, 0 when it announces none; None when that is no number."""
    length = headers.get(b"content-length", "0")
    # Not isdigit, which takes digits that int does not.
    return int(length[:20]) if length.isdecimal() and length.isascii() else None


def _too_large(most: int) -> Refused:
    return Refused(413, f"the request is larger than {most} bytes")


def _kept(header: tuple[bytes, bytes]) -> bool:
    """Gradio tells the sites that it takes for its own that they may read along; none may."""
    return not header[0].lower().startswith(b"access-control-")


def _name(host: str) -> str:
    try:
        return urlsplit(f"//{host}").hostname or ""
    except ValueError:
        return ""


def _netloc(origin: str) -> str | None:
    try:
        return urlsplit(origin).netloc
    except ValueError:
        return None


def _is_address(name: str) -> bool:
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return False
    return True


def _long(headers: dict[bytes, str]) -> bool:
    """Whether more follows a request's head than is worth reading only to be dropped, or nobody knows how much."""
    length = _announced(headers)
    return length is None or b"transfer-encoding" in headers or length > _DROPPED_BYTES


async def _answer(send: Send, refused: Refused, always: list[tuple[bytes, bytes]], *, close: bool) -> None:
    """Refuse; with ``close`` the rest of the request is not read.

    Otherwise it is, for a connection closed with words of the client unread may lose the answer on its way.
    """
    body = json.dumps({"error": refused.line}).encode()
    headers = [
        (b"content-type", b"application/json"),
        (b"content-length", str(len(body)).encode()),
        *refused.headers,
        *([(b"connection", b"close")] if close else []),
        *always,
    ]
    await send({"type": "http.response.start", "status": refused.status, "headers": headers})
    await send({"type": "http.response.body", "body": body})
