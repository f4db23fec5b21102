from __future__ import annotations

import importlib
import os
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest

from assistant.importing import later

ROOT = Path(__file__).resolve().parents[3]


def test_gradio_comes_without_pandas_and_stubs_and_whoever_asks_for_pandas_gets_it() -> None:
    # A process of its own: what was imported before would decide.
    program = (
        "from assistant.importing import import_gradio\n"
        "import_gradio()\n"
        "import sys, gradio.component_meta\n"
        "print('pandas.core' in sys.modules, gradio.component_meta.create_or_modify_pyi(None, '', []))\n"
        "import pandas\n"
        "print(len(pandas.DataFrame({'a': [1, 2]})))\n"
    )
    environ = os.environ | {"PYTHONPATH": str(ROOT), "GRADIO_ANALYTICS_ENABLED": "False"}
    done = subprocess.run([sys.executable, "-c", program], env=environ, capture_output=True, text=True, timeout=120)
    assert (done.stdout, done.returncode) == ("False None\n2\n", 0)


@pytest.fixture
def heavy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """A package that counts its imports and has a module, put off."""
    folder = tmp_path / "heavy"
    folder.mkdir()
    (folder / "__init__.py").write_text(
        "import os\nos.environ['HEAVY'] += 'x'\nfrom heavy.inner import value\n", "utf-8"
    )
    (folder / "inner.py").write_text("import heavy\nvalue = 7\n", "utf-8")
    monkeypatch.syspath_prepend(str(tmp_path))
    monkeypatch.setenv("HEAVY", "")
    for name in ("heavy", "heavy.inner"):
        monkeypatch.delitem(sys.modules, name, raising=False)
    later("heavy")
    return sys.modules["heavy"]


def test_a_package_put_off_is_imported_once_when_something_of_it_is_asked_for(heavy: ModuleType) -> None:
    assert importlib.import_module("heavy") is heavy
    assert (heavy.__name__, os.environ["HEAVY"]) == ("heavy", "")
    assert (heavy.value, heavy.value, os.environ["HEAVY"]) == (7, 7, "x")


def test_a_module_of_a_package_put_off_can_be_imported(heavy: ModuleType) -> None:
    assert (importlib.import_module("heavy.inner").value, os.environ["HEAVY"]) == (7, "x")


def test_what_a_package_put_off_has_not_is_an_attribute_error(heavy: ModuleType) -> None:
    assert not hasattr(heavy, "__wrapped__")
    assert os.environ["HEAVY"] == ""
    with pytest.raises(AttributeError, match="module 'heavy' has no attribute 'nothing'"):
        _ = heavy.nothing


def test_a_package_that_is_not_there_is_left_alone() -> None:
    later("no_such_package_anywhere")
    assert "no_such_package_anywhere" not in sys.modules
