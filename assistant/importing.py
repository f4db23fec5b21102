"""Gradio, imported without three things that the page has no use for: a third of its start and 30 MB."""

from __future__ import annotations

import contextlib
import importlib
import importlib.abc
import importlib.machinery
import importlib.util
import sys
import threading
from collections.abc import Iterator, Sequence
from types import ModuleType

_STUBS, _WRITES_STUBS = "gradio.component_meta", "create_or_modify_pyi"


def import_gradio() -> ModuleType:
    """Import Gradio; safe to call again, from any thread.

    It imports pandas, for tables that the page does not show: here pandas is imported when something of it is asked
    for. It imports the package of the tools, a second for nothing: here it does not find that. And it writes a file of
    type stubs beside every component of its own, at every import: here it does not.
    """
    if "gradio" not in sys.modules:
        later("pandas")
        finder = _WithoutStubs()
        sys.meta_path.insert(0, finder)
        try:
            with _unseen("mcp"):
                importlib.import_module("gradio")
        finally:
            sys.meta_path.remove(finder)
    return sys.modules["gradio"]


@contextlib.contextmanager
def _unseen(package: str) -> Iterator[None]:
    """Not installed, to whoever looks meanwhile."""
    hidden = package not in sys.modules
    if hidden:
        # None is Python's own sign for what cannot be imported.
        sys.modules[package] = None  # type: ignore[assignment]
    try:
        yield
    finally:
        if hidden:
            del sys.modules[package]


def later(package: str) -> None:
    """Have a package imported when something of it is asked for, if it is there and was not imported yet."""
    spec = importlib.util.find_spec(package)
    if spec is not None and spec.loader is not None:
        sys.modules.setdefault(package, _Later(spec))


class _Later(ModuleType):
    """A package that is imported once anything but its name is asked for; then it is that package."""

    def __init__(self, spec: importlib.machinery.ModuleSpec) -> None:
        super().__init__(spec.name)
        self.__spec__ = spec
        self.__loader__ = spec.loader
        self.__file__ = spec.origin
        self._importing = threading.RLock()

    def __getattr__(self, name: str) -> object:
        # inspect asks every module there is for names like these.
        if name.startswith("__") and name != "__path__":
            raise AttributeError(name)
        with self._importing:
            spec = self.__spec__
            if "__path__" not in self.__dict__ and spec is not None and spec.loader is not None:
                self.__path__ = list(spec.submodule_search_locations or ())
                spec.loader.exec_module(self)
            if name in self.__dict__:
                return self.__dict__[name]
        raise AttributeError(f"module {self.__name__!r} has no attribute {name!r}")


class _WithoutStubs:
    """Finds one module of Gradio as ever, and makes its function that writes stubs do nothing."""

    def find_spec(
        self, name: str, path: Sequence[str] | None = None, target: ModuleType | None = None
    ) -> importlib.machinery.ModuleSpec | None:
        if name != _STUBS:
            return None
        spec = importlib.machinery.PathFinder.find_spec(name, path, target)
        if spec is not None and spec.loader is not None:
            spec.loader = _Changed(spec.loader)
        return spec


class _Changed(importlib.abc.Loader):
    def __init__(self, loader: importlib.abc.Loader) -> None:
        self._loader = loader

    def create_module(self, spec: importlib.machinery.ModuleSpec) -> ModuleType | None:
        return self._loader.create_module(spec)

    def exec_module(self, module: ModuleType) -> None:
        self._loader.exec_module(module)
        if hasattr(module, _WRITES_STUBS):
            setattr(module, _WRITES_STUBS, lambda *_: None)
