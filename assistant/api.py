"""What programs, and the page's own scripts, ask over plain HTTP: replies, documents, the index and its rebuild."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from fastapi import APIRouter
from fastapi.responses import JSONResponse
from pydantic import BaseModel, Field

from assistant.quote_api import quote_routes
from assistant.restoring import read_reply
from assistant.selecting import BadSelection
from assistant.service import Service
from assistant.viewing import document_view
from index import BadInput


class Asked(BaseModel):
    """The body of ``POST /v1/ask``; ``history`` holds the user's earlier questions, oldest first.

    ``documents``: names of those to look at, all when there is none.
    """

    question: str
    history: list[str] = Field(default_factory=list, max_length=100)
    documents: list[str] = Field(default_factory=list, max_length=1000)


class Judged(BaseModel):
    """The body of ``POST /v1/feedback``: a reply object as it was given, and whether its reader found it right."""

    reply: dict[str, Any]
    right: bool


def routes(service: Service) -> APIRouter:
    """Every route but the page's. Handlers are plain functions: they run in threads and may wait for the model."""
    api = APIRouter()
    api.include_router(quote_routes(service))

    @api.get("/healthz")
    def healthz() -> JSONResponse:
        """The process is up."""
        return JSONResponse({"status": "up"})

    @api.get("/readyz")
    def readyz() -> JSONResponse:
        """200 once a question is answered without waiting, 503 before that and with nothing to answer from."""
        found = _index_facts(service)
        told = {"status": found["state"], "line": found["line"], "notices": found["notices"]}
        return JSONResponse(told, status_code=200 if found["state"] == "ready" else 503)

    @api.post("/v1/ask")
    def ask(asked: Asked) -> JSONResponse:
        """The reply object, as assistant/reply.schema.json describes it."""
        try:
            return JSONResponse(service.ask(asked.question, asked.history, asked.documents).to_json())
        except BadSelection as problem:
            return _error(400, str(problem))
        except BadInput as problem:
            return _error(503, str(problem))

    @api.get("/v1/index")
    def index() -> JSONResponse:
        """What is indexed, from what, and how a rebuild stands."""
        return JSONResponse(_index_facts(service) | {"rebuild": _rebuild_facts(service)})

    @api.post("/v1/rebuild")
    def rebuild() -> JSONResponse:
        """Start a rebuild and return at once; ``GET /v1/index`` tells how it goes."""
        if not service.config.allow_rebuild:
            return _error(403, "rebuilding from the page is switched off; run: python -m index rebuild")
        if not service.rebuilder.start():
            return _error(409, "a rebuild is running already")
        return JSONResponse(_rebuild_facts(service), status_code=202)

    @api.get("/v1/document/{sha256}")
    def document(sha256: str) -> JSONResponse:
        """Text and structure of the document whose file has this sha256; of the last few generations too."""
        try:
            found = service.document(sha256)
        except BadInput as problem:
            return _error(503, str(problem))
        if found is None:
            return _error(404, "no document with that sha256 in the index; it has been rebuilt since")
        # The address names the content, so it can be kept for good.
        return JSONResponse(document_view(found), headers={"cache-control": "private, max-age=31536000, immutable"})

    @api.get("/v1/feedback")
    def feedback_kept() -> JSONResponse:
        """The file that keeps what readers say of replies; null where nothing is kept."""
        file = service.feedback.file
        return JSONResponse({"file": None if file is None else str(file)})

    @api.post("/v1/feedback")
    def feedback(judged: Judged) -> JSONResponse:
        """Keep whether a reply was right; 403 where feedback is not kept."""
        reply = read_reply(judged.reply)
        if reply is None:
            return _error(422, "that is no reply object")
        try:
            service.feedback.add(reply, judged.right)
        except BadInput as problem:
            return _error(403 if service.feedback.file is None else 507, str(problem))
        return JSONResponse({"file": str(service.feedback.file)}, status_code=201)

    return api


def _index_facts(service: Service) -> dict[str, object]:
    """``state`` is loading, ready or failed; without an index ``index`` is None and ``documents`` is empty."""
    facts: dict[str, object] = {"line": "", "notices": [], "index": None, "documents": []}
    try:
        index, notices = service.index()
    except BadInput as problem:
        state = "failed" if service.settled() else "loading"
        return {"state": state, **facts, "line": str(problem)}
    facts["notices"] = list(notices)
    facts["index"] = index.manifest.summary()
    facts["documents"] = [
        {"document": document.id, "title": document.title, "sha256": document.sha256}
        for document in index.documents.values()
    ]
    if service.failure is not None:
        return {"state": "failed", **facts, "line": str(service.failure)}
    if not service.settled():
        return {"state": "loading", **facts, "line": "the model is being loaded"}
    return {"state": "ready", **facts}


def _rebuild_facts(service: Service) -> dict[str, object]:
    return {"allowed": service.config.allow_rebuild, **asdict(service.rebuilder.progress)}


def _error(status: int, line: str) -> JSONResponse:
    return JSONResponse({"error": line}, status_code=status)
