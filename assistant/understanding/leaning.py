"""Whether a question leans on what was asked before it: "And Iran?", "Who else?", "In winter?", "Is Norway?"."""

from __future__ import annotations

import regex

from assistant.language import subjects
from assistant.language.circumstances import is_circumstance
from assistant.language.courtesies import ASKING
from assistant.language.phrases import BEFORE, PREPOSITION
from assistant.language.pronouns import first_pronoun
from assistant.language.subjects import AUXILIARY
from index.tokens import terms

_I = regex.IGNORECASE
# Not in "So-called observers", "Great powers".
_MARK = (
    r"(?:(?:and|but|so|ok|okay|then|well|also)\b(?!-)|(?:hi|hello|hey|thanks|thank you|thx|great|nice|cool|no|yes|yeah|"
    r"right|sure|interesting|h+m+|a+h+|oh|wow|i see|got it)(?=[,.!…]))[\s,.!…]*"
)
LEAD = regex.compile(rf"^{_MARK}(?:{_MARK}(?=.*\w))*(?=\S)", _I)
ABOUT = regex.compile(rf"^(?:{_MARK})*(?:what|how) about\b\s*", _I)
# "No, I meant the second one": asks what was asked of something else, as "What about the second one?" does.
MEANT = regex.compile(
    r"^(?:(?:no|nope|sorry|actually|wait|oh|not that)\b[\s,.!–—-]*)*(?:i|we)(?: actually| really)? "
    r"(?:meant?|(?:was|am|were|are) (?:asking|talking) about)\b[\s,:]*",
    _I,
)
_CAPITALISED = r"(?-i:\p{Lu})[\p{L}’'-]*"
OTHER = regex.compile(r"\b(?:other|second|first|last|latter|former|same|next) (?:one|ones|two)\b|\bwhich ones?\b", _I)
# "Who else is in that group?", "Is India one of them?", whatever else they name.
_POINTS_BACK = regex.compile(
    r"\b(?:who|what|where|which|how) else\b|\b(?:all|any|both|each|many|members?|most|none|one|part|some|two) of "
    r"(?:them|those|these)\b(?! \p{L}+s\b)|"
    rf"(?:^|\b(?:{BEFORE}|{AUXILIARY}|besides|behind|within)\s)(?:that|those|these)\s+"
    rf"(?!(?:{AUXILIARY}|and|of|or|to|in|who|which|the|an?|days|article|text|document)\b)(?-i:\p{{Ll}})",
    _I,
)
# "Is Israel?", "Did China?": leaves out what it asks.
ELLIPSIS = regex.compile(rf"{AUXILIARY}(?:n?['’]t)? (?P<new>(?:the )?{_CAPITALISED}(?: {_CAPITALISED})*)[?.! ]*", _I)
_PHRASE_WORDS = 5


def leans(question: str) -> bool:
    """Whether a question can only be understood with what was asked before."""
    if LEAD.match(question) or ABOUT.match(question) or MEANT.match(question):
        return True
    if _POINTS_BACK.search(question) or ELLIPSIS.fullmatch(question) or _is_phrase(question):
        return True
    named = subjects.names(question)
    pronoun = first_pronoun(question)
    if pronoun is not None:
        # "Why did India say it did not take part?" says itself what "it" is.
        return not any(0 <= question.find(name) < pronoun.start() for name in named)
    if OTHER.search(question) or is_circumstance(question):
        return True
    return not named and len(terms(question)) <= 1 and len(question.split()) <= 4


def _is_phrase(question: str) -> bool:
    """Whether it is a phrase that says more of what was asked: "In Norway?", "in terms of people"."""
    return bool(
        PREPOSITION.match(question)
        and len(question.split()) <= _PHRASE_WORDS
        and not regex.search(rf"\b(?:{AUXILIARY}|{ASKING})\b", question, _I)
    )
