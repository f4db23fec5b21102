"""Names typed in small letters as the documents write them: "when did india join the sco" asks of India and the SCO."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence

import regex

from assistant.language.countries import country
from assistant.language.spelling import english_words
from index import Passage
from index.tokens import FUNCTION_WORDS

_LETTERS = regex.compile(r"(?<![\p{L}\p{N}_@./\\-])\p{L}[\p{L}\p{M}]+(?![\p{L}\p{N}_@/\\]|\.\p{L})")
# "I", "I'm" are no names.
_CAPITAL = regex.compile(r"\p{Lu}(?!['’]\p{L}|\s|$)|(?<!^|\s)\p{Lu}")
# Where a sentence or a cell begins, a capital tells no name.
_NAME = regex.compile(r"(?<=\p{Ll},? [(“\"]?)\p{Lu}[\p{L}\p{M}]+(?:[ -](?:(?:and|of|the|for) )?\p{Lu}[\p{L}\p{M}]+)*")
# Two words beside each other of which the second is a name by now.
_BEFORE_NAME = regex.compile(r"(?<![\p{L}\p{N}-])(?P<first>\p{Ll}[\p{L}\p{M}]+) (?P<last>\p{Lu}[\p{L}\p{M}]+)")
_SMALL = regex.compile(r"(?<![\p{L}\p{N}-])\p{Ll}[\p{L}\p{M}]+")


def capitalised(question: str, found: Callable[[], Sequence[Passage]]) -> str:
    """``question`` with each name that ``found`` writes with capitals, and each country, written so.

    A word of a longer name, the "war" of "the Cold War", is no name by itself. As it is where it has a capital of its
    own past its first letter: then whoever typed it sets names off. ``found``: the passages nearest to the question,
    asked for only where a word may be a name.
    """
    typed = {word.lower() for word in _LETTERS.findall(question)} - FUNCTION_WORDS
    if not typed or _CAPITAL.search(question, 1):
        return question
    names, small = Counter[str](), set[str]()
    passages = found()
    for passage in passages:
        text, span = passage.document.text, passage.span
        names.update(_NAME.findall(text, span.start, span.end))
        small.update(_SMALL.findall(text, span.start, span.end))
    # The commonest way of writing last, so that it counts.
    written = {name.lower(): name for name, _ in reversed(names.most_common())}
    for low, name in written.items():
        if low in question.lower() and (" " in name or "-" in name):
            question = regex.sub(rf"(?<![\p{{L}}\p{{N}}-]){regex.escape(low)}(?![\p{{L}}\p{{N}}-])", name, question)
    parts = {part.lower(): part for name in names for part in _LETTERS.findall(name)}
    alone = {low: written.get(low) or country(low) or _surname(parts.get(low)) for low in typed - small}
    question = _LETTERS.sub(lambda word: alone.get(word.group()) or word.group(), question)
    return _BEFORE_NAME.sub(lambda pair: _with_first_name(pair["first"], pair["last"], passages), question)


def _with_first_name(first: str, last: str, passages: Sequence[Passage]) -> str:
    """ "ada Merriweather" as the documents write it, wherever in a sentence: "Ada Louise Merriweather"."""
    if first in FUNCTION_WORDS:
        return f"{first} {last}"
    whole = regex.compile(rf"\b{first.capitalize()}(?: \p{{Lu}}[\p{{L}}\p{{M}}.]*)? {regex.escape(last)}\b")
    texts = (text for passage in passages for text in (passage.document.title, passage.text))
    return f"{first.capitalize() if any(map(whole.search, texts)) else first} {last}"


def _surname(part: str | None) -> str | None:
    """A part of a longer name that is no word besides: "Soong" of "Claus Soong"."""
    return part if part and part.lower() not in english_words() else None
