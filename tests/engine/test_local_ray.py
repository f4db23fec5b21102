"""A Ray of one's own: on this machine alone, and gone with the command that started it."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping
from dataclasses import replace
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pytest
from fakes import HashingEmbedder
from sessions import LOOPBACK, listens, of_session, wait_until

from index import BadSetting, IndexConfig, OnnxEmbedder, open_index, rebuild
from index.config import ROOT
from index.engine import building
from index.engine.protocol import EngineAddress

_BUILD = """
import signal, sys, time
# A shell that starts the tests behind it has them ignore the key, and all that they start.
signal.signal(signal.SIGINT, signal.default_int_handler)
from index.__main__ import main
from index.engine import building, journal
building.BATCH_CHARS = 100
noted = journal.Journal.note
journal.Journal.note = lambda *told: (noted(*told), time.sleep(1.5))
if __name__ == "__main__":
    raise SystemExit(main(["rebuild", "--progress", "json"]))
"""


@contextlib.contextmanager
def building_command(environ: Mapping[str, str]) -> Iterator[subprocess.Popen[str]]:
    """In a session of its own; what is left of it is killed."""
    command, pipe = [sys.executable, "-c", _BUILD], subprocess.PIPE
    with subprocess.Popen(
        command, cwd=ROOT, env=environ, stdout=pipe, stderr=pipe, text=True, start_new_session=True
    ) as process:
        try:
            yield process
        finally:
            for one in of_session(process.pid):
                with contextlib.suppress(ProcessLookupError):
                    os.kill(one, signal.SIGKILL)


@pytest.mark.skipif(find_spec("ray") is None, reason="needs ray; see test_on_ray.py")
def test_the_command_keeps_to_this_machine_stops_at_a_key_and_is_gone_on_with(
    twenty: IndexConfig, tmp_path: Path, _minilm: OnnxEmbedder, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = f"milvus:{tmp_path / 'own.db'}/docs"
    environ = {name: value for name, value in os.environ.items() if not name.startswith("RAY_")}
    environ |= {"SCO_SOURCE_DOCS": str(twenty.source_docs), "SCO_INDEX_DIR": str(twenty.index_dir)}
    environ |= {"SCO_INDEX": place, "SCO_RAY": "local", "HOME": str(tmp_path)}
    with building_command(environ) as stopped:
        assert stopped.stdout is not None
        for line in stopped.stdout:
            report = json.loads(line)
            if report["step"] == "embed" and report["done"] > 0:
                break
        processes = of_session(stopped.pid)
        assert processes, stopped.communicate()
        assert any("raylet" in command for command in processes.values())
        listening = {address for process in processes for address in listens(process)}
        assert listening
        assert [address for address in listening if not address.endswith(LOOPBACK)] == []
        os.killpg(stopped.pid, signal.SIGINT)
        _, complaints = stopped.communicate(timeout=60)
        assert (stopped.returncode, complaints) == (130, "stopped; the index is as it was\n")
        wait_until(lambda: not of_session(stopped.pid))
    named = "--session-dir="
    folders = {part for command in processes.values() for part in command.split() if part.startswith(named)}
    assert folders
    assert [folder for folder in folders if Path(folder.removeprefix(named)).exists()] == []
    assert not (tmp_path / ".ray").exists()
    monkeypatch.setattr(building, "BATCH_CHARS", 100)
    config, files = (
        replace(twenty, engine=EngineAddress.parse(place)),
        replace(twenty, index_dir=twenty.index_dir.with_name("files"), engine=None),
    )
    done = rebuild(config, _minilm)
    assert done.reused > 0
    assert done.embedded + done.reused == 21
    rebuild(files, _minilm)
    one, other = (open_index(c, _minilm.identity)[0] for c in (config, files))
    assert list(one.passages) == list(other.passages)
    np.testing.assert_allclose(one.dense.vectors(), other.dense.vectors(), atol=1e-6)


def test_without_ray_a_line_says_what_to_install(twenty: IndexConfig, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "ray", None)
    with pytest.raises(
        BadSetting, match=r"^setting SCO_RAY: needs ray; run: pip install -r index/engine/requirements-"
    ):
        rebuild(replace(twenty, ray="local"), HashingEmbedder())
