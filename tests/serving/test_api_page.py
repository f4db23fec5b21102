"""The page at /api, over a real server: whatever it prints is run as it is printed."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from served import ROOT, Served, send, serve

from assistant import schemas
from assistant.web.http_objects import Rebuilt, Status

# It comes first, so the examples speak of it; its name and words mean much to a shell, to HTML and to printf.
ODD = """a 'quoted' <b> "name" 50 %s $HOME.txt"""
ODD_WORDS = """Odd & <em>ends

It's said that "50 %" of `id` and $HOME \\n were <i>lost</i> in 1931.
"""
LOGIN = "ada:it's a long password"


@dataclass
class Entry:
    """An article of the page: its heading, its words, and its examples by kind."""

    heading: str = ""
    text: str = ""
    examples: dict[str, str] = field(default_factory=dict)


class Page(HTMLParser):
    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.entries: list[Entry] = []
        self.tags: list[str] = []
        self.links: set[str] = set()
        self.text = ""
        self._inside, self._heading, self._kind = False, False, ""
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        found = dict(attrs)
        if tag == "article":
            self._inside = True
            self.entries.append(Entry())
        self._heading = self._heading or tag == "h3"
        if tag == "code":
            self._kind = found.get("class") or ""
        if tag == "a" and (href := found["href"] or "").startswith("/"):
            self.links.add(href)

    def handle_endtag(self, tag: str) -> None:
        self._inside = self._inside and tag != "article"
        self._heading = self._heading and tag != "h3"
        self._kind = "" if tag == "code" else self._kind

    def handle_data(self, data: str) -> None:
        self.text += data
        if not self._inside:
            return
        entry = self.entries[-1]
        entry.text += data
        entry.heading += data if self._heading else ""
        if self._kind:
            entry.examples[self._kind] = entry.examples.get(self._kind, "") + data


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A server that may change everything, over a copy and an odd document, with a generation to go back to."""
    folder = tmp_path_factory.mktemp("described")
    shutil.copytree(ROOT / "source_docs", folder / "docs")
    (folder / "docs" / ODD).write_text(ODD_WORDS, "utf-8")
    with serve(folder, folder / "docs") as served:
        served.wait_until("/readyz")
        (served.documents / "boats.txt").write_text("Boats\n\nThe Tamsin ferry sank in 1932.\n", "utf-8")
        assert send(served, "/v1/rebuild", b"")[0] == 202
        settled(served)
        yield served


def settled(server: Served) -> None:
    """Wait for the end of a rebuild, and of the search for questions to begin with."""
    ends = time.monotonic() + 120
    while server.get("/v1/index")["rebuild"]["running"] or send(server, "/v1/suggestions")[0] == 202:
        assert time.monotonic() < ends
        time.sleep(0.1)


@pytest.fixture(scope="module")
def page(server: Served) -> Page:
    status, html, headers = send(server, "/api")
    assert (status, headers["content-type"]) == (200, "text/html; charset=utf-8")
    return Page(html)


def run(command: str, **environ: str) -> str:
    done = subprocess.run(
        ["sh", "-c", command],
        capture_output=True,
        text=True,
        timeout=120,
        check=True,
        env={**os.environ, "HOME": "/nowhere", **environ},
    )
    assert done.stderr == ""
    return done.stdout


def event(heard: str) -> Any:
    """What an endpoint that was called by its name sends in the end."""
    data = heard.partition("event: complete\ndata: ")[2].splitlines()[0]
    return json.loads(data)[0]


def check(answer: Any, described: dict[str, Any], components: dict[str, Any]) -> None:
    """That an answer is what its description says, and has every property that is described."""
    Draft202012Validator({**described, "components": components}).validate(answer)
    properties = described.get("properties") or {}
    if "$ref" in described:
        properties = components["schemas"][described["$ref"].rpartition("/")[2]]["properties"]
    # Of a line in a batch alone.
    assert not properties or answer.keys() >= properties.keys() - {"id"}


def test_whatever_can_be_called_is_there_with_an_example_of_each_kind(server: Served, page: Page) -> None:
    named = server.get("/gradio_api/info")["named_endpoints"]
    paths = server.get("/v1/openapi.json")["paths"]
    plain = [f"{method.upper()} {path}" for path, methods in paths.items() for method in methods]
    told = {entry.heading.strip(): entry for entry in page.entries}
    assert told.keys() == {*named, *plain, "ask", "search", "verify_quote", "read_passage"}
    assert len(told) == len(page.entries)
    for name in named:
        assert told[name].examples.keys() == {"python", "shell"}
    assert [name for name in told if not told[name].examples.get("shell")] == []
    for name, endpoint in named.items():
        assert [
            one["parameter_name"] for one in endpoint["parameters"] if one["parameter_name"] not in told[name].text
        ] == []
    assert "integer, 1 to 50, default 10" in told["POST /v1/search"].text
    assert "one of markdown, html, json" in told["POST /v1/export"].text
    assert "verbatim_reply_seconds" in page.text


def test_every_curl_example_of_a_named_endpoint_works(server: Served, page: Page) -> None:
    answers = {
        entry.heading: event(run(entry.examples["shell"])) for entry in page.entries if entry.heading.startswith("/")
    }
    assert list(answers) == ["/ask", "/search", "/verify", "/status", "/rebuild"]
    for name, schema in {"/ask": "reply", "/search": "passages", "/verify": "verdict"}.items():
        Draft202012Validator(schemas.schema(schema)).validate(answers[name])
    for name, model in {"/status": Status, "/rebuild": Rebuilt}.items():
        Draft202012Validator(model.model_json_schema()).validate(answers[name])
        assert answers[name].keys() == model.model_fields.keys()
    told = {entry.heading: entry.text for entry in page.entries}
    assert ("index object or null" in told["/status"], "documents array of object" in told["/status"]) == (True, True)
    assert answers["/ask"]["kind"] == "answer"
    assert (answers["/verify"]["verdict"], answers["/verify"]["matches"][0]["document"]) == ("exact", ODD)
    assert (answers["/status"]["state"], answers["/rebuild"]["failed"]) == ("ready", False)


def test_every_gradio_client_example_works(page: Page, capsys: pytest.CaptureFixture[str]) -> None:
    said: dict[str, str] = {}
    for entry in page.entries:
        if "python" in entry.examples:
            exec(entry.examples["python"], {})
            said[entry.heading] = capsys.readouterr().out
    assert list(said) == ["/ask", "/search", "/verify", "/status", "/rebuild"]
    for name, words in {
        "/ask": "'kind': 'answer'",
        "/verify": "'verdict': 'exact'",
        "/rebuild": "'failed': False",
    }.items():
        assert words in said[name]


def test_every_curl_example_of_a_tool_works(page: Page) -> None:
    told = {entry.heading: entry for entry in page.entries}
    for name, schema in {
        "ask": "reply",
        "search": "passages",
        "verify_quote": "verdict",
        "read_passage": "passages",
    }.items():
        answer = json.loads(run(told[name].examples["shell"]))["result"]
        assert not answer.get("isError")
        Draft202012Validator(schemas.schema(schema)).validate(answer["structuredContent"])


def test_every_curl_example_of_the_rest_works_and_gives_what_is_described(server: Served, page: Page) -> None:
    described = server.get("/v1/openapi.json")
    answers: dict[str, Any] = {}
    for entry in page.entries:
        method, _, path = entry.heading.partition(" ")
        if not path:
            continue
        settled(server)
        said = run(entry.examples["shell"])
        responses = described["paths"][path][method.lower()]["responses"]
        content = next(told for status, told in responses.items() if status.startswith("2")).get("content", {})
        schema = content.get("application/json", {}).get("schema")
        if path in ("/metrics", "/v1/export"):
            answers[path] = said
            continue
        answers[path] = json.loads(said)
        assert "error" not in answers[path], entry.heading
        assert "detail" not in answers[path], entry.heading
        if path != "/v1/schemas/{file}":
            check(answers[path], schema, described["components"])
    assert "verbatim_ready 1.0" in answers["/metrics"]
    assert "> " in answers["/v1/export"]
    assert answers["/v1/passage"]["passages"][0]["document"] == ODD
    assert answers["/v1/resolve"]["fate"] == "same"
    assert answers["/v1/rollback"]["changed"] is True
    assert answers["/v1/documents/restore"] == {"document": "example-note.txt"}


def test_every_link_of_the_page_leads_somewhere(server: Served, page: Page) -> None:
    assert {f"/v1/schemas/{file}" for file in schemas.FILES} <= page.links
    for link in page.links:
        assert send(server, link)[0] == 200, link
    assert "script" not in page.tags
    assert send(server, "/v1/schemas/..%2Fapi.py")[0] == 404


def test_behind_a_login_the_examples_take_it_from_the_environment_and_what_is_off_has_none(
    server: Served, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    with serve(tmp_path, server.documents, SCO_LOGIN=LOGIN, SCO_ALLOW_REBUILD="0", SCO_FEEDBACK="0") as served:
        served.wait_until("/healthz")
        fetched = f'curl -s -u "$VERBATIM_LOGIN" --retry 100 --retry-delay 1 --retry-all-errors --fail {served.url}'
        run(f"{fetched}/readyz", VERBATIM_LOGIN=LOGIN)
        html = run(f"{fetched}/api", VERBATIM_LOGIN=LOGIN)
        assert send(served, "/api")[0] == 401
        told = {entry.heading: entry for entry in Page(html).entries}
        assert "password" not in html.replace("user:password", "")
        asked = json.loads(run(told["POST /v1/ask"].examples["shell"], VERBATIM_LOGIN=LOGIN))
        assert event(run(told["/ask"].examples["shell"], VERBATIM_LOGIN=LOGIN))["kind"] == asked["kind"]
        assert "structuredContent" in run(told["search"].examples["shell"], VERBATIM_LOGIN=LOGIN)
        assert "login" in run(told["POST /v1/ask"].examples["shell"], VERBATIM_LOGIN="ada:wrong")
        monkeypatch.setenv("VERBATIM_LOGIN", LOGIN)
        exec(told["/verify"].examples["python"], {})
        assert "'verdict': 'exact'" in capsys.readouterr().out
    assert "/rebuild" not in told
    for name in ("POST /v1/rebuild", "POST /v1/rollback", "POST /v1/documents", "POST /v1/feedback"):
        assert "switched off" in told[name].text or "not kept" in told[name].text
        assert told[name].examples == {}
