"""A conversation that a browser kept → the same conversation, every quote checked against the documents again."""

from __future__ import annotations

import json
from collections.abc import Callable

from pydantic import TypeAdapter, ValidationError

from assistant import grounding
from assistant.replies import Answer, Refusal, Reply, quotes_of
from index import Document

Turn = tuple[str, Reply]

_ANSWER, _REFUSAL = TypeAdapter(Answer), TypeAdapter(Refusal)
_MOST_TURNS = 200


def read_reply(fields: object) -> Reply | None:
    """The reply whose ``to_json`` gave ``fields``; None when no reply gives them."""
    adapter: TypeAdapter[Answer] | TypeAdapter[Refusal] = _ANSWER
    if isinstance(fields, dict) and fields.get("kind") == "refusal":
        adapter = _REFUSAL
    try:
        # By way of JSON: there a list is a tuple and a string an enumeration's member, and nothing else is lenient.
        return adapter.validate_json(json.dumps(fields), strict=True)
    except (ValidationError, ValueError):
        return None


def read_turns(kept: str) -> list[Turn]:
    """The turns of ``[{"question": …, "reply": …}]``, the latest ones; what is not of that form is left out."""
    try:
        sent = json.loads(kept)
    except (ValueError, RecursionError):
        return []
    turns: list[Turn] = []
    for turn in sent[-_MOST_TURNS:] if isinstance(sent, list) else []:
        reply = read_reply(turn.get("reply")) if isinstance(turn, dict) else None
        question = turn.get("question") if isinstance(turn, dict) else None
        if reply is not None and isinstance(question, str):
            turns.append((question, reply))
    return turns


def still_holds(reply: Reply, document: Callable[[str], Document | None]) -> bool:
    """Whether every quote of ``reply`` is what stands in its document; ``document`` finds one by its sha256."""
    for quote in quotes_of(reply):
        found = document(quote.document_sha256)
        if found is None:
            return False
        try:
            grounding.check(quote, found)
        except grounding.BadQuote:
            return False
    return True
