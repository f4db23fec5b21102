"""Does a quotation stand in the documents? Exactly, but for its typing, altered, stitched together, or not at all.

Only words that stand in one piece, one after the other, whole and unchanged, pass as exact or typographic. A quotation
that begins or ends inside a word does not: “used to join” is no quotation of “refused to join”.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from enum import StrEnum

import regex

from assistant.quotes import grounding, stitching
from assistant.quotes.differing import Piece, diff
from assistant.quotes.finding import Finder, Found
from assistant.quotes.likening import likest
from assistant.replies import Quote
from index import BadInput, PassageIndex

MAX_PASTED_CHARS = 20_000
_MIN_PASTED_CHARS = 2
_LISTED = 5
_SHOWN_CHARS = 80

_SURROGATE = regex.compile(r"[\ud800-\udfff]")
_LETTER = regex.compile(r"[\p{L}\p{N}]")
_ENCLOSING = ('""', "“”", "„“", "«»", "''", "‘’", "‚‘")


class BadQuotation(BadInput):
    """There is nothing to check, or too much; ``str()`` says which in one line."""


class Verdict(StrEnum):
    """How a text stands to the documents; only the first two mean that it may be quoted as it is."""

    EXACT = "exact"
    TYPOGRAPHIC = "typographic"
    ALTERED = "altered"
    STITCHED = "stitched"
    ABSENT = "absent"


@dataclass(frozen=True, slots=True)
class Checked:
    """What came of checking ``text``, as verdict.schema.json describes it.

    Attributes:
        text: what was checked: as pasted, less what surrounds it and a pair of quotation marks around the whole.
        line: the verdict for a person.
        matches: exact and typographic: every place, exact ones first, then in order of reading; altered: the place
            most like it; stitched: one place for each part, in the order of the parts; absent: none.
        diff: what differs; empty when nothing does or nothing is like it.
        more: whether there are more places than ``matches`` holds.
    """

    text: str
    verdict: Verdict
    line: str
    matches: tuple[Quote, ...]
    diff: tuple[Piece, ...]
    more: bool
    generation: str
    took_ms: float
    notices: tuple[str, ...] = ()

    @property
    def found(self) -> bool:
        """Whether the text may be quoted."""
        return self.verdict in (Verdict.EXACT, Verdict.TYPOGRAPHIC)

    def to_json(self) -> dict[str, object]:
        """JSON-ready, as verdict.schema.json describes it."""
        fields = asdict(self)
        order = ("verdict", "line", "text", "matches", "more", "diff", "generation", "took_ms", "notices")
        return {key: list(fields[key]) if isinstance(fields[key], tuple) else fields[key] for key in order}


def verify(text: str, index: PassageIndex, notices: tuple[str, ...] = ()) -> Checked:
    """Look for ``text`` in every document of ``index``. Raises BadQuotation when it cannot be checked.

    ``notices``: what to know about the index, as it comes with it.
    """
    started = time.perf_counter()
    judged = _judge(_clean(text), Finder.of(index))
    matches = tuple(place.quote(number, judged.share) for number, place in enumerate(judged.places, start=1))
    grounding.verify(matches, index)
    return Checked(
        text=judged.text,
        verdict=judged.verdict,
        line=_line(judged.verdict, matches, judged.diff),
        matches=matches,
        diff=judged.diff,
        more=judged.more,
        generation=index.generation,
        took_ms=round((time.perf_counter() - started) * 1000, 1),
        notices=notices,
    )


@dataclass(frozen=True, slots=True)
class _Judged:
    text: str
    verdict: Verdict
    places: Sequence[Found] = ()
    diff: tuple[Piece, ...] = ()
    more: bool = False
    share: float = 1.0


def _judge(pasted: str, finder: Finder) -> _Judged:
    bare = _unquoted(pasted)
    for text in dict.fromkeys((pasted, bare)):
        found, more = finder.find(text)
        if found and found[0].exact:
            return _Judged(text, Verdict.EXACT, found, (), more)
        if found:
            typing = diff(text, found[0].document.text, found[0].span)
            return _Judged(text, Verdict.TYPOGRAPHIC, found, typing, more)
    parts = stitching.signed_parts(bare, finder) or stitching.unsigned_parts(bare, finder)
    if parts:
        return _Judged(bare, Verdict.STITCHED, [place for _, place in parts], stitching.compare(bare, parts))
    like = likest(bare, finder)
    if like is None:
        return _Judged(bare, Verdict.ABSENT)
    place, share = like
    return _Judged(bare, Verdict.ALTERED, [place], diff(bare, place.document.text, place.span), share=share)


def _clean(text: str) -> str:
    """The text as documents are read. Raises BadQuotation."""
    if len(text) > MAX_PASTED_CHARS:
        raise BadQuotation(f"the text has {len(text):,} characters; check at most {MAX_PASTED_CHARS:,} at a time")
    pasted = _SURROGATE.sub("\ufffd", text).replace("\r\n", "\n").replace("\r", "\n").strip()
    if len(pasted) < _MIN_PASTED_CHARS or not _LETTER.search(pasted):
        raise BadQuotation("there are no words to check; paste a sentence or a passage")
    return pasted


def _unquoted(text: str) -> str:
    """The text without the pair of quotation marks that holds the whole of it, if one does."""
    first, last, inner = text[0], text[-1], text[1:-1]
    if first + last in _ENCLOSING and first not in inner and last not in inner and _LETTER.search(inner):
        return inner.strip()
    return text


def _line(verdict: Verdict, matches: Sequence[Quote], pieces: Sequence[Piece]) -> str:
    """The verdict in one line for a person."""
    where = _where(matches)
    match verdict:
        case Verdict.EXACT:
            return f"Exact: {where}."
        case Verdict.TYPOGRAPHIC:
            return f"The same words, typed differently: {where}."
        case Verdict.ALTERED:
            return f"Altered: {_changes(pieces)}. Compared with {where}."
        case Verdict.STITCHED:
            return f"Stitched from {len(matches)} parts that do not stand together: {where}."
        case Verdict.ABSENT:
            return "Not in the documents."


def _where(matches: Sequence[Quote]) -> str:
    """Every title once, with the paragraphs of its matches in the matches' order."""
    paragraphs: dict[str, list[int]] = {}
    for match in matches:
        paragraphs.setdefault(match.title, []).append(match.paragraph)
    return "; ".join(f"“{title}”, {_numbered(numbers)}" for title, numbers in paragraphs.items())


def _numbered(paragraphs: Sequence[int]) -> str:
    numbers = list(dict.fromkeys(paragraphs))
    if len(numbers) == 1:
        return f"paragraph {numbers[0]}" + (f" ({len(paragraphs)} places)" if len(paragraphs) > 1 else "")
    listed = ", ".join(map(str, numbers[:_LISTED]))
    return f"paragraphs {listed}" + (f" and {len(numbers) - _LISTED} more" if len(numbers) > _LISTED else "")


def _changes(pieces: Sequence[Piece]) -> str:
    """What was altered, in words when it is one thing: the document's words as they stand there."""
    changed = [piece for piece in pieces if piece.changed]
    if not any(_LETTER.search(piece.pasted + piece.source) for piece in changed):
        return "the words are the document’s, the punctuation is not"
    if len(changed) > 1:
        return f"{len(changed)} changes"
    theirs, ours = _short(changed[0].source), _short(changed[0].pasted)
    if not ours:
        return f"it leaves out “{theirs}”"
    return f"it adds “{ours}”" if not theirs else f"it says “{ours}” where the document says “{theirs}”"


def _short(words: str) -> str:
    line = " ".join(words.split())
    return line if len(line) <= _SHOWN_CHARS else f"{line[:_SHOWN_CHARS].rstrip()} […]"
