"""What printing adds to a plain text: the numbers of its pages and the table of its contents."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from itertools import pairwise

import regex

# "Page 3 of 10" and "- 7 -" are nothing else.
_SURE = regex.compile(r"[-–—] ?\p{Nd}{1,4} ?[-–—]|page \p{Nd}{1,4} (?:of|/) \p{Nd}{1,4}", regex.I)
# These may be, where the next such line has the next number: "Page 3", "3 / 10", and where it is a page away, "3".
_PERHAPS = regex.compile(r"(?:page |p\. ?)?(\p{Nd}{1,4})(?: ?(?:of|/) ?\p{Nd}{1,4})?", regex.I)
_LINES_OF_A_PAGE = range(15, 91)
# A title, dots or a wide space, and its page: a price has decimals.
_ENTRY = regex.compile(r"(\S.*?)(?: ?(?:[.·…_] ?){3,}+| {3,}+|\t)\s*+(\p{Nd}{1,4}|[ivxl]{1,6})")
_CONTENTS = regex.compile(r"(?:table of )?contents:?", regex.I)
_FEWEST_ENTRIES = 3
_LINE_CHARS = 120

Line = tuple[int, int, str]
"""Which line of the text, where it begins, and its words."""


def printed(text: str) -> frozenset[int]:
    """Where those lines of ``text`` begin that say nothing but on which page something stands."""
    lines: list[Line] = []
    at = 0
    for number, line in enumerate(text.split("\n")):
        if words := line.strip():
            lines.append((number, at, words))
        at += len(line) + 1
    sure = (at for _, at, words in lines if len(words) <= _LINE_CHARS and _SURE.fullmatch(words))
    return frozenset((*sure, *_running_on(lines), *_contents(lines)))


def _running_on(lines: Sequence[Line]) -> Iterator[int]:
    """Page numbers of one look, each by one more than the last."""
    alike: dict[str, list[tuple[int, int, int]]] = defaultdict(list)
    for number, at, words in lines:
        if len(words) <= _LINE_CHARS and (found := _PERHAPS.fullmatch(words)):
            look = words[: found.start(1)] + words[found.end(1) :]
            alike[look].append((number, at, int(found[1])))
    for look, found_so in alike.items():
        for one, other in pairwise(found_so):
            if other[2] == one[2] + 1 and (look or other[0] - one[0] in _LINES_OF_A_PAGE):
                yield from (one[1], other[1])


def _contents(lines: Sequence[Line]) -> Iterator[int]:
    """Tables of contents: entries right below each other whose pages ascend, and of which half head something."""
    entries = [_ENTRY.fullmatch(words) if len(words) <= _LINE_CHARS else None for _, _, words in lines]
    heads = {_key(words) for (_, _, words), entry in zip(lines, entries, strict=True) if entry is None}
    start = 0
    for end in range(len(lines) + 1):
        if end < len(lines) and entries[end]:
            continue
        run = [entry for entry in entries[start:end] if entry]
        pages = [int(entry[2]) if entry[2].isdecimal() else 0 for entry in run]
        told = sum(_key(entry[1]) in heads for entry in run)
        if len(run) >= _FEWEST_ENTRIES and pages == sorted(pages) and 2 * told >= len(run):
            above = start - 1 if start and _CONTENTS.fullmatch(lines[start - 1][2]) else start
            yield from (at for _, at, _ in lines[above:end])
        start = end + 1


def _key(words: str) -> str:
    """A title's letters, for its number may be left out."""
    return "".join(filter(str.isalpha, words.casefold()))
