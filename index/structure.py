"""What an extractor found in a document besides its text: headings, paragraphs, asides and pages."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

KINDS = ("heading", "paragraph", "lines", "aside")
MOST_LEVELS = 12


@dataclass(frozen=True, slots=True)
class Block:
    """``[start, end)``, code points of the text, of one of KINDS.

    ``lines`` is a paragraph whose line breaks count, a list or a table; an ``aside`` is shown and never quoted.
    ``level``: of a heading, 1 the outermost; 0 where the file does not tell it.
    """

    kind: str
    start: int
    end: int
    level: int = 0


@dataclass(frozen=True, slots=True)
class Structure:
    """Given where a document's format tells it; of a ``.txt`` file it is inferred, and nothing is stored.

    Attributes:
        extractor: what read the file, with versions: another one may give another text, so it is part of an index's
            identity.
        blocks: in reading order; together they hold every character of the text that is not white space.
        pages: where each page begins, in order, the first page first; empty for a format without pages.
        card: what the file says of itself, in the names of CSL-JSON, JSON-ready.
    """

    extractor: str
    blocks: tuple[Block, ...]
    pages: tuple[int, ...] = ()
    card: Mapping[str, object] = field(default_factory=dict)

    def page_of(self, offset: int) -> int | None:
        """The page that ``offset`` stands on, 1-based; None in a format without pages."""
        return max(1, bisect_right(self.pages, offset)) if self.pages else None

    def to_json(self) -> dict[str, object]:
        """JSON-ready; ``from_json`` reads it back."""
        return {
            "extractor": self.extractor,
            "blocks": [
                [block.kind, block.start, block.end, *([block.level] if block.level else [])] for block in self.blocks
            ],
            "pages": list(self.pages),
            "card": dict(self.card),
        }

    @classmethod
    def from_json(cls, found: Mapping[str, object], text: str) -> Structure:
        """Raises ValueError or TypeError when ``found`` is no structure of ``text``, whoever wrote it."""
        blocks, pages, card = found["blocks"], found["pages"], found["card"]
        if not isinstance(blocks, list) or not isinstance(pages, list) or not isinstance(card, dict):
            raise TypeError("blocks and pages are lists, a card is an object")
        made = tuple(_block(block) for block in blocks)
        _check_blocks(made, text)
        if any(type(page) is not int for page in pages) or pages != sorted(pages):
            raise ValueError("the pages are not in order")
        if pages and not (pages[0] >= 0 and pages[-1] <= len(text)):
            raise ValueError("a page begins outside the text")
        return cls(str(found["extractor"]), made, tuple(pages), card)


def _block(found: object) -> Block:
    if not isinstance(found, list) or len(found) not in (3, 4):
        raise ValueError(f"not a block: {found!r:.80}")
    kind, *numbers = found
    if kind not in KINDS or any(type(number) is not int for number in numbers):
        raise ValueError(f"not a block: {found!r:.80}")
    block = Block(kind, *numbers)
    if block.level not in (range(MOST_LEVELS + 1) if kind == "heading" else (0,)):
        raise ValueError(f"not a block: {found!r:.80}")
    return block


def _check_blocks(blocks: Iterable[Block], text: str) -> None:
    at = 0
    for block in blocks:
        words = text[block.start : block.end]
        if not at <= block.start < block.end <= len(text) or words != words.strip():
            raise ValueError(f"a block at [{block.start}, {block.end}) that cannot be")
        if text[at : block.start].strip():
            raise ValueError(f"text before {block.start} that is in no block")
        at = block.end
    if text[at:].strip():
        raise ValueError(f"text after {at} that is in no block")
