"""A question that compares a time with a date → the one that asks for the time: "Was it built before 1990?", "When…?".

The sentence that answers gives the one and not the other, so neither search nor reader takes it for an answer.
"""

from __future__ import annotations

import regex

from assistant.language.phrases import DATE

_I = regex.IGNORECASE
_BEFORE = r"(?:before|after|prior to|earlier than|later than)"
_COMPARED = regex.compile(
    rf"(?P<asks>did|was|were|will|has|have|had)(?P<rest> .+?),? (?:either )?{_BEFORE}(?: or {_BEFORE})? "
    r"(?:the year )?(?P<date>[^,;]+?)[?.! ]*",
    _I,
)
# Of nobody in particular: one whose time is told need not be the one.
_NOBODY = regex.compile(r" (?:any|some|no|every|each|all|many|most|more|there|anyone|anybody|someone|nobody)\w*\b", _I)


def without_date(question: str) -> str:
    """The question for the time alone, or ``question`` where it compares none with a date."""
    found = _COMPARED.fullmatch(question)
    if found is None or not DATE.fullmatch(found["date"]) or _NOBODY.match(found["rest"]):
        return question
    return f"When {found['asks'].lower()}{found['rest']}?"
