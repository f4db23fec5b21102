"""Words that ask for something else, and words that ask for the same thing.

Exchanging a word of a question for one of `exchanges()` asks for a fact the passage does not state, as a
person's near miss does ("When did she join?" over a passage that says when she left). Exchanging it for one
of `synonyms()` asks for the same fact in other words. Both tables map a lower-case word form to the forms
that may take its place.
"""

from __future__ import annotations

from collections import defaultdict
from functools import cache

from .lexicon_tables import DOUBLED, IRREGULAR, VERB_EXCHANGES, VERB_SYNONYMS, WORD_SETS, WORD_SYNONYMS

Table = dict[str, tuple[str, ...]]

NUMBER_WORDS = frozenset(
    "one two three four five six seven eight nine ten eleven twelve dozen hundred thousand".split()
)

STOP_WORDS = frozenset(
    "a an the of in on at to for from by with and or is are was were be been being do does did has have "
    "had that this these those it its their his her as what which who whom whose when where why how than "
    "then there into about i my we our you your they he she can could would should will shall may might "
    "must if so".split()
)


def _pairs(text: str) -> list[list[str]]:
    return [entry.split() for entry in text.replace("\n", " ").split(";")]


@cache
def irregular() -> dict[str, tuple[str, str]]:
    """Base form -> (past, participle)."""
    return {base: (past, participle) for base, past, participle in _pairs(IRREGULAR)}


@cache
def verb_forms(base: str) -> tuple[str, str, str, str, str]:
    """Base, third person, past, participle and gerund of a verb."""
    soft_y = base.endswith("y") and base[-2] not in "aeiou"
    third = base[:-1] + "ies" if soft_y else base + ("es" if base.endswith(("s", "sh", "ch", "x", "o", "z")) else "s")
    stem = base + base[-1] if base in DOUBLED or base in {"win", "run", "get", "cut", "begin", "forget"} else base
    gerund = (base[:-1] if base.endswith("e") and not base.endswith("ee") else stem) + "ing"
    if base == "die":
        gerund = "dying"
    if base in irregular():
        past, participle = irregular()[base]
    else:
        past = base[:-1] + "ied" if soft_y else (base + "d" if base.endswith("e") else stem + "ed")
        participle = past
    return base, third, past, participle, gerund


def _table(verb_pairs: str, both_ways: bool) -> dict[str, set[str]]:
    table: defaultdict[str, set[str]] = defaultdict(set)
    for one, other in _pairs(verb_pairs):
        for left, right in zip(verb_forms(one), verb_forms(other), strict=True):
            table[left].add(right)
            if both_ways:
                table[right].add(left)
    return table


@cache
def verbs() -> frozenset[str]:
    """Every form of every verb of the lexicon."""
    return frozenset(form for pair in _pairs(VERB_EXCHANGES) for base in pair for form in verb_forms(base))


@cache
def exchanges() -> Table:
    """Lower-case word form -> forms that ask for something else."""
    table = _table(VERB_EXCHANGES, both_ways=True)
    for line in WORD_SETS.strip().splitlines():
        members = line.split()
        for word in members:
            table.setdefault(word, set()).update(other for other in members if other != word)
    same = synonyms()
    return {word: tuple(sorted(others - {word, *same.get(word, ())})) for word, others in table.items()}


@cache
def synonyms() -> Table:
    """Lower-case word form -> forms that ask for the same thing."""
    table = _table(VERB_SYNONYMS, both_ways=False)
    for word, other in _pairs(WORD_SYNONYMS):
        table.setdefault(word, set()).add(other)
    return {word: tuple(sorted(others)) for word, others in table.items()}
