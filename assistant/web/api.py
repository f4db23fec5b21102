"""What programs, and the page's own scripts, ask over plain HTTP: replies, documents, the index and its changes."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import asdict
from typing import Annotated, Any

from fastapi import APIRouter, File, Form, Header, Query, UploadFile
from fastapi.responses import JSONResponse, Response
from pydantic import BaseModel, Field

from assistant import schemas
from assistant.config import MAX_UPLOAD_BYTES
from assistant.reading import MOST_AROUND, MOST_PASSAGES
from assistant.schemas import described
from assistant.serving import asking, library
from assistant.serving.admission import BUSY, Turns
from assistant.serving.library import NotChanged
from assistant.serving.restoring import read_reply
from assistant.serving.service import Service
from assistant.suggestions.suggesting import Suggestion
from assistant.web import http_objects
from assistant.web.guard import UPLOAD_PATH
from assistant.web.http_objects import told
from assistant.web.http_replies import answered, error, fault, refused
from assistant.web.quote_api import SAME_BYTES, quote_routes
from assistant.web.viewing import document_view
from index import BadInput, Changes, IndexBusy, NoSuchGeneration
from index.documents import READ_SUFFIXES

_OFF = "changing index and documents from the page is switched off"
_DOCUMENTS = "paths, ends of paths, or folders with a slash; all documents when empty"
_DOCUMENT = "a path, the end of one, or a folder with a slash; repeat it for several; all documents when there is none"
_STATUS = {"missing": 404, "count": 413, "full": 507, "disk": 507}
_UPLOAD_FACTS = {
    "suffixes": list(READ_SUFFIXES),
    "max_file_bytes": library.MAX_FILE_BYTES,
    "max_files": library.MAX_FILES,
    "max_bytes": MAX_UPLOAD_BYTES,
}


class Asked(BaseModel):
    """The body of ``POST /v1/ask``."""

    question: str = Field(description="in English, at most 2,000 characters")
    history: list[str] = Field(default=[], max_length=100, description="the user's earlier questions, oldest first")
    documents: list[str] = Field(default=[], max_length=1000, description=_DOCUMENTS)


class Sought(BaseModel):
    """The body of ``POST /v1/search``."""

    query: str = Field(description="words or a question")
    most: int = Field(default=10, ge=1, le=MOST_PASSAGES, description="how many passages")
    documents: list[str] = Field(default=[], max_length=1000, description=_DOCUMENTS)


class Placed(BaseModel):
    """The body of ``POST /v1/passage``."""

    document: str = Field(description="its path, as a quote has it")
    paragraph: int = Field(ge=1, description="as a quote has it")
    around: int = Field(default=0, ge=0, le=MOST_AROUND, description="so many paragraphs before and after it, too")


class Judged(BaseModel):
    """The body of ``POST /v1/feedback``."""

    reply: dict[str, Any] = Field(description="a reply object, as it was given")
    right: bool = Field(description="whether its reader found it right")


class Aside(BaseModel):
    """The body of ``POST /v1/documents/restore``."""

    kept: str = Field(description="where a removal said that the document lies")


class Earlier(BaseModel):
    """The body of ``POST /v1/rollback``."""

    generation: str | None = Field(default=None, description="the one to answer from; the one before the live one")


def routes(service: Service, turns: Turns) -> APIRouter:
    """Every route but the page's. Handlers are plain functions: they run in threads and may wait for the model."""
    api = APIRouter()

    @api.get("/healthz", responses=told(http_objects.Up))
    def healthz() -> JSONResponse:
        """The process is up."""
        return JSONResponse({"status": "up"})

    @api.get("/readyz", responses=told(http_objects.Ready))
    def readyz() -> JSONResponse:
        """200 once a question is answered without waiting, 503 before that and with nothing to answer from."""
        found = index_facts(service)
        ready = {"status": found["state"], "line": found["line"], "notices": found["notices"]}
        return JSONResponse(ready, status_code=200 if found["state"] == "ready" else 503)

    @api.get("/metrics")
    def metrics() -> Response:
        """What an operator watches, for Prometheus: questions, refusals, times, the index; no word of a question."""
        # Late: it is looked at for the first time long after the start.
        from assistant.serving.metrics import CONTENT_TYPE

        return Response(service.metrics.text(), headers={"content-type": CONTENT_TYPE})

    @api.post("/v1/ask", responses=described("reply"))
    async def ask(asked: Asked) -> JSONResponse:
        """The reply object, as assistant/schemas/reply.schema.json describes it."""
        try:
            reply = await asking.ask(service, turns, asked.question, asked.history, asked.documents)
        except BadInput as problem:
            return fault(problem)
        if reply is None:
            return refused(BUSY)
        return JSONResponse(reply.to_json())

    @api.post("/v1/search", responses=described("passages"))
    async def search(sought: Sought) -> JSONResponse:
        """The passages nearest to a query, as passages.schema.json describes them; nothing is judged."""
        try:
            found = await asking.in_turn(
                turns, lambda: service.search(sought.query, sought.most, sought.documents).to_json()
            )
        except BadInput as problem:
            return fault(problem)
        return refused(BUSY) if found is None else JSONResponse(found)

    @api.post("/v1/passage", responses=described("passages"))
    def passage(placed: Placed) -> JSONResponse:
        """A paragraph word for word, and those around it, as assistant/schemas/passages.schema.json describes them."""
        return answered(lambda: service.read_passage(placed.document, placed.paragraph, placed.around).to_json())

    @api.get("/v1/suggestions", responses=told(list[Suggestion]))
    def suggestions(
        document: Annotated[Sequence[str], Query(max_length=1000, description=_DOCUMENT)] = (),
    ) -> JSONResponse:
        """Questions known to be answered, with the sentences that answer them; 202 while they are looked for."""
        try:
            found, whole = service.suggestions(document)
        except BadInput as problem:
            return fault(problem)
        return JSONResponse([asdict(one) for one in found], status_code=200 if whole else 202)

    @api.get("/v1/index", responses=told(http_objects.IndexFacts))
    def index() -> JSONResponse:
        """What is indexed, from what, what changed since, what could be gone back to, and how a rebuild stands."""
        rest = {"rebuild": _rebuild_facts(service), "upload": _UPLOAD_FACTS}
        return JSONResponse(index_facts(service) | rest)

    @api.post("/v1/rebuild", status_code=202, responses=told(http_objects.Rebuilding, 202))
    def rebuild() -> JSONResponse:
        """Start a rebuild and return at once; ``GET /v1/index`` tells how it goes."""
        if not service.config.allow_rebuild:
            return error(403, f"{_OFF}; run: python -m index rebuild")
        if not service.rebuilder.start():
            return error(409, "a rebuild is running already")
        return JSONResponse(_rebuild_facts(service), status_code=202)

    @api.post("/v1/rollback", responses=told(http_objects.WentBack))
    def rollback(earlier: Earlier | None = None) -> JSONResponse:
        """Answer from an earlier generation from now on, after checking all of it."""
        if not service.config.allow_rebuild:
            return error(403, f"{_OFF}; run: python -m index rollback")
        try:
            done = service.roll_back(earlier.generation if earlier is not None else None)
        except NoSuchGeneration as problem:
            return error(404, str(problem))
        except IndexBusy as problem:
            return error(409, str(problem))
        except BadInput as problem:
            return error(503, str(problem))
        return JSONResponse({"changed": done.changed, **done.manifest.summary()})

    @api.post(UPLOAD_PATH, status_code=201, responses=told(http_objects.Uploaded, 201))
    def add_documents(
        files: Annotated[list[UploadFile], File()], replace: Annotated[bool, Form()] = False
    ) -> JSONResponse:
        """Keep files beside the documents; they are searched after the next rebuild. Refused ones are told by name."""
        if not service.config.allow_rebuild:
            return error(403, f"{_OFF}; put the files into the documents' folder")
        try:
            added, refused = service.library.add([(f.filename or "", f.file) for f in files], replace=replace)
        except NotChanged as problem:
            return error(_STATUS.get(problem.code, 422), str(problem), problem.code)
        kept = {"added": [asdict(one) for one in added], "refused": [asdict(one) for one in refused]}
        return JSONResponse(kept, status_code=201 if added else 422)

    @api.post(UPLOAD_PATH + "/restore", responses=told(http_objects.Restored))
    def restore_document(aside: Aside | None = None) -> JSONResponse:
        """Undo a removal: put the document back under its name, unless another has it by now."""
        if not service.config.allow_rebuild:
            return error(403, f"{_OFF}; move the file back into the documents' folder")
        try:
            return JSONResponse({"document": service.library.restore(aside.kept if aside else "")})
        except NotChanged as problem:
            return error(_STATUS.get(problem.code, 422), str(problem), problem.code)

    @api.delete(UPLOAD_PATH + "/{document:path}", responses=told(library.Removed))
    def remove_document(document: str) -> JSONResponse:
        """Take a document out of the folder, to where it can be had back from; it answers until the next rebuild."""
        if not service.config.allow_rebuild:
            return error(403, f"{_OFF}; remove the file from the documents' folder")
        try:
            return JSONResponse(asdict(service.library.remove(document)))
        except NotChanged as problem:
            return error(_STATUS.get(problem.code, 422), str(problem), problem.code)

    @api.get("/v1/document/{sha256}", responses=told(http_objects.Viewed))
    def document(
        sha256: str,
        document: Annotated[str, Query(description=SAME_BYTES)] = "",
        if_none_match: Annotated[str, Header(include_in_schema=False)] = "",
    ) -> Response:
        """Text and structure of the document whose file has this sha256; of the last few generations too."""
        try:
            found = service.edition(sha256, document)
        except BadInput as problem:
            return error(503, str(problem))
        if found is None:
            return error(404, "no document with that sha256 in the index; it has been rebuilt since")
        answer = JSONResponse(document_view(found[1]))
        # The address names the file: its text, blocks and card may be read otherwise by the next index.
        tag = f'"{hashlib.sha256(answer.body).hexdigest()}"'
        headers = {"cache-control": "private, no-cache", "etag": tag}
        if tag in if_none_match or if_none_match.strip() == "*":
            return Response(status_code=304, headers=headers)
        answer.headers.update(headers)
        return answer

    @api.get("/v1/feedback", responses=told(http_objects.FeedbackFile))
    def feedback_kept() -> JSONResponse:
        """The file that keeps what readers say of replies; null where nothing is kept."""
        file = service.feedback.file
        return JSONResponse({"file": None if file is None else str(file)})

    @api.post("/v1/feedback", status_code=201, responses=told(http_objects.FeedbackFile, 201))
    def feedback(judged: Judged) -> JSONResponse:
        """Keep whether a reply was right; 403 where feedback is not kept."""
        reply = read_reply(judged.reply)
        if reply is None:
            return error(422, "that is no reply object")
        try:
            service.feedback.add(reply, judged.right)
        except BadInput as problem:
            return error(403 if service.feedback.file is None else 507, str(problem))
        return JSONResponse({"file": str(service.feedback.file)}, status_code=201)

    api.include_router(quote_routes(service))

    @api.get("/v1/schemas/{file}")
    def schema(file: str) -> Response:
        """What an object holds, as JSON Schema: reply.schema.json and the others that it or this page names."""
        text = schemas.file(file)
        if text is None:
            return error(404, f"there is no such schema; there are {', '.join(schemas.FILES)}")
        return Response(text, media_type="application/schema+json")

    return api


def index_facts(service: Service) -> dict[str, object]:
    """``state`` is loading, ready or failed; without an index ``index`` is None and ``documents`` is empty."""
    facts: dict[str, object] = {
        "line": "",
        "notices": [],
        "index": None,
        "documents": [],
        "changes": Changes().to_json(),
        "generations": [],
    }
    try:
        # Told also when no generation answers: then there may be one to go back to.
        facts["generations"] = [one.to_json() for one in service.generations()]
        index, notices = service.index()
        facts["changes"] = service.changes().to_json()
    except BadInput as problem:
        state = "failed" if service.settled() else "loading"
        return {"state": state, **facts, "line": str(problem)}
    facts["notices"] = list(notices)
    facts["index"] = index.manifest.summary()
    held = index.passages.counts()
    facts["documents"] = [
        {
            "document": document.id,
            "title": document.title,
            "sha256": document.sha256,
            "passages": held[document.id][0],
            "sentences": held[document.id][1],
        }
        for document in index.documents.values()
    ]
    if service.failure is not None:
        return {"state": "failed", **facts, "line": str(service.failure)}
    if not service.settled():
        return {"state": "loading", **facts, "line": "the model is being loaded"}
    return {"state": "ready", **facts}


def _rebuild_facts(service: Service) -> dict[str, object]:
    return {"allowed": service.config.allow_rebuild, **asdict(service.rebuilder.progress)}
