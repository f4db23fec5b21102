"""What a start does not load: libraries that the first page and the first answer have no use for."""

from __future__ import annotations

import os
import platform
import subprocess
import sys
from pathlib import Path

import pytest

from index.config import ROOT

COMMAND = "import assistant.__main__"
SERVER = """
import assistant.__main__, assistant.web.door, assistant.web.server
import uvicorn.config
assistant.web.door.Door(lambda: None, lambda: None, "127.0.0.1")
"""
MADE = """
from assistant.config import AppConfig
from assistant.web.server import create_app
from assistant.serving.service import Service
create_app(Service(AppConfig()))
"""
ANSWERED = """
import os
from assistant.config import AppConfig
from assistant.web.server import create_api
from assistant.serving.service import Service
service = Service(AppConfig.from_env(os.environ))
create_api(service)
service._load()
service.ask("When did India join?")
service.close()
"""
# What nothing needs that is imported here, or only somebody who asks for tools or figures, or who exports a model.
NEVER = {
    *("matplotlib", "mcp", "mcp_types", "onnx", "pandas.core", "prometheus_client", "scipy", "sentence_transformers"),
    *("torch", "transformers"),
}
# What the page can be read and written in without.
LATER = {
    *("assistant.serving.service", "faiss", "fastapi", "gradio", "numpy", "onnxruntime"),
    *("pydantic", "regex", "tokenizers"),
}


@pytest.mark.parametrize(
    ("started", "late"),
    [
        (COMMAND, NEVER | LATER),
        (SERVER, NEVER | LATER),
        (MADE, NEVER),
        (ANSWERED, NEVER - {"onnx", "prometheus_client"}),
    ],
    ids=["a command", "the page", "the conversation", "the first answer"],
)
def test_a_start_imports_only_what_is_needed_so_far(started: str, late: set[str], built_article: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", f"{started}\nimport sys\nprint(sorted(sys.modules.keys() & {late}))"],
        cwd=ROOT,
        env={**os.environ, "SCO_INDEX_DIR": str(built_article)},
        capture_output=True,
        text=True,
        timeout=120,
        check=True,
    )
    assert done.stdout == "[]\n"


HEAPS = """
import ctypes, re, sys, threading
from assistant.web import server
server.share_heaps()
c = ctypes.CDLL(None)
c.malloc.restype, c.fopen.restype = ctypes.c_void_p, ctypes.c_void_p
together = threading.Barrier(12)
def allocate():
    together.wait()
    for size in range(1, 2000):
        c.malloc(size)
threads = [threading.Thread(target=allocate) for _ in range(12)]
for each in threads:
    each.start()
for each in threads:
    each.join()
file = ctypes.c_void_p(c.fopen(sys.argv[1].encode(), b"w"))
c.malloc_info(0, file)
c.fclose(file)
print(len(re.findall("<heap nr=", open(sys.argv[1]).read())))
"""


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="heaps of threads are glibc's")
def test_the_threads_of_a_server_share_two_heaps(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", HEAPS, str(tmp_path / "heaps.xml")],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=120,
        check=True,
    )
    assert done.stdout == "2\n"
