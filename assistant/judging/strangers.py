"""Names in a question that the documents speak of by no name."""

from __future__ import annotations

from collections.abc import Collection

import regex

from assistant.judging import questions
from assistant.language import subjects
from assistant.language.countries import named_otherwise
from assistant.language.spelling import Spelling, english_words
from index import PassageIndex
from index.tokens import FUNCTION_WORDS, words

# Of a question set as a title is, capitals tell no names.
_MOST_CAPITALS = 0.6
# Shorter ones, "AI" or "HR", may stand for words that are no name.
_LEAST_LETTERS = 3
_NUMBERED = regex.compile(r"\s+(?:\p{N}|[IVXLC]+\b|\p{Lu}\b)")
_CONTRACTED = regex.compile(r"^\p{L}+['’](?:m|d|ll|ve|re)$")
# Such as do not end as adjectives do.
_ADJECTIVES = frozenset("french greek dutch czech swiss thai arab welsh".split())
# "My Labrador" is the asker's own.
_OWN = regex.compile(r"\b(?:my|our)\s+$", regex.IGNORECASE)
_BEGINS = regex.compile(r"(?:^|[?!.:]\s)\W*$")


def strangers(question: str, index: PassageIndex, spelling: Spelling, documents: Collection[str] = ()) -> list[str]:
    """The names of a question, standing alone, most of whose words no document holds, or none with these ids.

    In order, as they were typed. A name is known, too, by a word that begins as it does ("Kazakhs", "Kazakhstan") or is
    spelled nearly so, by the initials of words in a row, and a country by its people, its capital or its government.
    """
    typed = question.split()
    if sum(word[0].isupper() for word in typed) > _MOST_CAPITALS * len(typed):
        return []
    found = []
    for name in (part for names in subjects.names(question) for part in names.split(" and ")):
        named = [word for word in name.split() if word[:1].isupper() and _names(word)]
        at = question.find(name)
        # "Section 4" is a place in the text, "Describe the limits" and "Quoting is off" name nobody.
        ordinary = len(named) == 1 and _BEGINS.search(question[:at]) and words(name)[0] in english_words()
        if not named or ordinary or _OWN.search(question[:at]) or _NUMBERED.match(question, at + len(name)):
            continue
        # In this order, for to know what is absent all that was chosen may have to be read.
        doubtful = " ".join(word for word in named if not _known(word, index, spelling))
        if 2 * len(questions.absent_words(doubtful, index, documents)) > len(named):
            found.append(name)
    return found


def _names(typed: str) -> bool:
    """Not "I'm", nor "Asian" or "French": what is of somewhere may be meant by any of its other names."""
    if _CONTRACTED.search(typed) or subjects.ADJECTIVE.search(typed):
        return False
    return bool(set(words(typed)) - FUNCTION_WORDS - _ADJECTIVES)


def _known(typed: str, index: PassageIndex, spelling: Spelling) -> bool:
    parts = [word for word in words(subjects.OWNING.sub("", typed)) if word not in FUNCTION_WORDS]
    return any(len(word) < _LEAST_LETTERS or spelling.resembles(word) or named_otherwise(word, index) for word in parts)
