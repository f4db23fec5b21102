from __future__ import annotations

import importlib
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from assistant.web.importing import put_off

ROOT = Path(__file__).resolve().parents[3]


def test_gradio_comes_without_pandas_and_stubs_and_whoever_asks_for_pandas_gets_it() -> None:
    # A process of its own: what was imported before would decide.
    program = (
        "from assistant.web.importing import import_gradio\n"
        "import_gradio()\n"
        "import sys, gradio.component_meta\n"
        "print('pandas' in sys.modules, gradio.component_meta.create_or_modify_pyi(None, '', []))\n"
        "import gradio.caching, pandas\n"
        "print(len(pandas.DataFrame({'a': [1, 2]})), gradio.caching.pd.DataFrame is pandas.DataFrame)\n"
    )
    environ = os.environ | {"PYTHONPATH": str(ROOT), "GRADIO_ANALYTICS_ENABLED": "False"}
    done = subprocess.run([sys.executable, "-c", program], env=environ, capture_output=True, text=True, timeout=120)
    assert (done.stdout, done.returncode) == ("False None\n2 True\n", 0)


@pytest.fixture
def heavy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A package that counts its imports and has a module."""
    folder = tmp_path / "heavy"
    folder.mkdir()
    (folder / "__init__.py").write_text(
        "import os\nos.environ['HEAVY'] += 'x'\nfrom heavy.inner import value\n", "utf-8"
    )
    (folder / "inner.py").write_text("import heavy\nvalue = 7\n", "utf-8")
    monkeypatch.syspath_prepend(str(tmp_path))
    monkeypatch.setenv("HEAVY", "")
    yield
    for name in ("heavy", "heavy.inner"):
        sys.modules.pop(name, None)


@pytest.mark.usefixtures("heavy")
def test_a_package_put_off_is_imported_once_when_something_of_it_is_asked_for() -> None:
    with put_off("heavy"):
        late = importlib.import_module("heavy")
        assert (late.__name__, os.environ["HEAVY"]) == ("heavy", "")
    assert (late.value, late.value, os.environ["HEAVY"]) == (7, 7, "x")
    assert importlib.import_module("heavy").value == 7
    assert os.environ["HEAVY"] == "x"


@pytest.mark.usefixtures("heavy")
def test_a_package_put_off_is_not_among_the_modules_for_long() -> None:
    with put_off("heavy"):
        late = importlib.import_module("heavy")
        assert sys.modules["heavy"] is late
    assert "heavy" not in sys.modules
    whole = importlib.import_module("heavy")
    assert (late.inner is whole.inner, os.environ["HEAVY"]) == (True, "x")  # type: ignore[attr-defined]
    with put_off("heavy"):
        assert importlib.import_module("heavy") is whole
    assert sys.modules["heavy"] is whole


@pytest.mark.usefixtures("heavy")
def test_a_package_put_off_can_be_asked_for_meanwhile() -> None:
    with put_off("heavy"):
        assert importlib.import_module("heavy").value == 7
        assert importlib.import_module("heavy").__file__ is not None
    assert "heavy" in sys.modules
    assert os.environ["HEAVY"] == "x"


@pytest.mark.usefixtures("heavy")
def test_a_module_of_a_package_put_off_can_be_imported() -> None:
    with put_off("heavy"):
        assert (importlib.import_module("heavy.inner").value, os.environ["HEAVY"]) == (7, "x")
    assert sys.modules["heavy"].value == 7


@pytest.mark.usefixtures("heavy")
def test_what_a_package_put_off_has_not_is_an_attribute_error() -> None:
    with put_off("heavy"):
        late = importlib.import_module("heavy")
    assert not hasattr(late, "__wrapped__")
    assert os.environ["HEAVY"] == ""
    with pytest.raises(AttributeError, match="module 'heavy' has no attribute 'nothing'"):
        _ = late.nothing


def test_a_package_that_is_not_there_is_left_alone() -> None:
    with put_off("no_such_package_anywhere"):
        assert "no_such_package_anywhere" not in sys.modules
