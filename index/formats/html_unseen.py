"""What of a page a reader does not see or does not read: scripts, navigation, the numbers of notes."""

from __future__ import annotations

import regex
from lxml.html import HtmlElement

# Not of the text: what a reader does not see, and what stands on every page of a site.
_SKIPPED = frozenset(
    "head script style template noscript iframe object embed svg math canvas audio video map button input select "
    "textarea option datalist dialog nav search link meta base".split()
)
_SKIPPED_ROLES = frozenset("navigation search menu menubar toolbar dialog".split())
_FRAME = frozenset("header footer aside".split())
_FRAME_ROLES = frozenset("banner contentinfo complementary".split())
# Links that a site's tools put beside each heading, to itself or to an editor.
_CLASSES_SKIPPED = frozenset("headerlink header-anchor anchor-link mw-editsection sphinxsidebar sr-only".split())
# The same where its class has another name.
_PERMALINKS = frozenset("# § ¶ 🔗".split())
# Of a book: the number of a note, and the printed page that begins.
_NOT_READ = frozenset("noteref pagebreak doc-noteref doc-pagebreak".split())
_MARKER = regex.compile(r"[\[(]?(?:[0-9]{1,3}|\p{L}|[*†‡§]{1,3})[\])]?")
_MARKER_CHARS = 20
# The same, or a page's number: "xiv", "[12]", "p. 12"; not "mild" or "ill", for all that they are of such letters.
_ROMAN = r"(?=[ivxlc])c{0,3}(?:x[lc]|l?x{0,3})(?:i[xv]|v?i{0,3})"
_NUMBER = regex.compile(
    rf"(?:[\[(]?(?:p(?:age|\.)?)?\s?(?:[0-9]{{1,5}}|{_ROMAN}|\p{{L}}|[*†‡§]{{1,3}})[\])]?)?", regex.I
)
_HIDDEN = regex.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", regex.I)


def is_not_for_print(element: HtmlElement) -> bool:
    """Whether a site leaves this out where its page is printed, as wikis do with "[citation needed]" in a line."""
    return "noprint" in (element.get("class") or "").split()


def is_note(element: HtmlElement) -> bool:
    """Whether this is the raised number of a footnote: a link to it, inside the ``sup`` or around it alone."""
    if element.tag != "sup":
        return False
    words = first_words(element)
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


def first_words(element: HtmlElement) -> str:
    """The words of an element, or so many that it is too long for a footnote's number."""
    words = ""
    for part in element.itertext():
        words += part.strip()
        if len(words) > _MARKER_CHARS:
            break
    return words


def is_skipped(element: HtmlElement, framed: bool = True) -> bool:
    if not isinstance(element.tag, str) or element.tag in _SKIPPED or element.get("hidden") is not None:
        return True
    role = element.get("role")
    if role in _NOT_READ or not _NOT_READ.isdisjoint((element.get("epub:type") or "").split()):
        # Of a note without a number the words themselves are the link.
        return _NUMBER.fullmatch(first_words(element)) is not None
    if role in _SKIPPED_ROLES or (framed and role in _FRAME_ROLES) or element.get("aria-hidden") == "true":
        return True
    if _HIDDEN.search(element.get("style") or "") or not _CLASSES_SKIPPED.isdisjoint(
        (element.get("class") or "").split()
    ):
        return True
    if element.tag == "a" and (element.get("href") or "").startswith("#") and first_words(element) in _PERMALINKS:
        return True
    if not framed or element.tag not in _FRAME:
        return False
    # An article may well have a header of its own; a page's stands outside.
    return not any(parent.tag in ("article", "main", "section", "blockquote") for parent in element.iterancestors())
