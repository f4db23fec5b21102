"""Programs as clients of one real server: gradio_client, curl, the MCP client, Prometheus' parser, a reader of logs."""

from __future__ import annotations

import json
import shutil
import socket
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import loops
import pytest
from gradio_client import Client
from gradio_client.exceptions import AppError
from mcp.client.client import Client as ToolsClient
from mcp.shared.exceptions import MCPError
from prometheus_client.parser import text_string_to_metric_families
from served import ROOT, Served, send, serve

ARTICLE = "sco-alternative-global-order.txt"
SECRET = "When did the zebrafinch leave?"
JOINED = "India, which joined in 2017, must balance its engagement with all major powers – China, Russia and the West."


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory, ready_article: Path) -> Iterator[Served]:
    """A server over a copy, which may rebuild and logs objects."""
    folder = tmp_path_factory.mktemp("clients")
    shutil.copytree(ROOT / "source_docs", folder / "docs")
    with serve(folder, folder / "docs", ready_article, SCO_LOG="json") as served:
        served.wait_until("/readyz")
        served.wait_until("/config")
        yield served


@pytest.fixture(scope="module")
def client(server: Served) -> Client:
    return Client(server.url, verbose=False)


def metrics(server: Served) -> dict[str, float]:
    """Each sample by its name and labels."""
    text = send(server, "/metrics")[1]
    return {
        sample.name + "".join(f" {name}={value}" for name, value in sorted(sample.labels.items())): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }


def curl(*arguments: str) -> str:
    command = ["curl", "-sS", "--max-time", "60", *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=True, timeout=90).stdout


def test_the_named_endpoints_are_typed_and_described(server: Served) -> None:
    named = server.get("/gradio_api/info")["named_endpoints"]
    assert list(named) == ["/ask", "/search", "/verify", "/status", "/rebuild"]
    taken = {each["parameter_name"]: each["python_type"]["type"] for each in named["/ask"]["parameters"]}
    assert taken == {"question": "str", "history": "list[str]", "documents": "list[str]"}
    assert named["/ask"]["parameters"][0]["label"] == "in English, at most 2,000 characters"
    given = named["/ask"]["returns"][0]
    assert given["label"] == "the reply object"
    assert given["type"]["properties"]["quotes"]["items"]["properties"]["start"]["type"] == "integer"
    assert all(each["description"] for each in named.values())


def test_a_client_of_the_page_asks_searches_and_checks(client: Client) -> None:
    reply = client.predict("When did India join?", documents=[ARTICLE], api_name="/ask")
    assert (reply["kind"], reply["quotes"][0]["exact"]) == ("answer", JOINED)
    found = client.predict("India joined", most=2, api_name="/search")
    assert [one["number"] for one in found["passages"]] == [1, 2]
    checked = client.predict("India agreed to join the statement on June 14", api_name="/verify")
    assert checked["verdict"] == "altered"
    status = client.predict(api_name="/status")
    assert (status["state"], status["index"]["documents"], status["rebuild_allowed"]) == ("ready", 1, True)


@pytest.mark.parametrize(
    ("endpoint", "sent", "line"),
    [
        ("/ask", {"question": "x y", "documents": ["no.txt"]}, "there is no document 'no.txt' in the index"),
        ("/ask", {"question": 7}, "question: Input should be a valid string"),
        ("/search", {"query": "x y", "most": 51}, "most: Input should be less than or equal to 50"),
        ("/search", {"query": "?"}, "There are no words in the question"),
        ("/verify", {"text": ""}, "there are no words to check"),
    ],
)
def test_what_cannot_be_done_is_told_in_one_line(
    client: Client, endpoint: str, sent: dict[str, Any], line: str
) -> None:
    with pytest.raises(AppError) as told:
        client.predict(**sent, api_name=endpoint)
    assert str(told.value).startswith(line)


def test_a_rebuild_through_the_page_ends_with_the_new_document_found(client: Client, server: Served) -> None:
    (server.documents / "boats.txt").write_text("Boats\n\nThe Quenby ferry sank in 1931.\n", "utf-8")
    done = client.predict(api_name="/rebuild")
    assert (done["failed"], done["line"]) == (False, "The index was rebuilt.")
    reply = client.predict("When did the Quenby ferry sink?", api_name="/ask")
    assert reply["quotes"][0]["exact"] == "The Quenby ferry sank in 1931."
    assert reply["generation"] == done["generation"]


def test_curl_asks_over_plain_http(server: Served) -> None:
    body = ["-H", "Content-Type: application/json", "-d"]
    reply = json.loads(curl(f"{server.url}/v1/ask", *body, '{"question": "When did India join?"}'))
    assert reply["quotes"][0]["exact"] == JOINED
    found = json.loads(curl(f"{server.url}/v1/search", *body, '{"query": "When did India join?", "most": 1}'))
    assert JOINED in found["passages"][0]["exact"]
    place = json.dumps({"document": ARTICLE, "paragraph": reply["quotes"][0]["paragraph"]})
    read = json.loads(curl(f"{server.url}/v1/passage", *body, place))["passages"]
    assert JOINED in "".join(passage["exact"] for passage in read)


def test_curl_asks_the_named_endpoint_by_name_and_listens_for_the_reply(server: Served) -> None:
    body = ["-H", "Content-Type: application/json", "-d", '{"question": "When did India join?"}']
    event = json.loads(curl(f"{server.url}/gradio_api/call/v2/ask", *body))["event_id"]
    heard = curl("-N", f"{server.url}/gradio_api/call/ask/{event}")
    data = heard.partition("event: complete\ndata: ")[2].splitlines()[0]
    assert json.loads(data)[0]["quotes"][0]["exact"] == JOINED


@pytest.mark.parametrize("status", [400, 404, 422])
def test_what_is_wrong_with_a_passage_asked_for_has_its_status(server: Served, status: int) -> None:
    wrong = {
        400: {"document": "no.txt", "paragraph": 1},
        404: {"document": ARTICLE, "paragraph": 99},
        422: {"document": ARTICLE, "paragraph": 0},
    }
    assert send(server, "/v1/passage", wrong[status])[0] == status


def test_the_description_of_the_api_holds_the_reply_object(server: Served) -> None:
    described = server.get("/v1/openapi.json")["paths"]
    reply = described["/v1/ask"]["post"]["responses"]["200"]["content"]["application/json"]["schema"]
    assert reply["properties"]["quotes"]["items"]["properties"]["exact"]["minLength"] == 1
    assert {"/v1/search", "/v1/passage", "/metrics"} <= described.keys()


def test_every_way_of_asking_is_counted_and_no_question_is_told(server: Served, client: Client) -> None:
    before = metrics(server)
    client.predict(SECRET, api_name="/ask")
    send(server, "/v1/ask", {"question": SECRET})

    async def ask() -> None:
        async with ToolsClient(f"{server.url}/mcp") as tools:
            await tools.call_tool("ask", {"question": SECRET})
            await tools.call_tool("verify_quote", {"text": JOINED})

    loops.run(ask())
    after = metrics(server)
    refused = "verbatim_replies_total kind=refusal reason=not-answered"
    for name, more in {
        "verbatim_questions_total": 3,
        refused: 3,
        "verbatim_reply_seconds_count": 3,
        "verbatim_quotations_checked_total verdict=exact": 1,
        "verbatim_questions_failed_total": 0,
    }.items():
        assert after[name] - before[name] == more, name
    assert (after["verbatim_ready"], after["verbatim_rebuild_running"]) == (1, 0)
    assert 0 <= after["verbatim_index_age_seconds"] < 600
    assert after["verbatim_documents"] >= 1
    assert after["process_resident_memory_bytes"] > 100e6
    assert "zebrafinch" not in send(server, "/metrics")[1]


def test_the_log_has_an_object_for_each_request_and_reply_and_no_question(server: Served) -> None:
    told = send(server, "/v1/ask?q=zebrafinch", {"question": SECRET}, X_Request_Id="abc-1")[2]
    other = send(server, "/healthz", X_Request_Id="no\tgood")[2]["x-request-id"]
    assert (told["x-request-id"], len(other)) == ("abc-1", 32)
    text = server.log.read_text("utf-8")
    lines = [json.loads(line) for line in text.splitlines()]
    (request,) = [line for line in lines if line["message"] == "request" and line["request"] == "abc-1"]
    assert (request["method"], request["path"], request["status"]) == ("POST", "/v1/ask", 200)
    assert (request["kind"], request["reason"], request["ms"] > 0) == ("refusal", "not-answered", True)
    (reply,) = [line for line in lines if line["message"] == "reply" and line.get("request") == "abc-1"]
    assert (reply["kind"], reply["level"]) == ("refusal", "info")
    assert [line["address"] for line in lines if line["message"] == "the page is up"] == [server.url]
    assert "zebrafinch" not in text


@pytest.mark.parametrize("mode", ["legacy", "auto"])
def test_an_agent_grounds_itself_over_http(server: Served, mode: Any) -> None:
    async def run() -> None:
        async with ToolsClient(f"{server.url}/mcp", mode=mode) as tools:
            reply = (await tools.call_tool("ask", {"question": "When did India join?"})).structured_content
            assert reply["quotes"][0]["exact"] == JOINED
            place = {"document": reply["quotes"][0]["document"], "paragraph": reply["quotes"][0]["paragraph"]}
            read = (await tools.call_tool("read_passage", place)).structured_content
            assert JOINED in "".join(passage["exact"] for passage in read["passages"])
            found = (await tools.call_tool("search", {"query": "India joined", "most": 1})).structured_content
            assert len(found["passages"]) == 1
            with pytest.raises(MCPError, match="there is no such tool"):
                await tools.call_tool("delete_everything", {})

    loops.run(run())


def test_the_tools_keep_the_rules_of_every_other_door(server: Served) -> None:
    ping = {"jsonrpc": "2.0", "id": 1, "method": "ping"}
    accepting = {"Accept": "application/json, text/event-stream"}
    assert send(server, "/mcp", ping, **accepting)[0] == 200
    assert send(server, "/mcp", ping, Host="evil.example", **accepting)[0] == 400
    assert send(server, "/mcp", ping, Origin="http://evil.example", **accepting)[0] == 403
    # Announced and not sent: a connection that is closed on what is still on its way may lose the answer.
    with socket.create_connection(("127.0.0.1", server.port), timeout=30) as connection:
        connection.sendall(b"POST /mcp HTTP/1.1\r\nHost: localhost\r\nContent-Length: 2200000\r\n\r\n")
        assert connection.recv(4096).split()[1] == b"413"
    assert send(server, "/mcp")[0] == 405
    for nonsense in (b"", b"{", b"[]", b"[" * 100_000, {"jsonrpc": "2.0", "id": 1, "method": "subscriptions/listen"}):
        assert send(server, "/mcp", nonsense, **accepting)[0] < 500
    assert "Traceback" not in server.log.read_text("utf-8")
