"""Typing slips in a question, mended towards the words of the documents."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache

import regex
from rapidfuzz import process
from rapidfuzz.distance import OSA

from index import PassageIndex
from index.embedding import packaged_minilm
from index.tokens import FUNCTION_WORDS, words
from index.vocabulary import Vocabulary, encoded

# Of a large folder's words the common ones are meant: comparing with all would take longer than to answer.
_CHOICES = 50_000
_TYPED = regex.compile(r"\p{L}[\p{L}\p{M}]{2,}")


class Spelling:
    """The words a question may have meant. Made once for each generation."""

    def __init__(self, index: PassageIndex) -> None:
        self._lexical = index.lexical
        held = (word for word in self._lexical.commonest(_CHOICES) if len(word) > 2)
        self._choices = sorted({*held, *(word for word in FUNCTION_WORDS if len(word) > 2)})

    def mend(self, question: str) -> str:
        """``question`` with each word that is no word replaced by the document's nearest, if one is near.

        A word that is one anywhere (of the documents, or whole in the vocabulary of BERT) is kept: "Iraq" is not a
        slip for "Iran". One edit is allowed in words of up to seven letters, two in longer ones; two letters that
        changed places count as one (optimal string alignment).
        """
        return _TYPED.sub(lambda match: self._mended(match.group()), question)

    def _mended(self, typed: str) -> str:
        word = "".join(words(typed))
        held = len(word) > 2 and self._lexical.times(word) > 0
        if word in _SLIPS and not held:
            return _SLIPS[word]
        if held or word in english_words() or not word:
            return typed
        edits = 1 if len(word) <= 7 else 2
        near: Iterable[tuple[str, int, int]] = process.extract(
            word, self._choices, scorer=OSA.distance, score_cutoff=edits, limit=10
        )
        # The first letter is rarely mistyped; without this rule "wat" would be any three letters.
        ranked = sorted((d, c[0] != word[0], -self._lexical.times(c), c) for c, d, _ in near)
        if not ranked or (ranked[0][1] and len(word) < 5):
            return typed
        mended = ranked[0][3]
        return mended.capitalize() if typed[0].isupper() else mended


@cache
def english_words() -> Vocabulary:
    """Whole words of the vocabulary that MiniLM's tokenizer was made with (BERT, uncased)."""
    # Line by line, and not into a set: that would take 4 MB.
    with (packaged_minilm() / "vocab.txt").open(encoding="utf-8", newline="\n") as file:
        pieces = (line.rstrip("\n") for line in file)
        return Vocabulary.of(sorted(encoded(piece) for piece in pieces if len(piece) > 2 and piece.isalpha()))


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
}
