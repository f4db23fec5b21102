"""Acronyms that the documents define themselves: "Shanghai Cooperation Organization (SCO)"."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import regex

from index.tokens import FUNCTION_WORDS

_DEFINED = regex.compile(r"\(\s*(\p{Lu}[\p{Lu}\p{Ll}]{1,9})\s*\)")
_RUN = regex.compile(r"\w+")
_KEY = 4
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


class Acronyms(dict[str, str]):
    """What ``acronyms`` found, so kept that the few in a query are found without trying thousands."""

    def __init__(self, known: Mapping[str, str]) -> None:
        super().__init__(known)
        # Place in order, acronym and words, by the folded acronym, and by how the second of its words begins.
        self.by_short: dict[str, list[tuple[int, str, str]]] = {}
        self.by_words: dict[str, list[tuple[int, str, str]]] = {}
        for place, (short, full) in enumerate(known.items()):
            self.by_short.setdefault(short.casefold(), []).append((place, short, full))
            second = full.casefold().split(" ", 2)[1:2]
            self.by_words.setdefault(second[0][:_KEY] if second else "", []).append((place, short, full))
        self.key_lengths = {len(key) for key in self.by_words}


def expanded(query: str, known: Mapping[str, str]) -> str:
    """``query`` followed by the full words of each acronym in it, and the acronym of each name in full."""
    held = known if isinstance(known, Acronyms) else Acronyms(known)
    added: dict[int, str] = {}
    for word in _RUN.findall(query):
        for place, short, full in held.by_short.get(word.casefold(), ()):
            # "tell us" asks for nobody's United States, "the SCO" and "the sco" ask for the same.
            if word == short or short.casefold() not in FUNCTION_WORDS:
                added[place] = full
    folded = query.casefold()
    begins = {word[:length] for word in folded.split(" ") for length in held.key_lengths}
    for begin in begins & held.by_words.keys():
        for place, short, full in held.by_words[begin]:
            if place not in added and full.casefold() in folded:
                added[place] = short
    return " ".join([query, *(added[place] for place in sorted(added))])


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
