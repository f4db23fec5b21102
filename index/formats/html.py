"""HTML: the main content and its headings, and what the page says of itself, read with lxml.

lxml's parser (libxml2) is the one of those tried that a hostile page neither slows down nor blows up: it refuses
elements nested too deep and takes 0.2 s for two megabytes of opened comments.
"""

from __future__ import annotations

import codecs
import json

import regex
from lxml import etree
from lxml.html import HtmlElement, HTMLParser, document_fromstring

from index.formats import Unreadable
from index.formats.html_furniture import Links, is_furniture
from index.formats.transcript import Transcript, one_line
from index.sentences import ends_like_a_sentence

_MARKS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))
_DECLARED = regex.compile(rb"<(?:meta|\?xml)\b[^>]*?\b(?:charset|encoding)\s*=\s*[\"']?\s*([\w.:-]{1,40})", regex.I)
_LOOKS_LIKE = regex.compile(
    rb"<(?:!doctype\s+html|html|head|body|title|meta|h[1-6]|p|div|article|main|section|ul|ol|table|pre)\b", regex.I
)
_LOOKED_AT = 64 * 1024

# Not of the text: what a reader does not see, and what stands on every page of a site.
_SKIPPED = frozenset(
    "head script style template noscript iframe object embed svg math canvas audio video map button input select "
    "textarea option datalist dialog nav search link meta base".split()
)
_SKIPPED_ROLES = frozenset("navigation search menu menubar toolbar dialog".split())
_FRAME = frozenset("header footer aside".split())
_FRAME_ROLES = frozenset("banner contentinfo complementary".split())
# Skipped, but they part the labels beside them.
_CONTROLS = frozenset("button input select textarea".split())
_HEADINGS = frozenset("h1 h2 h3 h4 h5 h6".split())
_BLOCKS = frozenset(
    "html body main article section div form p blockquote figure figcaption address details summary fieldset legend dl "
    "dt dd li ul ol menu pre table thead tbody tfoot tr td th caption hr header footer aside hgroup center h1 h2 h3 h4 "
    "h5 h6".split()
)
_CELLS = frozenset(("td", "th"))
_GATHERED = frozenset("ul ol menu table dl".split())
# Links that a site's tools put beside each heading, to itself or to an editor.
_CLASSES_SKIPPED = frozenset(
    "headerlink header-anchor anchor-link mw-editsection sphinxsidebar sr-only noprint".split()
)
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
# Of a book: the number of a note, and the printed page that begins.
_NOT_READ = frozenset("noteref pagebreak doc-noteref doc-pagebreak".split())
_DIGITS = regex.compile(r"[-+−]?[0-9]+(?:[-–,] ?[0-9]+)*")
_MARKER = regex.compile(r"[\[(]?(?:[0-9]{1,3}|\p{L}|[*†‡§]{1,3})[\])]?")
_MARKER_CHARS = 20
_RAISED = {
    "sup": str.maketrans("0123456789+-−", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻"),
    "sub": str.maketrans("0123456789+-−", "₀₁₂₃₄₅₆₇₈₉₊₋₋"),
}
_LINK_SHARE = 0.8
_HIDDEN = regex.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", regex.I)


def extract(data: bytes) -> dict[str, object]:
    """Raises Unreadable."""
    if not _LOOKS_LIKE.search(data.replace(b"\0", b"")[:_LOOKED_AT]):
        raise Unreadable("its content is not HTML; give it the ending of what it is")
    page = parse(decoded(data))
    transcript = Transcript()
    read_facts(page, transcript)
    write(main_content(page), transcript)
    return transcript.to_json()


def decoded(data: bytes) -> str:
    """By byte order mark, else as the page declares, else UTF-8; strictly. Raises Unreadable: nothing is guessed."""
    marked = next(((mark, encoding) for mark, encoding in _MARKS if data.startswith(mark)), None)
    if marked:
        data, declared = data[len(marked[0]) :], marked[1]
    else:
        found = _DECLARED.search(data[:_LOOKED_AT])
        declared = found.group(1).decode("ascii", "replace").lower() if found else "utf-8"
    # As browsers do: who declares Latin-1 has written Windows' extension of it, and UTF-16 without a mark is UTF-8.
    if declared in ("iso-8859-1", "latin1", "latin-1", "us-ascii", "ascii"):
        declared = "cp1252"
    elif declared.startswith("utf-16") and not marked:
        declared = "utf-8"
    try:
        if not getattr(codecs.lookup(declared), "_is_text_encoding", True):
            raise LookupError
        return data.decode(declared, errors="strict")
    except LookupError:
        raise Unreadable(f"declares an encoding that is none ({declared}); save it as UTF-8") from None
    except UnicodeDecodeError as problem:
        byte = data[problem.start]
        raise Unreadable(
            f"not {declared.upper()} (byte 0x{byte:02x} at offset {problem.start}); save it as UTF-8"
        ) from None


def parse(markup: str) -> HtmlElement:
    """The page's tree. Raises Unreadable when it is empty or nested so deep that the parser gave up on the rest."""
    parser = HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True, no_network=True)
    try:
        page = document_fromstring(markup.replace("\0", "").encode("utf-8", "replace"), parser=parser)
    except (etree.ParserError, etree.XMLSyntaxError) as problem:
        if "empty" in str(problem):
            raise Unreadable("holds no text") from None
        raise _unreadable(str(problem)) from None
    for fault in parser.error_log:
        # Unlike every other fault of a page, after these the rest of it is missing.
        if fault.level_name == "FATAL":
            raise _unreadable(fault.message)
    return page


def _unreadable(fault: str) -> Unreadable:
    # Of depth the parser speaks to programmers: it names the switch that would let a page fill the memory.
    deep = "depth" in fault
    return Unreadable(
        "its elements are nested too deep" if deep else f"not HTML that can be read ({one_line(fault)[:100]})"
    )


def main_content(page: HtmlElement) -> HtmlElement:
    """The element that holds what the page is about: ``main``, the only ``article``, or all of it."""
    for query in ("//main", '//*[@role="main"]', "//article", '//*[@itemprop="articleBody"]'):
        found = [one for one in page.xpath(query) if _words_in(one) and not _is_skipped(one)]
        if len(found) == 1:
            return found[0]
    return body(page)


def body(page: HtmlElement) -> HtmlElement:
    """The element that holds all that is shown."""
    bodies = page.xpath("/html/body")
    return bodies[0] if bodies else page


def read_facts(page: HtmlElement, transcript: Transcript) -> None:
    """Title, authors, date, publisher, language and address, from where pages put them, the surest first."""
    told: dict[str, list[str]] = {}
    for meta in page.iter("meta"):
        name = meta.get("name") or meta.get("property") or meta.get("itemprop") or ""
        if meta.get("content"):
            told.setdefault(name.strip().lower(), []).append(meta.get("content"))
    article = _linked_data(page)
    first_heading = next((_words_in(one) for one in page.iter("h1") if _words_in(one)), "")
    for fact, values in {
        "title": [
            *told.get("citation_title", ()), *told.get("og:title", ()), *told.get("dc.title", ()),
            article.get("headline"), *(_words_in(one) for one in page.iter("title")), first_heading,
        ],
        "issued": [
            *told.get("citation_publication_date", ()), *told.get("article:published_time", ()),
            *told.get("datepublished", ()), *told.get("dc.date", ()), *told.get("date", ()),
            article.get("datePublished"),
        ],
        "url": [
            *(one.get("href") for one in page.iter("link") if "canonical" in (one.get("rel") or "").lower().split()),
            *told.get("og:url", ()),
        ],
        "publisher": [*told.get("citation_publisher", ()), *told.get("dc.publisher", ())],
        "container_title": [*told.get("citation_journal_title", ()), *told.get("og:site_name", ())],
        "language": [page.get("lang"), *told.get("dc.language", ())],
    }.items():  # fmt: skip
        for value in values:
            if isinstance(value, str):
                transcript.fact(fact, value)
    named = [*told.get("citation_author", ()), *told.get("dc.creator", ()), *told.get("author", ())]
    # article:author is often the address of a profile, which is no name.
    named += [name for name in told.get("article:author", ()) if "://" not in name]
    writers = article.get("author")
    for writer in writers if isinstance(writers, list) else [writers]:
        name = writer.get("name") if isinstance(writer, dict) else writer
        if isinstance(name, str):
            named.append(name)
    transcript.authors(named)


def _linked_data(page: HtmlElement) -> dict[str, object]:
    """The first thing with a headline that the page describes as JSON-LD; nothing when there is none."""
    for script in page.iter("script"):
        if (script.get("type") or "").strip().lower() != "application/ld+json" or len(script.text or "") > 1_000_000:
            continue
        try:
            found = json.loads(script.text or "")
        except (ValueError, RecursionError):
            continue
        graph = found.get("@graph") if isinstance(found, dict) else found
        for thing in graph if isinstance(graph, list) else [found]:
            if isinstance(thing, dict) and isinstance(thing.get("headline"), str):
                return thing
    return {}


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
        self._page_chars = sum(len(words.strip()) for words in root.itertext()) if framed else 0
        self._beside: HtmlElement | None = None
        self._block_links = Links()

    def write(self) -> None:
        skipped: HtmlElement | None = None
        for event, element in etree.iterwalk(self._root, events=("start", "end")):
            begins = skipped is None and event == "start" and element is not self._root
            if begins and (_is_skipped(element, self._framed) or (self._raised is None and _is_note(element))):
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
        if tag == "br":
            self._words.append(_BREAK)
        elif tag == "dd" and _follows(element, "dt"):
            pass
        elif tag in _BLOCKS and tag not in _CELLS:
            self._end_block()
        self._lists += tag in _GATHERED
        self._pres += tag == "pre"
        self._links += tag == "a"
        self._block_links.count += tag == "a"
        # Of one inside another only the outer is looked at: that keeps the time of a nested page linear.
        if tag in _RAISED and self._raised is None:
            self._raised = element
            self._height = _RAISED[tag] if _DIGITS.fullmatch(_first_words(element)) else None
        self._say(element.text)

    def _close(self, element: HtmlElement) -> None:
        tag = element.tag
        if tag in _CELLS or (tag == "dt" and _is_followed(element, "dd")):
            self._words.append(_CELL)
        elif tag in _BLOCKS:
            self._end_block("heading" if tag in _HEADINGS else "paragraph")
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

    def _add(self, kind: str, words: str) -> None:
        self._transcript.add(kind if self._beside is None else "aside", words)

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

    def _end_block(self, kind: str = "paragraph") -> None:
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
        if kind == "heading":
            self._end_rows()
            self._add("heading", _PERMALINK.sub("", " ".join(rows)))
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


def _follows(element: HtmlElement, tag: str) -> bool:
    before = element.getprevious()
    return before is not None and before.tag == tag


def _is_followed(element: HtmlElement, tag: str) -> bool:
    behind = element.getnext()
    return behind is not None and behind.tag == tag


def _is_note(element: HtmlElement) -> bool:
    """Whether this is the raised number of a footnote: a link to it, inside the ``sup`` or around it alone."""
    if element.tag != "sup":
        return False
    words = _first_words(element)
    if len(words) > _MARKER_CHARS:
        return False
    link = next(element.iter("a"), None)
    if link is None:
        parent = element.getparent()
        alone = parent.tag == "a" and len(parent) == 1 and not f"{parent.text or ''}{element.tail or ''}".strip()
        link = parent if alone else None
    if link is None:
        return False
    return "#" in (link.get("href") or "") or _MARKER.fullmatch(words) is not None


def _first_words(element: HtmlElement) -> str:
    """The words of an element, or so many that it is too long for a footnote's number."""
    words = ""
    for part in element.itertext():
        words += part.strip()
        if len(words) > _MARKER_CHARS:
            break
    return words


def _is_skipped(element: HtmlElement, framed: bool = True) -> bool:
    if not isinstance(element.tag, str) or element.tag in _SKIPPED or element.get("hidden") is not None:
        return True
    role = element.get("role")
    if role in _NOT_READ or not _NOT_READ.isdisjoint((element.get("epub:type") or "").split()):
        return True
    if role in _SKIPPED_ROLES or (framed and role in _FRAME_ROLES) or element.get("aria-hidden") == "true":
        return True
    if _HIDDEN.search(element.get("style") or "") or not _CLASSES_SKIPPED.isdisjoint(
        (element.get("class") or "").split()
    ):
        return True
    if not framed or element.tag not in _FRAME:
        return False
    # An article may well have a header of its own; a page's stands outside.
    return not any(parent.tag in ("article", "main", "section", "blockquote") for parent in element.iterancestors())


def _words_in(element: HtmlElement) -> str:
    return one_line("".join(element.itertext()))
