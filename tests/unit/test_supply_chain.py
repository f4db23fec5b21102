"""What is installed and what is loaded: by hash, and nothing that could run code of its own."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from collections.abc import Iterator

import pytest

from index.config import ROOT

PACKAGES = [*sorted((ROOT / "index").rglob("*.py")), *sorted((ROOT / "assistant").rglob("*.py"))]
# Modules and calls that turn data into code.
MODULES = {"pickle", "cPickle", "dill", "cloudpickle", "joblib", "marshal", "shelve"}
CALLS = {"eval", "exec", "compile", "__import__", "os.system", "os.popen"}


def dotted(node: ast.expr) -> str:
    match node:
        case ast.Name():
            return node.id
        case ast.Attribute():
            return f"{dotted(node.value)}.{node.attr}"
        case _:
            return ""


def trusting(source: str) -> Iterator[str]:
    """What in a module could run code that came as data."""
    for node in ast.walk(ast.parse(source)):
        match node:
            case ast.Import(names=names):
                yield from (name.name for name in names if name.name.split(".")[0] in MODULES)
            case ast.ImportFrom(module=str(module)) if module.split(".")[0] in MODULES:
                yield module
            case ast.Call(func=func, keywords=keywords):
                given = {word.arg: word.value for word in keywords}
                named = {arg: value.value for arg, value in given.items() if isinstance(value, ast.Constant)}
                name = dotted(func)
                if name in CALLS:
                    yield name
                if name == "torch.load" and named.get("weights_only") is not True:
                    yield "torch.load without weights_only=True"
                if name in ("np.load", "numpy.load") and named.get("allow_pickle") is not False:
                    yield f"{name} without allow_pickle=False"
                if name.endswith(".from_pretrained") and named.get("local_files_only") is not True:
                    yield f"{name} may fetch a model"
                if "trust_remote_code" in given and named.get("trust_remote_code") is not False:
                    yield "trust_remote_code"
                if "allow_pickle" in given and named.get("allow_pickle") is not False:
                    yield "allow_pickle"
                if named.get("shell") is True:
                    yield "shell=True"


def test_no_module_takes_data_for_code() -> None:
    found = {str(file.relative_to(ROOT)): list(trusting(file.read_text("utf-8"))) for file in PACKAGES}
    assert {file: told for file, told in found.items() if told} == {}


@pytest.mark.parametrize(
    ("source", "told"),
    [
        ("import pickle", "pickle"),
        ("from joblib import load", "joblib"),
        ("import torch\ntorch.load(f)", "torch.load without weights_only=True"),
        ("import numpy as np\nnp.load(f)", "np.load without allow_pickle=False"),
        ("np.lib.format.read_array(f, allow_pickle=True)", "allow_pickle"),
        ("Model(f, trust_remote_code=trust)", "trust_remote_code"),
        ("AutoModel.from_pretrained(f)", "AutoModel.from_pretrained may fetch a model"),
        ("subprocess.run(f, shell=True)", "shell=True"),
        ("eval(f)", "eval"),
    ],
)
def test_what_would_be_told(source: str, told: str) -> None:
    assert list(trusting(source)) == [told]


def test_the_locks_hold_what_the_requirements_ask_for() -> None:
    done = subprocess.run([sys.executable, str(ROOT / ".ci" / "lock.py"), "--check"], capture_output=True, text=True)
    assert (done.returncode, done.stdout) == (0, "locks and requirements agree\n")


@pytest.mark.parametrize(
    "name",
    [
        "requirements.txt",
        "tests/requirements.txt",
        "index/engine/requirements.txt",
        "index/engine/requirements-ray.txt",
    ],
)
def test_every_requirement_is_pinned(name: str) -> None:
    lines = [line for line in (ROOT / name).read_text("utf-8").splitlines() if line and not line.startswith("#")]
    assert [line for line in lines if not re.fullmatch(r"[A-Za-z0-9._-]+(\[[a-z,]+\])?==\S+", line)] == []


@pytest.mark.parametrize(
    ("name", "least"),
    [
        ("requirements.lock", 20),
        ("tests/requirements.lock", 20),
        ("index/engine/requirements.lock", 5),
        ("index/engine/requirements-ray.lock", 1),
    ],
)
def test_every_locked_package_has_a_hash_and_torch_is_not_among_them(name: str, least: int) -> None:
    text = (ROOT / name).read_text("utf-8")
    packages = re.findall(r"^(\S+)==\S+ \\\n    --hash=sha256:[0-9a-f]{64}", text, re.MULTILINE)
    assert (len(packages), "torch" in packages) == (text.count("=="), False)
    assert len(packages) > least
