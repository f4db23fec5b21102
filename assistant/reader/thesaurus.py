"""Questions in other words, and questions for something else of the same kind, by WordNet. Needed to train alone.

The reader's own tables (`lexicon.py`) hold some hundred words; what it learns from them alone it knows of these alone.
"""

from __future__ import annotations

import json
import random
import re
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from index import OnnxEmbedder

from .edits import Exchange
from .lexicon import STOP_WORDS
from .wordnet import WordNet

SAME, OTHER, TOLD = (0.42, 1.0), (0.3, 0.8), (0.5, 1.0)
"""Between which cosines two words lie that are taken to mean the same, to mean something else of the same kind, and a
noun and its gloss: senses that a word seldom has lie farther away."""
GLOSSED = 0.3
"""Share of the nouns of one meaning that are told by their gloss."""

_WORD = re.compile(r"[A-Za-z]+(?:-[a-z]+)*")
_BEFORE_PARTICIPLE = re.compile(r"\b(?:have|has|had|was|were|is|are|be|been|being)\b", re.IGNORECASE)
_ARTICLE = re.compile(r"\ban? $")


@dataclass(frozen=True, slots=True)
class Thesaurus:
    """By lower-case word: what may stand in its place and asks for the same, what asks for something else, and the
    gloss that tells of it. `participles`: by their pasts, those of verbs that have another form for it."""

    same: Mapping[str, tuple[str, ...]]
    other: Mapping[str, tuple[str, ...]]
    told: Mapping[str, str]
    participles: Mapping[str, str]

    def in_other_words(self, question: str, rng: random.Random, share: float) -> str:
        """The question, its words but the first put in others, each that can be with the chance `share`."""
        parts: list[str] = []
        end = 0
        for match in _words(question):
            new = self._put(match[0], rng) if rng.random() < share else None
            if new:
                before = question[end : match.start()]
                parts += [_ARTICLE.sub("an " if new[0] in "aeiou" else "a ", before), self._form(new, question, match)]
                end = match.end()
        return "".join([*parts, question[end:]])

    def of_another_kind(self, question: str, used: Collection[str], rng: random.Random) -> Exchange | None:
        """An exchange that makes the question ask for something else, by a word that is none of `used`."""
        found = list(_words(question))
        rng.shuffle(found)
        for match in found:
            choices = [word for word in self.other.get(match[0], ()) if word not in used]
            if choices:
                return Exchange(match[0], self._form(rng.choice(choices), question, match))
        return None

    def _put(self, word: str, rng: random.Random) -> str | None:
        told = self.told.get(word) if rng.random() < GLOSSED else None
        same = self.same.get(word)
        return told or (rng.choice(same) if same else None)

    def _form(self, new: str, question: str, match: re.Match[str]) -> str:
        """What is put for a match in the question; where a participle is wanted, that."""
        first, space, rest = new.partition(" ")
        if first in self.participles and _BEFORE_PARTICIPLE.search(question, 0, match.start()):
            return self.participles[first] + space + rest
        return new


def _words(question: str) -> Iterable[re.Match[str]]:
    """The question's words but the first, names and those without a meaning of their own."""
    for match in _WORD.finditer(question):
        if match.start() and match[0].islower() and match[0] not in STOP_WORDS:
            yield match


def make(questions: Iterable[str], wordnet: WordNet, encode: Callable[[list[str]], np.ndarray]) -> Thesaurus:
    """What WordNet knows of the questions' words, where their vectors agree; `encode` gives them, of unit length."""
    found = sorted({match[0] for question in questions for match in _words(question)})
    same = {word: wordnet.same(word) for word in found}
    other = {word: wordnet.other(word) for word in found}
    told = {word: gloss for word in found if (gloss := wordnet.told(word))}
    every = sorted({*found, *told.values()}.union(*same.values(), *other.values()))
    place = {text: number for number, text in enumerate(every)}
    vectors = encode(every)

    def near(word: str, texts: Iterable[str], least: float, most: float) -> tuple[str, ...]:
        return tuple(text for text in texts if least <= float(vectors[place[word]] @ vectors[place[text]]) <= most)

    pasts = {text.split()[0] for text in every}
    return Thesaurus(
        {word: kept for word, texts in same.items() if (kept := near(word, texts, *SAME))},
        {word: kept for word, texts in other.items() if (kept := near(word, texts, *OTHER))},
        {word: gloss for word, gloss in told.items() if near(word, [gloss], *TOLD)},
        {past: participle for past in sorted(pasts) if (participle := wordnet.participle(past))},
    )


def load(folder: Path, tokenizer: Path, graphs: Path, questions: Iterable[str]) -> Thesaurus:
    """The thesaurus of these questions by the WordNet in `folder`, proposing words that a tokenizer's file has whole.

    `graphs` is a folder for the embedder's.
    """
    vocabulary = json.loads(tokenizer.read_bytes())["model"]["vocab"]
    known = frozenset(word for word in vocabulary if word.isalpha() and len(word) > 2)
    return make(questions, WordNet(folder, known), OnnxEmbedder(graphs).encode)
