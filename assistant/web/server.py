"""The server: the page and the API on one port, up before the model is."""

from __future__ import annotations

import contextlib
import errno
import logging
import os
import signal
import socket
import sys
from collections.abc import Iterator
from typing import TYPE_CHECKING

from assistant.config import AppConfig, is_loopback
from assistant.serving import logs
from assistant.serving.admission import Admission
from assistant.web.door import Door
from assistant.web.guard import Guard
from index import BadSetting

if TYPE_CHECKING:
    from fastapi import FastAPI

    from assistant.serving.service import Service

_log = logging.getLogger(__name__)

_PORTS = range(7860, 7960)
_DRAIN_S = 20
_KEEP_ALIVE_S = 30
_SESSIONS = 500
_WAITING = 64
# Of mallopt(3) in malloc.h; and how many heaps the threads share.
_M_ARENA_MAX, _ARENAS = -8, 2


def serve(config: AppConfig) -> int:
    """Serve the page until SIGTERM or Ctrl-C, answer the questions under way, return the exit status.

    Raises BadSetting when the port is taken, the address is not this machine's, or others could ask without a login.
    """
    logs.configure(config.log)
    config.refuse_to_be_open()
    # First, so that a taken port is told before seconds of import.
    listener = _listen(config)
    if not is_loopback(config.host):
        _say(config, _warning(config))
    # Less than a tenth of a second of import, where what answers takes more than one.
    import uvicorn
    from uvicorn.config import LOGGING_CONFIG

    behind = _Behind(config)
    door = Door(behind.make_api, behind.make_app, config.host, behind.admission)

    class Server(uvicorn.Server):
        """Ends with status 0 on a signal, where uvicorn would raise it again, and says when the page is up."""

        @contextlib.contextmanager
        def capture_signals(self) -> Iterator[None]:
            for number in (signal.SIGINT, signal.SIGTERM):
                signal.signal(number, self.handle_exit)
            yield

        async def startup(self, sockets: list[socket.socket] | None = None) -> None:
            await super().startup(sockets)
            if config.log == "json":
                _log.info("the page is up", extra={"facts": {"address": _address(listener)}})
            else:
                sys.stdout.write(f"The page is at {_address(listener)} (stop with Ctrl-C)\n")
                sys.stdout.flush()
            # Only now: whoever asks meanwhile is told to wait, or waits.
            door.open(on_failure=self._give_up)

        def _give_up(self) -> None:
            self.should_exit = True

    settings = uvicorn.Config(
        logs.RequestLog(door),
        # Its own would write prose among the objects.
        log_config=None if config.log == "json" else LOGGING_CONFIG,
        log_level="warning",
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=_DRAIN_S,
        timeout_keep_alive=_KEEP_ALIVE_S,
    )
    Server(settings).run(sockets=[listener])
    behind.close()
    if door.failure is not None:
        return 1
    if not behind.settled or not door.settled:
        # A thread that imports cannot be stopped, and may abort the process when the interpreter ends.
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(0)
    return 0


class _Behind:
    """What stands behind the door, made in the door's thread: the page is up before the service is even imported."""

    def __init__(self, config: AppConfig) -> None:
        self.admission = admission_of(config)
        self._config = config
        self._service: Service | None = None

    def make_api(self) -> FastAPI:
        return create_api(self._started(), self.admission)

    def make_app(self) -> FastAPI:
        return create_app(self._started(), self.admission)

    def _started(self) -> Service:
        if self._service is None:
            share_heaps()
            from assistant.serving.service import Service

            self._service = Service(self._config)
            # It loads beside what is imported for the applications.
            self._service.start()
        return self._service

    def close(self) -> None:
        if self._service is not None:
            self._service.close()

    @property
    def settled(self) -> bool:
        """Whether nothing is being loaded any more."""
        return self._service is not None and self._service.settled()


def share_heaps() -> None:
    """Have all threads share two heaps; does nothing where the C library is not glibc.

    It would give each thread one of its own, up to eight a core, and each keeps what was freed in it.
    """
    # Here, where numpy will need it in a moment: the page must not wait for it.
    import ctypes

    set_option = getattr(ctypes.CDLL(None), "mallopt", None)
    if set_option is not None:
        set_option(_M_ARENA_MAX, _ARENAS)


def admission_of(config: AppConfig) -> Admission:
    """What the settings ask of every request; one for all applications of a server."""
    return Admission(config.login, config.questions_a_minute, config.hosts, framed_by=config.framed_by)


def create_api(service: Service, admission: Admission | None = None) -> FastAPI:
    """The API alone, which needs no Gradio: it answers while the page is still being made."""
    from fastapi import FastAPI

    from assistant.web.api import routes

    api = FastAPI(title="Verbatim", docs_url=None, redoc_url=None, openapi_url="/v1/openapi.json")
    config, admission = service.config, admission or admission_of(service.config)
    api.include_router(routes(service, admission.turns))
    api.add_middleware(Guard, host=config.host, uploads=config.allow_rebuild, admission=admission)
    return api


def create_app(service: Service, admission: Admission | None = None) -> FastAPI:
    """The whole application but for the page's files, ready to be served; ``service`` is not started."""
    # Before gradio is imported: it looks a version up on the network otherwise.
    os.environ["GRADIO_ANALYTICS_ENABLED"] = "False"
    from assistant.web.importing import import_gradio

    import_gradio()
    import gradio as gr
    from fastapi import FastAPI
    from starlette.routing import Route

    from assistant.web import api_page
    from assistant.web.api import routes
    from assistant.web.app import NAME, build
    from assistant.web.tools_door import PATH, ToolsDoor

    app = FastAPI(title=NAME, docs_url=None, redoc_url=None, openapi_url="/v1/openapi.json")
    admission = admission or admission_of(service.config)
    app.include_router(routes(service, admission.turns))
    app.router.routes.append(Route(PATH, ToolsDoor(service, admission.turns)))
    page = build(service, admission.turns)
    app.include_router(api_page.route(service, page))
    page.queue(max_size=_WAITING, default_concurrency_limit=None)
    # Gradio checks paths in what clients send only for pages that were launched: mounted without this line, every
    # endpoint would hand out any file of the machine.
    page.has_launched = True
    page.state_session_capacity = _SESSIONS
    gr.mount_gradio_app(
        app,
        page,
        path="",
        # Only to keep Gradio's own fonts away; the page's own style sheets draw the rest.
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
    config = service.config
    app.add_middleware(Guard, host=config.host, uploads=config.allow_rebuild, admission=admission)
    return app


def _say(config: AppConfig, warning: str) -> None:
    if config.log == "json":
        _log.warning("%s", warning)
    else:
        print(f"warning: {warning}", file=sys.stderr)


def _warning(config: AppConfig) -> str:
    if config.login is None:
        return f"listening on {config.host} without a login: whoever reaches it can ask and read the documents"
    return f"listening on {config.host}: passwords and documents travel unencrypted unless a proxy in front speaks TLS"


def _listen(config: AppConfig) -> socket.socket:
    family = socket.AF_INET6 if ":" in config.host else socket.AF_INET
    for port in _PORTS if config.port is None else [config.port]:
        # Named, for only then does asyncio send at once: an answer's head and body would else be 40 ms apart.
        listener = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
        # A port left in TIME_WAIT by the last run is free; one that somebody listens on still counts as taken.
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind((config.host, port))
            listener.listen()
        except OSError as problem:
            listener.close()
            if problem.errno != errno.EADDRINUSE:
                line = f"{config.host}:{port} cannot be listened on ({problem.strerror})"
                raise BadSetting("SCO_HOST", line) from None
            if config.port is not None:
                raise BadSetting("SCO_PORT", f"port {port} is taken; choose another") from None
            continue
        return listener
    raise BadSetting("SCO_PORT", f"no free port from {_PORTS[0]} to {_PORTS[-1]}; choose one")


def _address(listener: socket.socket) -> str:
    host, port = listener.getsockname()[:2]
    return f"http://{f'[{host}]' if ':' in host else host}:{port}"
