"""The phrase and the date that a follow-up is made of: "And on Sunday?" put into the question before it."""

from __future__ import annotations

import itertools

import regex

from assistant.language import subjects
from assistant.language.subjects import AUXILIARY
from index.tokens import FUNCTION_WORDS

_I = regex.IGNORECASE
BEFORE = r"(?:of|in|on|by|from|with|for|to|at|under|against|about|since|until|between|before|after|during)"
PREPOSITION = regex.compile(rf"^({BEFORE})\b\s*", _I)
# In lower case these are verbs.
_CALENDAR = "|".join(sorted(subjects.DATES - {"may", "march"})) + "|(?-i:May|March)"
_TH = r"\d{1,2}(?:st|nd|rd|th)?"
# What stands behind "on", not "in".
_OF_A_DAY = regex.compile(rf"day$|\b{_TH}\b(?!\d)", _I)
_YEAR = r"(?P<year>(?:1[5-9]|20)\d\d)"
DATE = regex.compile(
    rf"(?<![\w.,-])(?:(?P<day>(?:{_TH} )?(?:{_CALENDAR}|Q[1-4])\b(?: {_TH}\b)?)(?:,? {_YEAR})?|{_YEAR}|"
    r"(?P<number>\d+(?:[.,]\d+)*%?))(?![\w-])",
    _I,
)
# What a date or number can stand in for, the likeliest first.
_REPLACED = {"day": ("day", "year"), "year": ("year", "day", "number"), "number": ("number",)}
# "on Sunday", "for children": said of what was asked before, where nothing in it is left out.
_ADDED = regex.compile(
    rf"{BEFORE} (?!.*\b(?:whom?|whose|what|which|when|where|why|how|else|others?|{AUXILIARY})\b)\S.*", _I
)
_MOST_ADDED_WORDS = 5
_ASKS_WHEN = regex.compile(r"(?:when|(?:(?:in|on|at) )?(?:what|which) (?:year|month|day|date|time))\b", _I)
_PAST = regex.compile(r"\b(?:did|was|were|had)\b", _I)
# "black tea", "the next meeting": no name, which may be anything's.
_KIND = regex.compile(r"(?:(?:the|an?) )?((?:[\p{Ll}\p{N}-]+ ){0,2}\p{Ll}[\p{Ll}-]+)")
_COUNTED = regex.compile(rf"(how many )(\p{{Ll}}[\p{{Ll}}-]+)(?= {AUXILIARY}\b)", _I)
_BETWEEN = regex.compile(r"(?<=\?)\s+")
_GOES_ON = regex.compile(r"or\b", _I)
# Not the full stop of "U.S.", which belongs to it.
_END_MARKS = regex.compile(r"(?:(?!(?<=\.\p{Lu})\.)[?!. ])+$")


def with_new_date(earlier: str, body: str) -> str | None:
    """The earlier question asked of another time or number: "Who joined in 2017?" + "2023" → "Who joined in 2023?"."""
    preposition = PREPOSITION.match(body)
    said = unmarked(body[preposition.end() :] if preposition else body)
    new = DATE.fullmatch(said)
    if new is None:
        return None
    # A question that begins with "May" asks for leave.
    told = list(DATE.finditer(earlier, pos=1))
    for kind in _REPLACED["day" if new["day"] else "year" if new["year"] else "number"]:
        found = [date for date in told if date[kind]]
        if len(found) == 1:
            start, end = found[0].span() if new["day"] and new["year"] else found[0].span(kind)
            before = regex.search(rf"\b{BEFORE}\s+$", earlier[:start], _I)
            if preposition and before:
                start, said = before.start(), f"{preposition.group(1).lower()} {said}"
            return capital(f"{earlier[:start]}{said}{earlier[end:]}")
        if found:
            # "between 2020 and 2022": which of them, nobody said.
            return None
    return None


def with_new_phrase(earlier: str, body: str) -> str | None:
    """ "What share of GDP do they hold?" + "of the population" → "What share of the population do they hold?"."""
    preposition = PREPOSITION.match(body)
    if preposition is None or len(body.split()) > 6:
        return None
    phrase = regex.compile(
        rf"\b{preposition.group(1)}\b\s+(?!what|which|whom|how)[^?]+?(?=\s+{AUXILIARY}\b|[?.!]*$)", _I
    )
    if phrase.search(earlier) is None:
        return None
    new = f"{body[0].lower()}{unmarked(body)[1:]}"
    return capital(phrase.sub(lambda _: new, earlier, count=1))


def with_another_kind(earlier: str, body: str) -> str | None:
    """ "How long does green tea steep?" + "black tea" → "How long does black tea steep?".

    Of "How many members does it have?" + "observers" too: those are counted, not what has them.
    """
    kind = _KIND.fullmatch(unmarked(body))
    if kind is None or "?" in unmarked(earlier):
        return None
    *others, thing = kind[1].split()
    counted = _COUNTED.match(earlier)
    if counted and thing.endswith("s") and thing != counted[2]:
        return f"{counted[1]}{kind[1]}{earlier[counted.end() :]}"
    if not others or not FUNCTION_WORDS.isdisjoint(others):
        return None
    told = list(regex.finditer(rf"\b{thing}\b", earlier))
    before = earlier[: told[0].start()].split() if len(told) == 1 else []
    replaced = list(itertools.takewhile(lambda word: word.lower() not in FUNCTION_WORDS, before[::-1][: len(others)]))
    if not replaced:
        return None
    return " ".join([*before[: -len(replaced)], kind[1]]) + earlier[told[0].end() :]


def with_addition(earlier: str, body: str) -> str | None:
    """ "When does it open?" + "on Sunday" → "When does it open on Sunday?"."""
    said = unmarked(body)
    date = DATE.fullmatch(PREPOSITION.sub("", said))
    if date and not date["number"]:
        # What "When did it open?" asks for is no more than that, and of two dates nobody said which is meant.
        if DATE.search(earlier, pos=1) or (_ASKS_WHEN.match(earlier) and _PAST.search(earlier)):
            return None
        if not PREPOSITION.match(said):
            said = f"{'on' if _OF_A_DAY.search(said) else 'in'} {said}"
    elif len(said.split()) > _MOST_ADDED_WORDS or not _ADDED.fullmatch(said) or date:
        return None
    # Of a question that was itself asked with another nobody can say which is meant.
    if "?" in unmarked(earlier):
        return None
    return f"{unmarked(earlier)} {said[0].lower()}{said[1:]}?"


def capital(text: str) -> str:
    """``text`` with its first letter in upper case."""
    return text[:1].upper() + text[1:]


def each_question(text: str) -> list[str]:
    """A follow-up that could not be put into words of its own stands behind the question that it leans on: both."""
    return _BETWEEN.split(text)


def last_first(text: str) -> str:
    """What ``each_question`` tells apart, the last before those it leans on: a reader heeds what stands first most.

    As it is where the last only goes on: "Is it open? Or closed?".
    """
    *before, last = each_question(text)
    return text if _GOES_ON.match(last) or not last.endswith("?") else " ".join((last, *before))


def unmarked(question: str) -> str:
    """``question`` without the marks that end it."""
    return _END_MARKS.sub("", question)
