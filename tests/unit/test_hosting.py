"""The image and the Space: what of them can be checked without an engine."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import loops
import pytest
import yaml

from assistant.config import AppConfig
from assistant.serving.admission import Admission
from assistant.web.guard import Guard
from index import BadSetting
from index.config import ROOT

DOCKERFILE = (ROOT / "Dockerfile").read_text("utf-8")
WITHOUT_TORCH = """
import sys
sys.modules.update(torch=None, transformers=None, sentence_transformers=None)
import assistant.__main__, index.__main__
assert index.__main__.main(["rebuild", "--progress", "none"]) == 0
assert assistant.__main__.main(["ask", "When did India join?"]) == 0
"""


def test_hadolint_finds_no_fault_in_the_dockerfile() -> None:
    done = subprocess.run(
        [Path(sys.executable).with_name("hadolint"), "Dockerfile"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stdout) == (0, "")


def test_what_the_image_copies_is_there_and_it_runs_as_nobody_in_particular() -> None:
    copied = re.findall(r"^COPY (?!--from)(.+) \S+$", DOCKERFILE, re.M)
    assert [name for names in copied for name in names.split() if not (ROOT / name).exists()] == []
    assert re.findall(r"^(?:USER|HEALTHCHECK|EXPOSE).{0,5}", DOCKERFILE, re.M) == [
        "USER 1000",
        "EXPOSE 7860",
        "HEALTHCHECK --in",
    ]


def test_the_image_may_do_without_torch(tmp_path: Path) -> None:
    environ = {**os.environ, "SCO_INDEX_DIR": str(tmp_path / "built")}
    done = subprocess.run(
        [sys.executable, "-c", WITHOUT_TORCH],
        cwd=ROOT,
        env=environ,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert "India, which joined in 2017" in done.stdout


def test_a_space_gets_its_metadata_above_the_readme_and_an_open_page(tmp_path: Path) -> None:
    folder = tmp_path / "space"
    subprocess.run([ROOT / ".ci" / "space", folder], check=True, capture_output=True, timeout=60)
    _, metadata, readme = (folder / "README.md").read_text("utf-8").split("---\n", 2)
    told = yaml.safe_load(metadata)
    assert (told["sdk"], told["app_port"], len(told["short_description"]) <= 60) == ("docker", 7860, True)
    assert readme.strip() == (ROOT / "README.md").read_text("utf-8").strip()
    assert "ENV SCO_LOGIN=off" in (folder / "Dockerfile").read_text("utf-8")
    assert "*.onnx filter=lfs" in (folder / ".gitattributes").read_text("utf-8")
    again = subprocess.run([ROOT / ".ci" / "space", folder], check=False, capture_output=True, text=True, timeout=60)
    assert (again.returncode, again.stderr) == (1, f"{folder} is not empty\n")


def headers(framed_by: str) -> dict[str, str]:
    """Those of an answer to a stranger's request."""
    sent: list[dict[str, object]] = []

    async def run() -> None:
        async def send(message: dict[str, object]) -> None:
            sent.append(message)

        guard = Guard(None, "127.0.0.1", admission=Admission(framed_by=framed_by))  # type: ignore[arg-type]
        scope = {"type": "http", "method": "GET", "path": "/", "headers": [(b"host", b"evil.example")]}
        await guard(scope, None, send)  # type: ignore[arg-type]

    loops.run(run())
    told = sent[0]["headers"]
    assert isinstance(told, list)
    return {name.decode(): value.decode() for name, value in told}


def test_only_the_site_that_is_named_may_show_the_page_inside_its_own() -> None:
    framed, closed = headers("https://huggingface.co"), headers("")
    assert "frame-ancestors https://huggingface.co" in framed["content-security-policy"]
    assert "x-frame-options" not in framed
    assert "frame-ancestors 'none'" in closed["content-security-policy"]
    assert closed["x-frame-options"] == "DENY"
    assert framed.keys() == closed.keys() - {"x-frame-options"}


@pytest.mark.parametrize("site", ["huggingface.co", "https://a.example; script-src *", "https://a.example/", "*"])
def test_what_is_no_site_may_frame_nothing(site: str) -> None:
    with pytest.raises(BadSetting, match="setting SCO_FRAMED_BY: "):
        AppConfig.from_env({"SCO_FRAMED_BY": site})
