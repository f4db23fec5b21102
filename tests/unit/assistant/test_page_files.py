from __future__ import annotations

import asyncio
import gzip
import re
import socket
from pathlib import Path

import httpx
import loops
import pytest
from starlette.responses import PlainTextResponse
from starlette.types import Receive, Scope, Send

from assistant.config import AppConfig
from assistant.web.gradio_files import Frontend
from assistant.web.page_files import PAGE, PageFiles
from assistant.web.server import _listen


def client(frontend: Frontend | None = None) -> httpx.AsyncClient:
    files = PageFiles(frontend or Frontend.installed())

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        await (files if files.answers(scope) else PlainTextResponse("from behind", 404))(scope, receive, send)

    return httpx.AsyncClient(transport=httpx.ASGITransport(app=app), base_url="http://localhost")


def get(*paths: str, **headers: str) -> list[httpx.Response]:
    async def run() -> list[httpx.Response]:
        async with client() as browser:
            return [await browser.get(path, headers=headers) for path in paths]

    return loops.run(run())


def test_every_file_the_page_names_is_there_and_kept_for_good() -> None:
    page = get("/")[0]
    named = re.findall(r'(?:src|href|data-script)="(/(?:page|assets)/[^"]+)"', page.text)
    assert len(named) > 60, "Gradio's files are not named"
    assert page.headers["cache-control"] == "no-cache"
    assert "<!--" not in re.sub(r"<!-- .*? -->", "", page.text), "a part was not put in"
    assert "{gradio" not in page.text
    for file in get(*set(named)):
        assert (file.status_code, "immutable" in file.headers["cache-control"]) == (200, True), file.url


def test_what_is_sent_packed_is_the_same() -> None:
    [plain] = get("/", **{"accept-encoding": "identity"})
    [packed] = get("/", **{"accept-encoding": "gzip"})
    assert "content-encoding" not in plain.headers
    assert (packed.headers["content-encoding"], packed.text) == ("gzip", plain.text)
    assert int(packed.headers["content-length"]) == len(gzip.compress(plain.content, 6, mtime=0)) < len(plain.content)


@pytest.mark.parametrize(
    "path", ["/page/page.js", "/page/../server.py", "/page/%2e%2e/server.py", "/assets/", "/assets/../index.html", "/x"]
)
def test_no_other_address_leads_to_a_file(path: str) -> None:
    assert get(path)[0].text == "from behind"


def test_a_changed_file_changes_the_address_of_all(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for file in PAGE.rglob("*"):
        if file.is_file():
            (tmp_path / file.relative_to(PAGE)).parent.mkdir(exist_ok=True)
            (tmp_path / file.relative_to(PAGE)).write_bytes(file.read_bytes())
    monkeypatch.setattr("assistant.web.page_files.PAGE", tmp_path)
    before = get("/")[0].text
    assert before == get("/")[0].text
    with (tmp_path / "theme.js").open("a") as file:
        file.write("// changed\n")
    assert place(get("/")[0].text) != place(before)


def place(page: str) -> str:
    found = re.search(r"/page/[0-9a-f]+/", page)
    assert found
    return found[0]


def test_a_frontend_that_is_not_understood_still_gives_a_page(tmp_path: Path) -> None:
    (tmp_path / "assets").mkdir()
    (tmp_path / "assets" / "index-Ab_1-2.js").write_text("import('./elsewhere.js')")
    (tmp_path / "index.html").write_text('<script type="module" src="./assets/index-Ab_1-2.js"></script>')
    frontend = Frontend(tmp_path)
    assert (frontend.script, frontend.style, frontend.wanted_first()) == ("index-Ab_1-2.js", "", ["index-Ab_1-2.js"])

    async def run() -> None:
        async with client(frontend) as browser:
            assert 'data-script="/assets/index-Ab_1-2.js"' in (await browser.get("/")).text

    loops.run(run())


def test_an_answer_is_not_held_back_for_the_clients_acknowledgement() -> None:
    listener = _listen(AppConfig(port=0))

    async def run() -> int:
        kept: list[int] = []

        async def connected(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            kept.append(writer.get_extra_info("socket").getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY))
            writer.close()

        server = await asyncio.start_server(connected, sock=listener)
        reader, writer = await asyncio.open_connection(*listener.getsockname())
        await reader.read()
        writer.close()
        server.close()
        return kept[0]

    assert loops.run(run()) == 1
