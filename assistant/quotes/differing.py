"""What was changed, word by word: a pasted text beside the span of the document it comes from."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import groupby, takewhile

import regex
from rapidfuzz.distance import Indel

from assistant.language.folding import BREAK, DASHES, HYPHEN_BREAK, UNSEEN, folded_character, same_dashes
from index import Span

_DASH = rf"[{regex.escape(DASHES)}]"
_PART = rf"[\p{{L}}\p{{M}}\p{{N}}_{UNSEEN}]++"
_TOKEN = regex.compile(rf"{_PART}|\s++|{_DASH}++|\.(?:\s?\.)++|.", regex.DOTALL)
# A soft hyphen is part of the letters before it.
_BROKEN = regex.compile(rf"{_PART}(?:(?:{HYPHEN_BREAK.pattern}|(?<=\u00ad)[^\S\n]*+\n[^\S\n]*+(?=\p{{L}})){_PART})++")
_WORD = regex.compile(r"[\p{L}\p{N}]")


class Op(StrEnum):
    """How a piece of the pasted text stands to the document."""

    EQUAL = "equal"
    TYPOGRAPHIC = "typographic"
    REPLACED = "replaced"
    INSERTED = "inserted"
    DELETED = "deleted"


@dataclass(frozen=True, slots=True)
class Piece:
    """A piece of the comparison; ``pasted`` and ``source`` are joined over all pieces the two texts compared.

    ``source`` is the document's own text from ``start`` to ``end``, half-open and absolute; where it is empty, the
    offsets are equal: there something was inserted. ``match`` is the number of the match that it is compared with.
    """

    op: Op
    pasted: str
    source: str
    start: int
    end: int
    match: int

    @property
    def changed(self) -> bool:
        """Whether more than the typing differs."""
        return self.op not in (Op.EQUAL, Op.TYPOGRAPHIC)


def diff(pasted: str, text: str, span: Span, match: int = 1) -> tuple[Piece, ...]:
    """Compare ``pasted`` with ``span`` of a document's ``text``, in order; ``match`` numbers that document's match."""
    ours, theirs = _tokens(pasted, span.of(text)), _tokens(span.of(text), pasted)
    pieces: list[Piece] = []
    at = span.start
    for op, mine, their in _runs(ours, theirs):
        source = "".join(their)
        pieces.append(Piece(op, "".join(mine), source, at, at + len(source), match))
        at += len(source)
    return tuple(pieces)


def _tokens(text: str, other: str) -> list[str]:
    """The tokens of ``text``; a word that the end of a line breaks is one where ``other`` has it as one."""
    whole = {_key(token) for pattern in (_TOKEN, _BROKEN) for token in pattern.findall(other)}
    tokens: list[str] = []
    at = 0
    for broken in _BROKEN.finditer(text):
        if _key(broken.group()) in whole:
            tokens += [*_TOKEN.findall(text[at : broken.start()]), broken.group()]
            at = broken.end()
    return [*tokens, *_TOKEN.findall(text[at:])]


def _runs(ours: Sequence[str], theirs: Sequence[str]) -> Iterator[tuple[Op, Sequence[str], Sequence[str]]]:
    """Runs of tokens that are the same, differ in typing, or differ in earnest."""
    change, other_change = 0, 0
    for code in Indel.opcodes([_key(token) for token in ours], [_key(token) for token in theirs]):
        equal = ours[code.src_start : code.src_end]
        # Spaces and commas between two changes are alike by chance: they belong to the change.
        if code.tag == "equal" and any(_WORD.search(token) for token in equal):
            yield from _change(ours[change : code.src_start], theirs[other_change : code.dest_start])
            yield from _same(equal, theirs[code.dest_start : code.dest_end])
            change, other_change = code.src_end, code.dest_end
    yield from _change(ours[change:], theirs[other_change:])


def _same(ours: Sequence[str], theirs: Sequence[str]) -> Iterator[tuple[Op, Sequence[str], Sequence[str]]]:
    pairs = zip(ours, theirs, strict=True)
    for equal, run in groupby(pairs, key=lambda pair: pair[0] == pair[1]):
        mine, their = zip(*run, strict=True)
        yield Op.EQUAL if equal else Op.TYPOGRAPHIC, mine, their


def _change(ours: Sequence[str], theirs: Sequence[str]) -> Iterator[tuple[Op, Sequence[str], Sequence[str]]]:
    head = _alike(ours, theirs)
    tail = _alike(ours[head:][::-1], theirs[head:][::-1])
    yield from _same(ours[:head], theirs[:head])
    mine, their = ours[head : len(ours) - tail], theirs[head : len(theirs) - tail]
    if mine or their:
        yield _op("".join(mine), "".join(their)), mine, their
    yield from _same(ours[len(ours) - tail :], theirs[len(theirs) - tail :])


def _alike(ours: Sequence[str], theirs: Sequence[str]) -> int:
    """How many tokens are the same from the first on, but for their typing."""
    pairs = zip(ours, theirs, strict=False)
    return sum(1 for _ in takewhile(lambda pair: _key(pair[0]) == _key(pair[1]), pairs))


def _op(mine: str, their: str) -> Op:
    bare, other = ("".join(map(_key, _TOKEN.findall(text))).replace(" ", "") for text in (mine, their))
    # A letter on either side for the spaces to be seen by the rule for dashes.
    if bare == other and not _WORD.search(mine) and same_dashes(f"x{mine}x", f"x{their}x"):
        return Op.TYPOGRAPHIC
    if not mine or not their:
        return Op.DELETED if their else Op.INSERTED
    return Op.REPLACED


def _key(token: str) -> str:
    """A token without its typing."""
    if token.isspace():
        return " "
    if token[:1] in DASHES:
        return "-"
    folded = "".join(map(folded_character, BREAK.sub("", token)))
    return folded.replace(" ", "") if token.startswith(".") else folded
