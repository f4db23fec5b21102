from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import httpx
import loops
import pytest

from assistant.config import AppConfig
from assistant.serving import asking
from assistant.serving.admission import Admission, Turns
from assistant.serving.service import Service
from assistant.web.server import create_api
from index.config import ROOT, IndexConfig

KNOWN, NEW = "When did India join?", "What must India balance?"


@pytest.fixture(scope="module")
def service(built_article: Path) -> Iterator[Service]:
    patch = pytest.MonkeyPatch()
    patch.setenv("SCO_INDEX_DIR", str(built_article))
    made = Service(AppConfig(index=IndexConfig(ROOT / "source_docs", built_article)))
    made.start()
    assert made.settled(120)
    yield made
    made.close()
    patch.undo()


def test_what_was_asked_before_is_answered_while_all_turns_are_taken(service: Service) -> None:
    async def run() -> None:
        turns = Turns(at_once=1, waiting=0)
        first = await asking.quote(service, turns, KNOWN)
        assert first is not None
        async with turns.turn() as mine:
            assert mine
            again = await asking.ask(service, turns, KNOWN)
            assert again is not None
            assert (type(again), again.generation) == (type(first), first.generation)
            assert await asking.quote(service, turns, NEW) is None
            # The same words after another question are another question.
            assert await asking.quote(service, turns, KNOWN, [NEW]) is None
        assert await asking.quote(service, turns, NEW) is not None

    loops.run(run())


def test_over_http_a_new_question_of_a_crowd_is_told_busy_and_a_known_one_answered(service: Service) -> None:
    async def run() -> None:
        turns = Turns(at_once=1, waiting=0)
        api = create_api(service, Admission(turns=turns))
        async with httpx.AsyncClient(transport=httpx.ASGITransport(app=api), base_url="http://localhost") as client:
            assert (await client.post("/v1/ask", json={"question": KNOWN})).status_code == 200
            async with turns.turn():
                known = await client.post("/v1/ask", json={"question": KNOWN})
                new = await client.post("/v1/ask", json={"question": "Who leads the Quad?"})
            assert known.json()["quotes"][0]["exact"].startswith("India, which joined in 2017")
            assert (new.status_code, new.headers["retry-after"]) == (503, "5")
            assert "ask again in a few seconds" in new.json()["error"]
            assert (await client.post("/v1/ask", json={"question": "Who leads the Quad?"})).status_code == 200

    loops.run(run())
