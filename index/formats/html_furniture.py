"""What a site sets beside its text without saying so by an element of HTML: told by the names its authors give it."""

from __future__ import annotations

import regex
from lxml.html import HtmlElement

# Whole names, so that "has-sidebar" and "related-work" are none; nor "category-cookies", by which an entry is filed,
# "chocolate-cookies" and "job-sharing", which are what a text may be about.
_NAMES = regex.compile(
    r"(?!(?:has|with|without|no|hide|show|category|tag|topic)[-_])(?:(?:(?:eu|gdpr|js)[-_])?cookies?|"
    r"(?:[\w-]*[-_])?cookies?[-_](?:law|policy|message|warning|banner|bar|notice|consent|box|popup|modal|overlay)[\w-]*|"
    r"(?:(?:social|post|page|article|entry|content|sd|wp)[-_])?(?:sharing|share)|noprint|"
    r"(?:[\w-]*[-_])?(?:breadcrumbs?|gdpr|newsletter|"
    r"share[-_]?(?:buttons?|links?|bar|tools|icons)|social[-_]?(?:share|sharing|links|media|icons|buttons)|"
    r"related[-_]?(?:articles?|posts?|stories|links|content|items|news)|related|comments|comment[-_]?(?:list|area|section)|"
    r"sidebar|navbox|nav(?:bar|header|footer|igation)|catlinks|toc|pagination|advert(?:isement)?|sponsored|promo)"
    r"(?:[-_](?:banner|bar|notice|consent|box|container|wrapper|widget|block|section|area|popup|modal|overlay|signup))?)",
    regex.I,
)
# No name is so long, and to try one of a megabyte takes half a minute.
_NAME_CHARS = 60
_IDS = frozenset("catlinks disqus_thread".split())
# A part of the page that holds more than this share of its words is what the page is about, whatever it is called.
_MOST = 1 / 3
_LINKS, _LINK_SHARE = 3, 0.8
# Links that say of themselves that they lead on: with words between them, "Next: Rivers, Up: Top".
_ON = frozenset("next prev previous up".split())
_ONWARD, _ONWARD_SHARE = 2, 0.5


def is_furniture(element: HtmlElement, page_chars: int) -> bool:
    """Whether ``element`` is named as navigation, a notice, sharing or the readers' comments, and is small enough."""
    names = (name for name in (element.get("class") or "").split() if len(name) <= _NAME_CHARS)
    if not any(map(_NAMES.fullmatch, names)) and element.get("id") not in _IDS:
        return False
    most, held = _MOST * page_chars, 0
    for words in element.itertext():
        held += len(words.strip())
        if held > most:
            return False
    return True


class Links:
    """How much of a block of text leads elsewhere."""

    def __init__(self) -> None:
        self.chars = self.linked = self.count = self.onward = 0

    def begin(self, link: HtmlElement) -> None:
        """A link begins in the block."""
        self.count += 1
        self.onward += not _ON.isdisjoint((link.get("rel") or "").lower().split())

    def say(self, words: str, linked: bool) -> None:
        """``words`` were added, in a link or outside of all."""
        held = sum(map(str.isalnum, words))
        self.chars += held
        self.linked += held if linked else 0

    @property
    def alone(self) -> bool:
        """Whether there is hardly more than a row of links."""
        if self.onward >= _ONWARD and self.linked > _ONWARD_SHARE * self.chars:
            return True
        return self.count >= _LINKS and self.linked > _LINK_SHARE * self.chars
