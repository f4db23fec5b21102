"""What can go wrong with documents and indexes. Each message says what, where and what to do."""

from __future__ import annotations


class BadInput(Exception):
    """Root of every error a user can mend; ``str()`` is one line and is shown as it is."""

    def __reduce__(self) -> tuple[object, ...]:
        """From another process: made anew by its line, which is not what most of them are made by."""
        return _told, (type(self), self.args), vars(self)


def _told(kind: type[BadInput], line: tuple[object, ...]) -> BadInput:
    return kind.__new__(kind, *line)


class BadSetting(BadInput):
    """A ``SCO_*`` environment variable is unknown or holds a value that cannot be used."""

    def __init__(self, name: str, problem: str) -> None:
        super().__init__(f"setting {name}: {problem}")
        self.name = name


class BadSource(BadInput):
    """A source document, or the whole folder, cannot be indexed."""

    def __init__(self, file: str, problem: str) -> None:
        super().__init__(f"{file}: {problem}")
        self.file = file
        self.problem = problem


class BadModel(BadInput):
    """The embedding model is absent, or its files are not the ones that were promised."""


class BadIndex(BadInput):
    """The built index cannot be used. Every subclass names the command that mends it."""


class IndexMissing(BadIndex):
    """There is no built index in the folder."""

    def __init__(self, folder: str) -> None:
        super().__init__(f"no index in {folder}; build it with: python -m index rebuild")
        self.folder = folder


class IndexCorrupt(BadIndex):
    """A file of a generation is not the one that was written."""

    def __init__(self, file: str, problem: str, remedy: str = "python -m index rebuild") -> None:
        super().__init__(f"damaged index: {file}: {problem}; mend it with: {remedy}")
        self.file = file
        self.problem = problem


class IndexIncompatible(BadIndex):
    """The generation is whole but was made by another model or another version of this program."""

    def __init__(self, made_with: str, needed: str) -> None:
        super().__init__(
            f"the index was made with {made_with}, this program uses {needed}; mend it with: python -m index rebuild"
        )
        self.made_with = made_with
        self.needed = needed


class EngineAway(BadIndex):
    """The engine that keeps the index does not answer, or cannot be used at all; the message is one line."""


class NoSuchGeneration(BadIndex):
    """A roll-back to a generation that is not kept."""

    def __init__(self, problem: str) -> None:
        super().__init__(f"{problem}; those that are kept are listed by: python -m index generations")


class IndexBusy(BadIndex):
    """Another rebuild holds the lock."""

    def __init__(self, holder: str) -> None:
        super().__init__(f"another rebuild is running ({holder}); wait for it to end, then try again")
        self.holder = holder
