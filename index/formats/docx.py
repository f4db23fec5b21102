"""Word documents: their paragraphs, headings by style, lists and tables; the standard library's zipfile and lxml.

Not python-docx, which is made for writing them: it holds no more than this reads, and three million empty paragraphs
kept it busy for over a minute.
"""

from __future__ import annotations

from collections.abc import Iterator

import regex
from lxml import etree

from index.formats import Unreadable
from index.formats.archive import Archive
from index.formats.docx_symbols import symbol
from index.formats.transcript import Transcript, one_line

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_STRICT = "{http://purl.oclc.org/ooxml/wordprocessingml/main}"
_MC = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
_DC = "{http://purl.org/dc/elements/1.1/}"
_TERMS = "{http://purl.org/dc/terms/}"
_NOTES = (("word/footnotes.xml", "footnote"), ("word/endnotes.xml", "endnote"))
# The outline level of what is no heading.
_BODY_TEXT = "9"
_OFF = ("0", "false", "off")
_ENCRYPTED = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ZIP = b"PK\x03\x04"
# What Word shows crossed out, and the second form of something, kept for older programs.
_UNSEEN = (f"{_MC}Fallback", *(space + name for space in (_W, _STRICT) for name in ("del", "moveFrom")))
_PAGE_FIELD = regex.compile(r"\s*(?:PAGE|NUMPAGES)\b", regex.I)
_PAGE_SHOWN = regex.compile(r"\P{L}*+(?:page|seite)?\P{L}*+(?:of|von)?\P{L}*+", regex.I)
_SPACES = {"tab": "\t", "br": "\n", "cr": "\n", "noBreakHyphen": "\u2011", "ptab": "\t"}


def extract(data: bytes) -> dict[str, object]:
    """Raises Unreadable."""
    if data.startswith(_ENCRYPTED):
        raise Unreadable("is encrypted or in the format before .docx; save it as .docx without a password")
    if not data.startswith(_ZIP):
        raise Unreadable("its content is not that of a .docx file; give it the ending of what it is")
    archive = Archive(data)
    if "word/document.xml" not in archive:
        raise Unreadable("its content is not that of a .docx file; give it the ending of what it is")
    transcript = Transcript()
    _read_facts(archive, transcript)
    body = archive.xml("word/document.xml")
    writer = _Writer(transcript, *_styles(archive))
    writer.write(body)
    for name, kind in _NOTES:
        if name in archive:
            for note in archive.xml(name):
                if _name(note) == kind and _attribute(note, "type") in ("", "normal"):
                    writer.write(note)
    return transcript.to_json()


class _Writer:
    """Paragraphs one by one; those of a list or a table's rows are gathered into one block of lines."""

    def __init__(self, transcript: Transcript, headings: frozenset[str], contents: frozenset[str]) -> None:
        """``headings``: the ids of their styles; ``contents``: of the lines of a table of contents."""
        self._transcript = transcript
        self._headings = headings
        self._contents = contents
        self._rows: list[str] = []

    def write(self, root: etree._Element) -> None:
        _delete_hidden(root)
        cells: list[str] = []
        tables = 0
        for event, element in etree.iterwalk(root, events=("start", "end")):
            name = _name(element)
            if name == "tbl":
                tables += 1 if event == "start" else -1
                if tables == 0 or event == "start":
                    self._end_rows()
            elif event == "start":
                continue
            elif name == "p" and not _is_unseen(element):
                words = _words(element)
                if tables:
                    cells.append(one_line(words))
                else:
                    self._paragraph(element, words)
            elif name == "tc":
                cells.append("\x1f")
            elif name == "tr":
                self._rows.append(_row(" ".join(filter(None, cells)).split("\x1f")))
                cells = []
        self._end_rows()

    def _paragraph(self, paragraph: etree._Element, words: str) -> None:
        properties = _child(paragraph, "pPr")
        style = _attribute(_child(properties, "pStyle"), "val")
        level = _attribute(_child(properties, "outlineLvl"), "val")
        heads = level != _BODY_TEXT if level else style in self._headings
        lines = [line for line in map(one_line, words.split("\n")) if line]
        if style in self._contents or _is_field(paragraph):
            self._end_rows()
            self._transcript.add("aside", "\n".join(lines))
        elif heads:
            self._end_rows()
            self._transcript.add("heading", " ".join(lines))
        elif _child(properties, "numPr") is not None:
            self._rows += lines
        elif lines:
            self._end_rows()
            self._transcript.add("lines" if len(lines) > 2 else "paragraph", "\n".join(lines))

    def _end_rows(self) -> None:
        self._transcript.add("lines", "\n".join(filter(None, self._rows)))
        self._rows = []


def _words(paragraph: etree._Element) -> str:
    """What a paragraph shows: not what was deleted, the code of a field, or a text box's paragraphs, which follow."""
    found: list[str] = []
    for element in paragraph.iter(f"{_W}*", f"{_STRICT}*"):
        name = _name(element)
        if name in ("t", "sym") or name in _SPACES:
            owner = next(element.iterancestors(f"{_W}p", f"{_STRICT}p"), None)
            if owner is paragraph and not _is_unseen(element):
                if name == "sym":
                    found.append(symbol(_attribute(element, "font"), _attribute(element, "char")))
                else:
                    found.append(_SPACES.get(name) or element.text or "")
    return "".join(found)


def _is_unseen(element: etree._Element) -> bool:
    return next(element.iterancestors(*_UNSEEN), None) is not None


def _delete_hidden(root: etree._Element) -> None:
    """Make deleted ones of hidden runs; to take them out costs lxml quadratic time."""
    for properties in root.iter(f"{_W}rPr", f"{_STRICT}rPr"):
        run, hidden = properties.getparent(), _child(properties, "vanish")
        # Elsewhere they are a paragraph mark's, or those that a tracked change did away with.
        if run is not None and _name(run) == "r" and hidden is not None and _attribute(hidden, "val") not in _OFF:
            run.tag = f"{_W}del"


def _row(cells: list[str]) -> str:
    """The cells of a row; an empty one between others keeps its place."""
    cells = [cell.strip() for cell in cells]
    held = [position for position, cell in enumerate(cells) if cell]
    return " | ".join(cell or "–" for cell in cells[held[0] : held[-1] + 1]) if held else ""


def _is_field(paragraph: etree._Element) -> bool:
    """Whether a paragraph shows nothing but what Word counts: a page's number."""
    codes = [element.text or "" for element in paragraph.iter(f"{_W}instrText", f"{_STRICT}instrText")]
    return any(_PAGE_FIELD.match(code) for code in codes) and _PAGE_SHOWN.fullmatch(_words(paragraph)) is not None


def _styles(archive: Archive) -> tuple[frozenset[str], frozenset[str]]:
    """The ids of the styles that head a section, by their name, English in every language, or their outline level; and
    of those that lines of a table of contents are set in.
    """
    if "word/styles.xml" not in archive:
        return frozenset(), frozenset()
    found: dict[str, bool] = {}
    contents: set[str] = set()
    parents: dict[str, str] = {}
    for style in archive.xml("word/styles.xml"):
        if _name(style) == "style" and _attribute(style, "type") in ("", "paragraph"):
            identity = _attribute(style, "styleId")
            name = _attribute(_child(style, "name"), "val").lower()
            level = _child(_child(style, "pPr"), "outlineLvl")
            body_text = _attribute(level, "val") == _BODY_TEXT
            found[identity] = name.startswith("heading ") or name == "title" or (level is not None and not body_text)
            parents[identity] = _attribute(_child(style, "basedOn"), "val")
            if name.startswith(("toc ", "table of figures")):
                contents.add(identity)
    headings = frozenset(identity for identity in found if any(found.get(one) for one in _line(identity, parents)))
    return headings, frozenset(contents)


def _line(identity: str, parents: dict[str, str]) -> Iterator[str]:
    for _ in range(20):
        yield identity
        identity = parents.get(identity, "")


def _read_facts(archive: Archive, transcript: Transcript) -> None:
    if "docProps/core.xml" not in archive:
        return
    core = archive.xml("docProps/core.xml")
    transcript.fact("title", core.findtext(f"{_DC}title") or "")
    transcript.authors((core.findtext(f"{_DC}creator") or "").split(";"))
    transcript.fact("created", (core.findtext(f"{_TERMS}created") or "")[:10])
    transcript.fact("language", core.findtext(f"{_DC}language") or "")


def _name(element: etree._Element) -> str:
    """Its name if it is Word's own, of either edition of the standard."""
    tag = element.tag if isinstance(element.tag, str) else ""
    return tag.rpartition("}")[2] if tag.startswith((_W, _STRICT)) else ""


def _child(element: etree._Element | None, name: str) -> etree._Element | None:
    return None if element is None else next((child for child in element if _name(child) == name), None)


def _attribute(element: etree._Element | None, name: str) -> str:
    return "" if element is None else str(element.get(_W + name) or element.get(_STRICT + name) or "")
