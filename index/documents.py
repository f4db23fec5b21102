"""Files of ``source_docs`` → documents with one canonical text. Offsets everywhere count its code points."""

from __future__ import annotations

import codecs
import contextlib
import hashlib
import json
import os
import stat
import tomllib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time
from pathlib import Path

from index.errors import BadSource
from index.extraction import Extracted, Extractor
from index.formats import SUFFIXES
from index.structure import Block, Structure

MAX_DOCUMENT_BYTES = 64 * 1024 * 1024
TEXT_SUFFIX = ".txt"
READ_SUFFIXES = (TEXT_SUFFIX, *SUFFIXES)
# Nothing in such a file tells its encoding but a mark: every other format's extractor decodes for itself.
_DECODED = (TEXT_SUFFIX, ".md", ".csv", ".tsv")
CARD_SUFFIX = ".toml"
_UTF_16_MARKS = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """A half-open run ``[start, end)`` of code points of one document's text; never empty."""

    start: int
    end: int

    def __post_init__(self) -> None:
        if not 0 <= self.start < self.end:
            raise ValueError(f"not a span: [{self.start}, {self.end})")

    def of(self, text: str) -> str:
        """The characters of ``text`` the span covers. Raises ValueError if it reaches past the end."""
        if self.end > len(text):
            raise ValueError(f"span [{self.start}, {self.end}) reaches past the end of {len(text)} characters")
        return text[self.start : self.end]

    def contains(self, other: Span) -> bool:
        return self.start <= other.start and other.end <= self.end

    def overlaps(self, other: Span) -> bool:
        return self.start < other.end and other.start < self.end


@dataclass(frozen=True, slots=True)
class Document:
    """One source document.

    Attributes:
        id: path below the source folder, with forward slashes; unique in an index.
        title: from the card, else the first heading but for a table's, else the file's name.
        text: canonical. Of ``.txt`` and ``.md``: strict UTF-8, or UTF-16 behind its byte order mark; one such mark
            dropped, CRLF and CR to LF, nothing else.
            Of other formats: what their extractor made of the file, stored so that it can be checked.
        sha256: of the file's bytes, in hexadecimal, so that anyone with the file can check a quote.
        card: bibliographic facts, JSON-ready: the file's own, and before them those of the ``.toml`` beside it.
        structure: what the format tells of headings and pages; None for ``.txt``, whose structure is inferred.
    """

    id: str
    title: str
    text: str
    sha256: str
    card: Mapping[str, object] = field(default_factory=dict)
    structure: Structure | None = None

    @property
    def blocks(self) -> tuple[Block, ...] | None:
        """What stands in the text, or None where that has to be inferred."""
        return self.structure.blocks if self.structure else None

    def page_of(self, offset: int) -> int | None:
        """The page on which a character stands, 1-based; None in a format without pages."""
        return self.structure.page_of(offset) if self.structure else None

    def text_sha256(self) -> str:
        """Of the canonical text in UTF-8, in hexadecimal: tells whether two extractions are the same."""
        return hashlib.sha256(self.text.encode("utf-8")).hexdigest()


@dataclass(frozen=True, slots=True)
class Sources:
    """What a source folder holds: the documents, in order of id, and a line for each file left out."""

    documents: tuple[Document, ...]
    left_out: tuple[BadSource, ...]


def canonical_text(data: bytes) -> str:
    """The text that offsets count. Raises UnicodeDecodeError: no guessing, no replacement characters."""
    # What Windows' editors call Unicode. The mark of UTF-32 begins like that of UTF-16, whose text begins with no NUL.
    marked = data.startswith(_UTF_16_MARKS) and not data.startswith(codecs.BOM_UTF32_LE)
    text = data.decode("utf-16", "strict") if marked else data.decode("utf-8", "strict").removeprefix("\ufeff")
    return text.replace("\r\n", "\n").replace("\r", "\n")


def check_suffix(name: str) -> None:
    """Raises BadSource unless a file of this name is of a kind that is read."""
    if Path(name).suffix.lower() not in READ_SUFFIXES:
        raise BadSource(name, f"only {', '.join(READ_SUFFIXES)} files are read; save its text as .txt")


def read_document(name: str, data: bytes, extractor: Extractor) -> Extracted | str:
    """A document's bytes read as its suffix says; of plain text just the canonical text.

    Raises BadSource when the file would be left out of an index.
    """
    check_suffix(name)
    suffix = Path(name).suffix.lower()
    sha256 = hashlib.sha256(data).hexdigest()
    if suffix not in _DECODED:
        return extractor.extract(name, data, sha256)
    try:
        text = canonical_text(data)
    except UnicodeDecodeError as problem:
        byte = data[problem.start]
        encoding = problem.encoding.upper().removesuffix("-LE").removesuffix("-BE")
        raise BadSource(
            name, f"not {encoding} (byte 0x{byte:02x} at offset {problem.start}); save it as UTF-8"
        ) from None
    if not text.strip():
        raise BadSource(name, "holds no text; write something in it or remove it")
    return text if suffix == TEXT_SUFFIX else extractor.extract(name, text.encode("utf-8"), sha256)


def text_of(name: str, data: bytes) -> str:
    """The canonical text of a document's bytes. Raises BadSource when they would be left out of an index."""
    with Extractor() as extractor:
        found = read_document(name, data, extractor)
    return found.text if isinstance(found, Extracted) else found


def read_sources(
    folder: Path,
    progress: Callable[[int, int], None] = lambda done, total: None,
    extractor: Extractor | None = None,
) -> Sources:
    """Read every document below ``folder``; ``progress`` is told how many files of how many were looked at.

    ``extractor`` reads those that are not plain text; one is made when it is needed and not given.

    A file that cannot be read is left out with a reason; the rest is read all the same. Raises BadSource
    when the folder does not exist or holds no document at all.
    """
    if not _is_folder(folder):
        raise BadSource(str(folder), "no such folder; make it and put documents in it, or set SCO_SOURCE_DOCS")
    documents: list[Document] = []
    left_out: list[BadSource] = []
    files = list(_files(folder))
    with contextlib.ExitStack() as open_until_read:
        reading = extractor or open_until_read.enter_context(Extractor())
        headed = {path.with_suffix(CARD_SUFFIX) for path in files if path.suffix.lower() in READ_SUFFIXES}
        for done, path in enumerate(files):
            progress(done, len(files))
            name = path.relative_to(folder).as_posix()
            if path in headed:
                continue
            try:
                documents.append(_read_document(path, name, left_out, reading))
            except BadSource as problem:
                left_out.append(problem)
    progress(len(files), len(files))
    if not documents:
        why = f"; {left_out[0]}" if left_out else ""
        raise BadSource(str(folder), f"no document to index: put {', '.join(READ_SUFFIXES)} files in it{why}")
    return Sources(tuple(documents), tuple(left_out))


def source_stamps(folder: Path) -> tuple[tuple[str, int, int], ...]:
    """(name, bytes, mtime in ns) of every file that read_sources would look at: a cheap sign of change."""
    stamps: list[tuple[str, int, int]] = []
    above = os.path.join(folder, "")
    for path in _paths(folder) if _is_folder(folder) else ():
        try:
            facts = os.lstat(path)
        except OSError:
            continue
        # The manifest is UTF-8, which a file's name need not be.
        name = os.fsencode(path.removeprefix(above)).decode("utf-8", errors="backslashreplace")
        stamps.append((name, facts.st_size, facts.st_mtime_ns))
    return tuple(stamps)


def _is_folder(path: Path) -> bool:
    try:
        return path.is_dir()
    except OSError:  # a name too long, a parent that may not be entered
        return False


def _files(folder: Path) -> Iterator[Path]:
    """Every file below ``folder``, and the folders that are links or cannot be listed, for these hide files."""
    return map(Path, _paths(folder))


def _paths(folder: Path) -> Iterator[str]:
    # Strings, since thousands of files are looked at while somebody waits for an answer.
    unlisted: list[str] = []
    for where, folders, names in os.walk(
        folder, followlinks=False, onerror=lambda problem: unlisted.append(os.fsdecode(problem.filename))
    ):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        links = [name for name in folders if Path(where, name).is_symlink()]
        for name in sorted([*names, *links]):
            if not name.startswith("."):
                yield os.path.join(where, name)
    yield from unlisted


def _read_document(path: Path, name: str, left_out: list[BadSource], extractor: Extractor) -> Document:
    try:
        name.encode("utf-8")
    except UnicodeEncodeError:
        raise BadSource(ascii(name), "the file's name is not UTF-8; rename it") from None
    if _is_folder(path):
        reason = "is a link to a folder; copy the folder itself" if path.is_symlink() else "this folder cannot be read"
        raise BadSource(name, reason)
    check_suffix(name)
    data = _read_regular_file(path, name)
    found = read_document(name, data, extractor)
    try:
        card = _read_card(path.with_suffix(CARD_SUFFIX), name)
    except BadSource as problem:
        left_out.append(problem)
        card = {}
    if isinstance(found, Extracted):
        card = {**found.structure.card, **card}
    title = card.get("title")
    return Document(
        id=name,
        title=title.strip() if isinstance(title, str) and title.strip() else Path(name).stem,
        text=found.text if isinstance(found, Extracted) else found,
        sha256=hashlib.sha256(data).hexdigest(),
        card=card,
        structure=found.structure if isinstance(found, Extracted) else None,
    )


def _read_regular_file(path: Path, name: str) -> bytes:
    # O_NOFOLLOW and O_NONBLOCK: a link could lead out of the folder, and opening a FIFO would wait for ever.
    try:
        handle = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    except OSError as problem:
        reason = "is a link; copy the file itself" if path.is_symlink() else f"cannot be read ({problem.strerror})"
        raise BadSource(name, reason) from None
    with os.fdopen(handle, "rb") as file:
        facts = os.fstat(file.fileno())
        if not stat.S_ISREG(facts.st_mode):
            raise BadSource(name, "is not a regular file; remove it")
        data = file.read(MAX_DOCUMENT_BYTES + 1)
    if len(data) > MAX_DOCUMENT_BYTES:
        raise BadSource(name, f"larger than {MAX_DOCUMENT_BYTES // 2**20} MiB; split it into several files")
    return data


def _read_card(path: Path, name: str) -> dict[str, object]:
    if not os.path.lexists(path):
        return {}
    card_name = Path(name).with_suffix(CARD_SUFFIX).as_posix()
    try:
        card = tomllib.loads(_read_regular_file(path, card_name).decode("utf-8"))
        ready = {key: _json_ready(value) for key, value in card.items()}
        # What cannot be written as JSON, such as a number of 5,000 digits or none, no index could keep.
        json.dumps(ready, allow_nan=False)
    except (ValueError, RecursionError) as problem:
        # Not only TOMLDecodeError: 5,000 open brackets end otherwise.
        line = " ".join(str(problem).split())
        raise BadSource(card_name, f"not a TOML card ({line}); mend or remove it") from None
    return ready


def _json_ready(value: object) -> object:
    match value:
        case date() | time() | datetime():
            return value.isoformat()
        case list():
            return [_json_ready(item) for item in value]
        case dict():
            return {str(key): _json_ready(item) for key, item in value.items()}
        case _:
            return value
