"""Word documents: their paragraphs, headings by style, lists and tables; the standard library's zipfile and lxml.

Not python-docx, which is made for writing them: it holds no more than this reads, and three million empty paragraphs
kept it busy for over a minute.
"""

from __future__ import annotations

import regex
from lxml import etree

from index.formats import Unreadable
from index.formats.archive import Archive
from index.formats.docx_styles import BODY_TEXT, Styles, outline_level
from index.formats.docx_symbols import symbol
from index.formats.docx_tree import STRICT, W, attribute, child, name_of
from index.formats.signatures import signed
from index.formats.transcript import Transcript, one_line
from index.plain_text.blocks import may_head
from index.structure import MOST_LEVELS

_MC = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
_DC = "{http://purl.org/dc/elements/1.1/}"
_TERMS = "{http://purl.org/dc/terms/}"
_NOTES = (("word/footnotes.xml", "footnote"), ("word/endnotes.xml", "endnote"))
_ENCRYPTED = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ZIP = b"PK\x03\x04"
# What Word shows crossed out, and the second form of something, kept for older programs.
_UNSEEN = (f"{_MC}Fallback", *(space + name for space in (W, STRICT) for name in ("del", "moveFrom")))
_PAGE_FIELD = regex.compile(r"\s*(?:PAGE|NUMPAGES)\b", regex.I)
_PAGE_SHOWN = regex.compile(r"\P{L}*+(?:page|seite)?\P{L}*+(?:of|von)?\P{L}*+", regex.I)
_SPACES = {"tab": "\t", "br": "\n", "cr": "\n", "noBreakHyphen": "\u2011", "ptab": "\t"}


# The name of the reference to a note, and the note's id.
_Note = tuple[str, str]


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
    writer = _Writer(transcript, Styles(archive), _notes(archive))
    writer.write(body)
    writer.end()
    return signed(transcript.to_json())


def _notes(archive: Archive) -> dict[_Note, etree._Element]:
    found: dict[_Note, etree._Element] = {}
    for name, kind in _NOTES:
        for note in archive.xml(name) if name in archive else ():
            if name_of(note) == kind and attribute(note, "type") in ("", "normal"):
                key = f"{kind}Reference", attribute(note, "id")
                # A broken file may give two notes one id: nothing refers to the second, and none is lost.
                found[key if key not in found else (kind, str(len(found)))] = note
    return found


class _Writer:
    """Paragraphs one by one; those of a list or a table's rows are gathered into one block of lines.

    Notes stand at the end of the section that refers to them: under its heading, and between no two paragraphs.
    """

    def __init__(self, transcript: Transcript, styles: Styles, notes: dict[_Note, etree._Element]) -> None:
        self._transcript = transcript
        self._styles = styles
        self._notes = notes
        self._referred: list[_Note] = []
        self._in_note = False
        self._rows: list[str] = []
        # A line in bold, and the notes it refers to: what comes next tells whether it is a heading, below all others.
        self._waiting: tuple[str, list[_Note]] | None = None

    def write(self, root: etree._Element) -> None:
        self._delete_hidden(root)
        cells: list[str] = []
        tables = 0
        for event, element in etree.iterwalk(root, events=("start", "end")):
            name = name_of(element)
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
                    self._referred += self._notes_of(element)
                else:
                    self._paragraph(element, words)
            elif name == "tc":
                cells.append("\x1f")
            elif name == "tr":
                self._rows.append(_row(" ".join(filter(None, cells)).split("\x1f")))
                cells = []
        self._end_rows()

    def end(self) -> None:
        """Write what is left: the last notes, and those that nothing refers to."""
        self._settle()
        self._end_section()
        self._referred = list(self._notes)
        self._end_section()

    def _paragraph(self, paragraph: etree._Element, words: str) -> None:
        properties = child(paragraph, "pPr")
        style = attribute(child(properties, "pStyle"), "val")
        level = attribute(child(properties, "outlineLvl"), "val")
        heads = level != BODY_TEXT if level else style in self._styles.headings
        depth = outline_level(level) if level else self._styles.headings.get(style, 0)
        lines = [line for line in map(one_line, words.split("\n")) if line]
        notes = self._notes_of(paragraph)
        if style in self._styles.contents or _is_field(paragraph):
            self._add("aside", "\n".join(lines))
        elif heads:
            if lines and not self._in_note:
                self._settle()
                self._end_section()
            self._add("heading", " ".join(lines), depth)
        elif child(properties, "numPr") is not None or style in self._styles.listed:
            self._rows += lines
        elif len(lines) == 1 and not level and not self._in_note and self._is_bold(paragraph, style):
            self._settle()
            self._waiting = lines[0], notes
            return
        elif lines:
            self._add("lines" if len(lines) > 2 else "paragraph", "\n".join(lines))
        self._referred += notes

    def _add(self, kind: str, words: str, level: int = 0) -> None:
        self._end_rows()
        if words:
            self._settle(words if kind in ("paragraph", "lines") else "")
            self._transcript.add(kind, words, level=level)

    def _settle(self, following: str = "") -> None:
        """Write what waits: a heading where text follows, as it would be in a text without any styles."""
        rows, self._rows = "\n".join(filter(None, self._rows)), []
        if self._waiting is not None:
            (line, notes), self._waiting = self._waiting, None
            after = rows or following
            if after and may_head(line, after):
                self._end_section()
                self._transcript.add("heading", line, level=MOST_LEVELS)
            else:
                self._transcript.add("paragraph", line)
            self._referred += notes
        self._transcript.add("lines", rows)

    def _end_section(self) -> None:
        referred, self._referred = self._referred, []
        self._in_note = True
        for note in referred:
            if (found := self._notes.pop(note, None)) is not None:
                self.write(found)
        self._in_note = False

    def _end_rows(self) -> None:
        if any(self._rows):
            self._settle()
        self._rows = []

    def _notes_of(self, paragraph: etree._Element) -> list[_Note]:
        if not self._notes:
            return []
        names = [space + name for space in (W, STRICT) for _, kind in _NOTES for name in (f"{kind}Reference",)]
        return [(name_of(one), attribute(one, "id")) for one in paragraph.iter(*names) if not _is_unseen(one)]

    def _is_bold(self, paragraph: etree._Element, style: str) -> bool:
        """Whether every run with words in it is."""
        runs = [run for run in paragraph.iter(f"{W}r", f"{STRICT}r") if not _is_unseen(run) and _shows(run)]
        return bool(runs) and all(self._styles.on("b", run, style) for run in runs)

    def _delete_hidden(self, root: etree._Element) -> None:
        """Make deleted ones of hidden runs; to take them out costs lxml quadratic time."""
        # Where no style hides anything, only a run with properties of its own can be hidden.
        if not self._styles.hide:
            runs = (one.getparent() for one in root.iter(f"{W}vanish", f"{STRICT}vanish"))
            found = [one.getparent() for one in runs if one is not None]
        else:
            found = list(root.iter(f"{W}r", f"{STRICT}r"))
        for run in found:
            # Elsewhere they are a paragraph mark's, or those that a tracked change did away with.
            if run is None or name_of(run) != "r":
                continue
            owner = next(run.iterancestors(f"{W}p", f"{STRICT}p"), None)
            style = attribute(child(child(owner, "pPr"), "pStyle"), "val")
            if self._styles.on("vanish", run, style):
                run.tag = f"{W}del"


def _words(paragraph: etree._Element) -> str:
    """What a paragraph shows: not what was deleted, the code of a field, or a text box's paragraphs, which follow."""
    found: list[str] = []
    for element in paragraph.iter(f"{W}*", f"{STRICT}*"):
        name = name_of(element)
        if name in ("t", "sym") or name in _SPACES:
            owner = next(element.iterancestors(f"{W}p", f"{STRICT}p"), None)
            if owner is paragraph and not _is_unseen(element):
                if name == "sym":
                    found.append(symbol(attribute(element, "font"), attribute(element, "char")))
                else:
                    found.append(_SPACES.get(name) or element.text or "")
    return "".join(found)


def _is_unseen(element: etree._Element) -> bool:
    return next(element.iterancestors(*_UNSEEN), None) is not None


def _shows(run: etree._Element) -> bool:
    return any((one.text or "").strip() for one in run if name_of(one) == "t")


def _row(cells: list[str]) -> str:
    """The cells of a row; an empty one between others keeps its place."""
    cells = [cell.strip() for cell in cells]
    held = [position for position, cell in enumerate(cells) if cell]
    return " | ".join(cell or "–" for cell in cells[held[0] : held[-1] + 1]) if held else ""


def _is_field(paragraph: etree._Element) -> bool:
    """Whether a paragraph shows nothing but what Word counts: a page's number."""
    codes = [element.text or "" for element in paragraph.iter(f"{W}instrText", f"{STRICT}instrText")]
    return any(_PAGE_FIELD.match(code) for code in codes) and _PAGE_SHOWN.fullmatch(_words(paragraph)) is not None


def _read_facts(archive: Archive, transcript: Transcript) -> None:
    if "docProps/core.xml" not in archive:
        return
    core = archive.xml("docProps/core.xml")
    transcript.fact("title", core.findtext(f"{_DC}title") or "")
    transcript.authors((core.findtext(f"{_DC}creator") or "").split(";"))
    transcript.fact("created", (core.findtext(f"{_TERMS}created") or "")[:10])
    transcript.fact("language", core.findtext(f"{_DC}language") or "")
