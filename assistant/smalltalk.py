"""Greetings, thanks and questions about the assistant itself: told what can be asked here, with nothing quoted."""

from __future__ import annotations

from collections.abc import Sequence

import regex

_GREETING = (
    r"(?:hi|hello|hey|hiya|howdy|greetings|good (?:morning|day|afternoon|evening)|how are you(?: doing)?(?: today)?)"
)
_THANKS = r"(?:thanks?|thank you|thx|cheers|great|cool|nice|ok(?:ay)?|perfect|wonderful|got it|well done|good job)"
_BYE = r"(?:bye|goodbye|good bye|good night|see you(?: later)?|farewell)"
_ABOUT = (
    r"(?:help(?: me)?|what can (?:you|i) (?:do|ask)(?: here| for me| you)?|what do you (?:do|know)|who are you|"
    r"what are you|what is this|how (?:do|can|does) (?:i use )?(?:you|this|it)(?: work)?|are you (?:a |an )?"
    r"(?:bot|robot|human|person|ai|language model|chatbot)|"
    r"what (?:documents?|texts?|sources?) (?:do you have|are there)|"
    r"what(?: is|'s|’s) your name)"
)
_EXTRA = (
    r"(?: (?:there|you|all|again|so much|very much|a lot|a bunch|then|now|please|"
    r"for (?:that|this|your help|the help)))*"
)
_KINDS = tuple(
    (kind, regex.compile(rf"(?:{pattern}{_EXTRA}[\s!.,?]*)+", regex.IGNORECASE))
    for kind, pattern in (
        ("about", rf"(?:{_GREETING}{_EXTRA}[\s!.,?]*)?{_ABOUT}"),
        ("greeting", _GREETING),
        ("bye", _BYE),
        ("thanks", _THANKS),
    )
)
_TITLES_NAMED = 3


def small_talk(message: str) -> str | None:
    """Which kind of small talk the whole message is: "greeting", "thanks", "bye" or "about"; None when it is none."""
    return next((kind for kind, pattern in _KINDS if pattern.fullmatch(message)), None)


def answer(kind: str, titles: Sequence[str]) -> str:
    """One helpful line of the program's own. ``titles`` are those of the indexed documents, in order."""
    named = ", ".join(f"“{title}”" for title in titles[:_TITLES_NAMED])
    more = f" and {len(titles) - _TITLES_NAMED} more" if len(titles) > _TITLES_NAMED else ""
    can = (
        f"Ask about {named}{more}: the answer is made of word-for-word quotes, each with its place, "
        "and when the text does not answer, it says so."
    )
    opening = {"greeting": "Hello. ", "thanks": "You are welcome. ", "bye": "Goodbye. ", "about": ""}[kind]
    return f"{opening}{can}"
