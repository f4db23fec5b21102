"""Canonical text and its structure, written down block by block as an extractor reads a file."""

from __future__ import annotations

from collections.abc import Sequence

import regex

# What no text holds on purpose: controls but tab and line break, half characters, and characters that are none.
_NO_TEXT = regex.compile(r"[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
# Nor where a word may be broken, which is never seen within a line.
_NOT_SHOWN = regex.compile(rf"{_NO_TEXT.pattern}|[\u00ad\u2060\ufeff]")
_SPACES = regex.compile(r"[ \t\r\n\f]+")
# Digits above or below the line, in the names of HTML: m2 is no square metre, and 103 no thousand.
AT_HEIGHT = {
    "sup": str.maketrans("0123456789+-−", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻"),
    "sub": str.maketrans("0123456789+-−", "₀₁₂₃₄₅₆₇₈₉₊₋₋"),
}
MAX_CHARS = 16 * 1024 * 1024


class TooMuchText(Exception):
    """The document holds more text than MAX_CHARS."""


class Transcript:
    """``blocks`` are stood apart by a blank line in ``text()``; see ``index.structure`` for what they mean."""

    def __init__(self) -> None:
        self.blocks: list[tuple[str, int, int, int]] = []
        self.pages: list[int] = []
        self.card: dict[str, object] = {}
        self._parts: list[str] = []
        self._length = 0

    def add(self, kind: str, words: str, new_pages: Sequence[int] = (), level: int = 0) -> None:
        """Write a block of one of ``structure.KINDS``; nothing when ``words`` hold no character.

        Lines are kept as they are, so whoever calls decides on white space inside. ``new_pages``: offsets in ``words``
        at which a page begins, for a paragraph that runs on over the foot of one. ``level``: of a heading, as in
        ``structure.Block``.
        """
        held = _NOT_SHOWN.sub("", words)
        if held != words:
            new_pages = [len(_NOT_SHOWN.sub("", words[:at])) for at in new_pages]
        start = self._length + (2 if self._parts else 0)
        lead = len(held) - len(held.lstrip())
        text = held.strip()
        if not text:
            self.pages.extend(start for _ in new_pages)
            return
        self._length = start + len(text)
        if self._length > MAX_CHARS:
            raise TooMuchText
        self._parts.append(text)
        self.blocks.append((kind, start, self._length, level))
        self.pages.extend(start + min(len(text), max(0, at - lead)) for at in new_pages)

    def new_page(self) -> None:
        """A page begins with the next block."""
        self.pages.append(self._length + (2 if self._parts else 0))

    def fact(self, name: str, value: object) -> None:
        """A bibliographic fact of the file's own, on one line; the first one told is kept, an empty one is none."""
        if isinstance(value, str):
            value = one_line(value)[:2000]
        if value and name not in self.card:
            self.card[name] = value

    def authors(self, names: Sequence[str]) -> None:
        """Whole names as the file has them; which part is the family's it does not say."""
        found = list(dict.fromkeys(one_line(name)[:500] for name in names if name and name.strip()))
        if found and "author" not in self.card:
            self.card["author"] = [{"literal": name} for name in found[:100]]

    def text(self) -> str:
        return "\n\n".join(self._parts)

    def to_json(self) -> dict[str, object]:
        """JSON-ready, as the child process hands it over."""
        text = self.text()
        return {
            "text": text,
            "blocks": [list(block) for block in self.blocks],
            "pages": [min(page, len(text)) for page in self.pages],
            "card": self.card,
        }


def one_line(words: str) -> str:
    """Words on one line: runs of white space become a space; a no-break space stays."""
    return _SPACES.sub(" ", _NO_TEXT.sub("", words)).strip()
