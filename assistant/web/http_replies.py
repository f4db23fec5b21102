"""How what a question over HTTP comes to is told: the object itself, or a status and one line."""

from __future__ import annotations

from collections.abc import Callable

from fastapi.responses import JSONResponse

from assistant.quotes.verifying import BadQuotation
from assistant.reading import BadQuery, NoSuchParagraph
from assistant.selecting import BadSelection
from assistant.serving.admission import Refused
from index import BadInput

# Of what whoever asks can mend; the rest is for whoever runs the server.
_STATUS: dict[type[BadInput], int] = {BadSelection: 400, NoSuchParagraph: 404, BadQuery: 422, BadQuotation: 422}


def answered(work: Callable[[], object]) -> JSONResponse:
    """What ``work`` gives, JSON-ready; or 400, 404 or 422 for a question that cannot be answered as it is, else 503."""
    try:
        return JSONResponse(work())
    except BadInput as problem:
        return fault(problem)


def fault(problem: BadInput) -> JSONResponse:
    """400, 404 or 422 for what whoever asks can mend, else 503."""
    return error(_STATUS.get(type(problem), 503), str(problem))


def refused(reason: Refused) -> JSONResponse:
    """As the guard tells it, for what is refused behind it."""
    headers = {name.decode(): value.decode() for name, value in reason.headers}
    return JSONResponse({"error": reason.line}, reason.status, headers)


def error(status: int, line: str, code: str | None = None) -> JSONResponse:
    """A status with one line for a person and, where there is one, a ``code`` for a program."""
    return JSONResponse({"error": line} | ({"code": code} if code is not None else {}), status_code=status)
