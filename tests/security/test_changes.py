"""What a stranger, or another site in the visitor's browser, can do to the index and its documents."""

from __future__ import annotations

import contextlib
import shutil
import socket
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import httpx
import pytest
from served import ROOT, Served, serve

NOTE = b"The tram was restored in 1987.\n"
CHANGES = [
    ("POST", "/v1/rebuild"),
    ("POST", "/v1/rollback"),
    ("POST", "/v1/documents"),
    ("POST", "/v1/documents/restore"),
    ("DELETE", "/v1/documents/sco-alternative-global-order.txt"),
]


def served(tmp_path_factory: pytest.TempPathFactory, built: Path, **settings: str) -> Iterator[Served]:
    folder = tmp_path_factory.mktemp("changes")
    shutil.copytree(ROOT / "source_docs", folder / "docs")
    (folder / "secret.txt").write_text("outside", "utf-8")
    server = serve(folder, folder / "docs", built, **settings)
    try:
        server.wait_until("/readyz", 300)
        yield server
    finally:
        server.stop()
        assert "Traceback" not in server.log.read_text("utf-8")


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory, ready_article: Path) -> Iterator[Served]:
    yield from served(tmp_path_factory, ready_article)


@pytest.fixture(scope="module")
def public(tmp_path_factory: pytest.TempPathFactory, ready_article: Path) -> Iterator[Served]:
    yield from served(tmp_path_factory, ready_article, SCO_ALLOW_REBUILD="0")


def request(server: Served, method: str, path: str, **headers: str) -> httpx.Response:
    files = {"files": ("note.txt", NOTE)} if path == "/v1/documents" else None
    return httpx.request(method, server.url + path, files=files, headers=headers, timeout=60)


def state(server: Served) -> tuple[object, ...]:
    facts = server.get("/v1/index")
    files = sorted(str(path) for path in server.documents.rglob("*"))
    return facts["index"], facts["changes"], facts["rebuild"]["running"], files


@pytest.mark.parametrize(("method", "path"), CHANGES)
@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "http://evil.example"},
        {"Origin": "null"},
        {"Origin": "http://localhost:1"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Host": "evil.example"},
    ],
    ids=str,
)
def test_no_other_site_can_change_anything(server: Served, method: str, path: str, headers: dict[str, str]) -> None:
    before = state(server)
    assert request(server, method, path, **headers).status_code in (400, 403)
    assert state(server) == before


@pytest.mark.parametrize(("method", "path"), CHANGES)
def test_where_changes_are_off_every_one_is_refused_with_what_to_do(public: Served, method: str, path: str) -> None:
    before = state(public)
    refused = request(public, method, path)
    assert refused.status_code == 403
    assert refused.json()["error"].startswith("changing index and documents from the page is switched off; ")
    assert state(public) == before
    assert public.get("/v1/index")["rebuild"]["allowed"] is False


def announced(server: Served, path: str, length: int) -> bytes:
    """The status that answers a body of ``length`` bytes before it is sent."""
    head = f"POST {path} HTTP/1.1\r\nHost: localhost\r\nContent-Type: multipart/form-data; boundary=x\r\n"
    with socket.create_connection(("127.0.0.1", server.port), timeout=30) as connection:
        connection.sendall(f"{head}Content-Length: {length}\r\n\r\n".encode())
        connection.settimeout(5)
        try:
            return connection.recv(4096).split()[1]
        except TimeoutError:
            return b"waits for it"


def test_only_documents_may_be_large_and_they_are_bounded_too(server: Served) -> None:
    most = server.get("/v1/index")["upload"]["max_bytes"]
    assert announced(server, "/v1/documents", most) == b"waits for it"
    assert announced(server, "/v1/documents", most + 2 * 2**20) == b"413"
    for path in ("/v1/ask", "/v1/rollback", "/v1/documents/", "/v1/documents/x", "/gradio_api/upload"):
        assert announced(server, path, most) == b"413", path


def test_where_changes_are_off_nothing_may_be_large(public: Served) -> None:
    assert announced(public, "/v1/documents", 3 * 2**20) == b"413"


@pytest.mark.parametrize("origin", ["", "Origin: http://evil.example\r\n"], ids=["own", "foreign"])
def test_a_body_without_an_end_is_cut_off(server: Served, origin: str) -> None:
    most = server.get("/v1/index")["upload"]["max_bytes"]
    part = b'--x\r\nContent-Disposition: form-data; name="files"; filename="big.txt"\r\n\r\n'
    chunk = b"100000\r\n" + b"x" * 0x100000 + b"\r\n"
    sent = 0
    with socket.create_connection(("127.0.0.1", server.port), timeout=60) as connection:
        head = f"POST /v1/documents HTTP/1.1\r\nHost: localhost:{server.port}\r\n{origin}Transfer-Encoding: chunked\r\n"
        connection.sendall(f"{head}Content-Type: multipart/form-data; boundary=x\r\n\r\n".encode())
        connection.sendall(f"{len(part):x}\r\n".encode() + part + b"\r\n")
        with contextlib.suppress(ConnectionError):
            while sent < 4 * most:
                connection.sendall(chunk)
                sent += len(chunk)
    assert sent < 2 * most
    assert not (server.documents / "big.txt").exists()
    assert server.get("/healthz") == {"status": "up"}


def test_a_file_over_the_limit_is_refused_by_name_and_the_others_are_kept(server: Served) -> None:
    most = server.get("/v1/index")["upload"]["max_file_bytes"]
    sent = [("files", ("big.txt", b"x" * (most + 1))), ("files", ("note.txt", NOTE))]
    answer = httpx.post(server.url + "/v1/documents", files=sent, timeout=60)
    assert answer.status_code == 201
    assert [(one["sent_as"], one["code"]) for one in answer.json()["refused"]] == [("big.txt", "too-large")]
    assert httpx.delete(server.url + "/v1/documents/note.txt").status_code == 200


def test_too_many_files_are_refused_together(server: Served) -> None:
    sent = [("files", (f"{number}.txt", NOTE)) for number in range(51)]
    answer = httpx.post(server.url + "/v1/documents", files=sent, timeout=60)
    assert (answer.status_code, answer.json()["code"]) == (413, "count")
    assert not (server.documents / "0.txt").exists()


@pytest.mark.parametrize(
    "name",
    [
        "../secret.txt",
        "..\\secret.txt",
        "/etc/cron.d/x.txt",
        ".ssh.txt",
        "-rf.txt",
        "%2e%2e%2fx.txt",
        "\u202etxt.x.txt",
    ],
    ids=ascii,
)
def test_a_name_leads_nowhere_else_and_hides_nothing(server: Served, name: str) -> None:
    answer = httpx.post(server.url + "/v1/documents", files={"files": (name, NOTE)}, timeout=60)
    assert answer.status_code == 201
    (added,) = answer.json()["added"]
    assert (server.documents / added["document"]).read_bytes() == NOTE
    assert added["document"].isprintable()
    assert added["document"][0] not in ".-"
    assert (server.documents.parent / "secret.txt").read_text("utf-8") == "outside"
    assert httpx.delete(f"{server.url}/v1/documents/{quote(added['document'])}").status_code == 200


@pytest.mark.parametrize(
    "path", ["../secret.txt", "..%2fsecret.txt", "%2e%2e/secret.txt", "a/..%2f../secret.txt", "%2fetc%2fpasswd", ""]
)
def test_nothing_outside_the_folder_can_be_removed(server: Served, path: str) -> None:
    with socket.create_connection(("127.0.0.1", server.port), timeout=30) as connection:
        connection.sendall(f"DELETE /v1/documents/{path} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode())
        assert connection.recv(4096).split()[1] in (b"404", b"405", b"422", b"307")
    assert (server.documents.parent / "secret.txt").exists()
    assert Path("/etc/passwd").exists()


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (b"", "multipart/form-data"),
        (b"--x--", "multipart/form-data; boundary=x"),
        (b"\xff" * 100, "multipart/form-data; boundary=x"),
        (b"{}", "application/json"),
        (b"files=a", "application/x-www-form-urlencoded"),
        (
            b'--x\r\nContent-Disposition: form-data; name="files"\r\n\r\ntext\r\n--x--',
            "multipart/form-data; boundary=x",
        ),
        (
            b'--x\r\nContent-Disposition: form-data; name="files"; filename=""\r\n\r\ntext\r\n--x--',
            "multipart/form-data; boundary=x",
        ),
    ],
    ids=["empty", "no part", "noise", "json", "form", "no file", "no name"],
)
def test_a_malformed_upload_is_refused_without_a_fault(server: Served, body: bytes, kind: str) -> None:
    answer = httpx.post(server.url + "/v1/documents", content=body, headers={"Content-Type": kind}, timeout=60)
    assert answer.status_code in (400, 422)
    assert "Traceback" not in answer.text


@pytest.mark.parametrize("body", [b"[]", b'{"generation": 1}', b"{", b"\xff"], ids=ascii)
def test_a_malformed_roll_back_is_refused_without_a_fault(server: Served, body: bytes) -> None:
    headers = {"Content-Type": "application/json"}
    answer = httpx.post(server.url + "/v1/rollback", content=body, headers=headers, timeout=60)
    assert answer.status_code in (400, 422)
