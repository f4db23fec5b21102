"""The words of a sentence as the checker of summaries sees them: kinds, clauses, lists, and one spelling for each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from itertools import pairwise

import regex

from assistant.language.folding import WORD
from assistant.language.turning import FREE, JOINTS, SUBJECTS, SUBORDINATE, amount
from index.tokens import FUNCTION_WORDS, stem

_PER_CENT = regex.compile(r"(?<=\d)\s*per\s?cent\b", regex.IGNORECASE)
_NOT = ((r"\b([Cc])an(?:no|['’])t\b", r"\1an not"), (r"\b([Ww])on['’]t\b", r"\1ill not"), (r"n['’]t\b", " not"))
# What stands between two words: an end of a clause, a pause, or nothing.
_STRONG, _PAUSE = regex.compile(r"[;:.!?]|\s[–—-]\s|—"), regex.compile(r"[,()“”\"]")
# Speech rather than a word or two that somebody is quoted with.
_SPEECH = regex.compile(r"“(?:[^”\s]+\s+){3}[^”]*|\"(?:[^\"\s]+\s+){3}[^\"]*")


class Kind(Enum):
    WORD = "word"
    AMOUNT = "amount"
    NAME = "name"


@dataclass(frozen=True, slots=True)
class Token:
    """A word of a sentence or a quote.

    Attributes:
        low, key: folded; stemmed too, or the amount that it stands for.
        capital: whether it begins with a capital letter; None for the first word of a text, where that says nothing.
        free: whether it may be put in or left out.
        pause: whether a mark parts it from the word before it.
        start, end: half-open, in the text.
        clause: the number of its clause.
        speech: whether it stands between quotation marks, as somebody's words.
        run: words of one amount or one name, written side by side, have one; it means one thing only as a whole.
    """

    text: str
    low: str
    key: str
    kind: Kind
    capital: bool | None
    free: bool
    pause: bool
    start: int
    end: int
    clause: int
    speech: bool
    run: int

    def is_same(self, other: Token) -> bool:
        """Whether the other is this word, in whatever form it takes; a name has one form only."""
        if Kind.AMOUNT in (self.kind, other.kind):
            return self.kind == other.kind and self.key == other.key
        if any(len(one.text) > 1 and one.text.isupper() for one in (self, other)):
            return self.text == other.text
        if self.capital is None or other.capital is None:
            named = True in (self.capital, other.capital)
            return self.low == other.low or (not named and self.key == other.key)
        if self.capital != other.capital:
            return False
        return self.low == other.low if self.capital else self.key == other.key


def spelled(text: str, acronyms: Mapping[str, str]) -> str:
    """The text with denials apart from their verbs, per cent as a sign, and names by their acronyms."""
    for pattern, plain in _NOT:
        text = regex.sub(pattern, plain, text)
    text = _PER_CENT.sub("%", text)
    for short, full in acronyms.items():
        words = r"\s+".join(map(regex.escape, full.split()))
        text = regex.sub(rf"\b{words}\b(?:\s*\(\s*{regex.escape(short)}\s*\))?", short, text)
    return text


def tokens_of(text: str) -> list[Token]:
    """Every word of ``text``, in order."""
    tokens: list[Token] = []
    clause = run = end = 0
    subordinate = False
    speeches = [found.span() for found in _SPEECH.finditer(text)]
    for found in WORD.finditer(text):
        word, between = found.group(), text[end : found.start()]
        low = word.casefold().replace("’", "'")
        number = amount(low)
        capital = word[0].isupper() if tokens else None
        # "May" is a month and "may" a guess.
        kind = Kind.AMOUNT if number or (low == "may" and capital) else Kind.NAME if capital else Kind.WORD
        if capital is None and low not in FUNCTION_WORDS and not number and word[0].isupper():
            kind = Kind.WORD if low.endswith(("ly", "ing", "ed")) else Kind.NAME
        before = tokens[-1] if tokens else None
        pause = bool(_PAUSE.search(between) or _STRONG.search(between))
        parted = low in ("but", "while", "whereas") or (pause and low in {*JOINTS, "as"} - {"and"})
        # "…, and they have …"
        parted = parted or (before is not None and low in SUBJECTS and before.low == "and" and before.pause)
        if before and (_STRONG.search(between) or parted or (subordinate and pause)):
            clause, subordinate = clause + 1, False
        subordinate = subordinate or (low in SUBORDINATE and (before is None or pause))
        if before is None or kind is not before.kind or pause or kind is Kind.WORD:
            run += 1
        tokens.append(
            Token(
                text=word,
                low=low,
                key=number or (low if kind is Kind.AMOUNT else "not" if low == "no" else stem(low)),
                kind=kind,
                capital=capital,
                free=low in FREE and kind is not Kind.AMOUNT,
                pause=pause,
                start=found.start(),
                end=found.end(),
                clause=clause,
                speech=any(start <= found.start() < stop for start, stop in speeches),
                run=run,
            )
        )
        end = found.end()
    return tokens


def lists(tokens: Sequence[Token]) -> dict[int, int]:
    """Place of each name and amount → the number of the list it stands in: "China, Russia and the West" is one.

    Commas make a list only on the way to an "and" or "or": in "with Russia, China attacked" there is none.
    """
    places = [at for at, token in enumerate(tokens) if token.kind is not Kind.WORD]
    joins = [_join(tokens, one, other) for one, other in pairwise(places)]
    united, closes = [False] * len(joins), False
    for at in reversed(range(len(joins))):
        begins_anew = joins[at] == "," and at > 0 and joins[at - 1] == "and"
        closes = joins[at] == "and" or (closes and joins[at] is not None and not begins_anew)
        united[at] = joins[at] in ("and", "") or (joins[at] == "," and closes)
    numbered: dict[int, int] = {}
    for place, joined in zip(places, [False, *united], strict=True) if places else ():
        numbered[place] = len(numbered) if not joined else next(reversed(numbered.values()))
    return numbered


def _join(tokens: Sequence[Token], one: int, other: int) -> str | None:
    """What stands between two neighbours of one kind: "and", a comma, nothing; None when they are not listed."""
    between = [token.low for token in tokens[one + 1 : other] if token.low != "the"]
    if tokens[one].kind is not tokens[other].kind or tokens[one].clause != tokens[other].clause:
        return None
    if between:
        return "and" if len(between) == 1 and between[0] in ("and", "or", "nor") else None
    return "," if any(token.pause for token in tokens[one + 1 : other + 1]) else ""
