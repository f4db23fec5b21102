"""What kind of thing a question asks for, and whether a sentence holds one."""

from __future__ import annotations

from enum import Enum

import regex

from assistant.language.phrases import each_question


class AnswerType(Enum):
    """Kinds that can be told from the question's form and from a sentence's."""

    TIME = "time"
    NUMBER = "number"
    NAME = "name"
    ANY = "any"


_TIME_ASKED = regex.compile(
    r"\b(when|what (?:year|date|day|month|time)|which (?:year|date|day|month)|since when|how long ago|in what year|"
    r"(?:year|date)\s*\??$)\b",
    regex.IGNORECASE,
)
_NUMBER_ASKED = regex.compile(
    r"\b(how (?:many|much|large|big|old|long|far|often)|what (?:share|percentage|percent|proportion|number|fraction)|"
    r"which (?:share|percentage|proportion|number))\b",
    regex.IGNORECASE,
)
_NAME_ASKED = regex.compile(r"\b(who|whose|whom)\b", regex.IGNORECASE)

_MONTHS = "january february march april may june july august september october november december".split()
_TIME = regex.compile(
    r"\b(1[0-9]{3}|20[0-9]{2})\b|\b\d{1,2}(?::\d\d)?\s?[ap]\.?m\b|"
    rf"\b({'|'.join(month.capitalize() for month in _MONTHS)})\b|"
    r"\b(Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day\b|\b(century|decade|years? ago|spring|summer|autumn|winter)\b"
)
_NUMBER = regex.compile(
    r"\d|\b(one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fourteen|fifteen|twenty|thirty|"
    r"forty|fifty|hundred|thousand|million|billion|dozen|half|third|quarter|fifth|twice|once|none|several)\b",
    regex.IGNORECASE,
)
_NAME = regex.compile(r"(?<=\S\s[\"“‘(]?)\p{Lu}\p{L}+|\p{Lu}\p{L}+\s\p{Lu}\p{L}+")


def expected(question: str) -> AnswerType:
    """The kind a question asks for; ANY when its form does not tell. Of several the first is asked."""
    question = each_question(question)[0]
    if _TIME_ASKED.search(question):
        return AnswerType.TIME
    if _NUMBER_ASKED.search(question):
        return AnswerType.NUMBER
    if _NAME_ASKED.search(question):
        return AnswerType.NAME
    return AnswerType.ANY


def holds(sentence: str, kind: AnswerType, question: str) -> bool:
    """Whether a sentence holds something of the kind that the question does not already say."""
    pattern = {AnswerType.TIME: _TIME, AnswerType.NUMBER: _NUMBER, AnswerType.NAME: _NAME}.get(kind)
    if pattern is None:
        return True
    said = question.casefold()
    return any(match.group().casefold() not in said for match in pattern.finditer(sentence))
