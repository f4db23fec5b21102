"""Acronyms that the documents define themselves: "Shanghai Cooperation Organization (SCO)"."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import regex

from index.tokens import FUNCTION_WORDS

_DEFINED = regex.compile(r"\(\s*(\p{Lu}[\p{Lu}\p{Ll}]{1,9})\s*\)")
_SMALL = frozenset("a an and at by for in of on the to".split())


def acronyms(texts: Iterable[str]) -> dict[str, str]:
    """Acronym → the words it was introduced for, from "… Words In Full (WIF) …"; the first definition wins.

    The method is that of Schwartz and Hearst (2003) cut down to initials: the words right before the bracket must
    begin with the acronym's letters, small words aside.
    """
    found: dict[str, str] = {}
    for text in texts:
        for match in _DEFINED.finditer(text):
            short = match.group(1)
            if sum(letter.isupper() for letter in short) < 2:
                continue
            full = _words_before(text[max(0, match.start() - 200) : match.start()], short)
            if full is not None:
                found.setdefault(short, full)
    return found


def expanded(query: str, known: Mapping[str, str]) -> str:
    """``query`` followed by the full words of each acronym in it, and the acronym of each name in full."""
    added: list[str] = []
    for short, full in known.items():
        # "tell us" asks for nobody's United States, "the SCO" and "the sco" ask for the same.
        case = 0 if short.casefold() in FUNCTION_WORDS else regex.IGNORECASE
        if regex.search(rf"\b{regex.escape(short)}\b", query, case):
            added.append(full)
        elif full.casefold() in query.casefold():
            added.append(short)
    return " ".join([query, *added])


def _words_before(text: str, short: str) -> str | None:
    words = text.split()
    letters = [letter.casefold() for letter in short if letter.isupper()]
    taken: list[str] = []
    for word in reversed(words):
        if not letters:
            break
        initials = [part[0].casefold() for part in word.split("-") if part]
        if initials and initials[-1] == letters[-1]:
            for initial in reversed(initials):
                if letters and letters[-1] == initial:
                    letters.pop()
            taken.append(word)
        elif word.casefold() in _SMALL and taken:
            taken.append(word)
        else:
            return None
    return " ".join(reversed(taken)).strip(" ,;:") if not letters and len(taken) > 1 else None
