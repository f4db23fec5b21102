"""Edits of a question that change what it asks, that keep what it asks, and that only make it look hurried.

Every edit is drawn from a `random.Random` and returns None where it does not apply. An `Exchange` may be
applied to the question, to the passage or to both: to one of them alone it takes the answer away, to both it
keeps it.
"""

from __future__ import annotations

import random
import re
from collections.abc import Sequence
from dataclasses import dataclass

from .lexicon import NUMBER_WORDS, STOP_WORDS, exchanges, synonyms, verb_forms, verbs

_NAME = re.compile(r"\b[A-Z][\w'’-]*[\w](?: (?:(?:of|the|de|van|von) )?[A-Z][\w'’-]*\w)*")
_YEAR = re.compile(r"\b(?:1[0-9]\d\d|20\d\d)\b")
_NUMBER = re.compile(r"\b\d[\d,.]*\d\b|\b\d\b")
_WORD = re.compile(r"[A-Za-z][A-Za-z'’-]*")
_HEAD = re.compile(
    r"\b(?:the|a|an|of|its|their|his|her|this|what|which|whose|many|some|any|for|with|by)"
    r"(?: [a-z]+)? ([a-z]{4,})(?=[?.,;:)]|$| (?:" + "|".join(sorted(STOP_WORDS)) + r")\b)"
)
_PLACE = re.compile(
    r"\b(?:in|at|near|from|to|on|outside|around|across|through|throughout)\s+(?:the\s+)?(?:[A-Z]|\w+ern)"
)
_TIME = re.compile(
    r"\d|\b(?:january|february|march|april|may|june|july|august|september|october|november|december|when|after|before"
    r"|during|while|century|day|days|week|year|years|month|months|time|once|ago|today|now|early|late)\b",
    re.IGNORECASE,
)
_REASON = re.compile(
    r"\b(?:because|due|since|so|to|for|as|reason|reasons|result|caused?|led|owing|thus)\b", re.IGNORECASE
)
_COUNTED = re.compile(
    r"(?:\d|\b(?:" + "|".join(sorted(NUMBER_WORDS)) + r"|several|many)\b)\W*(?:\w+\W+){0,2}$", re.IGNORECASE
)
_PREPOSITIONS = ("in", "in", "by", "for", "with", "from", "during", "of")
_ADJUNCT = re.compile(
    r"\b(?:in|at|by|from|with|during|for|of|near|to) (?:the )?(?:[A-Z][\w'’-]*\w|\d{4})(?: [A-Z][\w'’-]*\w)*"
)


@dataclass(frozen=True, slots=True)
class Exchange:
    """Put `new` where `old` stands as a whole word."""

    old: str
    new: str

    def apply(self, text: str) -> str:
        """`text` with every `old` replaced; a capital at the start of `old` in the text is kept."""

        def put(match: re.Match[str]) -> str:
            return self.new[:1].upper() + self.new[1:] if match[0][:1].isupper() else self.new

        return re.sub(rf"(?<!\w){re.escape(self.old)}(?!\w)", put, text, flags=re.IGNORECASE)


def words(text: str) -> set[str]:
    """The lower-case words of a text."""
    return {word.lower() for word in _WORD.findall(text)}


def names(text: str) -> list[str]:
    """Runs of capitalised words, without a common word that begins one or a word that begins the text."""
    found: list[str] = []
    for match in _NAME.finditer(text):
        first, _, rest = match[0].partition(" ")
        if first.lower() in STOP_WORDS or (match.start() == 0 and not rest):
            if rest and rest[0].isupper():
                found.append(rest)
        else:
            found.append(match[0])
    return found


def _of_kind(texts: Sequence[str], pattern: re.Pattern[str]) -> list[str]:
    return [match[0] for text in texts for match in pattern.finditer(text)]


def entity(question: str, passage: Sequence[str], others: Sequence[str], rng: random.Random) -> Exchange | None:
    """Exchange a name, year or number of the question for another of its kind, of `passage` or `others`."""
    years = _YEAR.findall(question)
    numbers = [number for number in _NUMBER.findall(question) if number not in years]
    lower = question.lower()
    known = names(question) or [n for text in passage for n in names(text) if len(n) > 3 and f" {n.lower()}" in lower]
    kinds = [(kind, found) for kind, found in (("name", known), ("year", years), ("number", numbers)) if found]
    if not kinds:
        return None
    kind, found = rng.choice(kinds)
    old = rng.choice(found)
    if kind == "name":
        pool = [[name for text in texts for name in names(text)] for texts in (passage, others)]
    else:
        pattern = _YEAR if kind == "year" else _NUMBER
        pool = [_of_kind(passage, pattern), _of_kind(others, pattern)]
        shift = rng.choice((-1, 1)) * rng.randint(1, 30)
        digits = re.sub(r"\D", "", old)
        pool[1] += [str(max(1, int(digits[:9]) + shift))] if digits else []
    usable = [[n for n in names_ if n.lower() not in lower and old.lower() not in n.lower()] for names_ in pool]
    order = usable if rng.random() < 0.6 else usable[::-1]
    for candidates in order:
        if candidates:
            same_length = [name for name in candidates if name.count(" ") == old.count(" ")]
            return Exchange(old, rng.choice(same_length or candidates))
    return None


def attribute(question: str, passage: Sequence[str], rng: random.Random) -> Exchange | None:
    """Exchange a verb, noun or adjective for one that asks for another fact, and that the passage does not
    use."""
    used = {word for text in passage for word in words(text)}
    table, same = exchanges(), synonyms()
    found = [word for word in _WORD.findall(question)[1:] if word.lower() in table]
    rng.shuffle(found)
    for word in found:
        lower = word.lower()
        choices = [other for other in table[lower] if other not in used]
        if lower in verbs() and rng.random() < 0.3:
            forms = [verb_forms(base) for base in ("sell", "paint", "burn", "visit", "describe", "steal", "sponsor")]
            place = 4 if lower.endswith("ing") else 2 if lower.endswith("ed") else 0
            choices = [form[place] for form in forms if form[place] not in used | set(same.get(lower, ()))]
        if choices:
            return Exchange(word, rng.choice(choices))
    return None


def noun(question: str, passage: Sequence[str], rng: random.Random) -> Exchange | None:
    """Exchange a noun of the question for another noun of the passage; one that is not counted after "how
    many"."""
    lower = question[:1].lower() + question[1:]
    counted = re.search(r"[Hh]ow many ([a-z]{4,}s)\b", question)
    found = [counted[1]] if counted else [match[1] for match in _HEAD.finditer(lower)]
    if not found:
        return None
    old = rng.choice(found)
    same = synonyms().get(old, ())
    candidates: list[str] = []
    for text in passage:
        for match in _HEAD.finditer(text):
            word = match[1]
            if word.endswith("s") != old.endswith("s") or word in lower or old[:5] == word[:5]:
                continue
            if word not in same and word not in verbs() and not _COUNTED.search(text[: match.start(1)]):
                candidates.append(word)
    return Exchange(old, rng.choice(candidates)) if candidates else None


def asked(question: str, passage: Sequence[str], rng: random.Random) -> str | None:
    """Ask when, where or why instead, where the passage holds no word that such an answer needs."""
    match = re.match(r"(when|where|why|how)(?= (?:did|was|were|is|are|does|do|has|had)\b)", question, re.IGNORECASE)
    if not match:
        return None
    text = " ".join(passage)
    absent = {
        "when": not _TIME.search(text),
        "where": not _PLACE.search(text),
        "why": not _REASON.search(text),
    }
    options = [word for word, missing in absent.items() if missing and word != match[0].lower()]
    if not options:
        return None
    word = rng.choice(options)
    return (word.capitalize() if question[0].isupper() else word) + question[match.end() :]


def negated(text: str, rng: random.Random) -> str | None:
    """The text with its first known verb negated."""
    previous, asks = "", False
    for match in _WORD.finditer(text):
        word = match[0].lower()
        if (
            match.start() > 0
            and word in verbs()
            and previous not in {"the", "a", "an", "to", "of", "his", "their", "its"}
        ):
            before_verb = previous in {
                "was",
                "were",
                "is",
                "are",
                "be",
                "can",
                "could",
                "would",
                "has",
                "had",
                "have",
            }
            if before_verb or asks or word.endswith(("ed", "s")):
                negation = rng.choice(("not", "never")) if before_verb or asks else "never"
                return f"{text[: match.start()]}{negation} {text[match.start() :]}"
        asks = asks or word in {"did", "does", "do", "can", "could", "would"}
        previous = word
    return None


def conditioned(question: str, others: Sequence[str], rng: random.Random) -> str | None:
    """The question with one more condition, made of a name or year of `others`."""
    pool = [name for text in others for name in [*names(text), *_YEAR.findall(text)]]
    pool = [name for name in pool if name.lower() not in question.lower()]
    if not pool:
        return None
    return f"{question.rstrip(' ?')} {rng.choice(_PREPOSITIONS)} {rng.choice(pool)}?"


def restated(question: str, sentence: str, answer: str | None, rng: random.Random) -> str | None:
    """The question with a condition that its answering sentence meets."""
    adjuncts = [
        match[0]
        for match in _ADJUNCT.finditer(sentence)
        if not words(match[0]) - STOP_WORDS & words(question)
        and match[0][-6:].lower() not in question.lower()
        and not (answer and (answer in match[0] or match[0] in answer or match[0].split(" ", 1)[1] in answer))
    ]
    return f"{question.rstrip(' ?')} {rng.choice(adjuncts)}?" if adjuncts and answer else None


def reworded(question: str, rng: random.Random) -> str | None:
    """The question with a word exchanged for a synonym."""
    table = synonyms()
    found = [word for word in _WORD.findall(question)[1:] if word.lower() in table]
    if not found:
        return None
    word = rng.choice(found)
    return Exchange(word, rng.choice(table[word.lower()])).apply(question)


def hurried(question: str, rng: random.Random, keywords: bool = True) -> str:
    """The question as it might be typed: slips, lower case, no question mark, or its keywords alone."""
    if keywords and rng.random() < 0.10:
        keep_asking = rng.random() < 0.5
        asking = {"who", "when", "where", "why", "how", "many", "much"}
        kept = [
            word
            for word in question.rstrip(" ?").split()
            if word.lower() not in STOP_WORDS or (keep_asking and word.lower() in asking)
        ]
        question = " ".join(kept) if len(kept) >= 2 else question
    if rng.random() < 0.12:
        question = _slip(question, rng)
    if rng.random() < 0.18:
        question = question.lower()
    if rng.random() < 0.15:
        question = question.rstrip(" ?")
    return question


def _slip(text: str, rng: random.Random) -> str:
    places = [match for match in _WORD.finditer(text) if len(match[0]) > 4]
    if not places:
        return text
    match = rng.choice(places)
    place = rng.randrange(match.start() + 1, match.end() - 1)
    kind = rng.randrange(4)
    if kind == 0:
        return text[:place] + text[place + 1] + text[place] + text[place + 2 :]
    if kind == 1:
        return text[:place] + text[place + 1 :]
    if kind == 2:
        return text[:place] + text[place] + text[place:]
    return text[:place] + rng.choice("abcdefghiklmnoprstuwy") + text[place + 1 :]
