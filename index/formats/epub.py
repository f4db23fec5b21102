"""EPUB books: the chapters in reading order, read as HTML; the standard library's zipfile and lxml."""

from __future__ import annotations

import posixpath
from urllib.parse import unquote, urlsplit

import regex
from lxml import etree

from index.formats import Unreadable
from index.formats.archive import Archive
from index.formats.html import body, write
from index.formats.html_tree import decoded, parse
from index.formats.signatures import signed
from index.formats.transcript import Transcript

_CONTAINER = "META-INF/container.xml"
_ENCRYPTION = "META-INF/encryption.xml"
_DC = "{http://purl.org/dc/elements/1.1/}"
_CHAPTER_TYPES = frozenset(("application/xhtml+xml", "text/html", "application/x-dtbook+xml"))
_OWN_ENTITIES = regex.compile(r"<!DOCTYPE[^>\[]*\[")
_MAX_CHAPTERS = 5_000


def extract(data: bytes) -> dict[str, object]:
    """Raises Unreadable."""
    if not data.startswith(b"PK\x03\x04"):
        raise Unreadable("its content is not that of an .epub file; give it the ending of what it is")
    archive = Archive(data)
    if _CONTAINER not in archive:
        raise Unreadable("its content is not that of an .epub file; give it the ending of what it is")
    package_name = next((one.get("full-path") or "" for one in _all(archive.xml(_CONTAINER), "rootfile")), "")
    package = archive.xml(package_name)
    transcript = Transcript()
    _read_facts(package, transcript)
    locked = _encrypted(archive)
    for name in _chapters(package, posixpath.dirname(package_name)):
        if name in locked:
            raise Unreadable("is encrypted (copy protection); only its publisher can give you another")
        markup = decoded(archive.read(name))
        if _OWN_ENTITIES.search(markup[:4096]):
            raise Unreadable("a chapter of it holds a DTD, which no book needs; convert it anew")
        if markup.strip():
            write(body(parse(markup)), transcript, framed=False)
    return signed(transcript.to_json())


def _chapters(package: etree._Element, folder: str) -> list[str]:
    """The members of the spine, in order, less what is no text and the table of contents."""
    items = {item.get("id"): item for item in _all(package, "item")}
    chapters: list[str] = []
    for reference in _all(package, "itemref"):
        item = items.get(reference.get("idref"))
        if item is None or item.get("media-type") not in _CHAPTER_TYPES:
            continue
        if "nav" in (item.get("properties") or "").split():
            continue
        name = posixpath.normpath(posixpath.join(folder, unquote(urlsplit(item.get("href") or "").path)))
        if name not in chapters:
            chapters.append(name)
        if len(chapters) > _MAX_CHAPTERS:
            raise Unreadable(f"holds more than {_MAX_CHAPTERS:,} chapters")
    return chapters


def _encrypted(archive: Archive) -> frozenset[str]:
    """Members that copy protection hides; fonts are often among them, and matter to nobody here."""
    if _ENCRYPTION not in archive:
        return frozenset()
    found = _all(archive.xml(_ENCRYPTION), "CipherReference")
    return frozenset(unquote(one.get("URI") or "").lstrip("/") for one in found)


def _read_facts(package: etree._Element, transcript: Transcript) -> None:
    for fact, name in (
        ("title", "title"),
        ("issued", "date"),
        ("publisher", "publisher"),
        ("language", "language"),
        ("url", "source"),
    ):
        for element in package.iter(f"{_DC}{name}"):
            transcript.fact(fact, element.text or "")
    for element in package.iter(f"{_DC}identifier"):
        if (element.text or "").lower().removeprefix("urn:").startswith("isbn"):
            transcript.fact("isbn", (element.text or "").rpartition(":")[2])
    transcript.authors([element.text or "" for element in package.iter(f"{_DC}creator")])


def _all(root: etree._Element, name: str) -> list[etree._Element]:
    return list(root.iter(f"{{*}}{name}"))
