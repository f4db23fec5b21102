"""Sentences as spans of a text. Knows English punctuation; knows nothing about embeddings or questions."""

from __future__ import annotations

import regex

from index.documents import Span

MAX_SENTENCE_CHARS = 1000

_CLOSERS = "\"'”’»›)\\]"
_OPENERS = "\"'“‘«‹(["
# What a reader sees as part of the mark before it: a variation selector, say.
_EXTEND = r"[\p{GCB=Extend}\p{GCB=SpacingMark}\p{Emoji_Modifier}\u200d]*+"
# The look-behind makes a run of full stops one candidate: without it a line of dots costs quadratic time.
_STOP = regex.compile(rf"(?<![.!?…])[.!?…]++[{_CLOSERS}]*+(?=\s)|(?:[。！？]{_EXTEND})++(?:[」』”’）]{_EXTEND})*+")
_NEXT_WORD = regex.compile(r"\s*+(\S)(\w*)")
_LAST_WORD = regex.compile(r"[^\s(\[“‘\"']*$")
_BREAKS = regex.compile(r"\n")

# Never the end of a sentence, whatever follows.
_TITLES = frozenset(
    (
        "mr mrs ms messrs dr prof sen rep gov gen col maj capt lt sgt rev hon st mt ft fr sr jr vs cf viz eg ie "
        "e.g i.e fig figs eq eqs vol vols no nos pp ch sec art al approx ca dept est jan feb mar apr jun jul aug "
        "sep sept oct nov dec"
    ).split()
)
# After these a capital letter does not yet make a new sentence; one of the starters below does.
_STARTERS = frozenset(
    (
        "the a an in on at it its he she they we i this that these those there however but and when while if as "
        "for after before since although though according both some many most one"
    ).split()
)
_DOTTED = regex.compile(r"(?:\p{L}\.)+\p{L}$")
_NUMBER_FOLLOWS = frozenset("no nos fig figs eq eqs vol vols pp ch sec art p".split())
_MONTHS = frozenset("jan feb mar apr jun jul aug sep sept oct nov dec".split())


def split_sentences(text: str, within: Span, *, lines: bool = False) -> list[Span]:
    """Return the sentences of ``text`` inside ``within``, in reading order.

    Offsets are code points of ``text``, not of the passage. The spans are disjoint, start and end on
    non-space characters, and together hold every non-space character of ``within``. With ``lines`` a line
    break ends a sentence too, as in a list. A run of more than MAX_SENTENCE_CHARS without an end is cut at
    white space or, failing that, between two grapheme clusters.
    """
    ends = [m.end() for m in _STOP.finditer(text, within.start, within.end) if _ends_sentence(text, within, m)]
    if lines:
        ends = sorted({*ends, *(m.end() for m in _BREAKS.finditer(text, within.start, within.end))})
    spans: list[Span] = []
    start = at = within.start
    letters = 0
    for end in (*ends, within.end):
        letters += sum(character.isalpha() for character in text[at:end])
        at = end
        piece = trimmed(text, start, end)
        # "1." or "(a)" alone is the number of what follows, not a sentence.
        if piece is None or (end < within.end and letters < 2):
            continue
        spans.extend(_cut(text, piece))
        start = end
        letters = 0
    return spans


def ends_like_a_sentence(line: str) -> bool:
    """Whether a line closes with a full stop, question or exclamation mark, or a colon or semicolon."""
    return (
        line.rstrip().rstrip("\"'”’»›)]」』）").endswith((".", "!", "?", "…", ":", ";", "。", "！", "？", "：", "；"))
    )


def trimmed(text: str, start: int, end: int) -> Span | None:
    """``[start, end)`` without white space at its ends; None when nothing is left."""
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return Span(start, end) if start < end else None


def _ends_sentence(text: str, within: Span, stop: regex.Match[str]) -> bool:
    mark = stop.group()
    if mark[0] in "。！？":
        return True
    following = _NEXT_WORD.match(text, stop.end(), min(within.end, stop.end() + 200))
    if following is None:
        return True
    first, word = following.group(1), following.group(1) + following.group(2)
    if first.islower():
        return False
    if mark != ".":
        return True
    before_at = max(within.start, stop.start() - 40)
    last = _LAST_WORD.search(text[before_at : stop.start()])
    before = last.group() if last else ""
    if _is_abbreviation(before, first):
        return False
    # "J. Smith" and "U.S. Navy" go on; "in the U.S. The next day" does not.
    initial = len(before) == 1 and before.isupper() and before != "I"
    if initial or _DOTTED.search(before):
        return before.lower() in {"p.m", "a.m"} or (not initial and word.lower() in _STARTERS)
    return True


def _is_abbreviation(before: str, following: str) -> bool:
    word = before.lower().strip(".")
    if word in _NUMBER_FOLLOWS | _MONTHS:
        # "No. 5" and "Sept. 3" go on, "I said no. Then I left" does not.
        return following.isdigit()
    return word in _TITLES


def _cut(text: str, piece: Span) -> list[Span]:
    pieces: list[Span] = []
    start = piece.start
    while piece.end - start > MAX_SENTENCE_CHARS:
        limit = start + MAX_SENTENCE_CHARS
        at = max((i for i in range(limit, limit - MAX_SENTENCE_CHARS // 2, -1) if text[i - 1].isspace()), default=0)
        if not at:
            at = _grapheme_end(text, start, limit)
        head = trimmed(text, start, at)
        if head is not None:
            pieces.append(head)
        start = at
    tail = trimmed(text, start, piece.end)
    return [*pieces, tail] if tail is not None else pieces


def _grapheme_end(text: str, start: int, limit: int) -> int:
    """The last end of a grapheme cluster in ``(start, limit]``; ``limit`` itself if one cluster fills it all."""
    at = start
    for cluster in regex.finditer(r"\X", text, pos=start, endpos=limit + 64):
        if cluster.end() > limit:
            break
        at = cluster.end()
    return at if at > start else limit
