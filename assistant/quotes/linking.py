"""Links to words: made to last. A link carries the words themselves, so that a document that changed is no dead end."""

from __future__ import annotations

import base64
import json
import zlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from enum import StrEnum
from itertools import takewhile
from urllib.parse import quote as percent_encoded

from assistant.quotes import grounding
from assistant.quotes.placing import Places
from assistant.replies import Quote
from index import Document, PassageIndex, Span

_FORM = b"\x01"
_HASH_BYTES = 32
_MAX_TOKEN_CHARS = 100_000
_MAX_BYTES = 400_000
_MAX_PLACES = 1000
# Fewer characters, of the words and of what is around them together, may be anything.
_TELLING_CHARS = 24

_SHORT_CHARS = 100
_EDGE_WORDS = 5


class Fate(StrEnum):
    """What became of the words a link leads to."""

    SAME = "same"
    MOVED = "moved"
    EXPIRED = "expired"


@dataclass(frozen=True, slots=True)
class Resolved:
    """Where a link leads now; without a ``quote`` when it has expired. ``line`` says so to a person."""

    fate: Fate
    line: str
    quote: Quote | None

    def to_json(self) -> dict[str, object]:
        """JSON-ready: ``fate``, ``line`` and ``quote``, the last in the form of a reply's quotes or null."""
        return {"fate": self.fate, "line": self.line, "quote": asdict(self.quote) if self.quote else None}


@dataclass(frozen=True, slots=True)
class _Selector:
    document: str
    sha256: str
    start: int
    end: int
    exact: str
    prefix: str
    suffix: str


def selector(quote: Quote) -> list[dict[str, object]]:
    """The quote as selectors of the W3C Web Annotation model: by its words, and by its offsets."""
    return [
        {"type": "TextQuoteSelector", "exact": quote.exact, "prefix": quote.prefix, "suffix": quote.suffix},
        {"type": "TextPositionSelector", "start": quote.start, "end": quote.end},
    ]


def permanent_link(quote: Quote) -> str:
    """The page's address of a quote: ``/?cite=`` and, packed, its document's hash, its offsets and its words."""
    fields = [quote.document, quote.start, quote.end, quote.exact, quote.prefix, quote.suffix]
    words = json.dumps(fields, ensure_ascii=False, separators=(",", ":")).encode()
    packed = _FORM + bytes.fromhex(quote.document_sha256) + zlib.compress(words, 9)
    return "/?cite=" + base64.urlsafe_b64encode(packed).decode().rstrip("=")


def text_fragment(address: str, text: str, span: Span) -> str:
    """``address`` with a fragment that leads browsers to the words of ``span``, by themselves or by their edges."""
    exact = " ".join(span.of(text).split())
    words = exact.split()
    if len(exact) <= _SHORT_CHARS and "\n" not in span.of(text):
        directive = _encoded(exact)
    else:
        directive = ",".join(_encoded(" ".join(edge)) for edge in (words[:_EDGE_WORDS], words[-_EDGE_WORDS:]))
    if text.count(span.of(text)) > 1:
        before = text[: span.start].rpartition("\n")[2].split()[-_EDGE_WORDS:]
        behind = text[span.end :].partition("\n")[0].split()[:_EDGE_WORDS]
        directive = (f"{_encoded(' '.join(before))}-," if before else "") + directive
        directive += f",-{_encoded(' '.join(behind))}" if behind else ""
    return f"{address}{'' if '#' in address else '#'}:~:text={directive}"


def resolve(token: str, index: PassageIndex) -> Resolved:
    """Where the words of a permanent link stand now; ``token`` is what follows ``cite=``, or the whole link."""
    wanted = _unpacked(token)
    if wanted is None:
        return Resolved(Fate.EXPIRED, "This link is damaged; copy it again from where it was made.", None)
    resolved = _followed(wanted, index)
    if resolved.quote is None:
        name = wanted.document or "its document"
        return Resolved(Fate.EXPIRED, f"This link has expired: {name} {resolved.line}.", None)
    return resolved


def whereabouts(quote: Quote, index: PassageIndex) -> Resolved:
    """Where the words of a quote made some time ago stand now; ``line`` is said of its document."""
    fields = (quote.document, quote.document_sha256, quote.start, quote.end, quote.exact, quote.prefix, quote.suffix)
    return _followed(_Selector(*fields), index)


def _followed(wanted: _Selector, index: PassageIndex) -> Resolved:
    named = index.documents.get(wanted.document)
    # Two files may have the same bytes: the one that was meant goes first.
    same = [document for document in index.documents.values() if document.sha256 == wanted.sha256]
    for document in sorted(same, key=lambda document: document is not named):
        if wanted.exact and document.text[wanted.start : wanted.end] == wanted.exact:
            quote = _quote(index, document, wanted.start, len(wanted.exact))
            return Resolved(Fate.SAME, f"The words stand where they are said to: {_where(quote)}.", quote)
    places = list(_places(wanted.exact, [named])) if named else []
    places = places or list(_places(wanted.exact, index.documents.values()))
    best = _likeliest(places, wanted)
    if best is not None:
        quote = _quote(index, *best, len(wanted.exact))
        why = "The offsets were wrong" if same else "The document has changed since"
        return Resolved(Fate.MOVED, f"{why}; the same words stand in {_where(quote)}.", quote)
    had = (
        "does not have these words at these offsets"
        if same
        else "has changed since"
        if named
        else "is not indexed here"
    )
    now = "its words stand at several places" if places else "its words stand in no document"
    return Resolved(Fate.EXPIRED, f"{had}, and {now}", None)


def _unpacked(token: str) -> _Selector | None:
    """What a link says, or None: it comes from anywhere, and nothing of it may be believed or grow out of bounds."""
    token = token.strip().rpartition("cite=")[2].partition("&")[0]
    if len(token) > _MAX_TOKEN_CHARS:
        return None
    try:
        packed = base64.b64decode(token + "=" * (-len(token) % 4), altchars=b"-_", validate=True)
        inflate = zlib.decompressobj()
        words = inflate.decompress(packed[1 + _HASH_BYTES :], _MAX_BYTES)
        if packed[:1] != _FORM or not inflate.eof or inflate.unused_data:
            return None
        document, start, end, exact, prefix, suffix = json.loads(words)
        # Half a character, which JSON can spell, could not be answered.
        f"{document}{exact}{prefix}{suffix}".encode()
    except (ValueError, TypeError, zlib.error, RecursionError):
        return None
    if not all(isinstance(text, str) for text in (document, exact, prefix, suffix)):
        return None
    if type(start) is not int or type(end) is not int or not 0 <= start < end or end - start != len(exact):
        return None
    return _Selector(document, packed[1 : 1 + _HASH_BYTES].hex(), start, end, exact, prefix, suffix)


def _places(exact: str, documents: Iterable[Document]) -> Iterator[tuple[Document, int]]:
    """Where the words stand, character for character, in order of reading; enough of them to know it is several."""
    found = 0
    for document in documents if exact else ():
        at = document.text.find(exact)
        while at >= 0 and found < _MAX_PLACES:
            yield document, at
            found += 1
            at = document.text.find(exact, at + len(exact))


def _likeliest(places: Sequence[tuple[Document, int]], wanted: _Selector) -> tuple[Document, int] | None:
    """The place with the most of the text around it that the link remembers; None when that does not tell."""
    shared = [_shared(document.text, at, wanted) for document, at in places]
    most = max(shared, default=0)
    if shared.count(most) != 1 or len(wanted.exact) + most < _TELLING_CHARS:
        return None
    return places[shared.index(most)]


def _shared(text: str, at: int, wanted: _Selector) -> int:
    """How many characters around a place are those of the link."""
    end = at + len(wanted.exact)
    before, behind = text[max(0, at - len(wanted.prefix)) : at], text[end : end + len(wanted.suffix)]
    return _run(before[::-1], wanted.prefix[::-1]) + _run(behind, wanted.suffix)


def _run(one: str, other: str) -> int:
    """How many characters two texts share from the first on."""
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(one, other, strict=False)))


def _quote(index: PassageIndex, document: Document, start: int, length: int) -> Quote:
    span = Span(start, start + length)
    return grounding.cut(Places.of(index, document).passage(span), span, number=1, score=1.0)


def _where(quote: Quote) -> str:
    return f"“{quote.title}”, paragraph {quote.paragraph}"


def _encoded(words: str) -> str:
    return percent_encoded(words, safe="").replace("-", "%2D")
