"""The page's named endpoints, for gradio_client and curl: typed, and described at /gradio_api/info."""

# Annotations stay objects here, without the usual import: Gradio reads types from them.

import asyncio
import contextlib
from collections.abc import Callable, Coroutine, Iterator
from typing import Any, TypeVar

import gradio as gr
from anyio import to_thread
from gradio.context import Context
from gradio.utils import get_function_description
from pydantic import ValidationError

from assistant.schemas import schema
from assistant.serving import asking
from assistant.serving.admission import BUSY, Turns
from assistant.serving.service import Service
from assistant.web.api import Asked, Sought, index_facts
from assistant.web.http_objects import Rebuilt, Status
from assistant.web.quote_api import Pasted, verdict
from index import BadInput

T = TypeVar("T")

_LOOK_S = 0.2
_MOST_PASSAGES = 10


def add_endpoints(service: Service, turns: Turns) -> None:
    """Add them to the blocks under construction. ``/rebuild`` is there only where changes are allowed.

    Whatever the model or a search answers waits for one of ``turns``.
    """

    # The mutable defaults are never changed; the endpoints' description shows them.
    async def ask(question: str, history: list[str] = [], documents: list[str] = []) -> dict[str, Any]:  # noqa: B006
        """Answer a question with exact quotes of the documents, or refuse: a refusal is an answer too.

        It may hold a sentence that may contradict what the question takes for granted, as its correction.

        Parameters:
            question: in English, at most 2,000 characters
            history: the earlier questions, oldest first
            documents: paths, ends of paths, or folders with a slash; all documents when empty
        Returns:
            the reply object
        """
        with _told():
            asked = Asked(question=question, history=history, documents=documents)
            reply = await asking.ask(service, turns, asked.question, asked.history, asked.documents)
        if reply is None:
            raise gr.Error(BUSY.line, print_exception=False)
        return reply.to_json()

    async def search(query: str, most: int = _MOST_PASSAGES, documents: list[str] = []) -> dict[str, Any]:  # noqa: B006
        """Find the passages nearest to a query, word for word. Whether they answer it is not judged.

        Parameters:
            query: words or a question
            most: how many passages, 1 to 50
            documents: paths, ends of paths, or folders with a slash; all documents when empty
        Returns:
            the passages, best first
        """
        return await _in_turn(turns, lambda: _search(service, Sought(query=query, most=most, documents=documents)))

    async def verify(text: str) -> dict[str, Any]:
        """Say whether a pasted text stands in the documents: exact, typographic, altered, stitched or absent.

        Parameters:
            text: the quotation, at most 20,000 characters
        Returns:
            the verdict, with every place and a comparison word by word
        """
        return await _in_turn(turns, lambda: verdict(service, Pasted(text=text).text))

    async def status() -> dict[str, Any]:
        """Say whether questions are answered, from which index and documents, and what to know about them.

        Returns:
            the state: loading, ready or failed, and why
        """
        return await to_thread.run_sync(_status, service)

    async def rebuild() -> dict[str, Any]:
        """Bring the index up to date with the documents and wait for the end; the old index answers meanwhile.

        Returns:
            how it ended, and which generation answers now
        """
        if not service.rebuilder.start():
            raise gr.Error("a rebuild is running already", print_exception=False)
        # Asleep rather than in a thread: whoever goes away meanwhile holds nothing, and the rebuild goes on.
        while service.rebuilder.progress.running:
            await asyncio.sleep(_LOOK_S)
        ended = service.rebuilder.progress
        index = (await to_thread.run_sync(_status, service))["index"]
        generation = index["generation"] if index else None
        return {"failed": ended.failed, "line": ended.line, "took_s": round(ended.took_s, 1), "generation": generation}

    _add(ask, schema("reply"))
    _add(search, schema("passages"))
    _add(verify, schema("verdict"))
    _add(status, Status.model_json_schema())
    if service.config.allow_rebuild:
        _add(rebuild, Rebuilt.model_json_schema())


def _add(endpoint: Callable[..., Coroutine[Any, Any, Any]], returns: dict[str, Any]) -> None:
    """One endpoint, with its docstring's words on the API page; ``returns`` is the schema of what it gives."""
    name = endpoint.__name__
    added = gr.api(endpoint, api_name=name, concurrency_limit=None)
    _, parameters, told = get_function_description(endpoint)
    event = Context.root_block.fns[added["id"]]
    # Gradio names what it cannot name otherwise “1st” and “2nd”.
    for component, words in zip((*event.inputs, *event.outputs), (*parameters.values(), *told), strict=True):
        component.label = words
    event.outputs[0]._api_info = _alternatives(returns)


def _alternatives(part: Any) -> Any:
    """A schema as Gradio reads it: it knows no list of types, and conditions it takes for types."""
    if isinstance(part, list):
        return [_alternatives(one) for one in part]
    if not isinstance(part, dict):
        return part
    kept = {key: value for key, value in part.items() if key not in ("allOf", "additionalProperties")}
    if isinstance(part.get("type"), list):
        rest = {key: value for key, value in kept.items() if key not in ("type", "description")}
        described = {"description": kept["description"]} if "description" in kept else {}
        ways = [{"type": one} | (rest if one != "null" else {}) for one in part["type"]]
        return {"anyOf": [_alternatives(one) for one in ways], **described}
    return {key: _alternatives(value) for key, value in kept.items()}


async def _in_turn(turns: Turns, work: Callable[[], T]) -> T:
    """What ``work`` gives, when it is its turn."""
    with _told():
        found = await asking.in_turn(turns, work)
    if found is None:
        raise gr.Error(BUSY.line, print_exception=False)
    return found


@contextlib.contextmanager
def _told() -> Iterator[None]:
    """What a client sent wrongly, told in one line."""
    try:
        yield
    except ValidationError as problem:
        # Gradio checks no type: what was sent is checked as over HTTP.
        first = problem.errors()[0]
        raise gr.Error(f"{'.'.join(map(str, first['loc']))}: {first['msg']}", print_exception=False) from None
    except BadInput as problem:
        raise gr.Error(str(problem), print_exception=False) from None


def _search(service: Service, sought: Sought) -> dict[str, object]:
    return service.search(sought.query, sought.most, sought.documents).to_json()


def _status(service: Service) -> dict[str, Any]:
    facts = index_facts(service)
    told = {name: facts[name] for name in ("state", "line", "notices", "index", "documents")}
    running = service.rebuilder.progress.running
    return {**told, "rebuild_allowed": service.config.allow_rebuild, "rebuild_running": running}
