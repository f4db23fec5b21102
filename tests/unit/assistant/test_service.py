"""What the page asks beside replies: documents by their file's hash, and a conversation checked again."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any, cast

import httpx
import loops
import pytest
from fakes import index_of

from assistant.answering import Assistant
from assistant.config import AppConfig
from assistant.quotes.finding import Finder
from assistant.replies import Answer, Reply
from assistant.serving.service import Service
from assistant.web import app
from assistant.web.server import create_api
from index import BadIndex, PassageIndex
from index.config import IndexConfig

WORDS = "The pump was fitted in 1931."
CARDS = {"copy.txt": {"title": "A copy with its own card"}, "pump.txt": {"title": "The pump"}}


class Opened:
    """An assistant that only shows its index."""

    def __init__(self, index: PassageIndex) -> None:
        self.shown = index

    def index(self) -> tuple[PassageIndex, tuple[str, ...]]:
        return self.shown, ()


def service_of(folder: Path, index: PassageIndex | None) -> Service:
    """A service with this index open; none yet when it is None."""
    service = Service(AppConfig(index=IndexConfig(folder, folder / "built")))
    service._assistant = cast(Assistant, Opened(index)) if index is not None else None
    return service


def index_with(cards: Mapping[str, Mapping[str, object]] = CARDS) -> PassageIndex:
    return index_of(dict.fromkeys(cards, WORDS), cards)


def answer(index: PassageIndex) -> Answer:
    quote = next(Finder.of(index).exact(WORDS)).quote(1)
    return Answer("When?", "When?", 0.9, (quote,), index.generation, 1.0)


def kept(*replies: Reply) -> str:
    return json.dumps([{"question": reply.question, "reply": reply.to_json()} for reply in replies])


async def asked(service: Service, path: str, **headers: str) -> httpx.Response:
    transport = httpx.ASGITransport(app=create_api(service))
    async with httpx.AsyncClient(transport=transport, base_url="http://localhost") as client:
        return await client.get(path, headers=headers)


def get(service: Service, path: str, **headers: str) -> httpx.Response:
    return loops.run(asked(service, path, **{name.replace("_", "-"): value for name, value in headers.items()}))


def post(service: Service, path: str, body: object) -> httpx.Response:
    async def run() -> httpx.Response:
        transport = httpx.ASGITransport(app=create_api(service))
        async with httpx.AsyncClient(transport=transport, base_url="http://localhost") as client:
            return await client.post(path, json=body)

    return loops.run(run())


def test_of_files_with_the_same_bytes_the_one_that_is_meant_goes_first(tmp_path: Path) -> None:
    index = index_with()
    service = service_of(tmp_path, index)
    sha256 = index.documents["pump.txt"].sha256
    for named, found in (
        ("pump.txt", "pump.txt"),
        ("copy.txt", "copy.txt"),
        ("no.txt", "copy.txt"),
        ("", "copy.txt"),
    ):
        edition = service.edition(sha256, named)
        assert edition is not None
        assert edition[1].id == found
    assert service.edition("0" * 64, "pump.txt") is None
    for named, found in (({}, "copy.txt"), ({"document": "pump.txt"}, "pump.txt")):
        cited = post(service, "/v1/cite", {"document_sha256": sha256, "start": 0, "end": 8, **named}).json()
        assert cited["quote"]["document"] == found
        assert cited["csl_json"][0]["title"] == CARDS[found]["title"]
    told = get(service, f"/v1/document/{sha256}?document=pump.txt").json()
    assert (told["document"], told["title"]) == ("pump.txt", "pump")
    assert get(service, f"/v1/document/{sha256}").json()["document"] == "copy.txt"


def test_a_document_that_is_read_otherwise_by_the_next_index_is_not_taken_from_a_browser_s_cache(
    tmp_path: Path,
) -> None:
    index = index_with()
    service = service_of(tmp_path, index)
    address = f"/v1/document/{index.documents['pump.txt'].sha256}"
    first = get(service, address)
    assert first.headers["cache-control"] == "private, no-cache"
    for held in (first.headers["etag"], f'"x", W/{first.headers["etag"]}', "*"):
        again = get(service, address, if_none_match=held)
        assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", first.headers["etag"])
    later = replace(index.documents["copy.txt"], title="Another")
    index.documents["copy.txt"] = later
    other = get(service, address, if_none_match=first.headers["etag"])
    assert (other.status_code, other.json()["title"]) == (200, "Another")
    assert other.headers["etag"] != first.headers["etag"]


def test_a_kept_conversation_that_cannot_be_checked_is_not_shown_and_stays_as_it_was(tmp_path: Path) -> None:
    service = service_of(tmp_path, None)
    service._failure = BadIndex("no index")
    service._settled.set()
    before = kept(answer(index_with()), answer(index_with()))
    chat, after = loops.run(app._restored(service, before))
    assert json.loads(after) == json.loads(before)
    assert [turn["role"] for turn in chat] == ["user", "assistant"] * 2
    assert "cannot be checked" in chat[1]["content"]
    assert not any(WORDS in turn["content"] for turn in chat)


def test_a_kept_conversation_waits_for_the_documents(tmp_path: Path) -> None:
    service = service_of(tmp_path, None)
    index = index_with()

    async def run() -> tuple[list[dict[str, str]], str]:
        restoring = asyncio.ensure_future(app._restored(service, kept(answer(index))))
        await asyncio.sleep(2 * app._LOOK_S)
        assert not restoring.done()
        service._assistant = cast(Assistant, Opened(index))
        return await restoring

    chat, _ = loops.run(run())
    assert WORDS in chat[1]["content"].replace('<mark data-n="1">', "").replace("</mark>", "")


@pytest.mark.parametrize("changed", [{"title": "Anything at all"}, {"heading": "Not there"}, {"paragraph": 99}])
def test_a_kept_quote_at_a_place_that_is_not_its_own_is_not_shown(tmp_path: Path, changed: dict[str, Any]) -> None:
    index = index_with()
    reply = answer(index)
    forged = replace(reply, quotes=(replace(reply.quotes[0], **changed),))
    chat, after = loops.run(app._restored(service_of(tmp_path, index), kept(forged, reply)))
    assert "can no longer be checked" in chat[1]["content"]
    assert 'class="reply answer"' in chat[3]["content"]
    assert json.loads(after)[0]["reply"]["quotes"][0] == json.loads(kept(forged))[0]["reply"]["quotes"][0]


def test_a_quote_is_looked_for_in_the_newest_index_that_holds_its_document(tmp_path: Path) -> None:
    before, after = index_with(), index_with({"other.txt": {}})
    after = PassageIndex(replace(after.manifest, generation="20270101T000000Z-00000000"), after.passages, after.dense)
    service = service_of(tmp_path, before)
    reply = answer(before)
    assert service.rechecked([reply]) == [reply]
    service._assistant = cast(Assistant, Opened(after))
    assert service.rechecked([reply]) == [reply]
    assert service_of(tmp_path, after).rechecked([reply]) == [None]


def test_a_kept_reply_keeps_its_own_notices_and_gets_those_of_the_index_of_today(tmp_path: Path) -> None:
    index = index_with()
    of_index = ["one document changed"]

    class Asked(Opened):
        def index(self) -> tuple[PassageIndex, tuple[str, ...]]:
            return self.shown, tuple(of_index)

        def quote(self, *_: object) -> Reply:
            return replace(answer(self.shown), notices=(*of_index, "the card names Bob Ray too"))

    service = service_of(tmp_path, None)
    service._assistant = cast(Assistant, Asked(index))
    service._settled.set()
    assert service.quote("When?").notices == ("one document changed", "the card names Bob Ray too")
    of_index[:] = ["two documents changed"]
    assert service.quote("When?").notices == ("two documents changed", "the card names Bob Ray too")
