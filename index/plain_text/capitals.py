"""Headings of plain text that are set in capitals: where a text has several, other short lines below them are text."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

import regex

from index.plain_text.blocks import PlainBlock
from index.plain_text.numbering import number_of

# Fewer may be the name of a house, or a word that is shouted.
_FEWEST = 3
_WORD = regex.compile(r"\p{L}{4}")


def below_capitals(text: str, blocks: Sequence[PlainBlock]) -> Iterator[PlainBlock]:
    """The blocks of a text: below "EDUCATION", and before anything longer, "University of Leeds" heads nothing."""
    capital = [block.may_head and _is_capital(block.span.of(text)) for block in blocks]
    usual = sum(capital) >= _FEWEST
    below = False
    for block, heads in zip(blocks, capital, strict=True):
        bare = not heads and not number_of(block.span.of(text))
        yield replace(block, may_head=False) if below and block.may_head and bare else block
        below = usual and (heads or (below and block.may_head))


def _is_capital(words: str) -> bool:
    return words.isupper() and _WORD.search(words) is not None
