"""Numbered lines of plain text: which are headings, under which others, and which the items of a list."""

from __future__ import annotations

from collections.abc import Mapping

import regex

# "2. Methods", "1.1 Scope", "(b) Costs".
_NUMBERED = regex.compile(r"\(?(?P<number>\p{N}{1,3}(?:\.\p{N}{1,3})*|\p{Ll})[.)]?\s+(?=[\p{Lu}\p{Lo}])")
# "3. Monthly rent 1,200" tells something; "3. Report 2024" and "2. Phase 1" may head.
_AMOUNT = regex.compile(
    r"(?:\p{Sc}|\b(?:EUR|USD|GBP|CHF))\s?\p{N}[\p{N}.,]*+$|\p{N}\s?(?:%|\p{Sc}|EUR|USD|GBP|CHF)$|\p{N}[.,]\p{N}{2,}$"
)
_LETTERED = 9
_HEADING_WORDS = 12


def heads(before: str, words: str, after: str) -> bool:
    """Whether ``words``, a numbered line by itself without a closing mark, head what comes ``after``, the next block.

    They do where text or a deeper number follows. A line of the same depth right before or behind them is the
    neighbouring item of one list.
    """
    depth = _depth(words)
    if depth is None or not after or len(words.split()) > _HEADING_WORDS or _AMOUNT.search(words):
        return False
    # A long block before it is the text of another section.
    alone = "\n" not in before and len(before.split()) <= _HEADING_WORDS
    if alone and _depth(before) == depth:
        return False
    following = _depth(after)
    return following is None or following > depth


def number_of(words: str) -> str:
    """The digits a line begins with, "2" or "2.1"; empty where it has none, or a letter."""
    found = _NUMBERED.match(words)
    return found["number"] if found and found["number"][0].isdecimal() else ""


def under(words: str, told: Mapping[str, str]) -> str:
    """A heading below those that its number names, as "2.1 Sums due" stands under "2. RENT", each on a line.

    ``told``: the last heading of each number.
    """
    parts = number_of(words).split(".")
    outer = (told.get(".".join(parts[:depth])) for depth in range(1, len(parts)))
    return "\n".join([*filter(None, outer), words])


def _depth(words: str) -> int | None:
    """How many numbers a line begins with, letters coming below all; None when it has none."""
    found = _NUMBERED.match(words)
    if found is None:
        return None
    number = found["number"]
    return number.count(".") + 1 if number[0].isdecimal() else _LETTERED
