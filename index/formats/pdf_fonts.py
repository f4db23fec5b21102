"""What pypdf takes wrongly from the fonts of a PDF: how wide their space is, and TeX's ligatures."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import regex
from pypdf.generic import ArrayObject, NumberObject

# "<0020> <003D>"; of a range the last is where it begins, or a list of what stands for each.
_CHAR = regex.compile(rb"<(?P<from>[0-9A-Fa-f]{1,8})>\s*<(?P<into>[0-9A-Fa-f]{1,64})>")
_RANGE = regex.compile(
    rb"<(?P<from>[0-9A-Fa-f]{1,8})>\s*<(?P<to>[0-9A-Fa-f]{1,8})>\s*(?:<(?P<into>[0-9A-Fa-f]{1,64})>|\[(?P<each>[^\[\]]*+)\])"
)
_HEX = regex.compile(rb"<([0-9A-Fa-f]+)>")
# pypdf looks for this one alone; where words are set apart by moving on, a no-break space may be there all the same.
_SPACE = 0x20
# In thousandths of the type's size. Between two words there is mostly more.
_SPACE_WIDTH = 250
# The flag of a font that has an encoding of its own.
_SYMBOLIC = 4
# In TeX's older encoding and in the newer one, whose quotation marks and dashes have no other characters either.
_LIGATURES = str.maketrans(
    dict(zip("\x0b\x0c\r\x0e\x0f", ("ff", "fi", "fl", "ffi", "ffl"), strict=True))
    | dict(zip("\x1b\x1c\x1d\x1e\x1f", ("ff", "fi", "fl", "ffi", "ffl"), strict=True))
    | {"\x10": "“", "\x11": "”", "\x15": "–", "\x16": "—"}
)


def with_ligatures(text: str, font: Any) -> str:
    """``text`` as it is shown in a font of pictures, which names no character: "fi" has the number of a control."""
    return text.translate(_LIGATURES) if font is not None and font.get("/Subtype") == "/Type3" else text


def mend_spaces(page: Any, done: set[int]) -> None:
    """Give the fonts of a page a space of usual width where they have none and another character stands in its place.

    Words are then set apart by moving on, as TeX does, and pypdf compares the distance with what it holds for the
    space: a wide dash, or the mark that shows a space, made one word of a whole line. ``done``: the ids of objects that
    were looked at.
    """
    waiting = [page]
    while waiting:
        resources = _of(waiting.pop(), "/Resources")
        for font in _each(_of(resources, "/Font"), done):
            if font.get("/Subtype") == "/Type0":
                _mend_wide(font)
            else:
                _mend_plain(font)
        waiting.extend(form for form in _each(_of(resources, "/XObject"), done) if form.get("/Subtype") == "/Form")


def _mend_wide(font: Any) -> None:
    """``font``: with numbers of two bytes, which it lists with a width."""
    if _has_no_space(font):
        for drawn in _of(font, "/DescendantFonts") or ():
            widths = _of(drawn.get_object(), "/W")
            if isinstance(widths, ArrayObject):
                widths.extend((NumberObject(_SPACE), ArrayObject([NumberObject(_SPACE_WIDTH)])))


def _mend_plain(font: Any) -> None:
    """``font``: with numbers of one byte, of which it names those it uses, and widths from one number on."""
    encoding, widths, first = _of(font, "/Encoding"), _of(font, "/Widths"), _of(font, "/FirstChar")
    named = _of(encoding, "/Differences")
    if not isinstance(named, ArrayObject) or not isinstance(widths, ArrayObject) or not isinstance(first, int):
        return
    flags = _of(_of(font, "/FontDescriptor"), "/Flags")
    if "/BaseEncoding" in encoding or not isinstance(flags, int) or not flags & _SYMBOLIC:
        # What it does not name is named by a standard, in which the number stands for a space.
        return
    number = 0
    for entry in named:
        found = entry.get_object()
        if isinstance(found, int):
            number = found
        elif number == _SPACE and found == "/space":
            return
        else:
            number += 1
    if 0 <= _SPACE - first < len(widths):
        widths[_SPACE - first] = NumberObject(_SPACE_WIDTH)


def _of(owner: Any, key: str) -> Any:
    found = owner.get(key) if hasattr(owner, "get") else None
    return found.get_object() if found is not None else None


def _each(named: Any, done: set[int]) -> Iterator[Any]:
    """The objects of a dictionary that were not looked at yet."""
    for one in list(named.values()) if hasattr(named, "values") else ():
        found = one.get_object()
        if hasattr(found, "get") and id(found) not in done:
            done.add(id(found))
            yield found


def _has_no_space(font: Any) -> bool:
    """Whether none of its characters is a space, and that with the number of one is told to be another."""
    told = _of(font, "/ToUnicode")
    if not hasattr(told, "get_data"):
        return False
    another = False
    for table in told.get_data().split(b"begin")[1:]:
        kind = _CHAR if table.startswith(b"bfchar") else _RANGE
        for entry in kind.finditer(table.partition(b"endbf")[0]):
            found = entry.groupdict()
            first = int(found["from"], 16)
            last = int(found.get("to") or found["from"], 16)
            another |= first <= _SPACE <= last
            if found.get("into"):
                into = int(found["into"], 16)
                if into <= _SPACE <= into + last - first:
                    return False
            elif any(int(one, 16) == _SPACE for one in _HEX.findall(found["each"])):
                return False
    return another
