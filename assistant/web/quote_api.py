"""What programs and the page ask about quotes over HTTP: check one, cite one, follow a link to one, export many."""

from __future__ import annotations

from typing import Any, Literal

from fastapi import APIRouter
from fastapi.responses import JSONResponse, Response
from pydantic import BaseModel, Field

from assistant.citations import citing
from assistant.citations.citing import CannotCite
from assistant.citations.conversation import read_turns
from assistant.citations.exporting import check_conversation, write
from assistant.quotes import linking
from assistant.quotes.verifying import MAX_PASTED_CHARS, verify
from assistant.schemas import described
from assistant.serving.service import Service
from assistant.web.http_objects import Leads, told
from assistant.web.http_replies import answered, error
from index import BadInput

SAME_BYTES = "its path, as a quote has it: of several files with the same bytes the one that is meant"


class Pasted(BaseModel):
    """The body of ``POST /v1/verify``."""

    text: str = Field(description=f"the quotation, at most {MAX_PASTED_CHARS:,} characters")


class Chosen(BaseModel):
    """The body of ``POST /v1/cite``."""

    document_sha256: str = Field(description="as a quote has it")
    document: str = Field(default="", description=SAME_BYTES)
    start: int = Field(description="of the words, in code points of the document's text")
    end: int = Field(description="behind their last character")


class Followed(BaseModel):
    """The body of ``POST /v1/resolve``."""

    cite: str = Field(description="a permanent link, or what follows cite= in it")


class Kept(BaseModel):
    """The body of ``POST /v1/export``."""

    format: Literal["markdown", "html", "json"]
    turns: list[Any] = Field(description="each with a question and its reply, the reply object as it was given")


def quote_routes(service: Service) -> APIRouter:
    """The routes about quotes. Handlers are plain functions: they run in threads."""
    api = APIRouter()

    @api.post("/v1/verify", responses=described("verdict"))
    def verified(pasted: Pasted) -> JSONResponse:
        """Whether a text stands in the documents, as assistant/schemas/verdict.schema.json describes it."""
        return answered(lambda: verdict(service, pasted.text))

    @api.post("/v1/cite", responses=described("citation"))
    def cited(chosen: Chosen) -> JSONResponse:
        """Words of a document with every citation of them, as assistant/schemas/citation.schema.json describes it."""
        try:
            edition = service.edition(chosen.document_sha256, chosen.document)
            if edition is None:
                return error(404, "no document with that sha256 in the index; it has been rebuilt since")
            return JSONResponse(citing.cite(*edition, chosen.start, chosen.end).to_json())
        except CannotCite as problem:
            return error(422, str(problem))
        except BadInput as problem:
            return error(503, str(problem))

    @api.post("/v1/resolve", responses=told(Leads))
    def resolved(followed: Followed) -> JSONResponse:
        """Where the words of a permanent link stand now: ``fate`` is same, moved or expired."""
        try:
            index, _ = service.index()
        except BadInput as problem:
            return error(503, str(problem))
        return JSONResponse(linking.resolve(followed.cite, index).to_json())

    @api.post("/v1/export")
    def exported(kept: Kept) -> Response:
        """A conversation as a file, every quote in it checked again; it says which no longer hold."""
        try:
            turns = read_turns(kept.turns)
        except BadInput as problem:
            return error(422, str(problem))
        try:
            written, media_type, suffix = write(kept.format, check_conversation(turns, service.index()[0]))
        except BadInput as problem:
            return error(503, str(problem))
        named = {"content-disposition": f'attachment; filename="conversation.{suffix}"'}
        return Response(written, media_type=media_type, headers=named)

    return api


def verdict(service: Service, text: str) -> dict[str, object]:
    """The verdict on a pasted text, JSON-ready. Raises BadQuotation, or BadInput without a usable index."""
    checked = verify(text, *service.index())
    service.metrics.checked(checked.verdict.value)
    return checked.to_json()
