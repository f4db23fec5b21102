"""Questions of plain text that head their answers, as in a list of frequent questions or an interview."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import zip_longest

from index.plain_text.blocks import PlainBlock

# Fewer may be those of a speaker who answers himself.
_FEWEST = 3
_MARKS = "\"'“”‘’«»‹›„"
_QUESTION_CHARS = 120


def heading_answers(text: str, blocks: Sequence[PlainBlock]) -> Iterator[PlainBlock]:
    """The blocks of a text: where several lines by themselves ask, each heads what is below, unless that asks too."""
    asks = [_asks(block.span.of(text)) and not block.lines for block in blocks]
    heads = [one and other is False for one, other in zip_longest(asks, asks[1:])]
    usual = sum(heads) >= _FEWEST
    for block, head in zip(blocks, heads, strict=True):
        yield replace(block, may_head=True) if usual and head else block


def _asks(words: str) -> bool:
    """Whether a line is one question; one in quotation marks is said in a story."""
    return words.endswith("?") and "\n" not in words and len(words) <= _QUESTION_CHARS and words.strip(_MARKS) == words
