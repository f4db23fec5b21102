"""What a question asks the share of, or the difference between. A share of something else, or a difference between
others, is the nearest of near misses."""

from __future__ import annotations

import regex

from assistant.language.subjects import AUXILIARY
from index.tokens import terms

_I = regex.IGNORECASE
_ASKED = regex.compile(
    r"\b(?:(?:what|which|how (?:big|large|great|small|high)(?: an?)?)\s(?:\p{L}+\s){0,2}?"
    r"(?:share|percentage|proportion|percent|per cent|fraction|slice)|how much)\s(?:out )?of\s(?P<of>.+)",
    _I,
)
# Where what is asked of has been named: "of global trade do they", "of people live", "of the land belongs".
_ENDS = regex.compile(
    rf"\s(?:{AUXILIARY}|in|on|at|of|from|by|for|with|under|among|that|which|who|live|lives|belongs?|comes?|goes|went|"
    r"falls?|fell)\b|[?.!,;:]",
    _I,
)
_BETWEEN = regex.compile(
    r"\bdifferences?\s+between\s+(?P<one>.+?)\s+and\s+(?P<other>[^?.!,;:]+)|"
    r"\bhow\s+(?:do|does|did)\s+(?P<one>.+?)\s+differ\s+from\s+(?P<other>[^?.!,;:]+)",
    _I,
)
# Names of one thing, as far as shares are often told of it.
_ALIKE = tuple(
    frozenset(term for word in words.split() for term in terms(word))
    for words in (
        "population people person inhabitant humanity mankind humankind human resident citizen earthling",
        "gdp economy output product production wealth income",
        "vote voter ballot electorate",
        "employee staff worker workforce employment",
        "land area territory surface landmass",
        "sale revenue turnover",
    )
)


def share_of(question: str) -> frozenset[str]:
    """The terms that a passage must hold one of to tell the share that is asked for; none where no share is.

    ``question`` stands alone. Names and pronouns ("of it", "of Iran") are no such thing.
    """
    asked = _ASKED.search(question)
    if asked is None:
        return frozenset()
    words = _ENDS.split(asked["of"], 1)[0].split()
    if not words or (words[-1][:1].isupper() and not words[-1].isupper()):
        return frozenset()
    own = frozenset(terms(words[-1]))
    return own.union(*(alike for alike in _ALIKE if own & alike)) if own else own


def compared(question: str) -> list[frozenset[str]]:
    """The terms of each of two kinds whose difference is asked for; none of a name, which has other forms."""
    asked = _BETWEEN.search(question)
    sides = [] if asked is None else [asked["one"], asked["other"]]
    return [frozenset(terms(side)) for side in sides if side.islower() and terms(side)]


def of_something_else(question: str, passage: str) -> bool:
    """Whether ``question``, standing alone, asks for a share of what ``passage`` does not speak of, or for a difference
    from it."""
    spoken = terms(passage)
    return any(of.isdisjoint(spoken) for of in (share_of(question), *compared(question)) if of)
