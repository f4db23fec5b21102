"""Who knocks before all is there: the page and the API answer as soon as they can, the conversation is waited for.

Importing Gradio takes longer than all else at a start together. Nothing here needs it.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import threading
from collections.abc import Callable
from typing import Any

from starlette.types import ASGIApp, Receive, Scope, Send

from assistant.serving.admission import Admission
from assistant.web.gradio_files import Frontend
from assistant.web.guard import Guard
from assistant.web.page_files import PageFiles

_log = logging.getLogger(__name__)

_API = ("/v1/", "/healthz", "/metrics")


class Door:
    """An ASGI application that stands before another while that one is being made, in a thread of its own.

    Until then ``/readyz`` is answered 503, the API by a smaller application, and whatever else is asked waits. The page
    and its files come from here, then as later.
    """

    def __init__(
        self,
        make_api: Callable[[], ASGIApp],
        make_app: Callable[[], Any],
        host: str,
        admission: Admission | None = None,
    ) -> None:
        """``make_app`` gives a Starlette application, whose lifespan is run once it is there."""
        self._make_api = make_api
        self._make_app = make_app
        self._waiting = Guard(_waiting, host, admission=admission)
        self._files = PageFiles(Frontend.installed())
        self._page = Guard(self._files, host, admission=admission)
        self._api: ASGIApp | None = None
        self._app: ASGIApp | None = None
        self.failure: BaseException | None = None
        self._settled = asyncio.Event()
        self._api_settled = asyncio.Event()
        self._closing = asyncio.Event()
        self._on_failure: Callable[[], None] = lambda: None

    @property
    def settled(self) -> bool:
        """Whether the application is there, or cannot be made."""
        return self._settled.is_set()

    def open(self, on_failure: Callable[[], None]) -> None:
        """Begin to make the applications. Call it in the server's event loop; so is ``on_failure`` called."""
        self._on_failure = on_failure
        loop = asyncio.get_running_loop()
        threading.Thread(target=self._make, args=(loop,), name="page", daemon=True).start()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self._lifespan(receive, send)
            return
        if self._files.answers(scope):
            await self._page(scope, receive, send)
            return
        path = scope.get("path", "")
        if self._app is None and scope["type"] == "http":
            if path == "/readyz" and not self.settled:
                await self._waiting(scope, receive, send)
                return
            if path.startswith(_API):
                await self._api_settled.wait()
                if self._api is not None:
                    await self._api(scope, receive, send)
                    return
        await self._settled.wait()
        # None when it could not be made: the server is about to end, and says why.
        await (self._app or self._waiting)(scope, receive, send)

    def _make(self, loop: asyncio.AbstractEventLoop) -> None:
        def tell(what: Callable[[], object]) -> None:
            # A server that has ended meanwhile has nobody to be told.
            with contextlib.suppress(RuntimeError):
                loop.call_soon_threadsafe(what)

        try:
            self._api = self._make_api()
            tell(self._api_settled.set)
            app = self._make_app()
            tell(lambda: loop.create_task(self._live(app)))
        except Exception as problem:  # noqa: BLE001 - told by the server, whatever it was
            failed = problem
            tell(lambda: self._fail(failed))

    def _fail(self, problem: BaseException) -> None:
        _log.error("the page could not be made", exc_info=problem)
        self.failure = problem
        self._api_settled.set()
        self._settled.set()
        self._on_failure()

    async def _live(self, app: Any) -> None:
        """Run the application's lifespan around its serving."""
        try:
            async with app.router.lifespan_context(app):
                self._app = app
                self._settled.set()
                await self._closing.wait()
        except Exception as problem:  # noqa: BLE001 - as above
            self._fail(problem)

    async def _lifespan(self, receive: Receive, send: Send) -> None:
        while True:
            message = await receive()
            if message["type"] == "lifespan.startup":
                await send({"type": "lifespan.startup.complete"})
            else:
                self._closing.set()
                # One turn of the loop for the application's own end.
                await asyncio.sleep(0)
                await send({"type": "lifespan.shutdown.complete"})
                return


async def _waiting(scope: Scope, receive: Receive, send: Send) -> None:
    body = b'{"status":"loading","line":"the page is being made","notices":[]}'
    headers = [
        (b"content-type", b"application/json"),
        (b"content-length", str(len(body)).encode()),
        (b"retry-after", b"1"),
        (b"cache-control", b"no-store"),
    ]
    await send({"type": "http.response.start", "status": 503, "headers": headers})
    await send({"type": "http.response.body", "body": b"" if scope.get("method") == "HEAD" else body})
