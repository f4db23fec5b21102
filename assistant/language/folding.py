"""Text with its typography folded away: what two texts have in common when only their typing differs.

Folded are straight and curly quotes, dashes, white space, letter case, the dots of an ellipsis, ligatures of type, a
word broken at the end of a line, and the two ways to encode an accent. Nothing else: every letter, digit and mark of
punctuation stays, so two texts that fold alike have the same words in the same order.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
import regex

from index import Span

DASHES = "-‐‑‒–—―−⁃﹘﹣－"
# Zero width: none of them shows, and a pasted text may carry any of them.
UNSEEN = "\u00ad\u200b\u2060\ufeff"
_LONG_DASHES = frozenset("–—―")
_SAME = {
    **dict.fromkeys("’‘‚‛′‹›ʼʹ`´＇", "'"),
    **dict.fromkeys("“”„‟″«»＂", '"'),
    **dict.fromkeys(DASHES, "-"),
    **dict.fromkeys(UNSEEN, ""),
    **{ligature: unicodedata.normalize("NFKC", ligature) for ligature in "ﬀﬁﬂﬃﬄﬅﬆ"},
    "…": "...",
    "ς": "σ",
}

# What a reader takes for one word, and so may not be cut: with its hyphens and apostrophes, a number with its
# separators, sign, currency and per cent. A possessive ’s may be left off. Scripts without spaces have no such words.
_UNSPACED = r"\p{Han}\p{Hiragana}\p{Katakana}\p{Thai}\p{Lao}\p{Khmer}\p{Myanmar}"
_LETTERS = rf"[\p{{L}}\p{{M}}\p{{N}}_{UNSEEN}\u200d--[{_UNSPACED}]]"
WORD = regex.compile(
    rf"(?:(?<![\p{{L}}\p{{N}}])[-−–+]?\p{{Sc}}?(?=\p{{N}}))?{_LETTERS}++"
    rf"(?:(?:[-‐‑]|(?!['’][sS](?!{_LETTERS}))['’ʼ]|(?<=\p{{N}})[.,:/–−](?=\p{{N}})){_LETTERS}++)*+"
    rf"(?:(?<=\p{{N}})[%‰°])?"
    rf"|(?<={_LETTERS})['’][sS](?!{_LETTERS})"
    rf"|[{_UNSPACED}]\p{{M}}*",
    regex.VERSION1,
)
# Where a line ends within a word. A hyphen there may be the word's own: "well-" and "known" are read either way.
_HYPHEN_BREAK = r"(?<=[\p{L}\p{M}])[-‐][^\S\n]*+\n[^\S\n]*+(?=\p{Ll})"
HYPHEN_BREAK = regex.compile(_HYPHEN_BREAK)
_SOFT_BREAK = r"\u00ad[^\S\n]*+\n[^\S\n]*+(?=\p{L})"
BREAK = regex.compile(f"{_HYPHEN_BREAK}|{_SOFT_BREAK}")
_SOFT_ONLY = regex.compile(_SOFT_BREAK)
# Of private use, so that hardly a text has it.
_APART = "\ue000"
_DASH_RUN = regex.compile(rf"[{regex.escape(DASHES)}]+")
_PLAIN = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789")
_PLAIN_RUN = regex.compile(r"[a-zA-Z0-9]*+")
_REACH = 200
_BLOCK_CHARS = 1 << 20


@dataclass(frozen=True, slots=True)
class Folded:
    """A folded text. ``at`` and ``shift`` map it back: character ``i`` comes from ``i + shift`` of the last ``at``."""

    text: str
    at: Any
    shift: Any

    def origin(self, position: int) -> int:
        """The offset, in the text that was folded, of the character that gave the one at ``position``."""
        return position + int(self.shift[int(np.searchsorted(self.at, position, side="right")) - 1])

    def unfold(self, start: int, end: int) -> Span | None:
        """``[start, end)`` in the text that was folded; None when an end lies inside a character of it.

        That happens where one character folds to several: the middle of an ellipsis is no place in the document.
        """
        first, last = self.origin(start), self.origin(end - 1)
        if (start > 0 and self.origin(start - 1) == first) or (end < len(self.text) and self.origin(end) == last):
            return None
        return Span(first, last + 1)


def fold(text: str, *, hyphenless: bool = True) -> Folded:
    """Fold ``text``. White space becomes single spaces; a dash stands between two, however it was spaced.

    A word that the end of a line breaks is made whole; not ``hyphenless``: its hyphen, unless it is a soft one, stays.
    """
    parts = []
    for start, end in _blocks(text):
        part, offsets = _unbroken(text[start:end], BREAK if hyphenless else _SOFT_ONLY)
        codes, source = _codes(part)
        parts.append((codes, (source if offsets is None else offsets[source]) + np.int64(start)))
    return _mapped(parts)


def without_dashes(folded: Folded) -> Folded:
    """``folded`` less its dashes and the spaces around them: alike for "well-known", however it is broken."""
    codes = np.frombuffer(folded.text.encode("utf-32-le", "surrogatepass"), np.uint32)
    lengths = np.diff(np.append(folded.at, len(codes)))
    source = np.arange(len(codes)) + np.repeat(folded.shift, lengths)
    dash = np.flatnonzero(codes == ord("-"))
    keep = np.ones(len(codes), bool)
    for beside in (dash - 1, dash, dash + 1):
        keep[beside[(beside >= 0) & (beside < len(codes))]] = False
    return _mapped([(codes[keep], source[keep])])


def same_but_for_breaks(pasted: str, source: str) -> bool:
    """Whether two texts fold alike and space their dashes alike, each broken word of ``source`` read either way."""
    parts = HYPHEN_BREAK.split(source)
    # To fold the parts one by one takes seconds for a long text that stands in many places.
    folded = fold(_APART.join(parts)).text.split(_APART)
    if len(folded) != len(parts):
        folded = [fold(part).text for part in parts]
    pattern = "( - )?".join(map(regex.escape, folded))
    for ours in dict.fromkeys((HYPHEN_BREAK.sub("", pasted), pasted)):
        if found := regex.fullmatch(pattern, fold(ours, hyphenless=False).text):
            theirs = [f"{'-' if dash else ''}{part}" for dash, part in zip(found.groups(), parts[1:], strict=True)]
            if same_dashes(ours, "".join((parts[0], *theirs))):
                return True
    return False


def cut_word(text: str, at: int) -> Span | None:
    """The word of ``text`` that offset ``at`` lies inside of, or None: a quote that ended there would change it.

    Of a word longer than a line only the part around ``at`` is seen.
    """
    if not 0 < at < len(text) or text[at - 1].isspace() or text[at].isspace():
        return None
    words = WORD.finditer(text, max(0, at - _REACH), at + _REACH)
    return next((Span(*word.span()) for word in words if word.start() < at < word.end()), None)


def word_end(text: str, at: int) -> int | None:
    """Where the word ends that ``at`` lies inside of; None when it lies in none."""
    if 0 < at < len(text) and text[at - 1] in _PLAIN and text[at] in _PLAIN:
        # The common case by far, and in a text that is one long word the quick way past it.
        run = _PLAIN_RUN.match(text, at)
        return run.end() if run else at
    word = cut_word(text, at)
    return word.end if word else None


def same_dashes(one: str, other: str) -> bool:
    """Whether the dashes of two texts that fold alike are spaced alike.

    A hyphen that joins two words is not a dash that parts them, so “man-eating” is not “man - eating”. A long dash
    parts in either case: “powers—China” is “powers – China”.
    """
    ours = [_spacing(one, dashes) for dashes in _DASH_RUN.finditer(one)]
    theirs = [_spacing(other, dashes) for dashes in _DASH_RUN.finditer(other)]
    return len(ours) == len(theirs) and all(map(_alike, ours, theirs))


@lru_cache(maxsize=4096)
def folded_character(character: str) -> str:
    """What one character folds to: none, one or several."""
    if character in _SAME:
        return _SAME[character]
    if character.isspace():
        return " "
    # Not casefold, for which ß is ss: in German “Maße” and “Masse” are two words.
    return unicodedata.normalize("NFD", character.lower())


def _mapped(parts: list[tuple[Any, Any]]) -> Folded:
    """The text of the codes of all parts, with the way back to the offsets that each came from."""
    texts: list[str] = []
    ats, shifts, length = [np.zeros(0, np.int64)], [np.zeros(0, np.int64)], 0
    for codes, source in parts:
        moved = source - np.int64(length) - np.arange(len(source))
        change = np.flatnonzero(np.diff(moved, prepend=np.int64(np.iinfo(np.int64).min)))
        ats.append(change + length)
        shifts.append(moved[change])
        texts.append(codes.astype("<u4").tobytes().decode("utf-32-le", "surrogatepass"))
        length += len(source)
    return Folded("".join(texts), np.concatenate(ats), np.concatenate(shifts))


def _unbroken(text: str, breaks: regex.Pattern[str]) -> tuple[str, Any]:
    """The text less the ``breaks`` of its words, and the offset of each character; None for these when it has none."""
    found = [match.span() for match in breaks.finditer(text)] if "\n" in text else []
    if not found:
        return text, None
    keep = np.ones(len(text), bool)
    for start, end in found:
        keep[start:end] = False
    return breaks.sub("", text), np.flatnonzero(keep)


def _blocks(text: str) -> Iterator[tuple[int, int]]:
    """Parts that may be folded one by one, for a whole book at once takes gigabytes: they end within a word."""
    start = 0
    while start < len(text):
        end = start + _BLOCK_CHARS
        while end < len(text) and not (text[end - 1].isalnum() and text[end].isalnum()):
            end += 1
        yield start, min(end, len(text))
        start = end


def _codes(text: str) -> tuple[Any, Any]:
    """The code points of the folded text, and the offset in ``text`` that each came from."""
    codes = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), np.uint32)
    known = {character: folded_character(character) for character in set(text)}
    size = max(map(ord, known)) + 1
    to, length = np.arange(size, dtype=np.uint32), np.ones(size, np.uint8)
    for character, folded in known.items():
        to[ord(character)] = ord(folded[0]) if folded else 0
        length[ord(character)] = len(folded)
    lengths = length[codes]
    source = np.repeat(np.arange(len(codes), dtype=np.int32), lengths)
    out = to[codes[source]]
    if (longer := np.flatnonzero(lengths > 1)).size:
        starts, which = (np.cumsum(lengths, dtype=np.int64) - lengths)[longer], codes[longer]
        for character in filter(lambda c: len(known[c]) > 1, known):
            for place, code in enumerate(map(ord, known[character])):
                out[starts[which == ord(character)] + place] = code
    return _tidied(out, source)


def _tidied(out: Any, source: Any) -> tuple[Any, Any]:
    """Character codes with runs of dashes and of spaces made one, and the offsets they came from."""
    space, dash, dot = 32, 45, 46
    keep = ~((out == dash) & (_before(out) == dash))
    out, source = out[keep], source[keep]
    keep = ~((out == space) & (_before(out) == space))
    out, source = out[keep], source[keep]
    before, after = _before(out), np.append(out[1:], 0).astype(out.dtype)
    between_dots = (before == dot) & (after == dot)
    keep = ~((out == space) & ((before == dash) | (after == dash) | between_dots))
    out, source = out[keep], source[keep]
    times = np.where(out == dash, 3, 1)
    dashes = (np.cumsum(times) - times)[out == dash]
    out, source = np.repeat(out, times), np.repeat(source, times)
    out[dashes] = out[dashes + 2] = space
    return out, source


def _before(out: Any) -> Any:
    """The code before each, 0 before the first."""
    return np.concatenate((np.zeros(1, out.dtype), out[:-1]))


def _alike(one: tuple[bool, bool | None, bool | None], other: tuple[bool, bool | None, bool | None]) -> bool:
    long_one, *sides_one = one
    long_other, *sides_other = other
    if all(None in (a, b) or a == b for a, b in zip(sides_one, sides_other, strict=True)):
        return True
    (left_one, right_one), (left_other, right_other) = sides_one, sides_other
    symmetric = left_one == right_one and left_other == right_other
    return symmetric and (long_one if not left_one else long_other)


def _spacing(text: str, dashes: regex.Match[str]) -> tuple[bool, bool | None, bool | None]:
    """Whether it is a long dash, and whether it has a space before and behind; None where that cannot be known.

    It cannot at the ends of the text, nor where a line ends behind a hyphen: that may be a word broken there.
    """
    start, end = dashes.span()
    is_long = end - start > 1 or dashes.group() in _LONG_DASHES
    left = text[start - 1].isspace() if start else None
    right = text[end].isspace() if end < len(text) and text[end] != "\n" else None
    return is_long, left, right
