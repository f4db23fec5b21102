"""A quotation put together from several places: with dots of omission between its parts, or without a sign."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import regex

from assistant.language.folding import fold
from assistant.quotes.concordance import words_of
from assistant.quotes.differing import Op, Piece, diff
from assistant.quotes.finding import Finder, Found
from index import Span

MAX_PARTS = 50
_FIRST_PLACES = 20
# So short a gap is shown, for what it leaves out may be the very word that matters.
_GAP_CHARS = 400
# A part without a sign of omission must be long enough not to be there by chance.
_PART_WORDS = 4
_PART_CHARS = 2

_LETTER = regex.compile(r"[\p{L}\p{N}]")
_DOTS = r"(?:…|\.{3,4}|\.(?:\s\.){2,3})"
_OMISSION = regex.compile(rf"\[\s?{_DOTS}\s?\]|\(\s?{_DOTS}\s?\)|{_DOTS}")


def signed_parts(text: str, finder: Finder) -> list[tuple[str, Found]]:
    """The parts between dots of omission, each with its place; empty when a part has none, or there is one part."""
    parts = [part for part in (piece.strip() for piece in _OMISSION.split(text)) if _LETTER.search(part)]
    return _placed(parts, finder)


def unsigned_parts(text: str, finder: Finder) -> list[tuple[str, Found]]:
    """The fewest runs of the documents' words that make up ``text``, each with its place; empty when none do.

    Empty too when all are of one sentence in its order: then words were left out of it, which alters it.
    """
    folded = fold(text)
    words = words_of(folded.text)
    parts: list[str] = []
    for first, last in _runs(finder.concordance.numbered(words), finder):
        span = folded.unfold(words[first].start, words[last].end)
        if span is None:
            return []
        parts.append(span.of(text))
    placed = _placed(parts, finder)
    return [] if _one_sentence([place for _, place in placed]) else placed


def compare(text: str, placed: Sequence[tuple[str, Found]]) -> tuple[Piece, ...]:
    """Each part beside its place; between them what ``text`` has there, and what a short gap leaves out."""
    pieces: list[Piece] = []
    at, before = 0, placed[0][1]
    for number, (part, place) in enumerate(placed, start=1):
        start = text.index(part, at)
        gap = Span(before.span.end, place.span.start) if _leads_to(before, place) else None
        shown = gap if gap and gap.end - gap.start <= _GAP_CHARS else None
        if shown or start > at:
            op = Op.REPLACED if shown and start > at else Op.DELETED if shown else Op.INSERTED
            where = shown.start if shown else place.span.start
            left_out = shown.of(place.document.text) if shown else ""
            pieces.append(Piece(op, text[at:start], left_out, where, where + len(left_out), number))
        pieces.extend(diff(part, place.document.text, place.span, number))
        at, before = start + len(part), place
    if at < len(text):
        pieces.append(Piece(Op.INSERTED, text[at:], "", before.span.end, before.span.end, len(placed)))
    return tuple(pieces)


def _placed(parts: Sequence[str], finder: Finder) -> list[tuple[str, Found]]:
    if not 2 <= len(parts) <= MAX_PARTS or min(map(len, parts)) < _PART_CHARS:
        return []
    choices = [finder.find(part)[0] for part in parts]
    if not all(choices):
        return []
    chosen = min((_following(first, choices[1:]) for first in choices[0][:_FIRST_PLACES]), key=_spread)
    return list(zip(parts, chosen, strict=True))


def _following(first: Found, choices: Sequence[Sequence[Found]]) -> list[Found]:
    """A place for each part, the nearest behind the one before it where there is one."""
    chosen = [first]
    for places in choices:
        behind = [place for place in places if _follows(chosen[-1], place)]
        chosen.append(min(behind, key=lambda place: place.span.start) if behind else places[0])
    return chosen


def _spread(chosen: Sequence[Found]) -> tuple[int, int]:
    """How far from one piece places are: how often they jump, and how many characters they leave out."""
    jumps = sum(not _follows(a, b) for a, b in pairwise(chosen))
    return jumps, sum(b.span.start - a.span.end for a, b in pairwise(chosen) if _follows(a, b))


def _follows(before: Found, place: Found) -> bool:
    return before.document.id == place.document.id and before.span.end <= place.span.start


def _leads_to(before: Found, place: Found) -> bool:
    """Whether something lies between the two."""
    return _follows(before, place) and before.span.end < place.span.start


def _runs(ids: Sequence[int], finder: Finder) -> list[tuple[int, int]]:
    """First and last word of the fewest runs that make up all the words; none when they are no parts."""
    runs: list[tuple[int, int]] = []
    at = 0
    while at < len(ids):
        length = finder.concordance.run(ids, at)
        if length < _PART_WORDS or len(runs) == MAX_PARTS:
            return []
        runs.append((at, at + length - 1))
        at += length
    return runs


def _one_sentence(chosen: Sequence[Found]) -> bool:
    sentences = {(place.document.id, place.places.sentence(place.span.start)) for place in chosen}
    in_order = all(_follows(a, b) for a, b in pairwise(chosen))
    return in_order and len(sentences) == 1 and None not in {sentence for _, sentence in sentences}
