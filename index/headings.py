"""The headings that words stand under: a line each, the outermost first, so that one string holds them all."""

from __future__ import annotations

from collections.abc import Sequence

import regex

# So many characters of outer headings together, where they are longer: the words below have to be embedded too.
_OUTER_CHARS = 240
# Of a link in Markdown its words are what a heading says.
_LINK = regex.compile(r"\[([^\[\]]*+)\](?:\([^()]*+\)|\[[^\[\]]*+\])")
_BETWEEN = " › "


class Headings:
    """Follows a document's headings from its first to its last."""

    def __init__(self, levels: Sequence[int], title: str = "") -> None:
        """``levels``: of all its headings, 1 the outermost, 0 where it is not told. The only one of the outermost level
        is the document's title, as is one of the words of ``title``: no heading stands under it."""
        told = [level for level in levels if level]
        self._left = [*reversed(levels)]
        self._top = min(told) if told.count(min(told, default=0)) == 1 else 0
        self._title = title.casefold()
        self._open: list[tuple[int, str]] = []

    def under(self, words: str, level: int) -> str:
        """What stands under a heading until the next; ``words`` are on one line. Without a level it stands alone."""
        self._left.pop()
        if not level:
            return words
        while self._open and self._open[-1][0] >= level:
            self._open.pop()
        own = words.casefold()
        outer = [each for _, each in self._open if each and each.casefold() != own]
        is_title = level == self._top or own == self._title
        # Cut once, for a file may hold a heading of a million letters above as many others.
        self._open.append((level, "" if is_title else _cut(_LINK.sub(r"\1", words), _OUTER_CHARS)))
        return "\n".join([*_shortened(outer), words])

    def over_another(self) -> bool:
        """Whether another heading stands right under the last one, which is not the title."""
        level, words = self._open[-1] if self._open else (0, "")
        further = self._left[-1] if self._left else 0
        return further > level and bool(words)


def levels_of(heading: str | None) -> tuple[str, ...]:
    """The headings, the outermost first."""
    return tuple(heading.split("\n")) if heading else ()


def shown(heading: str | None) -> str | None:
    """The headings on one line, for whoever looks for the place."""
    return heading.replace("\n", _BETWEEN) if heading else heading


def _shortened(outer: Sequence[str]) -> Sequence[str]:
    """Outer headings, each cut to its share where they are long together."""
    if sum(map(len, outer)) <= _OUTER_CHARS:
        return outer
    return [_cut(words, _OUTER_CHARS // len(outer)) for words in outer]


def _cut(words: str, chars: int) -> str:
    return words if len(words) <= chars else f"{words[: chars - 1].rstrip()}…"
