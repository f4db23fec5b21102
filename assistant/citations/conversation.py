"""A conversation that comes back from a page or a file: read with care, and every quote in it checked again."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

from assistant.quotes import grounding, linking
from assistant.quotes.grounding import BadQuote
from assistant.quotes.placing import Places
from assistant.replies import Asked, Place, Quote, Summary
from index import BadInput, Document, PassageIndex, Span

MAX_QUOTES = 1000

Known = dict[tuple[str, str], Places]
"""The places of documents that were looked at, by generation and document."""


class Said(BaseModel):
    """A reply as reply.schema.json describes it, with whatever else it carries; nothing of it is believed."""

    model_config = ConfigDict(extra="allow")

    kind: Literal["answer", "refusal"]
    question: str
    standalone_question: str
    confidence: float = Field(ge=0, le=1)
    summary: Summary | None = None
    questions: list[Asked] | None = None
    quotes: list[Quote]
    reason_code: str | None = None
    reason: str | None = None
    correction: Quote | None = None
    nearest: list[Quote] = Field(default_factory=list)
    generation: str | None = None


class Turn(BaseModel):
    """A question as it was asked, and the reply to it."""

    question: str
    reply: Said


@dataclass(frozen=True, slots=True)
class Held:
    """A quote of a conversation, checked again.

    Attributes:
        turn: 1-based, as is ``number``, the quote's place in ``part``: ``quotes``, ``correction`` or ``nearest``.
        problem: why it no longer holds, in one line; None when it does.
        document: the document it stands in, at its offsets; None when it does not hold.
    """

    turn: int
    part: str
    number: int
    quote: Quote
    problem: str | None
    document: Document | None

    @property
    def name(self) -> str:
        """How a person finds it: ``turn 2, quote 1``."""
        names = {"quotes": f"quote {self.number}", "correction": "correction"}
        return f"turn {self.turn}, {names.get(self.part, f'nearest passage {self.number}')}"


def read_turns(found: object) -> list[Turn]:
    """The turns of a conversation: a list of them, or an object that has them as ``turns``. Raises BadInput."""
    turns = found.get("turns") if isinstance(found, dict) else found
    try:
        read = TypeAdapter(list[Turn]).validate_python(turns)
    except (ValidationError, RecursionError) as problem:
        raise BadInput(f"not a conversation: {_first(problem)}; give one that was exported as JSON") from None
    quotes = sum(1 for _ in _quotes(read))
    if quotes > MAX_QUOTES:
        raise BadInput(f"the conversation has {quotes:,} quotes; give at most {MAX_QUOTES:,} at a time")
    return read


def recheck(turns: Sequence[Turn], index: PassageIndex) -> list[Held]:
    """Every quote of the conversation, in order, against the documents as they are indexed now."""
    known: Known = {}
    asked = [{one.question for one in turn.reply.questions or () if one.reason is None} for turn in turns]
    return [_held(place, asked[place[0] - 1], index, known) for place in _quotes(turns)]


def problem(quote: Quote, index: PassageIndex, known: Known) -> str | None:
    """Why ``quote`` is not what stands in ``index``, in one line; None when it is. ``known`` is added to."""
    document = index.documents.get(quote.document)
    if document is None or document.sha256 != quote.document_sha256:
        return _whereabouts(quote, index)
    try:
        grounding.verify([replace(quote, also=())], index)
    except BadQuote:
        return f"its words or offsets were changed ({_whereabouts(quote, index)})"
    gone = (
        f"{place.document} no longer says the same" for place in quote.also if not _says(place, quote, index, known)
    )
    return _misplaced(quote, index, known) or next(gone, None)


def still_said(quote: Quote, index: PassageIndex, known: Known) -> Quote:
    """``quote`` without the places in ``also`` that are not what stands in ``index``. ``known`` is added to."""
    return replace(quote, also=tuple(place for place in quote.also if _says(place, quote, index, known)))


def _quotes(turns: Sequence[Turn]) -> Iterator[tuple[int, str, int, Quote]]:
    for turn, said in enumerate(turns, start=1):
        reply = said.reply
        correction = [] if reply.correction is None else [reply.correction]
        # In the order in which a file has them.
        for part, quotes in (("quotes", reply.quotes), ("correction", correction), ("nearest", reply.nearest)):
            for number, quote in enumerate(quotes, start=1):
                yield turn, part, number, quote


def _held(place: tuple[int, str, int, Quote], asked: Collection[str], index: PassageIndex, known: Known) -> Held:
    turn, part, number, quote = place
    why = problem(quote, index, known) or _unasked(quote, asked if part == "quotes" else ())
    return Held(turn, part, number, quote, why, None if why else index.documents[quote.document])


def _unasked(quote: Quote, asked: Collection[str]) -> str | None:
    """Why it cannot answer the questions that it names, of several that were asked; None when it can."""
    named = quote.questions or ()
    if bool(named) == bool(asked) and all(name in asked for name in named):
        return None
    return "the questions that it is said to answer are not those of its reply"


def _says(place: Place, quote: Quote, index: PassageIndex, known: Known) -> bool:
    try:
        grounding.verify([replace(quote, also=(place,))], index)
    except BadQuote:
        return False
    return _misplaced(place, index, known) is None


def _misplaced(said: Quote | Place, index: PassageIndex, known: Known) -> str | None:
    """Which name of its place is another in the document that has its words; None when all are right."""
    document = index.documents[said.document]
    key = index.generation, document.id
    if key not in known:
        known[key] = Places.of(index, document)
    span = Span(said.start, said.end)
    cut = grounding.cut(known[key].passage(span), span, number=1, score=1.0)
    for name in ("title", "heading", "paragraph"):
        if getattr(cut, name) != getattr(said, name):
            return f"its {name} is {getattr(cut, name)!r}, not {getattr(said, name)!r}"
    return None


def _whereabouts(quote: Quote, index: PassageIndex) -> str:
    found = linking.whereabouts(quote, index)
    return found.line.rstrip(".") if found.quote else f"{quote.document} {found.line}"


def _first(problem: Exception) -> str:
    if isinstance(problem, ValidationError):
        error = problem.errors(include_url=False, include_input=False)[0]
        where = ".".join(str(part) for part in error["loc"][:6]) or "its turns"
        return f"{where}: {error['msg']}"[:200]
    return "nested too deeply"
