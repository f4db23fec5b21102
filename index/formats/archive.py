"""Documents that are ZIP archives of XML: DOCX and EPUB. Nothing is unpacked before its declared size is known."""

from __future__ import annotations

import zipfile
import zlib
from io import BytesIO

from lxml import etree

from index.formats import Unreadable
from index.formats.transcript import one_line

_MAX_MEMBERS = 10_000
_MAX_MEMBER_BYTES = 32 * 1024 * 1024
_MAX_TOTAL_BYTES = 512 * 1024 * 1024
# Deflate cannot do better than 1,032 to 1; text of a real document rarely passes 50 to 1.
_MAX_RATIO = 200
_SMALL_BYTES = 1024 * 1024


class Archive:
    """A ZIP archive held in memory. Members are told by name and never written anywhere."""

    def __init__(self, data: bytes) -> None:
        """Raises Unreadable when it is no archive, is encrypted, or declares what no document needs."""
        try:
            self._zip = zipfile.ZipFile(BytesIO(data))
        except (zipfile.BadZipFile, ValueError, OSError, EOFError, NotImplementedError):
            raise Unreadable("damaged: its ZIP directory cannot be read; save it again") from None
        members = self._zip.infolist()
        if len(members) > _MAX_MEMBERS or sum(member.file_size for member in members) > _MAX_TOTAL_BYTES:
            raise Unreadable("unpacks to more than a document needs, as a ZIP bomb does; it was not unpacked")
        self._members = {member.filename: member for member in members}

    def __contains__(self, name: str) -> bool:
        return name in self._members

    def read(self, name: str) -> bytes:
        """A member's bytes. Raises Unreadable when it is missing, too large, encrypted or damaged."""
        member = self._members.get(name)
        if member is None:
            raise Unreadable(f"damaged: {one_line(name)[:80]} is missing in it; save it again")
        squeezed = member.file_size > _MAX_RATIO * max(1, member.compress_size)
        if member.file_size > _MAX_MEMBER_BYTES or (squeezed and member.file_size > _SMALL_BYTES):
            raise Unreadable("unpacks to more than a document needs, as a ZIP bomb does; it was not unpacked")
        if member.flag_bits & 1:
            raise Unreadable("is encrypted; save a copy without a password")
        try:
            # Never more than the declared size: the archive cannot lie about it.
            return self._zip.read(member)
        except (zipfile.BadZipFile, zlib.error, OSError, EOFError, NotImplementedError, ValueError):
            raise Unreadable(f"damaged: {one_line(name)[:80]} cannot be unpacked; save it again") from None

    def xml(self, name: str) -> etree._Element:
        """A member's XML tree. Raises Unreadable also when it brings definitions of its own (a DTD)."""
        parser = etree.XMLParser(
            resolve_entities=False,
            load_dtd=False,
            no_network=True,
            huge_tree=False,
            remove_comments=True,
            remove_pis=True,
        )
        try:
            root = etree.fromstring(self.read(name), parser)
        except (etree.XMLSyntaxError, ValueError) as problem:
            raise Unreadable(f"damaged: {one_line(name)[:80]} ({one_line(str(problem))[:80]})") from None
        if root.getroottree().docinfo.internalDTD is not None:
            # Of an entity defined there the parser would leave out the text, and say nothing.
            raise Unreadable(f"{one_line(name)[:80]} in it holds a DTD, which no such document needs; save it again")
        return root
