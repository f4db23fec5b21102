"""How each interface is called: commands and programs that run as they are printed, over the documents there are."""

from __future__ import annotations

import json
import shlex
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import islice

from assistant.quotes import grounding
from assistant.quotes.linking import permanent_link
from assistant.replies import Quote
from assistant.serving.service import Service
from index import BadInput, PassageIndex

# Where a login is asked for, the examples take it from this variable of the environment: it is nowhere on the page.
LOGIN = "VERBATIM_LOGIN"

_PASSAGES_SEEN = 50
_SENTENCE_CHARS = range(30, 161)
_NOTE = "example-note.txt"
_JSON = "-H 'Content-Type: application/json'"

Operation = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Sample:
    """What the examples speak of: a question, a sentence of the documents, and a generation to go back to, if any."""

    question: str
    quote: Quote
    earlier: str | None


def sample(service: Service) -> Sample | None:
    """Taken from the index that answers now; None without one."""
    try:
        index, _ = service.index()
        suggested, _ = service.suggestions()
        earlier = [one.generation for one in service.generations() if one.generation != index.generation]
    except BadInput:
        return None
    quote = _sentence(index)
    if quote is None:
        return None
    question = suggested[0].question if suggested else f"What does “{quote.title}” say?"
    return Sample(question, quote, earlier[0] if earlier else None)


def _sentence(index: PassageIndex) -> Quote | None:
    """A sentence of the first passages that is easily read in a command, or else the first there is."""
    quotes = [
        grounding.cut(passage, sentence.span, number=1, score=1.0)
        for passage in islice(index.passages, _PASSAGES_SEEN)
        for sentence in passage.sentences
    ]
    plain = (one for one in quotes if len(one.exact) in _SENTENCE_CHARS and f"{one.exact}{one.document}".isprintable())
    return next(plain, quotes[0] if quotes else None)


class Examples:
    """Examples for the server at ``base``, an address without a slash at its end; ``login``: whether it asks for one.

    Shell commands are for any POSIX shell with curl.
    """

    def __init__(self, base: str, told: Sample, *, login: bool) -> None:
        self._base, self._told, self._login = base, told, login

    def curl(self) -> dict[Operation, str]:
        """Method and path as OpenAPI has them → a command. Those that change something are in an order that works."""
        question, quote = self._told.question, self._told.quote
        cited = {"document_sha256": quote.document_sha256, "start": quote.start, "end": quote.end}
        note = shlex.quote(r"The ferry\n\nThe Quenby ferry sank in 1931.\n")
        removed = self._curl(f"/v1/documents/{_NOTE}", "-X DELETE")
        earlier = self._told.earlier
        back = {("POST", "/v1/rollback"): self._post("/v1/rollback", {"generation": earlier})} if earlier else {}
        return {
            ("POST", "/v1/ask"): self._post("/v1/ask", {"question": question}),
            ("POST", "/v1/search"): self._post("/v1/search", {"query": question, "most": 3}),
            ("POST", "/v1/passage"): self._post(
                "/v1/passage", {"document": quote.document, "paragraph": quote.paragraph, "around": 1}
            ),
            ("POST", "/v1/verify"): self._post("/v1/verify", {"text": quote.exact}),
            ("POST", "/v1/cite"): self._post("/v1/cite", cited),
            ("POST", "/v1/resolve"): self._post("/v1/resolve", {"cite": permanent_link(quote)}),
            ("POST", "/v1/export"): self._with_reply(
                "/v1/export", '{"format": "markdown", "turns": [{"question": %s, "reply": %s}]}', _json(question)
            ),
            ("POST", "/v1/feedback"): self._with_reply("/v1/feedback", '{"reply": %s, "right": true}'),
            ("POST", "/v1/rebuild"): self._curl("/v1/rebuild", "-X POST"),
            **back,
            ("POST", "/v1/documents"): f"printf {note} |\n  "
            + self._curl("/v1/documents", f"-F {shlex.quote(f'files=@-;filename={_NOTE}')}"),
            ("POST", "/v1/documents/restore"): f"{removed} |\n  " + self._curl("/v1/documents/restore", _JSON, "-d @-"),
            ("DELETE", "/v1/documents/{document}"): removed,
            ("GET", "/v1/document/{sha256}"): self._curl(f"/v1/document/{quote.document_sha256}"),
            ("GET", "/v1/schemas/{file}"): self._curl("/v1/schemas/reply.schema.json"),
            **{
                ("GET", path): self._curl(path)
                for path in ("/healthz", "/readyz", "/metrics", "/v1/suggestions", "/v1/index", "/v1/feedback")
            },
        }

    def named(self) -> dict[str, tuple[str, str]]:
        """Name of an endpoint → how gradio_client calls it, and how curl does."""
        arguments: dict[str, Mapping[str, object]] = {
            "/ask": {"question": self._told.question},
            "/search": {"query": self._told.question, "most": 3},
            "/verify": {"text": self._told.quote.exact},
            "/status": {},
            "/rebuild": {},
        }
        return {name: (self._client(name, given), self._event(name, given)) for name, given in arguments.items()}

    def tools(self) -> dict[str, str]:
        """Name of a tool → a command that calls it."""
        question, quote = self._told.question, self._told.quote
        arguments: dict[str, Mapping[str, object]] = {
            "ask": {"question": question},
            "search": {"query": question, "most": 3},
            "verify_quote": {"text": quote.exact},
            "read_passage": {"document": quote.document, "paragraph": quote.paragraph, "around": 1},
        }
        accepts = "-H 'Accept: application/json, text/event-stream'"
        return {
            name: self._post(
                "/mcp",
                {"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": {"name": name, "arguments": given}},
                accepts,
            )
            for name, given in arguments.items()
        }

    def _client(self, name: str, given: Mapping[str, object]) -> str:
        said = ", ".join([*(f"{key}={value!r}" for key, value in given.items()), f'api_name="{name}"'])
        imports, login = "from gradio_client import Client\n", ""
        if self._login:
            imports = f"import os\n\n{imports}\nlogin = os.environ[{LOGIN!r}].split(':', 1)\n"
            login = ", httpx_kwargs={'auth': tuple(login)}"
        return f"{imports}\nclient = Client({self._base!r}{login})\nprint(client.predict({said}))"

    def _event(self, name: str, given: Mapping[str, object]) -> str:
        """Two requests: the first gives the number of an event, the second waits for it."""
        asked = self._post(f"/gradio_api/call/v2{name}", given).replace("\n", "\n  ")
        return f"{self._curl(f'/gradio_api/call{name}/')}$(\n  {asked} |\n    cut -d'\"' -f4\n)"

    def _with_reply(self, path: str, form: str, *values: str) -> str:
        """A command that asks first and sends what it gets, behind ``values``, in a body of this form of printf."""
        asked = self._post("/v1/ask", {"question": self._told.question}).replace("\n", "\n  ")
        told = " ".join(map(shlex.quote, (form, *values)))
        return f'printf {told} "$(\n  {asked}\n)" |\n  {self._curl(path, _JSON, "-d @-")}'

    def _post(self, path: str, body: Mapping[str, object], *options: str) -> str:
        told = "".join(f" \\\n  {one}" for one in (*options, _JSON))
        return f"{self._curl(path)}{told} \\\n  -d {shlex.quote(_json(body))}"

    def _curl(self, path: str, *options: str) -> str:
        login = [f'-u "${LOGIN}"'] if self._login else []
        return " ".join(["curl -s", *login, shlex.quote(self._base + path), *options])


def _json(value: object) -> str:
    """Readable where every character of it can be seen."""
    text = json.dumps(value, ensure_ascii=False)
    return text if text.isprintable() else json.dumps(value)
