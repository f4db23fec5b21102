"""Who speaks in a sentence that reports someone: the words of the sentence that name the speaker, or nothing.

Knows English reporting verbs and quotation marks. It says nothing when unsure: a wrong speaker is worse than none.
"""

from __future__ import annotations

from functools import cache

import regex

from index import Span

# Verbs that report, in the forms that reporting takes. Those that often mean something else ("claims the island",
# "notes on", "suggests that") count only before "that" or a quotation, or are left out.
_VERB = (
    r"(?:sa(?:y|ys|id)|stat(?:es?|ed)|remark(?:s|ed)?|argu(?:es?|ed)|clarif(?:y|ies|ied)|declar(?:es?|ed)|"
    r"announc(?:es?|ed)|warn(?:s|ed)?|claim(?:s|ed)?|insist(?:s|ed)?|not(?:es?|ed)|add(?:s|ed)|explain(?:s|ed)?|"
    r"stress(?:es|ed)?|emphasi[sz](?:es?|ed)|writ(?:es?|ten)|wrote|report(?:s|ed)?|den(?:y|ies|ied)|confirm(?:s|ed)?|"
    r"acknowledg(?:es?|ed)|assert(?:s|ed)?|contend(?:s|ed)?|maintain(?:s|ed)?|observ(?:es?|ed)|conced(?:es?|ed)|"
    r"admit(?:s|ted)?|repl(?:y|ies|ied)|recall(?:s|ed)?|complain(?:s|ed)?|told\b[^,;:“”]{1,40}?)"
)
# "says" reports whatever follows it.
_SAYING = r"(?:says?|said)"
_AUXILIARY = r"(?:(?:has|have|had|also|later|then|once|repeatedly|recently|publicly|explicitly)\s+)*"

# A name: capitalised words, with what may stand between them.
_WORD = r"\p{Lu}[\p{L}\p{N}’'.-]*"
_JOIN = r"(?:\s(?:of|for|on|and|de|du|van|von|al|bin|the|of\sthe|for\sthe|and\sthe))?\s"
_NAME = rf"(?:[Tt]he\s)?{_WORD}(?:{_JOIN}{_WORD}){{0,7}}"
# A speaker without a name, known by its noun.
_HEAD = (
    r"(?:spokes(?:man|woman|person|people)|officials?|minist(?:er|ry|ers|ries)|presidents?|chancellor|governments?|"
    r"statements?|declaration|communiqué|reports?|stud(?:y|ies)|papers?|authors?|researchers?|scientists?|experts?|"
    r"analysts?|critics|observers|leaders?|diplomats?|court|commission|committee|police|company|council|agency|"
    r"organi[sz]ation|owners?|operators?|director|manager|chair(?:man|woman|person)?|engineers?|farmers?|editors?)"
)
_NOUN = (
    rf"(?:[Tt]he|[Aa]n?|[Ii]ts|[Hh]is|[Hh]er|[Tt]heir|[Ss]ome|[Mm]any)\s(?:[\p{{L}}’-]+\s){{0,2}}?{_HEAD}"
    rf"(?:\s(?:of|for|from|in|at)\s(?:the\s)?{_WORD}(?:\s{_WORD}){{0,3}})?"
)
_SPEAKER = rf"(?P<who>{_NAME}|{_NOUN})"
# Where a clause begins: only there is what stands before the verb the whole of its subject.
_CLAUSE = r"(?:^[\s“\"(]*|[,;:–—(”]\s*|\b(?:and|but|while|whereas|when|as|because|although|though|if|since|where)\s)"
_OPEN = r"[“\"‘]"

_PATTERNS = (
    # The ministry clarified that …; Xi said: “…”
    rf"{_CLAUSE}{_SPEAKER},?\s{_AUXILIARY}{_VERB}(?:\sthat\b|[,:]?\s(?:that\s)?{_OPEN})",
    rf"{_CLAUSE}{_SPEAKER}\s{_AUXILIARY}{_SAYING}\s(?!to\b|so\b|much\b|nothing\b)",
    # …, as Putin has remarked
    rf"\bas\s{_SPEAKER}\s{_AUXILIARY}{_VERB}(?=[\s]*[,.;:)–—”]|\s(?:in|on|at|and)\b|$)",
    # …, argues Claus Soong
    rf"[,”\"’?!]\s?{_OPEN}?\s?{_VERB}\s{_SPEAKER}(?=\s*[,.;:)–—]|\s*$)",
    # according to the report
    rf"\b[Aa]ccording to\s{_SPEAKER}",
    # In a joint statement …: “…”
    r"\b[Ii]n\s(?:the|an?|his|her|its|their)\s(?P<who>(?:[\p{L}-]+\s){0,2}?(?:statement|speech|interview|letter|"
    r"report|communiqué|declaration|address|memo|article|essay|post|memoir|testimony))\b[^“”]*(?::|\bthat)\s*[“\"]",
)
_DETERMINER = regex.compile(r"^(?:the|an?|its|his|her|their|some|many)\s", regex.IGNORECASE)
# Capitalised because a sentence begins, and no name.
_NO_NAME = frozenset(
    "He She It They We You I This That These Those There Who Which What Some Many Most Others Another One Nor Neither "
    "The A An However Moreover Still Yet Here Then Now Today But And In On At As If When While Although Because".split()
)


def voices(sentence: str) -> list[Span]:
    """The speakers a sentence reports, as spans of it, in reading order; empty when there is none or none is sure."""
    found: dict[str, Span] = {}
    for pattern in _compiled():
        for match in pattern.finditer(sentence, overlapped=True):
            start, end = match.span("who")
            words = match.group("who")
            determiner = _DETERMINER.match(words)
            start += determiner.end() if determiner else 0
            # The full stop of the sentence; an initial's or a title's is followed by a name.
            end -= sentence[:end].endswith(".")
            named = sentence[start:end]
            if not named or named.split()[0] in _NO_NAME or _inside_quotation(sentence, start):
                continue
            if named not in found or start < found[named].start:
                found[named] = Span(start, end)
    spans = sorted(found.values(), key=lambda span: (span.start, -span.end))
    return [one for one in spans if not any(other != one and other.contains(one) for other in spans)]


@cache
def _compiled() -> tuple[regex.Pattern[str], ...]:
    """Made when the first sentence comes: 80 ms that no start needs to wait for."""
    return tuple(regex.compile(pattern) for pattern in _PATTERNS)


def _inside_quotation(sentence: str, at: int) -> bool:
    """Whether a place stands between quotation marks: who is named there is named by the one who is quoted."""
    before = sentence[:at]
    return before.count("“") > before.count("”") or before.count('"') % 2 == 1
