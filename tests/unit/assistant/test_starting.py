"""What a start does not load: libraries that the first page and the first answer have no use for."""

from __future__ import annotations

import subprocess
import sys

import pytest

from index.config import ROOT

MADE = """
import sys
from assistant.config import AppConfig
from assistant.server import create_app
from assistant.service import Service
create_app(Service(AppConfig()))
"""
LATE = """
late = {"mcp", "mcp_types", "onnx", "prometheus_client", "sentence_transformers", "torch", "transformers"}
print(sorted({name.split(".")[0] for name in sys.modules} & late))
"""


@pytest.mark.parametrize("started", ["import sys, assistant.__main__\n", MADE], ids=["a command", "the page"])
def test_neither_a_command_nor_the_page_waits_for_the_tools_the_metrics_or_torch(started: str) -> None:
    done = subprocess.run(
        [sys.executable, "-c", started + LATE], cwd=ROOT, capture_output=True, text=True, timeout=120, check=True
    )
    assert done.stdout == "[]\n"
