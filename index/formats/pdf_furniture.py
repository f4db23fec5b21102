"""What stands on a PDF's pages beside their text: their numbers, and running heads and feet."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from itertools import pairwise

import regex

from index.formats.pdf_lines import Line, leading_of, same_baseline
from index.sentences import ends_like_a_sentence

_PAGE_NUMBER = regex.compile(
    r"(?:page |p\. ?|[-–—·| ]*)?"
    r"(\d{1,5}|(?=[ivxlcdm])m{0,3}(?:c[md]|d?c{0,3})(?:x[cl]|l?x{0,3})(?:i[xv]|v?i{0,3}))"
    r"(?: ?(?:/|of) ?\d{1,5})?[-–—·|. ]*",
    regex.I,
)
_ROMAN = {"i": 1, "v": 5, "x": 10, "l": 50, "c": 100, "d": 500, "m": 1000}
# Alone, "mix" and "cm" are words, and "II" heads a chapter.
_NUMBERS_ALONE = regex.compile(r"\d+|[ivx]+")
_DIGITS = regex.compile(r"\d+")
# Parts of a formula stand at one height too.
_WORD = regex.compile(r"\p{L}{3}")
# Where a running head has the page's number.
_AT_AN_END = regex.compile(r"^\d{1,5}\b|\b\d{1,5}$")
_LAST = regex.compile(r"\b\d{1,5}$")
_LARGER = 1.12
# Lines at the top and the foot of a page among which running heads are looked for.
_EDGE_LINES = 2
# How many of five pages in a row must bear numbers that follow each other; two may do so by chance.
_RUN_OF_NUMBERS = 3
# Three of so many pages in a row may say the same at the head, as those of a chapter do, every other page perhaps.
_NEAR = 8
# At a height at which so many stand, there is a place for them.
_USUAL = 6
# What a browser prints at the foot of a page that stands nowhere else: the address, and which page it is.
_PRINTED_FOOT = regex.compile(r"(?:https?|file|about|chrome-extension):\S+ \d{1,4}/\d{1,4}")
_PRINTED_HEAD = regex.compile(r"\d{1,4}[./-]\d{1,2}[./-]\d{2,4}, \d{1,2}[:.]\d{2}(?:[ \u202f]?[AP]M)?(?: .*)?")


def without_furniture(pages: Sequence[Sequence[Line]]) -> list[list[Line]]:
    """The pages less their numbers and the running heads and feet, told by standing on several pages alike."""
    pages = [_without_printed(lines) for lines in pages]
    seen: Counter[str] = Counter()
    smallest: dict[str, float] = {}
    edges = [_edges(lines) for lines in pages]
    numbers = [{line: found[1] for line in edge if (found := _PAGE_NUMBER.fullmatch(line.text))} for edge in edges]
    heads = [[line for line in edge if line not in numbers[page]] for page, edge in enumerate(edges)]
    for lines in heads:
        seen.update(set(map(_words, lines)))
        for line in lines:
            words = _words(line)
            smallest[words] = min(line.size, smallest.get(words, line.size))
    # Of three pages on; a report of two may well begin both with the same line of its own.
    needed = max(3, min(len(pages) // 4, 10))
    running = _running(pages, heads)

    def runs(line: Line) -> bool:
        words = _words(line)
        # In larger type it is the title that the running heads repeat.
        return line in running or (seen[words] >= needed and line.size <= _LARGER * smallest[words])

    headless = [
        [line for line in lines if not (line in head and runs(line))] for lines, head in zip(pages, heads, strict=True)
    ]
    # Running heads have numbers too, and on a page without one, as at a chapter's start, the number stands alone.
    in_heads = [[numeral for line in head for numeral in _AT_AN_END.findall(line.text)] for head in heads]
    shifts = [
        {_value(numeral) - page for numeral in (*numbers[page].values(), *in_heads[page])} for page in range(len(pages))
    ]
    kept = _without_numbers(headless, numbers, shifts)
    return kept if any(kept) else [list(lines) for lines in pages]


def _without_printed(lines: Sequence[Line]) -> Sequence[Line]:
    """A page less what a browser prints above and below it, which on one or two pages nothing else tells."""
    top, foot = (pick(lines, key=lambda line: line.y, default=None) for pick in (max, min))
    if top is None or foot is None or not (_PRINTED_HEAD.fullmatch(top.text) and _PRINTED_FOOT.fullmatch(foot.text)):
        return lines
    return [line for line in lines if line not in (top, foot)]


def _words(line: Line) -> str:
    """What a line says, whatever numbers it bears."""
    return _DIGITS.sub("#", line.text)


def _running(pages: Sequence[Sequence[Line]], heads: Sequence[Sequence[Line]]) -> set[Line]:
    """Those of ``heads`` that change from chapter to chapter, set no larger than the text.

    Each is the outermost line at one height on pages near by, where it says the same or ends in the page's number; a
    number that stands first may be a section's. Where such lines are usual any other in their type that stands apart
    is one too: it may name a section of that page alone.
    """
    sizes: Counter[float] = Counter()
    for lines in pages:
        for line in lines:
            sizes[line.size] += len(line.text)
    largest = 1.05 * max(sizes, key=lambda size: (sizes[size], -size), default=0.0)
    # What a line says, or what is between its number and the place of its page in the file; and its height in points.
    found: dict[tuple[str | int, int], list[Line]] = {}
    outermost: list[Line] = []
    for page, lines in enumerate(heads):
        outer = [pick(pages[page], key=lambda line: line.y) for pick in (max, min) if pages[page]]
        # On a page of few lines one may be among the topmost and the lowest.
        for line in dict.fromkeys(lines):
            at_end = any(same_baseline(line, end) for end in outer)
            if at_end and line.size <= largest and _WORD.search(line.text):
                outermost.append(line)
                keys: list[str | int] = [_value(numeral) - page for numeral in _LAST.findall(line.text)]
                for key in (_words(line), *keys):
                    for height in {int(line.y), int(line.y + 1)}:
                        found.setdefault((key, height), []).append(line)
    running: set[Line] = set()
    for (key, _), alike in found.items():
        reach = _NEAR if isinstance(key, str) else _RUN_OF_NUMBERS
        for first in range(len(alike) - _RUN_OF_NUMBERS + 1):
            some = alike[first : first + _RUN_OF_NUMBERS]
            if some[-1].page - some[0].page <= reach and len({line.page for line in some}) == len(some):
                running.update(some)
    usual = Counter((round(line.y), line.size) for line in running)
    leading = leading_of([line for lines in pages for line in lines])
    for line in outermost:
        if usual[round(line.y), line.size] >= _USUAL and line not in running:
            others = [other for other in pages[line.page] if not same_baseline(line, other)]
            if others and _stands_apart(line, others, leading):
                running.add(line)
    return running


def _without_numbers(
    pages: Sequence[Sequence[Line]], numbers: Sequence[dict[Line, str]], shifts: Sequence[set[int]]
) -> list[list[Line]]:
    """The pages less those of ``numbers`` that count them: by running on from page to page, or by standing apart.

    Any other may be the last word of a sentence, as in "India joined in 2017." ``shifts``: for each page, what there is
    between its place in the file and the numbers on it.
    """
    leading = leading_of([line for lines in pages for line in lines])
    kept: list[list[Line]] = []
    for page, (lines, numbered) in enumerate(zip(pages, numbers, strict=True)):
        unfinished = bool(kept and kept[-1]) and not ends_like_a_sentence(kept[-1][-1].text)
        top = max((line.y for line in lines), default=0.0)
        counting = set()
        for line, numeral in numbered.items():
            shift = _value(numeral) - page
            alike = sum(shift in near for near in shifts[max(0, page - 2) : page + 3])
            others = [other for other in lines if not same_baseline(line, other) or other not in numbered]
            apart, runs_on = _stands_apart(line, others, leading), alike >= _RUN_OF_NUMBERS
            goes_on = unfinished and line.y == top and alike < 2 and shift != 1
            if line.text.endswith("."):
                counts = apart and runs_on
            else:
                counts = runs_on or (apart and not goes_on and bool(_NUMBERS_ALONE.fullmatch(numeral)))
            if counts:
                counting.add(line)
        kept.append([line for line in lines if line not in counting])
    return kept


def _stands_apart(line: Line, others: Sequence[Line], leading: float) -> bool:
    """Whether there is more than a line's distance, as usual in the document and on the page, to every other line."""
    reach = 1.35 * max(leading, leading_of(others))
    return all(abs(line.y - other.y) > reach for other in others)


def _value(numeral: str) -> int:
    if numeral.isdecimal():
        return int(numeral)
    values = [_ROMAN.get(letter, 0) for letter in numeral.lower()]
    return sum(-one if one < after else one for one, after in pairwise([*values, 0]))


def _edges(lines: Sequence[Line]) -> list[Line]:
    """The topmost and lowest lines of a page, by place and not by order: heads are often drawn last."""
    by_height = sorted(lines, key=lambda line: -line.y)
    return [*by_height[:_EDGE_LINES], *by_height[-_EDGE_LINES:]]
