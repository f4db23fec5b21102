"""Who wrote a plain text, when and to whom: datelines, bylines, salutations and signatures are text, no headings."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from itertools import takewhile

import regex

from index.documents import Span
from index.plain_text.blocks import PlainBlock
from index.sentences import ends_like_a_sentence

# "Hi Tom,", "Dear Ms. Hall:"; behind a sentence "Yours sincerely,".
ADDRESSED = regex.compile(r"(?:\S+ ){0,3}\S+,|(?:dear|to whom)\b[^\n]{0,60}[,:]", regex.I)
_MONTH = r"(?:Jan|Feb|Mar|Apr|May|June?|July?|Aug|Sept?|Oct|Nov|Dec)(?:uary|ruary|ch|il|ust|tember|ober|ember)?\.?"
# "4 May 2024", "Leeds, Tuesday, May 4th, 2024", "2024-05-04", "4/5/24".
_DATE = regex.compile(
    rf"(?:[\p{{L}}\s]+,?\s)?(?:\p{{N}}{{1,2}}(?:st|nd|rd|th)?\.?\s(?:of\s)?{_MONTH}|{_MONTH}\s\p{{N}}{{1,2}}(?:st|nd|rd|th)?),?"
    r"\s\p{N}{4}|\p{N}{4}-\p{N}{2}-\p{N}{2}|\p{N}{1,2}([./-])\p{N}{1,2}\1(?:\p{N}{2}|\p{N}{4})"
)
_BYLINE = regex.compile(r"(?:written )?by(?: \p{Lu}[\p{L}.'’-]*| and| de| van| von| of| the|,){2,10}", regex.I)
MOST_LINES = 6
LINE_CHARS = 60


def in_letters(text: str, blocks: Sequence[PlainBlock]) -> Iterator[PlainBlock]:
    """The blocks of a text: those that say who wrote, and when, head nothing, and a signature is one with its closing.

    A date may head what follows, as in a diary, unless a title stands above it or a salutation below.
    """
    written = headed = False
    letterhead = set(_letterheads(text, blocks))
    end = max((position for position, block in enumerate(blocks, 1) if not block.may_head or block.trails), default=0)
    at = 0
    while at < end:
        block, before = blocks[at], blocks[at - 1] if at else None
        closes = before is not None and not before.may_head and ends_like_a_sentence(before.span.of(text))
        at += 1
        if _is_addressed(text, block):
            written = True
            lines = _signature(text, blocks, at) if closes else 0
        elif block.lines and closes and _signs_off(block.span.of(text)):
            block, lines = replace(block, lines=False, joined=()), 0
        elif at - 1 in letterhead or (block.may_head and _says_when_or_who(text, block, before)):
            block, lines = replace(block, may_head=False), 0
        else:
            headed |= block.may_head
            lines = _trailing(text, blocks, at, headed)
        yield replace(block, span=Span(block.span.start, blocks[at + lines - 1].span.end))
        at += lines
    last = blocks[max(at, end) :]
    # Several short lines that end a text, or one that ends a letter, are who wrote it.
    whole = last and _run(text, last, 1, lambda block: True) == len(last) - 1
    if end and whole and (len(last) > 1 or written) and len(last) <= MOST_LINES:
        yield PlainBlock(Span(last[0].span.start, last[-1].span.end), lines=True)
    else:
        yield from last


def _trailing(text: str, blocks: Sequence[PlainBlock], at: int, headed: bool) -> int:
    """How many of the blocks from ``at`` on sign the text above; above the first heading they may be furniture."""
    run = _run(text, blocks, at, lambda block: block.trails)
    opens = not headed and at + run < len(blocks) and blocks[at + run].may_head
    return run if ends_like_a_sentence(blocks[at - 1].span.of(text)) and not opens else 0


def _is_addressed(text: str, block: PlainBlock) -> bool:
    return ADDRESSED.fullmatch(block.span.of(text)) is not None


def _signs_off(words: str) -> bool:
    """Whether lines right below each other are a closing and the name; those of verse end in marks."""
    first, *names = words.split("\n")
    short = len(names) < MOST_LINES and len(words) <= MOST_LINES * LINE_CHARS
    return bool(short and ADDRESSED.fullmatch(first)) and not any(name.endswith((",", ".", "!", "?")) for name in names)


def _signature(text: str, blocks: Sequence[PlainBlock], at: int) -> int:
    """How many of the blocks from ``at`` on are the name, and what stands below it."""
    run = _run(text, blocks, at, lambda block: block.may_head and block.span.end - block.span.start <= LINE_CHARS)
    ends = at + run == len(blocks)
    # What stands apart right above further text is its heading.
    return run if ends or run < 2 or not _parted(text, blocks[at + run - 2], blocks[at + run - 1]) else run - 1


def _run(text: str, blocks: Sequence[PlainBlock], at: int, fits: Callable[[PlainBlock], bool]) -> int:
    """How many of the blocks from ``at`` on fit, at most MOST_LINES, with no rule or mark of a mail between them."""
    end = at
    while end < min(len(blocks), at + MOST_LINES) and fits(blocks[end]):
        if text[blocks[end - 1].span.end : blocks[end].span.start].strip():
            break
        end += 1
    return end - at


def _parted(text: str, one: PlainBlock, other: PlainBlock) -> bool:
    return text.count("\n", one.span.end, other.span.start) > 1


def _says_when_or_who(text: str, block: PlainBlock, before: PlainBlock | None) -> bool:
    words = block.span.of(text)
    titled = before is not None and before.may_head and not before.trails
    # "Thursday 9 January 2025, 7 p.m., School Library" tells when and where.
    return titled and bool(_DATE.match(words) or _BYLINE.fullmatch(words))


def _letterheads(text: str, blocks: Sequence[PlainBlock]) -> Iterator[int]:
    """The places of short lines above a salutation of which the last is a date."""
    for place, block in enumerate(blocks):
        if place and _is_addressed(text, block) and _DATE.fullmatch(blocks[place - 1].span.of(text)):
            yield from takewhile(lambda each: blocks[each].may_head, range(place - 1, -1, -1))
