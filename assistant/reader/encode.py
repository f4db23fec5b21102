"""Examples as token windows, with the places of the answering sentences and of the short answer."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from tokenizers import Tokenizer

from .data import Example
from .windows import MAX_QUESTION, Piece, Window, assemble, pieces

MAX_ANSWER = 60
"""Answers of this many characters and longer may have been cut off; their ends are not learnt."""


@dataclass(frozen=True, slots=True)
class Encoded:
    """An example as a window; `gold` are positions in `window.spans`, `answer` the [first, end) tokens if
    known."""

    kind: str
    window: Window
    gold: tuple[int, ...]
    answer: tuple[int, int] | None


def encode(examples: Sequence[Example], tokenizer: Tokenizer) -> list[Encoded]:
    """Windows of the examples; one whose answering sentence was cut off is left out."""
    texts = list(
        dict.fromkeys(t for example in examples for t in (example.question, example.heading, *example.sentences))
    )
    table = dict(zip(texts, pieces(tokenizer, texts), strict=True))
    encoded: list[Encoded] = []
    for example in examples:
        run = [table[text] for text in example.sentences]
        question = table[example.question].head(MAX_QUESTION)
        window = assemble(question, run, 0, len(run), table[example.heading])
        gold = tuple(place for place, span in enumerate(window.spans) if span.sentence in example.gold)
        if not window.spans or bool(gold) != bool(example.gold):
            continue
        encoded.append(Encoded(example.kind, window, gold, _answer_tokens(example, run, window)))
    return encoded


def _answer_tokens(example: Example, run: Sequence[Piece], window: Window) -> tuple[int, int] | None:
    """Tokens of the window that hold the answer, if it stands once in the one answering sentence."""
    if example.answer is None or len(example.gold) != 1 or not 0 < len(example.answer) < MAX_ANSWER:
        return None
    sentence = example.gold[0]
    found = [match.start() for match in re.finditer(re.escape(example.answer), example.sentences[sentence])]
    if len(found) != 1:
        return None
    start, end = found[0], found[0] + len(example.answer)
    span = next(span for span in window.spans if span.sentence == sentence)
    inside = [
        span.first + place
        for place, (first, last) in enumerate(run[sentence].offsets[: span.end - span.first])
        if first < end and last > start
    ]
    return (inside[0], inside[-1] + 1) if inside else None
