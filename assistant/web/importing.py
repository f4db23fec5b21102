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

    It imports pandas, for tables that the page does not show: what it gets here imports pandas when something of it is
    asked for. It imports the package of the tools, a second for nothing: here it does not find that. And it writes a
    file of type stubs beside every component of its own, at every import: here it does not.
    """
    if "gradio" not in sys.modules:
        finder = _WithoutStubs()
        sys.meta_path.insert(0, finder)
        try:
            with _unseen("mcp"), put_off("pandas"):
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


@contextlib.contextmanager
def put_off(package: str) -> Iterator[None]:
    """What imports a package meanwhile gets one that is imported when something of it is asked for.

    Does nothing where the package is not there, or was imported already. It is listed among the modules meanwhile only:
    others look there whether it was imported, as rapidfuzz does for pandas at each word that it compares, and would
    import it by asking.
    """
    if package in sys.modules or importlib.util.find_spec(package) is None:
        yield
        return
    late = sys.modules[package] = _Late(package)
    try:
        yield
    finally:
        late.unlist()


class _Late(ModuleType):
    """Stands for a package, which is imported once anything but its name is asked for."""

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self._importing = threading.RLock()
        self._package: ModuleType | None = None

    def unlist(self) -> None:
        if sys.modules.get(self.__name__) is self:
            del sys.modules[self.__name__]

    def __getattr__(self, name: str) -> object:
        # inspect asks every module there is for names like these.
        if self._package is None and name.startswith("__") and name != "__path__":
            raise AttributeError(name)
        with self._importing:
            if self._package is None:
                self.unlist()
                self._package = importlib.import_module(self.__name__)
        found: object = getattr(self._package, name)
        return found


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
