"""What several documents say alike: found here, so that it is quoted once, with every place."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator

import regex

from assistant.language.folding import fold
from index import Passage, PassageIndex, Span
from index.tokens import words

_PASSAGES = 20
_NEGATIONS = frozenset("no not never nor none nobody nothing neither cannot without t".split())
_SIGNS = regex.compile(r"[\p{Sc}%‰°]")


def said(text: str) -> tuple[str, ...]:
    """What makes two sentences say the same: their words in order, and the signs that tell what a number counts."""
    folded = fold(text).text
    return (*words(folded), *_SIGNS.findall(folded))


def figures(text: str) -> tuple[frozenset[str], int]:
    """The numbers of a sentence and how often it denies: where these differ, two sentences disagree."""
    found = words(text)
    numbers = frozenset(word for word in found if any(character.isdigit() for character in word))
    return numbers, sum(map(_denies, found))


def _denies(word: str) -> bool:
    return word in _NEGATIONS or word.endswith(("n't", "n’t"))


def elsewhere(
    passage: Passage,
    span: Span,
    others: Iterable[tuple[Passage, Span]],
    index: PassageIndex,
    documents: Collection[str] = (),
) -> list[tuple[Passage, Span]]:
    """The other documents that say what ``span`` says, each once, in order of their ids; of ``documents``, if any.

    Looked for among ``others`` and in the passages nearest to this one; of these a whole passage counts too.
    """
    if len(index.documents) < 2:
        return []
    text = span.of(passage.document.text)
    wanted = said(text)
    found: dict[str, tuple[Passage, Span]] = {}
    for other, place in [*others, *_spans(index.near(passage, _PASSAGES))]:
        name = other.document.id
        if name == passage.document.id or name in found or (documents and name not in documents):
            continue
        # Most can be told apart without taking their words to pieces.
        if abs((place.end - place.start) - len(text)) > 20 + len(text) // 5:
            continue
        if said(place.of(other.document.text)) == wanted:
            found[name] = (other, place)
    return [found[name] for name in sorted(found)]


def _spans(passages: Iterable[Passage]) -> Iterator[tuple[Passage, Span]]:
    for passage in passages:
        yield passage, passage.span
        for sentence in passage.sentences:
            yield passage, sentence.span
