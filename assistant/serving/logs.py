"""What the server writes of its work: one line for each request and each reply, without a word of the question."""

from __future__ import annotations

import json
import logging
import re
import time
import uuid
from contextvars import ContextVar
from datetime import UTC, datetime

from starlette.types import ASGIApp, Message, Receive, Scope, Send

_requests = logging.getLogger("assistant.requests")

REQUEST_ID = "x-request-id"
# One that a proxy has given is kept when it can do no harm in a log.
_HARMLESS = re.compile(r"[A-Za-z0-9._-]{1,64}")
_PATH_CHARS = 200

_under_way: ContextVar[dict[str, object] | None] = ContextVar("request", default=None)


def configure(form: str) -> None:
    """Set up the program's log on standard error: with ``json`` every line is an object, else warnings are prose."""
    handler = logging.StreamHandler()
    handler.setFormatter(JsonLines() if form == "json" else logging.Formatter("%(levelname)s %(name)s: %(message)s"))
    logging.basicConfig(level=logging.WARNING, handlers=[handler])
    if form == "json":
        logging.captureWarnings(True)
        logging.getLogger("assistant").setLevel(logging.INFO)


def note(**facts: object) -> None:
    """Add facts to the line of the request that is being answered, where there is one."""
    request = _under_way.get()
    if request is not None:
        request.update(facts)


class JsonLines(logging.Formatter):
    """A record as one JSON object on one line; ``extra={"facts": {...}}`` adds to it."""

    def format(self, record: logging.LogRecord) -> str:
        told: dict[str, object] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
        }
        request = _under_way.get()
        if request is not None:
            told["request"] = request["request"]
        told |= getattr(record, "facts", {})
        if record.exc_info:
            told["exception"] = self.formatException(record.exc_info)
        return json.dumps(told, ensure_ascii=False, default=str)


class RequestLog:
    """Stands before an application: gives every request an id, tells it in a header, and writes a line at its end.

    The line has method, path, status, milliseconds, and what ``note`` added; never a query, for it may be a question.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        given = dict(scope["headers"]).get(REQUEST_ID.encode(), b"").decode("latin-1")
        request: dict[str, object] = {"request": given if _HARMLESS.fullmatch(given) else uuid.uuid4().hex}
        token = _under_way.set(request)
        identity = (REQUEST_ID.encode(), str(request["request"]).encode())
        status: int | None = None

        async def with_id(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                message["headers"] = [*message.get("headers", ()), identity]
            await send(message)

        started = time.perf_counter()
        try:
            await self._app(scope, receive, with_id)
        finally:
            if _requests.isEnabledFor(logging.INFO):
                took_ms = round((time.perf_counter() - started) * 1000, 1)
                path = ascii(scope["path"])[1:-1][:_PATH_CHARS]
                facts = {"method": scope["method"], "path": path, "status": status, "ms": took_ms}
                _requests.info("request", extra={"facts": facts | request})
            _under_way.reset(token)
