"""What a stranger can do to the server over HTTP."""

import http.client
import json
import re
import shutil
import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from gradio_client import Client
from served import ROOT, Served, send, serve


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory, ready_article: Path) -> Iterator[Served]:
    """A server that may not rebuild and keeps no feedback."""
    folder = tmp_path_factory.mktemp("guarded")
    shutil.copytree(ROOT / "source_docs", folder / "docs")
    with serve(folder, folder / "docs", ready_article, SCO_ALLOW_REBUILD="0", SCO_FEEDBACK="0") as served:
        served.wait_until("/readyz")
        # Questions are answered before the page is made, which clients of its own API give 5 seconds.
        served.wait_until("/config")
        yield served


def test_a_question_over_http_gets_the_reply_object(server: Served) -> None:
    status, body, _ = send(server, "/v1/ask", {"question": "When did India join?"})
    assert status == 200
    assert "joined in 2017" in json.loads(body)["quotes"][0]["exact"]


def test_a_question_may_name_the_documents_to_look_at(server: Served) -> None:
    asked = {"question": "When did India join?", "documents": ["sco-alternative-global-order.txt"]}
    status, body, _ = send(server, "/v1/ask", asked)
    assert (status, json.loads(body)["quotes"][0]["document"]) == (200, "sco-alternative-global-order.txt")
    status, body, _ = send(server, "/v1/ask", asked | {"documents": ["../../etc/passwd"]})
    assert (status, json.loads(body)["error"].split(";")[0]) == (
        400,
        "there is no document '../../etc/passwd' in the index",
    )


def test_the_pages_own_api_gives_the_same_reply(server: Served) -> None:
    client = Client(server.url, verbose=False)
    reply = client.predict(question="And Iran?", history=["When did India join?"], api_name="/ask")
    assert reply["standalone_question"] == "When did Iran join?"
    assert reply["kind"] == "refusal"


def test_a_question_for_another_host_is_refused(server: Served) -> None:
    assert send(server, "/v1/ask", {"question": "x"}, Host="evil.example")[0] == 400
    assert send(server, "/", Host="evil.example:7860")[0] == 400


@pytest.mark.parametrize(
    "headers", [{"Origin": "http://evil.example"}, {"Sec_Fetch_Site": "cross-site"}, {"Origin": "null"}]
)
def test_a_post_from_another_site_is_refused(server: Served, headers: dict[str, str]) -> None:
    assert send(server, "/v1/ask", {"question": "x"}, **headers)[0] == 403
    assert send(server, "/gradio_api/upload", {}, **headers)[0] == 403


def answer_to(server: Served, *sent: bytes) -> bytes:
    """The status that answers raw bytes, which need not be a whole request."""
    with socket.create_connection(("127.0.0.1", server.port), timeout=30) as connection:
        for part in sent:
            connection.sendall(part)
        return connection.recv(4096).split()[1]


def status_of(connection: socket.socket) -> int:
    """Of the next response on a connection, which is read to its end."""
    response = http.client.HTTPResponse(connection)
    response.begin()
    response.read()
    return response.status


def test_what_is_refused_before_its_body_came_is_told_and_the_connection_goes_on(server: Served) -> None:
    with socket.create_connection(("127.0.0.1", server.port), timeout=30) as connection:
        head = "POST /v1/ask HTTP/1.1\r\nHost: localhost\r\nOrigin: http://evil.example\r\nContent-Length: 9\r\n\r\n"
        connection.sendall(head.encode())
        assert status_of(connection) == 403
        connection.sendall(b"question?GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n")
        assert status_of(connection) == 200


def test_a_body_announced_as_too_long_is_refused_before_it_is_sent(server: Served) -> None:
    head = b"POST /v1/ask HTTP/1.1\r\nHost: localhost\r\nContent-Length: 3000000\r\n\r\n"
    assert answer_to(server, head) == b"413"


def test_a_body_that_does_not_say_its_length_is_refused_once_it_is_too_long(server: Served) -> None:
    head = b"POST /v1/ask HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n"
    chunk = b"100000\r\n" + b"x" * 0x100000 + b"\r\n"
    assert answer_to(server, head, chunk, chunk, b"1\r\nx\r\n") == b"413"


@pytest.mark.parametrize(
    "body", [b"", b"{", b"[]", {"question": 1}, {"history": []}, {"question": "a", "history": "b"}], ids=str
)
def test_a_malformed_question_is_refused_without_a_fault(server: Served, body: object) -> None:
    status, text, _ = send(server, "/v1/ask", body)
    assert status == 422
    assert "Traceback" not in text


@pytest.mark.parametrize(
    "question", ["", "\ud800", "\x00", "x" * 100_000, "🤷" * 500, "\u202e" * 50, "' OR 1=1 --"], ids=ascii
)
def test_any_text_at_all_gets_a_reply(server: Served, question: str) -> None:
    status, text, _ = send(server, "/v1/ask", {"question": question[:100_000]})
    assert status == 200
    assert json.loads(text)["kind"] in ("answer", "refusal")


def script_of(server: Served) -> str:
    found = re.search(r'<script type="module" src="([^"]+)"', send(server, "/")[1])
    assert found
    return found[1]


def test_every_response_carries_the_headers_that_keep_a_page_safe(server: Served) -> None:
    for path in ("/", "/healthz", "/v1/index", "/config", script_of(server)):
        headers = send(server, path)[2]
        assert "default-src 'self'" in headers["content-security-policy"]
        assert "frame-ancestors 'none'" in headers["content-security-policy"]
        assert headers["x-content-type-options"] == "nosniff"


def named_endpoints(server: Served) -> list[str]:
    return list(server.get("/gradio_api/info")["named_endpoints"])


def test_where_changes_are_off_the_named_endpoints_change_nothing(server: Served) -> None:
    assert named_endpoints(server) == ["/ask", "/search", "/verify", "/status"]


def test_a_file_of_this_machine_is_no_question(server: Served) -> None:
    forged = {"path": "/etc/passwd", "meta": {"_type": "gradio.FileData"}}
    # /status takes nothing, so it has nothing to refuse.
    for name in set(named_endpoints(server)) - {"/status"}:
        status, text, _ = send(server, f"/gradio_api/call{name}", {"data": [forged, []]})
        if status == 200:
            event = json.loads(text)["event_id"]
            text = send(server, f"/gradio_api/call{name}/{event}")[1]
            assert "event: error" in text
            assert "event: complete" not in text
        assert "root:" not in text


@pytest.mark.parametrize("path", ["/etc/passwd", str(ROOT / "README.md")])
def test_no_endpoint_hands_out_a_file_of_this_machine(server: Served, path: str) -> None:
    forged: dict[str, Any] = {"path": path, "meta": {"_type": "gradio.FileData"}}
    config = server.get("/config")
    for function in range(len(config["dependencies"])):
        for data in ([forged, forged], [[{"role": "user", "content": forged}], forged], [forged]):
            body = {"data": data, "fn_index": function, "session_hash": "abc"}
            assert "root:" not in send(server, "/gradio_api/run/predict", body)[1]
            send(server, "/gradio_api/queue/join", body)
    status, text, _ = send(server, f"/gradio_api/file={path}")
    assert status in (403, 404)
    assert "root:" not in text


@pytest.mark.parametrize("path", ["/page/../server.py", "/page/..%2fserver.py", "/v1/document/..%2f..%2fetc%2fpasswd"])
def test_no_path_leads_out_of_the_page(server: Served, path: str) -> None:
    status, text, _ = send(server, path)
    assert status in (404, 405) or "def serve" not in text
    assert "root:" not in text


def test_where_rebuilding_is_off_a_rebuild_is_refused(server: Served) -> None:
    before = server.get("/v1/index")["rebuild"]
    assert before["allowed"] is False
    assert send(server, "/v1/rebuild", b"")[0] == 403
    assert server.get("/v1/index")["rebuild"] == before


def test_no_tab_holds_a_connection_open(server: Served) -> None:
    assert server.get("/config")["connect_heartbeat"] is False


def test_where_feedback_is_off_nothing_is_kept(server: Served) -> None:
    reply = json.loads(send(server, "/v1/ask", {"question": "When did India join?"})[1])
    assert server.get("/v1/feedback") == {"file": None}
    assert send(server, "/v1/feedback", {"reply": reply, "right": True})[0] == 403
    assert send(server, "/v1/feedback", {"reply": {"kind": "answer"}, "right": True})[0] == 422
