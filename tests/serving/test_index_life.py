"""The index and its documents changed over HTTP, while questions go on."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from served import Served, serve

TRAM = "The harbour tram was restored in 1987 by volunteers of the town.\n"
APPLES = "The apple orchard of Brannock was planted in 1902 by the teacher Ada Finch.\n"


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    folder = tmp_path_factory.mktemp("life")
    (folder / "docs").mkdir()
    (folder / "docs" / "apples.txt").write_text(APPLES, "utf-8")
    served = serve(folder, folder / "docs")
    try:
        served.wait_until("/readyz", 300)
        yield served
    finally:
        assert served.stop() == 0
        assert "Traceback" not in served.log.read_text("utf-8")


@pytest.fixture
def http(server: Served) -> Iterator[httpx.Client]:
    """A client of a server whose only document is the orchard's, and whose index is up to date."""
    with httpx.Client(base_url=server.url, timeout=60) as client:
        yield client
        for file in server.documents.iterdir():
            if file.name != "apples.txt" and file.is_file():
                file.unlink()
        (server.documents / "apples.txt").write_text(APPLES, "utf-8")
        rebuild(client)


def rebuild(http: httpx.Client) -> dict[str, Any]:
    """Rebuild and wait for the end; returns how it went."""
    assert http.post("/v1/rebuild").status_code == 202
    for _ in range(1200):
        told: dict[str, Any] = http.get("/v1/index").json()["rebuild"]
        if not told["running"]:
            return told
        time.sleep(0.05)
    raise AssertionError("the rebuild does not end")


def add(http: httpx.Client, *files: tuple[str, str], replace: bool = False) -> httpx.Response:
    sent = [("files", (name, text.encode(), "text/plain")) for name, text in files]
    return http.post("/v1/documents", files=sent, data={"replace": "true"} if replace else {})


def first_quote(http: httpx.Client, question: str) -> str | None:
    quotes = http.post("/v1/ask", json={"question": question}).json()["quotes"]
    return quotes[0]["exact"] if quotes else None


def test_an_added_document_is_searched_after_a_rebuild_and_no_longer_after_it_was_removed(
    http: httpx.Client, server: Served
) -> None:
    answer = add(http, ("tram.txt", TRAM), ("photo.jpg", "x"))
    assert answer.status_code == 201
    assert [one["document"] for one in answer.json()["added"]] == ["tram.txt"]
    assert [one["code"] for one in answer.json()["refused"]] == ["suffix"]
    assert http.get("/v1/index").json()["changes"] == {
        "added": ["tram.txt"],
        "changed": [],
        "removed": [],
        "left_out": [],
    }
    told = rebuild(http)
    assert (told["line"], told["failed"], told["took_s"] > 0) == ("The index was rebuilt.", False, True)
    assert first_quote(http, "When was the harbour tram restored?") == TRAM.strip()

    gone = http.delete("/v1/documents/tram.txt")
    assert gone.status_code == 200
    assert (server.documents / gone.json()["kept"]).read_text("utf-8") == TRAM
    facts = http.get("/v1/index").json()
    assert (facts["changes"]["removed"], len(facts["notices"])) == (["tram.txt"], 1)
    rebuild(http)
    facts = http.get("/v1/index").json()
    assert ([one["document"] for one in facts["documents"]], facts["notices"]) == (["apples.txt"], [])


def test_a_document_is_replaced_only_when_that_is_asked_for(http: httpx.Client, server: Served) -> None:
    refused = add(http, ("apples.txt", TRAM))
    assert (refused.status_code, refused.json()["refused"][0]["code"]) == (422, "exists")
    assert (server.documents / "apples.txt").read_text("utf-8") == APPLES
    (added,) = add(http, ("apples.txt", TRAM), replace=True).json()["added"]
    assert (server.documents / "apples.txt").read_text("utf-8") == TRAM
    assert (server.documents / added["kept"]).read_text("utf-8") == APPLES
    assert http.get("/v1/index").json()["changes"]["changed"] == ["apples.txt"]


def test_a_roll_back_lasts_until_a_rebuild_is_asked_for_and_every_reply_says_so(http: httpx.Client) -> None:
    before = http.get("/v1/index").json()["index"]["generation"]
    add(http, ("tram.txt", TRAM))
    rebuild(http)
    done = http.post("/v1/rollback")
    assert (done.status_code, done.json()["changed"], done.json()["generation"]) == (200, True, before)
    line = (
        "an earlier generation is live, older than the documents (added tram.txt); "
        "it stays live until you run: python -m index rebuild"
    )
    for _ in range(3):
        reply = http.post("/v1/ask", json={"question": "When was the harbour tram restored?"}).json()
        assert (reply["generation"], reply["notices"]) == (before, [line])
    facts = http.get("/v1/index").json()
    assert (facts["index"]["generation"], facts["notices"]) == (before, [line])
    live = {one["generation"]: one["live"] for one in facts["generations"]}
    assert (live[before], sum(live.values())) == (True, 1)


def test_every_generation_is_told_with_its_verdict(http: httpx.Client, server: Served) -> None:
    add(http, ("tram.txt", TRAM))
    rebuild(http)
    newest, *earlier = [one["generation"] for one in http.get("/v1/index").json()["generations"]]
    file = server.index / earlier[0] / "passages.faiss"
    file.write_bytes(file.read_bytes()[:-1])
    told: list[dict[str, Any]] = []
    for _ in range(200):
        told = http.get("/v1/index").json()["generations"]
        if all(one["verifies"] is not None for one in told):
            break
        time.sleep(0.05)
    assert [one["verifies"] for one in told[:2]] == [True, False]
    assert (told[0]["documents"], told[0]["live"], told[0]["generation"]) == (2, True, newest)
    refused = http.post("/v1/rollback", json={"generation": earlier[0]})
    assert refused.status_code == 503
    assert "damaged index" in refused.json()["error"]
    assert http.get("/v1/index").json()["index"]["generation"] == newest


@pytest.mark.parametrize("name", ["20260101T000000000000Z-00000000", "../docs", ""])
def test_a_generation_that_is_not_kept_is_not_found(http: httpx.Client, name: str) -> None:
    refused = http.post("/v1/rollback", json={"generation": name})
    assert (refused.status_code, "python -m index generations" in refused.json()["error"]) == (404, True)


def test_questions_are_answered_throughout_every_change(http: httpx.Client, server: Served) -> None:
    stop = threading.Event()
    troubles: list[str] = []
    generations: set[str] = set()
    asked = 0

    def ask() -> None:
        nonlocal asked
        with httpx.Client(base_url=server.url, timeout=60) as client:
            while not stop.is_set():
                answer = client.post("/v1/ask", json={"question": "When was the apple orchard planted?"})
                asked += 1
                reply = json.loads(answer.text)
                if (
                    answer.status_code != 200
                    or reply["kind"] != "answer"
                    or reply["quotes"][0]["exact"] != APPLES.strip()
                ):
                    troubles.append(answer.text[:300])
                else:
                    generations.add(reply["generation"])

    askers = [threading.Thread(target=ask) for _ in range(3)]
    for asker in askers:
        asker.start()
    try:
        town = [f"Street {n} of Ostley was paved in {1800 + n}. It is {n + 3} metres wide.\n" for n in range(40)]
        assert add(http, *((f"street{n}.txt", text) for n, text in enumerate(town))).status_code == 201
        steps: list[tuple[str, int, int]] = []
        assert http.post("/v1/rebuild").status_code == 202
        assert http.post("/v1/rebuild").status_code == 409
        while (told := http.get("/v1/index").json()["rebuild"])["running"]:
            steps.append((told["step"], told["done"], told["total"]))
            time.sleep(0.02)
        assert told["line"] == "The index was rebuilt."
        assert all(0 <= done <= total for _, done, total in steps)
        assert ("embed" in {step for step, _, _ in steps}, sorted(steps, key=_order)) == (True, steps)
        assert first_quote(http, "When was Street 7 of Ostley paved?") == "Street 7 of Ostley was paved in 1807."
        assert http.post("/v1/rollback").status_code == 200
        assert http.delete("/v1/documents/street7.txt").status_code == 200
        rebuild(http)
        for number in range(40):
            if number != 7:
                assert http.delete(f"/v1/documents/street{number}.txt").status_code == 200
    finally:
        stop.set()
        for asker in askers:
            asker.join()
    assert troubles == []
    assert (asked > 20, len(generations) >= 3) == (True, True), (asked, generations)


def _order(step: tuple[str, int, int]) -> tuple[int, int]:
    return ["starting", "read", "split", "embed", "write"].index(step[0]), step[1]


def test_questions_to_begin_with_follow_the_documents_and_are_answered(http: httpx.Client) -> None:
    assert suggestions(http) == ["When was the apple orchard of Brannock planted?"]
    add(http, ("tram.txt", TRAM))
    rebuild(http)
    found = suggestions(http)
    assert "When was the harbour tram restored?" in found
    for question in found:
        assert http.post("/v1/ask", json={"question": question}).json()["kind"] == "answer"


def test_of_chosen_documents_only_their_questions_are_offered(http: httpx.Client) -> None:
    add(http, ("tram.txt", TRAM), ("note.txt", "Oh no! Why? They said it then.\n"))
    rebuild(http)
    assert {one["document"] for one in offered(http, "tram.txt")} == {"tram.txt"}
    assert "When was the harbour tram restored?" in suggestions(http, "tram.txt")
    assert {one["document"] for one in offered(http, "tram.txt", "apples.txt")} == {"tram.txt", "apples.txt"}
    assert offered(http, "note.txt") == []
    answer = http.get("/v1/suggestions", params={"document": "trams.txt"})
    assert answer.status_code == 400
    assert answer.json()["error"].startswith("there is no document 'trams.txt' in the index")


def suggestions(http: httpx.Client, *documents: str) -> list[str]:
    """The questions, once they are all found."""
    return [each["question"] for each in offered(http, *documents)]


def offered(http: httpx.Client, *documents: str) -> list[dict[str, Any]]:
    """The suggestions, once they are all found; until then some of those that will be."""
    seen: list[dict[str, Any]] = []
    for _ in range(600):
        answer = http.get("/v1/suggestions", params={"document": documents})
        if answer.status_code == 200:
            told: list[dict[str, Any]] = answer.json()
            assert [one for one in seen if one not in told] == []
            return told
        assert answer.status_code == 202
        seen = answer.json()
        assert documents or seen == []
        time.sleep(0.2)
    raise AssertionError("they are not found")
