from __future__ import annotations

import ast
import importlib
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest

import assistant
import index
from index.config import ROOT

PACKAGES = pytest.mark.parametrize("package", [assistant, index], ids=["assistant", "index"])


def declared(package: ModuleType) -> dict[str, str]:
    """Public name → module, as type checkers read it in the package's own source."""
    assert package.__file__ is not None
    (checked,) = (
        node for node in ast.parse(Path(package.__file__).read_text("utf-8")).body if isinstance(node, ast.If)
    )
    imports = [node for node in checked.body if isinstance(node, ast.ImportFrom)]
    return {alias.name: node.module or "" for node in imports for alias in node.names}


@PACKAGES
def test_what_a_type_checker_reads_is_what_a_program_gets(package: ModuleType) -> None:
    homes = declared(package)
    assert sorted(homes) == package.__all__
    for name, module in homes.items():
        assert getattr(package, name) is getattr(importlib.import_module(module), name)


@PACKAGES
def test_a_package_lists_its_names_and_knows_no_others(package: ModuleType) -> None:
    assert set(package.__all__) <= set(dir(package))
    with pytest.raises(AttributeError, match=f"'{package.__name__}' has no attribute 'nothing'"):
        getattr(package, "nothing")  # noqa: B009 - a type checker knows that it is not there
    with pytest.raises(ImportError):
        exec(f"from {package.__name__} import nothing")


@PACKAGES
def test_all_of_a_packages_names_can_be_imported_at_once(package: ModuleType) -> None:
    names: dict[str, object] = {}
    exec(f"from {package.__name__} import *", names)
    assert set(package.__all__) <= set(names)


def test_a_name_is_imported_with_its_own_module_and_no_other() -> None:
    asked = "import sys\nfrom index import BadInput\nprint(*sorted(name for name in sys.modules if 'index.' in name))"
    done = subprocess.run([sys.executable, "-c", asked], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["index.errors", "index.public"]
