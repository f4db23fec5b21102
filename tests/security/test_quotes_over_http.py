"""Quotes over HTTP: checked, cited, followed and exported by the real server, and what a stranger can send it."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from gradio_client import Client
from served import ROOT, Served, send, serve

TRUE = "India refused to join the statement on June 14"
SHA256 = "9c3d1a7b9817784b66eb186f62ac0d326940e3dd93c7355b4639def9ab1ea6a9"
PLACE = {"document_sha256": SHA256, "start": 5078, "end": 5124}


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory, ready_article: Path) -> Iterator[Served]:
    folder = tmp_path_factory.mktemp("quotes")
    with serve(folder, ROOT / "source_docs", ready_article) as served:
        served.wait_until("/readyz", timeout_s=300)
        # Questions are answered before the page is made, which clients of its own API give 5 seconds.
        served.wait_until("/config")
        yield served


def answered(server: Served, path: str, body: object) -> Any:
    status, text, _ = send(server, path, body)
    assert status == 200, text
    return json.loads(text)


def test_a_pasted_text_gets_its_verdict(server: Served) -> None:
    told = answered(server, "/v1/verify", {"text": TRUE.replace("refused", "agreed")})
    assert (told["verdict"], told["matches"][0]["exact"]) == ("altered", TRUE)


def test_the_pages_own_api_gives_the_same_verdict(server: Served) -> None:
    told = Client(server.url, verbose=False).predict(text=TRUE, api_name="/verify")
    assert (told["verdict"], told["matches"][0]["start"]) == ("exact", 5078)


def test_a_quote_is_cited_and_its_link_leads_back_to_it(server: Served) -> None:
    cited = answered(server, "/v1/cite", PLACE)
    assert cited["styles"]["apa"]["quoted"] == f"“{TRUE}” (Soong, n.d., para. 9)"
    resolved = answered(server, "/v1/resolve", {"cite": cited["link"]})
    assert (resolved["fate"], resolved["quote"]) == ("same", cited["quote"])


@pytest.mark.parametrize(
    ("form", "media_type"),
    [
        ("markdown", "text/markdown; charset=utf-8"),
        ("html", "text/html; charset=utf-8"),
        ("json", "application/json"),
    ],
)
def test_a_conversation_is_exported_as_a_file(server: Served, form: str, media_type: str) -> None:
    reply = answered(server, "/v1/ask", {"question": "When did India join?"})
    turns = [{"question": "When did India join?", "reply": reply}]
    status, text, headers = send(server, "/v1/export", {"format": form, "turns": turns})
    assert (status, headers["content-type"]) == (200, media_type)
    assert headers["content-disposition"].startswith('attachment; filename="conversation.')
    assert "must balance its engagement with all major powers" in text


@pytest.mark.parametrize("text", ["", "\u2014", "\ud800", "x" * 100_000], ids=lambda text: ascii(text)[:20])
def test_what_cannot_be_checked_gets_422_and_one_line(server: Served, text: str) -> None:
    status, body, _ = send(server, "/v1/verify", {"text": text})
    assert status == 422
    assert "\n" not in json.loads(body)["error"]


@pytest.mark.parametrize(
    "text",
    ["\x00 India", "' OR 1=1 --", "\u202eaidnI", "India \ud800", "a " * 9_000],
    ids=lambda text: ascii(text)[:20],
)
def test_any_other_text_gets_a_verdict(server: Served, text: str) -> None:
    assert answered(server, "/v1/verify", {"text": text})["verdict"] in ("absent", "altered")


@pytest.mark.parametrize(
    ("path", "body", "status"),
    [
        ("/v1/verify", {}, 422),
        ("/v1/verify", {"text": ["a"]}, 422),
        ("/v1/cite", {**PLACE, "document_sha256": "0" * 64}, 404),
        ("/v1/cite", {**PLACE, "document_sha256": "../../etc/passwd"}, 404),
        ("/v1/cite", {**PLACE, "end": 10**30}, 422),
        ("/v1/cite", {**PLACE, "start": -1}, 422),
        ("/v1/cite", {**PLACE, "start": "x"}, 422),
        ("/v1/cite", {**PLACE, "start": 5124}, 422),
        ("/v1/resolve", {"cite": 3}, 422),
        ("/v1/export", {"format": "pdf", "turns": []}, 422),
        ("/v1/export", {"format": "json", "turns": [{"question": "x"}]}, 422),
        ("/v1/export", {"format": "json", "turns": "x"}, 422),
    ],
    ids=str,
)
def test_a_wrong_request_is_refused_without_a_fault(server: Served, path: str, body: object, status: int) -> None:
    got, text, _ = send(server, path, body)
    assert got == status
    assert "Traceback" not in text


@pytest.mark.parametrize("token", ["", "\ud800", "AAAA", "x" * 150_000], ids=lambda token: ascii(token)[:9])
def test_a_damaged_link_has_expired(server: Served, token: str) -> None:
    resolved = answered(server, "/v1/resolve", {"cite": token})
    assert (resolved["fate"], resolved["quote"]) == ("expired", None)
