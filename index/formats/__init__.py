"""The formats besides plain text, each in a module of its own that is imported only where such a file is read.

A module has one function, ``extract(data)``, which gives text, structure and card as ``Transcript.to_json`` does, and
raises Unreadable when it cannot. It runs in a child process (see ``index.extraction``), so it may fail in any way.
"""

from __future__ import annotations

import importlib.metadata
from dataclasses import dataclass
from functools import cache


class Unreadable(Exception):
    """Why a file cannot be read, and what to do: one line for whoever put it there."""


@dataclass(frozen=True, slots=True)
class Format:
    """A kind of document.

    Attributes:
        name: of the module below this package.
        suffixes: of its files, in lower case.
        version: raise it when the module writes another text or structure for the same file.
        libraries: the distributions it reads with; their versions are part of what read a file.
        titled: whether a document without a title is named by its first heading; the head of a table names columns.
    """

    name: str
    suffixes: tuple[str, ...]
    version: int
    libraries: tuple[str, ...]
    titled: bool = True


FORMATS = (
    Format("markdown", (".md",), 6, ("markdown-it-py", "PyYAML")),
    Format("html", (".html", ".htm"), 9, ("lxml",)),
    Format("pdf", (".pdf",), 17, ("pypdf",)),
    Format("docx", (".docx",), 8, ("lxml",)),
    Format("epub", (".epub",), 9, ("lxml",)),
    Format("csv", (".csv", ".tsv"), 1, (), titled=False),
)
BY_SUFFIX = {suffix: known for known in FORMATS for suffix in known.suffixes}
SUFFIXES = tuple(BY_SUFFIX)


@cache
def extractor(known: Format) -> str:
    """What reads a format, with versions, as it is stored with every text. Raises Unreadable when it is missing."""
    parts = [f"{known.name} {known.version}"]
    for library in known.libraries:
        try:
            parts.append(f"{library} {importlib.metadata.version(library)}")
        except importlib.metadata.PackageNotFoundError:
            raise Unreadable(
                f"reading {known.suffixes[0]} files needs {library}; pip install -r requirements.txt"
            ) from None
    return ", ".join(parts)
