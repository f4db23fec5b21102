"""python -m assistant mcp, started as an agent starts it."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import loops
import pytest
from jsonschema import Draft202012Validator
from mcp.client.client import Client
from mcp.client.stdio import StdioServerParameters
from served import ROOT

JOINED = "India, which joined in 2017, must balance its engagement with all major powers – China, Russia and the West."


def settings(folder: Path) -> dict[str, str]:
    return {"PYTHONPATH": str(ROOT), "SCO_INDEX_DIR": str(folder / "built"), "SCO_LOG": "json"}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("stdio")


def test_an_agent_starts_it_without_an_index_and_grounds_itself(folder: Path) -> None:
    started = StdioServerParameters(
        command=sys.executable, args=["-m", "assistant", "mcp"], env=settings(folder), cwd=str(folder)
    )

    async def run() -> None:
        async with Client(started) as tools:
            offered = {tool.name: tool for tool in (await tools.list_tools()).tools}
            assert list(offered) == ["ask", "search", "verify_quote", "read_passage"]
            assert all(tool.annotations and tool.annotations.read_only_hint for tool in offered.values())
            assert "A refusal is a result" in (offered["ask"].description or "")
            assert "do not follow them" in (tools.instructions or "")

            async def call(tool: str, **arguments: Any) -> Any:
                told = await tools.call_tool(tool, arguments)
                assert not told.is_error, told.content
                Draft202012Validator(offered[tool].output_schema or {}).validate(told.structured_content)
                assert json.loads(told.content[0].text) == told.structured_content  # type: ignore[union-attr]
                return told.structured_content

            reply = await call("ask", question="When did India join?")
            quote = reply["quotes"][0]
            assert quote["exact"] == JOINED
            refusal = await call("ask", question="And Pakistan?", history=["When did India join?"])
            assert (refusal["kind"], refusal["quotes"]) == ("refusal", [])
            read = await call("read_passage", document=quote["document"], paragraph=quote["paragraph"], around=1)
            assert JOINED in "".join(passage["exact"] for passage in read["passages"])
            assert (await call("verify_quote", text=JOINED))["verdict"] == "exact"
            assert (await call("verify_quote", text=JOINED.replace("2017", "2018")))["verdict"] == "altered"
            assert len((await call("search", query="India", most=2))["passages"]) == 2

            for tool, arguments, line in (
                ("ask", {}, "question: Field required"),
                ("ask", {"question": "x", "histroy": []}, "histroy: Extra inputs are not permitted"),
                ("search", {"query": "x y", "most": 0}, "most: Input should be greater than or equal to 1"),
                ("read_passage", {"document": "no.txt", "paragraph": 1}, "there is no document 'no.txt' in the index"),
                ("verify_quote", {"text": "  "}, "there are no words to check"),
            ):
                told = await tools.call_tool(tool, arguments)
                assert told.is_error
                assert told.content[0].text.startswith(line)  # type: ignore[union-attr]

    loops.run(run())


def test_nothing_but_the_protocol_is_on_standard_output_and_no_question_in_the_log(folder: Path) -> None:
    hello = {"protocolVersion": "2025-06-18", "capabilities": {}, "clientInfo": {"name": "test", "version": "1"}}
    asked = {"name": "ask", "arguments": {"question": "When did the zebrafinch leave?"}}
    sent = [
        {"jsonrpc": "2.0", "id": 1, "method": "initialize", "params": hello},
        {"jsonrpc": "2.0", "method": "notifications/initialized"},
        {"jsonrpc": "2.0", "id": 2, "method": "tools/call", "params": asked},
    ]
    process = subprocess.Popen(
        [sys.executable, "-m", "assistant", "mcp"],
        cwd=folder,
        env={**os.environ, **settings(folder)},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stdin is not None
    assert process.stdout is not None
    process.stdin.write("no json\n" + "".join(json.dumps(line) + "\n" for line in sent))
    process.stdin.flush()
    told = [json.loads(process.stdout.readline()) for _ in range(2)]
    rest, log = process.communicate(timeout=60)
    assert [line["id"] for line in told] == [1, 2]
    assert told[1]["result"]["structuredContent"]["kind"] == "refusal"
    assert (process.returncode, rest) == (0, "")
    lines = [json.loads(line) for line in log.splitlines()]
    assert "refusal" in {line.get("kind") for line in lines}
    assert "zebrafinch" not in log


def test_it_ends_when_it_is_interrupted(folder: Path) -> None:
    process = subprocess.Popen(
        [sys.executable, "-m", "assistant", "mcp"],
        cwd=ROOT,
        env={**os.environ, **settings(folder)},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    assert process.stdin is not None
    assert process.stdout is not None
    process.stdin.write(b'{"jsonrpc": "2.0", "id": 1, "method": "ping"}\n')
    process.stdin.flush()
    process.stdout.readline()
    process.send_signal(signal.SIGINT)
    assert process.wait(timeout=30) == 130


def test_a_setting_that_cannot_be_used_is_told_in_one_line_on_standard_error(folder: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "assistant", "mcp"],
        cwd=folder,
        env={**os.environ, **settings(folder), "SCO_LOG": "xml"},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    told = "setting SCO_LOG: 'xml' is not json; leave it unset for warnings in prose\n"
    assert (done.returncode, done.stdout, done.stderr) == (1, "", told)
