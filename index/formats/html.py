"""HTML: the main content of a page and its headings, block by block."""

from __future__ import annotations

import regex
from lxml import etree
from lxml.html import HtmlElement

from index.formats import Unreadable
from index.formats.html_facts import read_facts
from index.formats.html_furniture import Links, is_furniture
from index.formats.html_tree import LOOKED_AT, decoded, parse, words_in
from index.formats.html_unseen import first_words, is_not_for_print, is_note, is_skipped
from index.formats.signatures import signed
from index.formats.transcript import AT_HEIGHT, Transcript, one_line
from index.sentences import ends_like_a_sentence

_HEADINGS = frozenset("h1 h2 h3 h4 h5 h6".split())
_BLOCKS = frozenset(
    "html body main article section div form p blockquote figure figcaption address details summary fieldset legend dl "
    "dt dd li ul ol menu pre table thead tbody tfoot tr td th caption hr header footer aside hgroup center h1 h2 h3 h4 "
    "h5 h6".split()
)
# Any element that holds text of its own; "<b>" alone may stand in a text that tells of it.
_LOOKS_LIKE = regex.compile(rb"<(?:!doctype\s+html|head|title|meta|%s)\b" % "|".join(sorted(_BLOCKS)).encode(), regex.I)
# Skipped, but they part the labels beside them.
_CONTROLS = frozenset("button input select textarea".split())
_CELLS = frozenset(("td", "th"))
_GATHERED = frozenset("ul ol menu table dl".split())
# What no cell of a table of data holds, while its paragraphs and line breaks are how a program wrote its words.
_LAID_OUT = _HEADINGS | _GATHERED | {"pre", "blockquote", "form"}
_PERMALINK = regex.compile(r"\s*¶$")
# Stand for a line break, a cell's end and a space that counts until white space has been run together. They are taken
# out of what a page says.
_BREAK, _CELL, _SPACE = "\x1e", "\x1f", "\x1c"
_LINE, _BAR, _KEPT = "\ue000", "\ue001", "\ue002"
_PRIVATE = str.maketrans({_BREAK: _LINE, _CELL: _BAR, _SPACE: _KEPT})
_NOT_THE_PAGES = str.maketrans(dict.fromkeys((_BREAK, _CELL, _SPACE, _LINE, _BAR, _KEPT)))
_ROW_CHARS = 400
# A line of at least so many characters that ends in the middle of a sentence is prose, broken where it was full.
_WRAP_CHARS = 40
_DIGITS = regex.compile(r"[-+−]?[0-9]+(?:[-–,] ?[0-9]+)*")
_LINK_SHARE = 0.8


def extract(data: bytes) -> dict[str, object]:
    """Raises Unreadable."""
    if not _LOOKS_LIKE.search(data.replace(b"\0", b"")[:LOOKED_AT]):
        raise Unreadable("its content is not HTML; give it the ending of what it is")
    page = parse(decoded(data))
    transcript = Transcript()
    read_facts(page, transcript)
    write(main_content(page), transcript)
    return signed(transcript.to_json())


def main_content(page: HtmlElement) -> HtmlElement:
    """The element that holds what the page is about: ``main``, the only ``article``, or all of it."""
    for query in ("//main", '//*[@role="main"]', "//article", '//*[@itemprop="articleBody"]'):
        found = [one for one in page.xpath(query) if words_in(one) and not is_skipped(one)]
        if len(found) == 1:
            return found[0]
    return body(page)


def body(page: HtmlElement) -> HtmlElement:
    """The element that holds all that is shown."""
    bodies = page.xpath("/html/body")
    return bodies[0] if bodies else page


def write(root: HtmlElement, transcript: Transcript, *, framed: bool = True) -> None:
    """Every block of text below ``root``, in reading order; less the frame that a site puts around its pages.

    ``framed``: whether there is one. In a book headers, footers and asides are the author's.
    """
    _Writer(root, transcript, framed).write()


class _Writer:
    """Walks a tree without recursion, gathering words until a block ends, and rows until their list or table does.

    A heading or a long paragraph inside them stands for itself: whole pages are laid out in tables. A list of nothing
    but links leads elsewhere and is an aside. The number of a footnote is left out; other digits keep their height.
    """

    def __init__(self, root: HtmlElement, transcript: Transcript, framed: bool) -> None:
        self._root = root
        self._transcript = transcript
        self._framed = framed
        self._words: list[str] = []
        self._rows: list[str] = []
        self._lists = self._pres = self._links = 0
        self._raised: HtmlElement | None = None
        self._height: dict[int, int] | None = None
        self._chars = self._linked_chars = 0
        self._page_chars = _shown_chars(root) if framed else 0
        self._beside: HtmlElement | None = None
        self._cell: HtmlElement | None = None
        self._block_links = Links()

    def write(self) -> None:
        skipped: HtmlElement | None = None
        for event, element in etree.iterwalk(self._root, events=("start", "end")):
            begins = skipped is None and event == "start" and element is not self._root
            if begins and (
                is_skipped(element, self._framed)
                or (element.tag not in _BLOCKS and is_not_for_print(element))
                or (self._raised is None and is_note(element))
            ):
                skipped = element
                if element.tag in _CONTROLS:
                    self._say(" ")
            if skipped is None:
                if event == "start":
                    self._open(element)
                else:
                    self._close(element)
            if event == "end" and element is not self._root:
                if element is skipped:
                    skipped = None
                if skipped is None:
                    self._say(element.tail)
        self._end_block()
        self._end_rows()

    def _open(self, element: HtmlElement) -> None:
        tag = element.tag
        if self._framed and self._beside is None and tag in _BLOCKS and is_furniture(element, self._page_chars):
            self._end_block()
            self._end_rows()
            self._beside = element
        if self._cell is not None and (tag == "br" or tag in _BLOCKS):
            self._words.append(" ")
        elif tag == "br":
            self._words.append(_BREAK)
        elif tag in _CELLS:
            self._cell = element if _is_of_data(element) else None
        elif tag in _BLOCKS and not _gives_meaning(element):
            self._end_block()
        self._lists += tag in _GATHERED
        self._pres += tag == "pre"
        self._links += tag == "a"
        if tag == "a":
            self._block_links.begin(element)
        # Of one inside another only the outer is looked at: that keeps the time of a nested page linear.
        if tag in AT_HEIGHT and self._raised is None:
            self._raised = element
            self._height = AT_HEIGHT[tag] if _DIGITS.fullmatch(first_words(element)) else None
        self._say(element.text)

    def _close(self, element: HtmlElement) -> None:
        tag = element.tag
        if tag in _CELLS or (tag == "dt" and _is_followed(element, "dd")):
            self._words.append(_CELL)
            self._cell = None
        elif self._cell is not None and tag in _BLOCKS:
            self._words.append(" ")
        elif tag in _BLOCKS:
            self._end_block(level=int(tag[1]) if tag in _HEADINGS else 0)
        self._pres -= tag == "pre"
        self._links -= tag == "a"
        if element is self._raised:
            self._raised = self._height = None
        if tag in _GATHERED:
            self._lists -= 1
            if not self._lists:
                self._end_rows()
        if element is self._beside:
            self._end_block()
            self._end_rows()
            self._beside = None

    def _add(self, kind: str, words: str, level: int = 0) -> None:
        if self._beside is not None:
            kind, level = "aside", 0
        self._transcript.add(kind, words, level=level)

    def _say(self, words: str | None) -> None:
        if words:
            words = words.translate(_NOT_THE_PAGES)
            if self._height:
                words = words.translate(self._height)
            self._block_links.say(words, self._links > 0)
            self._words.append(words.replace("\n", _BREAK).replace(" ", _SPACE) if self._pres else words)
            if self._lists:
                held = len(words.strip())
                self._chars += held
                self._linked_chars += held if self._links else 0

    def _end_block(self, level: int = 0) -> None:
        """``level``: of the heading that ends, if it is one."""
        lines = one_line("".join(self._words).translate(_PRIVATE)).split(_LINE)
        links, self._block_links = self._block_links, Links()
        self._words = []
        if self._pres:
            self._end_rows()
            self._add("lines", "\n".join(line.replace(_KEPT, " ").rstrip() for line in lines))
            return
        rows = _unwrapped([row for row in map(_row, lines) if row])
        if not rows:
            return
        if level:
            self._end_rows()
            self._add("heading", _PERMALINK.sub("", " ".join(rows)), level)
        elif not self._lists and links.alone and not ends_like_a_sentence(rows[-1]):
            self._end_rows()
            self._add("aside", "\n".join(rows))
        elif self._lists and sum(map(len, rows)) <= _ROW_CHARS:
            self._rows += rows
        else:
            self._end_rows()
            self._add("lines" if len(rows) > 1 else "paragraph", "\n".join(rows))

    def _end_rows(self) -> None:
        links = len(self._rows) > 2 and self._linked_chars > _LINK_SHARE * self._chars
        self._add("aside" if links else "lines", "\n".join(self._rows))
        self._rows = []
        self._chars = self._linked_chars = 0


def _shown_chars(root: HtmlElement) -> int:
    """How many characters of text a reader is shown: the data of a page's scripts may be ten times as long."""
    chars = 0
    walk = etree.iterwalk(root, events=("start", "end"))
    for event, element in walk:
        if event == "start" and element is not root and is_skipped(element):
            walk.skip_subtree()
        elif event == "start":
            chars += len((element.text or "").strip())
        if event == "end" and element is not root:
            chars += len((element.tail or "").strip())
    return chars


def _row(line: str) -> str:
    """The cells of a row; an empty one between others keeps its place."""
    cells = [cell.strip() for cell in line.split(_BAR)]
    held = [position for position, cell in enumerate(cells) if cell]
    return " | ".join(cell or "–" for cell in cells[held[0] : held[-1] + 1]) if held else ""


def _unwrapped(rows: list[str]) -> list[str]:
    """Rows, of which those that carry on the sentence of a long one before are joined to it."""
    joined = rows[:1]
    for row in rows[1:]:
        before = joined[-1]
        if len(before) >= _WRAP_CHARS and row[0].islower() and not ends_like_a_sentence(before):
            joined[-1] = f"{before} {row}"
        else:
            joined.append(row)
    return joined


def _is_of_data(cell: HtmlElement) -> bool:
    """Whether a cell stands beside others and is short and plain: pages are laid out in tables too."""
    if not any(other.tag in _CELLS for other in (cell.getprevious(), cell.getnext()) if other is not None):
        return False
    chars = 0
    for element in cell.iter():
        if element.tag in _LAID_OUT:
            return False
        chars += len((element.text or "").strip()) + (len((element.tail or "").strip()) if element is not cell else 0)
        if chars > _ROW_CHARS:
            return False
    return True


def _gives_meaning(element: HtmlElement) -> bool:
    """Whether what a term means begins here: with the element behind it, or with the first paragraph in that."""
    if element.tag in ("p", "div"):
        above = element.getparent()
        if above is None or element.getprevious() is not None or (above.text or "").strip():
            return False
        element = above
    return element.tag == "dd" and _follows(element, "dt")


def _follows(element: HtmlElement, tag: str) -> bool:
    before = element.getprevious()
    return before is not None and before.tag == tag


def _is_followed(element: HtmlElement, tag: str) -> bool:
    behind = element.getnext()
    return behind is not None and behind.tag == tag
