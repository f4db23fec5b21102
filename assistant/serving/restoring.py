"""A conversation that a browser kept → the same conversation, every quote checked against the documents again."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace

from pydantic import TypeAdapter, ValidationError

from assistant.citations.conversation import Known, problem, still_said
from assistant.quotes.grounding import BadQuote
from assistant.replies import Answer, Quote, Refusal, Reply
from index import Document, PassageIndex

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


def read_kept(kept: str) -> list[tuple[str, Reply]]:
    """Questions and replies of ``[{"question": …, "reply": …}]``, the latest; what is not of that form is left out."""
    try:
        sent = json.loads(kept)
    except (ValueError, RecursionError):
        return []
    turns: list[tuple[str, Reply]] = []
    for turn in sent[-_MOST_TURNS:] if isinstance(sent, list) else []:
        reply = read_reply(turn.get("reply")) if isinstance(turn, dict) else None
        question = turn.get("question") if isinstance(turn, dict) else None
        if reply is not None and isinstance(question, str):
            turns.append((question, reply))
    return turns


def held(
    reply: Reply, edition: Callable[[str, str], tuple[PassageIndex, Document] | None], known: Known
) -> Reply | None:
    """``reply`` without the places in ``also`` that are gone; None when one of its quotes is not what stands there.

    ``edition`` gives the index to look in by a quote's sha256 and document; ``known`` is added to.
    """

    def checked(quote: Quote) -> Quote:
        found = edition(quote.document_sha256, quote.document)
        if found is None:
            raise BadQuote(f"{quote.document} is in no index")
        index, _ = found
        quote = still_said(quote, index, known)
        why = problem(quote, index, known)
        if why is not None:
            raise BadQuote(why)
        return quote

    try:
        if isinstance(reply, Answer):
            return replace(reply, quotes=tuple(map(checked, reply.quotes)))
        correction = checked(reply.correction) if reply.correction is not None else None
        return replace(reply, correction=correction, nearest=tuple(map(checked, reply.nearest)))
    except BadQuote:
        return None
