"""Every door of the server: who is let in, from where, and what is told to those who are not."""

from __future__ import annotations

import base64
import json
import os
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import loops
import pytest
from served import ROOT, Served, serve
from starlette.routing import BaseRoute

from assistant.config import AppConfig
from assistant.login import Login
from assistant.serving.admission import Admission
from assistant.serving.service import Service
from assistant.web.guard import Guard
from assistant.web.server import create_app

PASSWORD = "open-sesame-and-more"
ANSWERED_WITHOUT_A_LOGIN = {"/healthz"}


async def answer(app: Any, method: str, path: str, **headers: str) -> tuple[int, dict[str, str]]:
    """Status and headers that an application gives to a request from 192.0.2.1, called as a server calls it."""
    sent: list[Any] = []

    async def receive() -> Any:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: Any) -> None:
        sent.append(message)

    raw = [(name.replace("_", "-").lower().encode(), value.encode()) for name, value in headers.items()]
    scope = {"type": "http", "method": method, "path": path, "raw_path": path.encode(), "query_string": b""}
    scope |= {"headers": raw, "client": ("192.0.2.1", 50000), "scheme": "http", "root_path": "", "http_version": "1.1"}
    await app(scope, receive, send)
    return sent[0]["status"], {name.decode(): value.decode() for name, value in sent[0]["headers"]}


async def welcome(scope: Any, receive: Any, send: Any) -> None:
    headers = [(b"access-control-allow-origin", b"null"), (b"access-control-allow-credentials", b"true")]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": b""})


async def broken(scope: Any, receive: Any, send: Any) -> None:
    raise RuntimeError("the secret of line 7")


def paths(routes: list[BaseRoute], before: str = "") -> Iterator[str]:
    for route in routes:
        path = before + getattr(route, "path", "")
        yield path
        yield from paths(getattr(route, "routes", None) or [], path)
        # FastAPI keeps included routers, Starlette keeps mounted applications.
        inner = getattr(route, "original_router", None)
        yield from paths(getattr(inner, "routes", None) or [], path)


def test_no_route_of_the_whole_application_but_one_is_answered_without_a_login(tmp_path: Path) -> None:
    app = create_app(Service(AppConfig(login=Login("ada", PASSWORD))))
    every = {path.replace("{", "").replace("}", "").replace(":path", "") or "/" for path in paths(app.routes)}
    assert {"/v1/ask", "/v1/documents", "/gradio_api/queue/join", "/gradio_api/upload", "/config"} <= every

    async def walk() -> set[str]:
        open_ = set()
        for path in every | {"/no/such/route", "//evil.example", "/healthz/", "/HEALTHZ", "/healthz/../v1/index"}:
            for method in ("GET", "HEAD", "OPTIONS", "POST", "PUT", "PATCH", "DELETE", "PROPFIND"):
                status, headers = await answer(app, method, path, host="localhost")
                assert "content-security-policy" in headers
                if status != 401:
                    open_.add(path)
        return open_

    assert loops.run(walk()) == ANSWERED_WITHOUT_A_LOGIN


@pytest.mark.parametrize(
    ("listening", "host", "known"),
    [
        ("127.0.0.1", "127.0.0.1:7860", True),
        ("127.0.0.1", "localhost", True),
        ("127.0.0.1", "[::1]:7860", True),
        ("127.0.0.1", "LOCALHOST:1", True),
        ("127.0.0.1", "verbatim.example", True),
        ("127.0.0.1", "evil.example", False),
        ("127.0.0.1", "localhost.evil.example", False),
        ("127.0.0.1", "evil.example:80@localhost", True),
        ("127.0.0.1", "192.0.2.7", False),
        ("127.0.0.1", "", False),
        ("127.0.0.1", "[", False),
        ("0.0.0.0", "192.0.2.7:7860", True),
        ("0.0.0.0", "[2001:db8::1]", True),
        ("0.0.0.0", "verbatim.example", True),
        ("0.0.0.0", "evil.example", False),
        ("0.0.0.0", "192.0.2.7.evil.example", False),
    ],
)
def test_only_a_name_of_this_server_is_answered(listening: str, host: str, known: bool) -> None:
    guard = Guard(welcome, listening, admission=Admission(hosts=frozenset({"verbatim.example"})))
    assert loops.run(answer(guard, "GET", "/", host=host))[0] == (200 if known else 400)


@pytest.mark.parametrize(
    ("method", "origin", "site", "status"),
    [
        ("GET", None, None, 200),
        ("GET", "http://localhost:7860", "same-origin", 200),
        ("GET", None, "cross-site", 200),
        ("GET", "http://evil.example", "cross-site", 403),
        ("GET", "null", None, 403),
        ("GET", "http://[", None, 403),
        ("POST", "http://[::1", "same-origin", 403),
        ("POST", None, None, 200),
        ("POST", "http://localhost:7860", "same-origin", 200),
        ("POST", "http://localhost:9999", "same-site", 403),
        ("POST", "http://evil.example", None, 403),
        ("POST", "null", None, 403),
        ("POST", None, "cross-site", 403),
        ("DELETE", "http://evil.example", "cross-site", 403),
        ("OPTIONS", "http://evil.example", "cross-site", 403),
    ],
)
def test_other_sites_may_link_here_and_nothing_else(
    method: str, origin: str | None, site: str | None, status: int
) -> None:
    headers = {"host": "localhost:7860"}
    headers |= {"origin": origin} if origin else {}
    headers |= {"sec_fetch_site": site} if site else {}
    told, sent = loops.run(answer(Guard(welcome, "127.0.0.1"), method, "/", **headers))
    assert (told, [name for name in sent if name.startswith("access-control")]) == (status, [])


def test_a_failure_carries_the_headers_and_tells_nothing(caplog: pytest.LogCaptureFixture) -> None:
    status, headers = loops.run(answer(Guard(broken, "127.0.0.1"), "GET", "/", host="localhost"))
    assert (status, "frame-ancestors 'none'" in headers["content-security-policy"]) == (500, True)
    assert "the secret of line 7" in caplog.text


def test_a_socket_is_closed_before_anything_sees_it() -> None:
    sent: list[Any] = []

    async def run() -> None:
        async def send(message: Any) -> None:
            sent.append(message)

        await Guard(broken, "127.0.0.1")({"type": "websocket", "headers": []}, None, send)  # type: ignore[arg-type]

    loops.run(run())
    assert sent == [{"type": "websocket.close", "code": 1008}]


def started(**settings: str) -> subprocess.CompletedProcess[str]:
    environ = {name: value for name, value in os.environ.items() if not name.startswith("SCO_")} | settings
    command = [sys.executable, "-m", "assistant"]
    return subprocess.run(command, cwd=ROOT, env=environ, capture_output=True, text=True, check=False, timeout=120)


def test_other_machines_are_not_let_in_without_a_word_on_the_login() -> None:
    done = started(SCO_HOST="0.0.0.0")
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == (
        "setting SCO_LOGIN: listening on 0.0.0.0 lets other machines in; set it to user:password, or to off "
        "if a proxy in front of this server asks for a login\n"
    )


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory, ready_article: Path) -> Iterator[Served]:
    folder = tmp_path_factory.mktemp("locked")
    with serve(
        folder, ROOT / "source_docs", ready_article, SCO_LOGIN=f"ada:{PASSWORD}", SCO_RATE="40", SCO_ALLOW_REBUILD="0"
    ) as served:
        served.wait_until("/healthz")
        yield served


def send(
    server: Served, path: str, body: object = None, login: str | None = f"ada:{PASSWORD}"
) -> tuple[int, str, dict[str, str]]:
    headers = {"Content-Type": "application/json"}
    if login is not None:
        headers["Authorization"] = "Basic " + base64.b64encode(login.encode()).decode()
    data = None if body is None else json.dumps(body).encode()
    try:
        with urllib.request.urlopen(urllib.request.Request(server.url + path, data, headers), timeout=120) as told:
            return told.status, told.read().decode("utf-8", "replace"), dict(told.headers.items())
    except urllib.error.HTTPError as problem:
        return problem.code, problem.read().decode("utf-8", "replace"), dict(problem.headers.items())


def ready(server: Served) -> None:
    while send(server, "/readyz")[0] != 200:
        assert server.process.poll() is None
        time.sleep(0.3)


def test_a_login_opens_the_page_and_the_api_and_appears_nowhere(server: Served) -> None:
    ready(server)
    assert send(server, "/v1/ask", {"question": "When did India join?"}, login=None)[0] == 401
    assert send(server, "/", login="ada:wrong-password")[0] == 401
    status, body, _ = send(server, "/v1/ask", {"question": "When did India join?"})
    assert (status, json.loads(body)["kind"]) == (200, "answer")
    seen = "".join(send(server, path)[1] for path in ("/", "/config", "/v1/index", "/gradio_api/info"))
    assert "Verbatim" in seen
    assert PASSWORD not in seen + server.log.read_text("utf-8", "replace")


def test_where_changes_are_off_nothing_can_be_changed(server: Served) -> None:
    ready(server)
    assert send(server, "/v1/rebuild", {})[0] == 403
    assert send(server, "/v1/rollback", {})[0] == 403
    assert send(server, "/v1/documents", {})[0] in (403, 422)


def test_more_questions_than_allowed_get_429_and_a_time_to_come_again(server: Served) -> None:
    ready(server)
    told = [send(server, "/v1/resolve", {}) for _ in range(60)]
    refused = [one for one in told if one[0] == 429]
    assert len(refused) >= 10
    assert json.loads(refused[0][1]) == {"error": "more than 40 questions a minute; wait before you ask again"}
    assert 1 <= int(refused[0][2]["retry-after"]) <= 3


def test_questions_under_way_are_answered_before_the_server_ends(tmp_path: Path, ready_article: Path) -> None:
    served = serve(tmp_path, ROOT / "source_docs", ready_article)
    served.wait_until("/readyz")
    told: list[tuple[int, str, dict[str, str]]] = []

    def ask(number: int) -> None:
        told.append(send(served, "/v1/ask", {"question": f"When did India join, in the year {1990 + number}?"}))

    asking = [threading.Thread(target=ask, args=(number,)) for number in range(6)]
    for one in asking:
        one.start()
    while not told:
        time.sleep(0.005)
    ended = served.stop()
    for one in asking:
        one.join(60)
    assert (ended, [status for status, _, _ in told]) == (0, [200] * 6)
