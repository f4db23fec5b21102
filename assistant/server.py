"""The server: the page, the API and the two probes, on one port of this machine."""

from __future__ import annotations

import contextlib
import errno
import logging
import os
import signal
import socket
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from fastapi import FastAPI
from fastapi.responses import JSONResponse
from fastapi.staticfiles import StaticFiles
from pydantic import BaseModel, Field

from assistant.config import AppConfig, is_loopback
from assistant.guard import Guard
from assistant.service import Service
from assistant.viewing import document_view
from index import BadInput, BadSetting

_PAGE = Path(__file__).parent / "page"
_PORTS = range(7860, 7960)
_DRAIN_S = 10
_SESSIONS = 500
_WAITING = 64


class Asked(BaseModel):
    """The body of ``POST /v1/ask``."""

    question: str
    history: list[str] = Field(default_factory=list, max_length=100)


def serve(config: AppConfig) -> int:
    """Serve the page until SIGTERM or Ctrl-C; questions under way are answered. Returns the exit status.

    Raises BadSetting when the port is taken or the address is not this machine's.
    """
    logging.basicConfig(level=logging.WARNING, format="%(levelname)s %(name)s: %(message)s")
    listener = _listen(config)
    host, port = listener.getsockname()[:2]
    if not is_loopback(config.host):
        print(
            f"warning: listening on {config.host}: everyone who reaches this machine can ask, and there is no login",
            file=sys.stderr,
        )
    service = Service(config)
    app = create_app(service)
    # Imported by now through gradio, so it costs nothing here.
    import uvicorn

    class Server(uvicorn.Server):
        """Ends with status 0 on a signal, where uvicorn would die of it once more."""

        @contextlib.contextmanager
        def capture_signals(self) -> Iterator[None]:
            for number in (signal.SIGINT, signal.SIGTERM):
                signal.signal(number, self.handle_exit)
            yield

        async def startup(self, sockets: list[socket.socket] | None = None) -> None:
            await super().startup(sockets)
            shown = f"[{host}]" if ":" in host else host
            print(f"The page is at http://{shown}:{port}  (stop with Ctrl-C)", flush=True)
            # Only now: loading the model before would keep the page waiting for it.
            service.start()

    settings = uvicorn.Config(
        app, log_level="warning", access_log=False, timeout_graceful_shutdown=_DRAIN_S, timeout_keep_alive=30
    )
    Server(settings).run(sockets=[listener])
    return 0


def create_app(service: Service) -> FastAPI:
    """The whole application, ready to be served."""
    # Set before gradio is imported: it looks a version up on the network otherwise.
    os.environ["GRADIO_ANALYTICS_ENABLED"] = "False"
    import gradio as gr

    from assistant.app import HEAD, NAME, build

    app = FastAPI(title=NAME, docs_url=None, redoc_url=None, openapi_url="/v1/openapi.json")
    _add_api(app, service)
    app.mount("/page", StaticFiles(directory=_PAGE), name="page")
    page = build(service)
    page.queue(max_size=_WAITING, default_concurrency_limit=None)
    # Without it a mounted page would hand out any file of this machine: the check of uploaded paths is skipped
    # for pages that were not launched.
    page.has_launched = True
    page.state_session_capacity = _SESSIONS
    gr.mount_gradio_app(
        app,
        page,
        path="",
        head=HEAD,
        theme=gr.themes.Base(font=["Inter", "system-ui", "sans-serif"], font_mono=["ui-monospace", "monospace"]),
        footer_links=[],
        run_history=False,
        enable_monitoring=False,
        show_error=False,
        max_file_size="1mb",
        ssr_mode=False,
        pwa=False,
        mcp_server=False,
    )
    app.add_middleware(Guard, host=service.config.host)
    return app


def _add_api(app: FastAPI, service: Service) -> None:
    @app.get("/healthz", include_in_schema=False)
    def healthz() -> dict[str, str]:
        return {"status": "up"}

    @app.get("/readyz", include_in_schema=False)
    def readyz() -> JSONResponse:
        try:
            index, notices = service.index()
        except BadInput as problem:
            return JSONResponse({"status": "not ready", "reason": str(problem)}, status_code=503)
        return JSONResponse({"status": "ready", "generation": index.generation, "notices": list(notices)})

    @app.post("/v1/ask")
    def ask(asked: Asked) -> JSONResponse:
        """The reply object of assistant/reply.schema.json."""
        return _told(lambda: service.ask(asked.question, asked.history).to_json())

    @app.get("/v1/documents")
    def documents() -> JSONResponse:
        """The documents of the live index, in order."""
        return _told(
            lambda: [
                {"document": document.id, "title": document.title, "sha256": document.sha256}
                for document in service.index()[0].documents.values()
            ]
        )

    @app.get("/v1/document/{sha256}")
    def document(sha256: str) -> JSONResponse:
        """The text of a document and its structure; ``sha256`` is of its file."""
        found = service.document(sha256)
        if found is None:
            return JSONResponse({"error": "no such document in the index; it may have changed"}, status_code=404)
        return JSONResponse(document_view(found))


def _told(work: Any) -> JSONResponse:
    try:
        return JSONResponse(work())
    except BadInput as problem:
        return JSONResponse({"error": str(problem)}, status_code=503)


def _listen(config: AppConfig) -> socket.socket:
    family = socket.AF_INET6 if ":" in config.host else socket.AF_INET
    for port in [config.port] if config.port else _PORTS:
        listener = socket.socket(family, socket.SOCK_STREAM)
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind((config.host, port))
        except OSError as problem:
            listener.close()
            if problem.errno == errno.EADDRINUSE and config.port is None:
                continue
            name = "SCO_PORT" if problem.errno == errno.EADDRINUSE else "SCO_HOST"
            reason = "is taken; choose another" if name == "SCO_PORT" else f"cannot be used ({problem.strerror})"
            raise BadSetting(name, f"{config.host}:{port} {reason}") from None
        listener.set_inheritable(True)
        return listener
    raise BadSetting("SCO_PORT", f"no free port from {_PORTS[0]} to {_PORTS[-1]}; choose one")
