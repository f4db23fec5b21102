"""Typing slips in a question, mended towards the words of the documents."""

from __future__ import annotations

from bisect import bisect_left
from functools import cache

import regex
from rapidfuzz import process
from rapidfuzz.distance import OSA

from index import PassageIndex
from index.embedding import packaged_minilm
from index.tokens import FUNCTION_WORDS, stem, words
from index.vocabulary import Vocabulary, encoded

# Of a large folder's words the common ones are meant: comparing with all would take longer than to answer.
_CHOICES = 50_000
# Not in "notes.txt", "a_b", "ann@example.org" or "`kettl`": those are names, and code, in which every letter counts.
# Nor are the letters of "bzip2" a word of their own.
_EXACT = (
    r"`[^`]*`|(?<![^\s`])[^\s`]*[\p{L}\p{N}]"
    r"(?:[@_][\p{L}\p{N}]|\.(?:txt|md|html?|pdf|docx|epub|toml|csv|json|py)\b)[^\s`]*"
)
_TYPED = regex.compile(
    rf"(?:{_EXACT})(*SKIP)(*FAIL)|(?<![\p{{L}}\p{{M}}\p{{N}}])\p{{L}}[\p{{L}}\p{{M}}]{{2,}}+(?!\p{{N}})"
)
# "i" too: of "ilegal" the next word may be "legal".
_NEGATING = ("de", "un", "non", "dis", "in", "im", "ir", "il", "i")
_LONG, _LONG_NAME = 5, 7
_LEAST_BEGINNING, _BEGINNING, _ENDING = 4, 5, 4


class Spelling:
    """The words a question may have meant. Made once for each generation."""

    def __init__(self, index: PassageIndex) -> None:
        self._lexical = index.lexical
        held = (word for word in self._lexical.commonest(_CHOICES) if len(word) > 2)
        self._choices = sorted({*held, *(word for word in FUNCTION_WORDS if len(word) > 2)})

    def mend(self, question: str) -> str:
        """``question`` with each word that is no word replaced by the document's nearest, if one is near.

        A word that is one anywhere (of the documents, or whole in the vocabulary of BERT), or another form of one, is
        kept: "Iraq" is not a slip for "Iran". One edit is allowed in words of up to seven letters, two in longer ones;
        two letters that changed places count as one (optimal string alignment). Of a word that seems to be a name,
        capitalised within the question, only such slips are mended as no other name would differ by.
        """
        shouted = question == question.upper()

        def mended(match: regex.Match[str]) -> str:
            typed = match.group()
            within = typed[0].isupper() and not shouted and bool(words(question[: match.start()]))
            return self._mended(typed, name=within)

        return _TYPED.sub(mended, question)

    def _mended(self, typed: str, *, name: bool) -> str:
        word = "".join(words(typed))
        held = len(word) > 2 and self._lexical.times(word) > 0
        if word in _SLIPS and not held and not name:
            return _SLIPS[word]
        if held or word in english_words() or not word or self._inflected(word):
            return typed
        edits = 1 if len(word) <= 7 else 2
        near = [
            (choice, distance)
            for choice, distance, _ in process.extract(
                word, self._choices, scorer=OSA.distance, score_cutoff=edits, limit=10
            )
            if not _opposite(word, choice) and (not name or _slight(word, choice))
        ]
        # The first letter is rarely mistyped; without this rule "wat" would be any three letters.
        ranked = sorted((d, c[0] != word[0], -self._lexical.times(c), c) for c, d in near)
        if not ranked or (ranked[0][1] and len(word) < _LONG):
            return typed
        mended = ranked[0][3]
        return mended.capitalize() if typed[0].isupper() else mended

    def resembles(self, word: str) -> bool:
        """Whether the documents hold a word that begins as ``word``, folded, does, or is a slip away in a long one."""
        if len(word) < _LEAST_BEGINNING:
            return False
        begin = word[: min(_BEGINNING, max(_LEAST_BEGINNING, len(word) - 2))]
        at = bisect_left(self._choices, begin)
        if at < len(self._choices) and self._choices[at].startswith(begin):
            return True
        # "Iranians" of "Iran".
        shorter = range(max(_LEAST_BEGINNING, len(word) - _ENDING), len(word))
        if any(self._lexical.times(word[:end]) for end in shorter):
            return True
        return len(word) >= _LONG_NAME and (
            process.extractOne(word, self._choices, scorer=OSA.distance, score_cutoff=2) is not None
        )

    def _inflected(self, word: str) -> bool:
        """Whether it is a form of a known word. A bare stem is none: "promot" is a slip."""
        return (of_it := stem(word)) != word and (self._lexical.knows(of_it) or of_it in _english_stems())


def _opposite(word: str, choice: str) -> bool:
    return any(word == prefix + choice or choice == prefix + word for prefix in _NEGATING)


def _slight(word: str, choice: str) -> bool:
    """Whether two letters changed places, or one is doubled in one of them alone, or in a long word one is missing."""
    if OSA.distance(word, choice) != 1 or len(word) < _LONG:
        return False
    if len(word) == len(choice):
        return sorted(word) == sorted(choice)
    return _doubles(word, choice) or _doubles(choice, word) or (len(word) >= _LONG_NAME and len(word) < len(choice))


def _doubles(word: str, other: str) -> bool:
    return any(word[:at] + word[at + 1 :] == other and word[at - 1] == word[at] for at in range(1, len(word)))


@cache
def english_words() -> Vocabulary:
    """Whole words of the vocabulary that MiniLM's tokenizer was made with (BERT, uncased)."""
    # Line by line, and not into a set: that would take 4 MB.
    with (packaged_minilm() / "vocab.txt").open(encoding="utf-8", newline="\n") as file:
        pieces = (line.rstrip("\n") for line in file)
        return Vocabulary.of(sorted(encoded(piece) for piece in pieces if len(piece) > 2 and piece.isalpha()))


@cache
def _english_stems() -> Vocabulary:
    # Past the cache of ``stem``: they would fill a third of it.
    return Vocabulary.of(sorted({encoded(stem.__wrapped__(word.decode())) for word in english_words()}))


# Slips so common that they stand in that vocabulary, or are nearer to another word than to the one meant.
_SLIPS = {
    "teh": "the",
    "wat": "what",
    "waht": "what",
    "wen": "when",
    "whn": "when",
    "wich": "which",
    "whos": "who is",
    "hows": "how is",
    "whats": "what is",
    "wheres": "where is",
    "hwo": "how",
    "bene": "been",
    "giv": "give",
    "dont": "don't",
    "cant": "can't",
    "wont": "won't",
    "dis": "this",
    "wut": "what",
    "wats": "what is",
    "pls": "please",
    "plz": "please",
    "thx": "thanks",
}
