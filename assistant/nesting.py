"""Which passages of a nested document a question can be of."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence

import regex

from assistant.answer_types import AnswerType, expected
from index import Hit, Passage
from index.tokens import terms, words

# "2.4.0" and "b200": no plain number, nor one with a fraction, for a text is full of those.
_DOTTED = regex.compile(r"v?(\p{N}+(?:\.\p{N}+){2,})")
_CODE = regex.compile(r"(?=\p{N}*\p{L})(?=\p{L}*\p{N})[\p{L}\p{N}]{2,12}")


def spoken(question: str, hits: Sequence[Hit]) -> list[Hit]:
    """``hits`` less the headings that are passages of their own, for the date in them: one is left where the question
    asks when that was and says a word of it. All, where nothing else was found."""
    timely = expected(question) is AnswerType.TIME
    kept = [hit for hit in hits if not _heads(hit.passage) or (timely and _shares(question, hit.passage.text))]
    return kept or list(hits)


def _heads(passage: Passage) -> bool:
    """Whether a passage is a heading, in a document that has more than headings."""
    blocks = passage.document.blocks or ()
    at = bisect_left(blocks, passage.span.start, key=lambda block: block.start)
    found = at < len(blocks) and blocks[at].start == passage.span.start and blocks[at].kind == "heading"
    return found and any(block.kind not in ("heading", "aside") for block in blocks)


def _shares(question: str, heading: str) -> bool:
    """Whether both hold a word, or a number that names something, as “2.4.0” and “v2.4.0” do."""
    return not (set(terms(question)).isdisjoint(terms(heading)) and _numbers(question).isdisjoint(_numbers(heading)))


def _numbers(text: str) -> set[tuple[str, str]]:
    """What a text names by number, each with its kind: those of one kind are written alike."""
    found = set()
    for word in words(text):
        if dotted := _DOTTED.fullmatch(word):
            found.add((str(word.count(".")), dotted[1]))
        elif _CODE.fullmatch(word):
            found.add((regex.sub(r"\p{N}", "9", regex.sub(r"\p{L}", "a", word)), word))
    return found
