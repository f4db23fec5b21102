"""A page's bytes → the tree of its elements.

lxml's parser (libxml2) is the one of those tried that a hostile page neither slows down nor blows up: it refuses
elements nested too deep and takes 0.2 s for two megabytes of opened comments.
"""

from __future__ import annotations

import codecs

import regex
from lxml import etree
from lxml.html import HtmlElement, HTMLParser, document_fromstring

from index.formats import Unreadable
from index.formats.transcript import one_line

_MARKS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))
_DECLARED = regex.compile(rb"<(?:meta|\?xml)\b[^>]*?\b(?:charset|encoding)\s*=\s*[\"']?\s*([\w.:-]{1,40})", regex.I)
LOOKED_AT = 64 * 1024


def decoded(data: bytes) -> str:
    """By byte order mark, else as the page declares, else UTF-8; strictly. Raises Unreadable: nothing is guessed."""
    marked = next(((mark, encoding) for mark, encoding in _MARKS if data.startswith(mark)), None)
    if marked:
        data, declared = data[len(marked[0]) :], marked[1]
    else:
        found = _DECLARED.search(data[:LOOKED_AT])
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


def words_in(element: HtmlElement) -> str:
    return one_line("".join(element.itertext()))
