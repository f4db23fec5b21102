"""The styles of a Word document: which head a section, which hide their text, which are bold."""

from __future__ import annotations

from collections.abc import Iterator

import regex
from lxml import etree

from index.formats.archive import Archive
from index.formats.docx_tree import attribute, child, name_of, switched

# The outline level of what is no heading.
BODY_TEXT = "9"
_TITLE = 1
_OUTLINE_LEVEL = regex.compile(r"[0-8]")
_HEADING = regex.compile(r"heading ([1-9])")
_SWITCHES = ("b", "vanish")


def outline_level(told: str) -> int:
    """The level of what Word gives an outline level, "0" the outermost below the title; 0 where that is none."""
    return _TITLE + 1 + int(told) if _OUTLINE_LEVEL.fullmatch(told) else 0


class Styles:
    """Of paragraphs and of runs, each with what it takes from the style that it is based on.

    Attributes:
        headings: the ids of those that head a section, by their name, English in every language, or their
            outline level; each with the level that ``structure.Block`` has of it.
        listed: of those whose paragraphs are items of a list.
        contents: of those that lines of a table of contents are set in.
        hide: whether any of them hides text.
    """

    def __init__(self, archive: Archive) -> None:
        self._parents: dict[str, str] = {}
        self._switched: dict[str, dict[str, bool]] = {name: {} for name in _SWITCHES}
        heads: dict[str, int | None] = {}
        listed: dict[str, bool] = {}
        contents: set[str] = set()
        for style in archive.xml("word/styles.xml") if "word/styles.xml" in archive else ():
            kind = attribute(style, "type") or "paragraph"
            if name_of(style) != "style" or kind not in ("paragraph", "character"):
                continue
            identity = attribute(style, "styleId")
            self._parents[identity] = attribute(child(style, "basedOn"), "val")
            for switch in _SWITCHES:
                if (on := switched(child(style, "rPr"), switch)) is not None:
                    self._switched[switch][identity] = on
            if kind == "paragraph":
                if (number := child(child(style, "pPr"), "numPr")) is not None:
                    # Number 0 takes it off again.
                    listed[identity] = attribute(child(number, "numId"), "val") != "0"
                name = attribute(child(style, "name"), "val").lower()
                level = attribute(child(child(style, "pPr"), "outlineLvl"), "val")
                heads[identity] = None
                if name == "title":
                    heads[identity] = _TITLE
                elif numbered := _HEADING.fullmatch(name):
                    heads[identity] = _TITLE + int(numbered[1])
                elif name.startswith("heading ") or level not in ("", BODY_TEXT):
                    heads[identity] = outline_level(level)
                if name.startswith(("toc ", "table of figures")):
                    contents.add(identity)
        told = ((one, (heads[of] for of in self._line(one) if heads.get(of) is not None)) for one in heads)
        self.headings = {one: found for one, levels in told if (found := next(levels, None)) is not None}
        self.listed = frozenset(
            one for one in heads if next((listed[of] for of in self._line(one) if of in listed), False)
        )
        self.contents = frozenset(contents)
        self.hide = any(self._switched["vanish"].values())

    def on(self, switch: str, run: etree._Element, paragraph_style: str) -> bool:
        """Whether a run is bold (``b``) or hidden (``vanish``): by itself, its own style or that of its paragraph."""
        properties = child(run, "rPr")
        own = switched(properties, switch)
        if own is not None:
            return own
        known = self._switched[switch]
        for style in (attribute(child(properties, "rStyle"), "val"), paragraph_style):
            told = next((known[one] for one in self._line(style) if one in known), None)
            if told is not None:
                return told
        return False

    def _line(self, identity: str) -> Iterator[str]:
        for _ in range(20):
            yield identity
            identity = self._parents.get(identity, "")
