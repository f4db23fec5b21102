"""Requests made by machine from the API's own description, fitting it and not: no failure, no traceback."""

from __future__ import annotations

import contextlib
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis.errors import Unsatisfiable
from schemathesis import GenerationMode
from served import ROOT, Served, serve

# A process of its own each time; what is sent to it is fuzzed in tests/unit.
LEFT_OUT = {("POST", "/v1/rebuild")}


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory, ready_article: Path) -> Iterator[Served]:
    """A server that may change documents and index, over a copy."""
    folder = tmp_path_factory.mktemp("fuzzed")
    shutil.copytree(ROOT / "source_docs", folder / "docs")
    with serve(
        folder, folder / "docs", ready_article, SCO_ALLOW_REBUILD="1", SCO_FEEDBACK=str(folder / "feedback.jsonl")
    ) as served:
        served.wait_until("/readyz")
        yield served


def fuzz(server: Served, requests: int, draw: int) -> int:
    """Send at most so many requests to each operation, half of them such as the description forbids.

    Returns how many were sent: where fewer differ, fewer are. Another ``draw`` gives others.
    """
    schema = schemathesis.openapi.from_url(f"{server.url}/v1/openapi.json")
    sent = 0
    for result in schema.get_all_operations():
        operation = result.ok()
        if (operation.method.upper(), operation.path) in LEFT_OUT:
            continue
        for mode in (GenerationMode.POSITIVE, GenerationMode.NEGATIVE):

            @seed(draw)
            @settings(
                max_examples=requests // 2,
                deadline=None,
                database=None,
                phases=[Phase.explicit, Phase.generate],
                suppress_health_check=list(HealthCheck),
            )
            @given(case=operation.as_strategy(generation_mode=mode))
            def send(case: Any) -> None:
                nonlocal sent
                sent += 1
                answer = case.call(timeout=60)
                assert answer.status_code < 500, f"{case.as_curl_command()}: {answer.status_code} {answer.text[:300]}"
                assert "frame-ancestors 'none'" in "".join(answer.headers["content-security-policy"])
                assert "Traceback" not in answer.text

            # Nothing wrong can be sent where anything is right.
            with contextlib.suppress(Unsatisfiable):
                send()
    return sent


def traceless(server: Served) -> bool:
    return "Traceback" not in server.log.read_text("utf-8", "replace")


def test_no_request_makes_the_api_fail(server: Served) -> None:
    sent = fuzz(server, 16, 0)
    assert (sent >= 100, traceless(server)) == (True, True)


@pytest.mark.slow
def test_none_of_ten_thousand_requests_makes_the_api_fail(server: Served) -> None:
    sent = draw = 0
    while sent < 10_000:
        draw += 1
        sent += fuzz(server, 200, draw)
        print(f"{sent:,} requests sent", flush=True)
    assert traceless(server)
