import asyncio
import json
import threading
from typing import Any

import httpx
import loops
from jsonschema import Draft202012Validator
from mcp.client.client import Client

from assistant import Assistant, Refusal
from assistant.config import AppConfig
from assistant.serving.admission import BUSY, Admission, Turns
from assistant.serving.service import Service
from assistant.web.server import create_app
from assistant.web.tools import offered, tool_server

CALLS = [
    ("ask", {"question": "When did India join?"}),
    ("search", {"query": "India"}),
    ("verify_quote", {"text": "x y"}),
]


class Loading(Service):
    """Its model is being loaded until it is told to give up; then there is nothing to answer from."""

    def __init__(self) -> None:
        super().__init__(AppConfig())
        self.given_up = threading.Event()

    def settled(self, timeout_s: float | None = 0) -> bool:
        return self.given_up.wait(timeout_s)


def test_the_tool_that_asks_tells_an_agent_of_a_correction_and_its_schema_holds_one(corrected: Refusal) -> None:
    (ask,) = [tool for tool in offered() if tool.name == "ask"]
    assert "`correction`" in (ask.description or "")
    Draft202012Validator(ask.output_schema or {}).validate(json.loads(json.dumps(corrected.to_json())))
    service = Service(AppConfig())
    assert "show it as what the documents do say" in (tool_server(service, Turns()).instructions or "")


def test_the_tool_that_asks_tells_an_agent_which_question_a_quote_answers(assistant: Assistant) -> None:
    (ask,) = [tool for tool in offered() if tool.name == "ask"]
    told = json.loads(json.dumps(assistant.ask("When did Pakistan join? When did India join?").to_json()))
    Draft202012Validator(ask.output_schema or {}).validate(told)
    assert list(told).index("questions") < list(told).index("quotes")
    assert told["quotes"][0]["questions"] == [told["questions"][1]["question"]] == ["When did India join?"]
    assert "show each as a heading" in (tool_server(Service(AppConfig()), Turns()).instructions or "")


def test_what_costs_time_waits_for_its_turn_and_is_told_when_too_many_wait() -> None:
    async def run() -> None:
        turns, service = Turns(at_once=1, waiting=0), Loading()
        async with Client(tool_server(service, turns)) as tools:

            async def told(tool: str, arguments: dict[str, Any]) -> tuple[bool, str]:
                result = await tools.call_tool(tool, arguments)
                return bool(result.is_error), result.content[0].text  # type: ignore[union-attr]

            async with turns.turn():
                assert [await told(*call) for call in CALLS] == [(True, BUSY.line)] * 3
                assert await told("read_passage", {"document": "a.txt", "paragraph": 1}) != (True, BUSY.line)
            service.given_up.set()
            assert (True, BUSY.line) not in [await told(*call) for call in CALLS]

    loops.run(run())


def test_agents_that_ask_while_the_model_loads_keep_nobody_else_waiting() -> None:
    service = Loading()
    app = create_app(service, Admission())
    accepting = {"accept": "application/json, text/event-stream"}

    def message(at: int) -> dict[str, Any]:
        tool, arguments = CALLS[at % 2]
        return {"jsonrpc": "2.0", "id": at, "method": "tools/call", "params": {"name": tool, "arguments": arguments}}

    async def run() -> None:
        transport = httpx.ASGITransport(app=app)
        async with httpx.AsyncClient(transport=transport, base_url="http://localhost", timeout=60) as client:
            asking = [asyncio.create_task(client.post("/mcp", json=message(at), headers=accepting)) for at in range(60)]
            try:
                # Those are told at once for whom it would be too long.
                await asyncio.wait(asking, timeout=20, return_when=asyncio.FIRST_COMPLETED)
                up = await asyncio.wait_for(client.get("/healthz"), 5)
            finally:
                service.given_up.set()
            lines = [(await each).json()["result"]["content"][0]["text"] for each in asking]
        assert up.status_code == 200
        assert BUSY.line in lines

    loops.run(run())
