"""Sentences of the documents that a message quotes and asks about: they are known, and no answer."""

from __future__ import annotations

from collections.abc import Collection, Sequence

import regex

from assistant.judging.evidence import Evidence
from assistant.language.courtesies import ASKING
from index.tokens import words

_LEAST_WORDS = 6
_ASKS = regex.compile(rf"[?？]|\b(?:{ASKING}|explain|tell|list|name)\b", regex.I)
# "Is this true?", "Where does it stand?": asks for the very sentence.
_CONFIRMS = regex.compile(
    r"\b(?:is (?:that|this|it) so|true|false|correct|right|accurate|stands?|find|found|source|page|paragraph|section|"
    r"(?<!\b(?:why|what|how) )(?:do|does|did) (?:it|they|(?:the|this|that) \p{L}+) (?:really |actually )?"
    r"(?:say|state|claim|write)|"
    r"who (?:said|says|wrote|writes|claims|claimed))\b",
    regex.I,
)


def told(message: str, weighed: Sequence[Evidence]) -> list[Evidence]:
    """Those of ``weighed`` that stand whole in a message that asks something besides; no short ones."""
    # Looked for as words first: most sentences stand in no message, and to make an expression of each takes long.
    said = f" {' '.join(words(message))} "
    short = [each for each in weighed if len(each.text) < len(message)]
    found = [each for each in short if _is_within(words(each.text), said) and _pattern(each.text).search(message)]
    rest = _without(message, found)
    return found if found and _ASKS.search(rest) and not _CONFIRMS.search(rest) else []


def asked_first(message: str, pasted: Sequence[Evidence]) -> str:
    """``message`` with what it asks before what it quotes: of a long one the reader sees the beginning alone."""
    return " ".join([_without(message, pasted), *dict.fromkeys(each.text for each in pasted)])


def others(weighed: Sequence[Evidence], pasted: Collection[Evidence]) -> list[Evidence]:
    """``weighed`` less the sentences that were quoted, wherever else the documents say the same."""
    known = {tuple(words(each.text)) for each in pasted}
    return [each for each in weighed if not known or tuple(words(each.text)) not in known]


def _is_within(sentence: Sequence[str], message: str) -> bool:
    return len(sentence) >= _LEAST_WORDS and f" {' '.join(sentence)} " in message


def _without(message: str, pasted: Sequence[Evidence]) -> str:
    for each in pasted:
        message = _pattern(each.text).sub(" ", message)
    return " ".join(message.split())


def _pattern(text: str) -> regex.Pattern[str]:
    """The words of ``text``, however their marks and spaces were typed, and the marks around them."""
    within = r"[^\p{L}\p{N}]*".join(regex.findall(r"[\p{L}\p{N}]+", text))
    marks = r"[^\p{L}\p{N}\s]*"
    return regex.compile(rf"{marks}(?<![\p{{L}}\p{{N}}]){within}(?![\p{{L}}\p{{N}}]){marks}", regex.IGNORECASE)
