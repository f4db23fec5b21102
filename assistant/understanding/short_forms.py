"""Short forms of names that the documents write in full only: "the BRI", "the Quad"."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cache

import regex

from assistant.language.spelling import english_words
from assistant.language.subjects import ADJECTIVE
from index import Passage, PassageIndex
from index.tokens import FUNCTION_WORDS, words

_INITIALS, _LEAST_CUT, _LEAST_LEFT = range(3, 7), 4, 5
_TYPED = regex.compile(r"(?<![\p{L}\p{N}’'.-])\p{L}{3,}+(?![\p{N}-]|[’'](?!s\b)|\.\p{L})")
# "Belt and Road", "Asia-Pacific".
_BETWEEN = r"(?:\s(?:(?:and|of|the|for|in|on|to|&)\s){0,2}|-)"
_REST = r"[\p{L}\p{M}]+"
_GOES_ON = regex.compile(r"(?:\s|-)\p{Lu}")
# Capitals may begin before the name does: "The Belt and Road", "China’s", "Chinese", but not "New Belt and Road".
_BEGAN = regex.compile(r"(\p{Lu}[\p{L}\p{M}]*)(?:\s|-)$")


def spelled_out(question: str, index: PassageIndex, found: Callable[[], Sequence[Passage]]) -> str:
    """``question`` with each short form that no document holds as the one name in ``found`` that it can stand for.

    A short form is the initials of a name, three to six, or behind "the" how its first word begins. ``found``: the
    passages nearest to the question, asked for only where a word may be one. A form that can stand for two names, as
    they are written, is left.
    """
    passages = cache(found)

    def full(match: regex.Match[str]) -> str:
        for pattern in _patterns(match.group(), question[: match.start()], index):
            names = set(_names(pattern, passages()))
            if len(names) == 1:
                return names.pop()
        return match.group()

    return _TYPED.sub(full, question)


def _patterns(typed: str, before: str, index: PassageIndex) -> Iterator[regex.Pattern[str]]:
    word = "".join(words(typed))
    if not word or word in FUNCTION_WORDS or index.lexical.times(word) or typed in index.acronyms:
        return
    plain = word in english_words()
    behind_the = regex.search(r"\bthe $", before, regex.I) is not None
    if len(typed) in _INITIALS and (typed.isupper() or (typed.islower() and behind_the and not plain)):
        yield regex.compile(_BETWEEN.join(rf"{regex.escape(letter)}{_REST}" for letter in typed.upper()))
    if behind_the and len(typed) >= _LEAST_CUT and typed.istitle():
        yield regex.compile(rf"{typed}\p{{Ll}}{{{_LEAST_LEFT},}}(?:{_BETWEEN}\p{{Lu}}{_REST})+")


def _names(pattern: regex.Pattern[str], passages: Iterable[Passage]) -> Iterator[str]:
    for passage in passages:
        text = passage.document.text
        for match in pattern.finditer(text, passage.span.start, passage.span.end):
            began = _BEGAN.search(text, max(0, match.start() - 40), match.start())
            within = began and began.group(1).lower() not in FUNCTION_WORDS and not ADJECTIVE.search(began.group(1))
            letters_before = match.start() > 0 and text[match.start() - 1].isalpha()
            if not within and not letters_before and not _GOES_ON.match(text, match.end()):
                yield " ".join(match.group().split())
