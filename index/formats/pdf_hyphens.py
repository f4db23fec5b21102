"""Whether a hyphen at the end of a PDF's line belongs to the word, told by the words of the document."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import pairwise

import regex

from index.formats.pdf_lines import Line

HYPHENS = ("-", "\u2010", "\u00ad")
_WORD = regex.compile(r"\p{L}+(?:[-\u2010]\p{L}+)*")
_BEFORE = regex.compile(r"[\p{L}\u2010-]*$")
_AFTER = regex.compile(r"[\p{L}\u2010-]*")
_LAST, _FIRST = regex.compile(r"\S+$"), regex.compile(r"^\S+")
# A shorter part is often a syllable too: "per-form".
_PART_CHARS = 4
# These begin compounds rather than words that are broken: "first-year", but "second-ary".
_COMPOUND = regex.compile(
    r"(?:first|second|third|half|one|two|three|four|five|six|seven|eight|nine|well|self)-"
    r"(?!ar(?:y|ies|ily)|fold|ish|less|ly|ness|self|some|teen|t(?:y|ies)\b)\p{L}{3,}"
)
_FEWEST_COMPOUNDS = 2


class Hyphens:
    """What the lines of a document tell of the hyphens at their ends."""

    def __init__(self, lines: Sequence[Line]) -> None:
        self._whole = Counter(word for words in _unbroken(lines) for word in _WORD.findall(words))
        told = Counter(
            self._written(before, after) > 0
            for one, other in pairwise(lines)
            if _is_broken(one.text, other.text)
            for before, after in [_parts(one.text, other.text)]
            if self._written(before, after)
        )
        # As a word processor leaves them: it ends lines at a word's own hyphens alone.
        self._breaks_none = not told[False] and told[True] >= _FEWEST_COMPOUNDS

    def joined(self, words: str, line: str, space: str) -> str:
        """Two lines as one, apart by ``space`` where no word goes on; a hyphen that only broke a word is left out."""
        if not words:
            return line
        if not _is_broken(words, line):
            return f"{words}{space}{line}"
        return words + line if words[-1] != "\u00ad" and self._keeps(*_parts(words, line)) else words[:-1] + line

    def _keeps(self, before: str, after: str) -> bool:
        if written := self._written(before, after):
            return written > 0
        parts = all(len(part) >= _PART_CHARS and self._whole[part] for part in (before, after))
        # "paper-and-ink", "--show-leak-kinds": what has another hyphen has this one too.
        return parts or "-" in before + after or self._breaks_none or bool(_COMPOUND.match(f"{before}-{after}"))

    def _written(self, before: str, after: str) -> int:
        """How many times more the document writes a word with its hyphen than without."""
        return self._whole[f"{before}-{after}"] - self._whole[before + after]


def _is_broken(words: str, line: str) -> bool:
    """Whether a word may go on from one line to the next."""
    return words.endswith(HYPHENS) and words[-2:-1].isalpha() and line[:1].islower()


def _parts(words: str, line: str) -> tuple[str, str]:
    """What stands on either side of the hyphen, with the hyphens that are in it."""
    before, after = _BEFORE.search(words, endpos=len(words) - 1), _AFTER.match(line)
    sides = (side.group() if side else "" for side in (before, after))
    one, other = (side.casefold().replace("\u2010", "-") for side in sides)
    return one, other


def _unbroken(lines: Sequence[Line]) -> Iterator[str]:
    """The words of the lines less those that may go on from one to the next."""
    broken = False
    for line in lines:
        words = line.text
        if broken and words[:1].islower():
            words = _FIRST.sub("", words)
        broken = line.text.endswith(HYPHENS)
        yield (_LAST.sub("", words) if broken else words).casefold().replace("\u2010", "-")
