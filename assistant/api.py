"""What programs, and the page's own scripts, ask over plain HTTP: replies, documents, the index and its changes."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated, Any

from fastapi import APIRouter, File, Form, UploadFile
from fastapi.responses import JSONResponse, Response
from pydantic import BaseModel, Field

from assistant import library
from assistant.guard import UPLOAD_PATH
from assistant.http_replies import answered, error
from assistant.library import NotChanged
from assistant.quote_api import quote_routes
from assistant.reading import MOST_AROUND, MOST_PASSAGES
from assistant.restoring import read_reply
from assistant.schemas import described
from assistant.service import Service
from assistant.viewing import document_view
from index import BadInput, Changes, IndexBusy, NoSuchGeneration
from index.documents import READ_SUFFIXES

_OFF = "changing index and documents from the page is switched off"
_STATUS = {"missing": 404, "count": 413, "full": 507, "disk": 507}
_UPLOAD_FACTS = {
    "suffixes": list(READ_SUFFIXES),
    "max_file_bytes": library.MAX_FILE_BYTES,
    "max_files": library.MAX_FILES,
    "max_bytes": library.MAX_UPLOAD_BYTES,
}


class Asked(BaseModel):
    """The body of ``POST /v1/ask``; ``history`` holds the user's earlier questions, oldest first.

    ``documents``: names of those to look at, all when there is none.
    """

    question: str
    history: list[str] = Field(default_factory=list, max_length=100)
    documents: list[str] = Field(default_factory=list, max_length=1000)


class Sought(BaseModel):
    """The body of ``POST /v1/search``: the ``most`` nearest passages, of these documents or of all."""

    query: str
    most: int = Field(default=10, ge=1, le=MOST_PASSAGES)
    documents: list[str] = Field(default_factory=list, max_length=1000)


class Placed(BaseModel):
    """The body of ``POST /v1/passage``: a document, a paragraph as quotes have it, and how many around it."""

    document: str
    paragraph: int = Field(ge=1)
    around: int = Field(default=0, ge=0, le=MOST_AROUND)


class Judged(BaseModel):
    """The body of ``POST /v1/feedback``: a reply object as it was given, and whether its reader found it right."""

    reply: dict[str, Any]
    right: bool


class Aside(BaseModel):
    """The body of ``POST /v1/documents/restore``: where a removal said that the document lies."""

    kept: str


class Earlier(BaseModel):
    """The body of ``POST /v1/rollback``; without a generation, the one before the live one."""

    generation: str | None = None


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
        found = index_facts(service)
        told = {"status": found["state"], "line": found["line"], "notices": found["notices"]}
        return JSONResponse(told, status_code=200 if found["state"] == "ready" else 503)

    @api.get("/metrics")
    def metrics() -> Response:
        """What an operator watches, for Prometheus: questions, refusals, times, the index; no word of a question."""
        # Late: it is looked at for the first time long after the start.
        from assistant.metrics import CONTENT_TYPE

        return Response(service.metrics.text(), headers={"content-type": CONTENT_TYPE})

    @api.post("/v1/ask", responses=described("reply"))
    def ask(asked: Asked) -> JSONResponse:
        """The reply object, as assistant/reply.schema.json describes it."""
        return answered(lambda: service.ask(asked.question, asked.history, asked.documents).to_json())

    @api.post("/v1/search", responses=described("passages"))
    def search(sought: Sought) -> JSONResponse:
        """The passages nearest to a query, as assistant/passages.schema.json describes them; nothing is judged."""
        return answered(lambda: service.search(sought.query, sought.most, sought.documents).to_json())

    @api.post("/v1/passage", responses=described("passages"))
    def passage(placed: Placed) -> JSONResponse:
        """A paragraph word for word, and those around it, as assistant/passages.schema.json describes them."""
        return answered(lambda: service.read_passage(placed.document, placed.paragraph, placed.around).to_json())

    @api.get("/v1/suggestions")
    def suggestions() -> JSONResponse:
        """Questions known to be answered, with the sentences that answer them; 202 while they are looked for."""
        try:
            found, whole = service.suggestions()
        except BadInput as problem:
            return error(503, str(problem))
        return JSONResponse([asdict(one) for one in found], status_code=200 if whole else 202)

    @api.get("/v1/index")
    def index() -> JSONResponse:
        """What is indexed, from what, what changed since, what could be gone back to, and how a rebuild stands."""
        rest = {"rebuild": _rebuild_facts(service), "upload": _UPLOAD_FACTS}
        return JSONResponse(index_facts(service) | rest)

    @api.post("/v1/rebuild")
    def rebuild() -> JSONResponse:
        """Start a rebuild and return at once; ``GET /v1/index`` tells how it goes."""
        if not service.config.allow_rebuild:
            return error(403, f"{_OFF}; run: python -m index rebuild")
        if not service.rebuilder.start():
            return error(409, "a rebuild is running already")
        return JSONResponse(_rebuild_facts(service), status_code=202)

    @api.post("/v1/rollback")
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

    @api.post(UPLOAD_PATH)
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
        told = {"added": [asdict(one) for one in added], "refused": [asdict(one) for one in refused]}
        return JSONResponse(told, status_code=201 if added else 422)

    @api.delete(UPLOAD_PATH + "/{document:path}")
    def remove_document(document: str) -> JSONResponse:
        """Take a document out of the folder, to where it can be had back from; it answers until the next rebuild."""
        if not service.config.allow_rebuild:
            return error(403, f"{_OFF}; remove the file from the documents' folder")
        try:
            return JSONResponse(asdict(service.library.remove(document)))
        except NotChanged as problem:
            return error(_STATUS.get(problem.code, 422), str(problem), problem.code)

    @api.post(UPLOAD_PATH + "/restore")
    def restore_document(aside: Aside | None = None) -> JSONResponse:
        """Undo a removal: put the document back under its name, unless another has it by now."""
        if not service.config.allow_rebuild:
            return error(403, f"{_OFF}; move the file back into the documents' folder")
        try:
            return JSONResponse({"document": service.library.restore(aside.kept if aside else "")})
        except NotChanged as problem:
            return error(_STATUS.get(problem.code, 422), str(problem), problem.code)

    @api.get("/v1/document/{sha256}")
    def document(sha256: str) -> JSONResponse:
        """Text and structure of the document whose file has this sha256; of the last few generations too."""
        try:
            found = service.document(sha256)
        except BadInput as problem:
            return error(503, str(problem))
        if found is None:
            return error(404, "no document with that sha256 in the index; it has been rebuilt since")
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
            return error(422, "that is no reply object")
        try:
            service.feedback.add(reply, judged.right)
        except BadInput as problem:
            return error(403 if service.feedback.file is None else 507, str(problem))
        return JSONResponse({"file": str(service.feedback.file)}, status_code=201)

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
