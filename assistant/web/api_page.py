"""The page that describes the interfaces of this server: GET /api, written from what they say of themselves."""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from assistant import schemas
from assistant.serving.service import Service
from assistant.web.api_examples import LOGIN, Examples, sample
from assistant.web.guard import UPLOAD_PATH

if TYPE_CHECKING:
    import jinja2
    from mcp_types import Tool

PATH = "/api"

_TEMPLATE, _STYLE = (Path(__file__).with_name(f"api_page.{suffix}") for suffix in ("html", "css"))
_PAGE = Path(__file__).parent / "page"
_TYPE_AND_COLOURS = re.compile(r"^(?:@font-face|:root)[^{}]*\{[^{}]*\}", re.M)
_FONT = re.compile(r'url\("[^"]*/?(fonts/[\w-]+\.woff2)"\)')
_CHANGES = ("/v1/rebuild", "/v1/rollback", UPLOAD_PATH, f"{UPLOAD_PATH}/restore", f"{UPLOAD_PATH}/{{document}}")
_OPERATORS = ("/healthz", "/readyz", "/metrics")
_CODE = re.compile(r"`{1,2}(.+?)`{1,2}")
_METRIC = re.compile(r"^# HELP (verbatim_\S+) (.+)$", re.M)

Schema = Mapping[str, Any]


class Described(Protocol):
    """What Gradio's blocks are to this page."""

    def get_api_info(self) -> Mapping[str, Any]:
        """As /gradio_api/info gives it."""


@dataclass(frozen=True, slots=True)
class Parameter:
    """``default``: as JSON, None for what must be given."""

    name: str
    type: str
    words: str
    default: str | None = None


@dataclass(frozen=True, slots=True)
class Returned:
    """An object: the ``file`` of its schema where it has one, and else its properties with their types."""

    words: str = ""
    title: str = ""
    file: str = ""
    properties: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing that can be called.

    Attributes:
        method: of HTTP; empty for what is called by its name.
        off: why this server refuses it; empty when it does not.
        program, command: examples in Python and for a shell; empty for none.
    """

    name: str
    words: str
    parameters: list[Parameter]
    returns: Returned
    method: str = ""
    off: str = ""
    program: str = ""
    command: str = ""


def route(service: Service, blocks: Described) -> APIRouter:
    """The page's route; its handler runs in a thread and may import what the interfaces need."""
    api = APIRouter()

    @api.get(PATH, include_in_schema=False)
    def page(request: Request) -> HTMLResponse:
        base = str(request.base_url).rstrip("/")
        told = page_of(service, blocks.get_api_info(), request.app.openapi(), base)
        # The examples speak of the index that answers now.
        return HTMLResponse(told, headers={"cache-control": "no-store"})

    return api


def page_of(service: Service, info: Mapping[str, Any], openapi: Mapping[str, Any], base: str) -> str:
    """The page as HTML, from Gradio's description of its endpoints and the OpenAPI document of the rest.

    ``base``: the address of the server as its reader knows it, without a slash at the end.
    """
    from assistant.web.tools import offered

    login = service.config.login is not None
    found = sample(service)
    examples = Examples(base, found, login=login) if found is not None else None
    operations = list(_operations(service, openapi, examples.curl() if examples else {}))
    return _template().render(
        base=base,
        login=LOGIN if login else "",
        ready=examples is not None,
        endpoints=list(_endpoints(info, examples.named() if examples else {})),
        operations=[one for one in operations if one.name not in _OPERATORS],
        operators=[one for one in operations if one.name in _OPERATORS],
        tools=list(_tools(offered(), examples.tools() if examples else {})),
        metrics=_METRIC.findall(service.metrics.text().decode("utf-8")),
        objects=[(title, file, schemas.description(file)) for title, file in schemas.titles().items()],
    )


def _endpoints(info: Mapping[str, Any], examples: Mapping[str, tuple[str, str]]) -> Iterator[Entry]:
    for name, told in info["named_endpoints"].items():
        parameters = [
            Parameter(
                one["parameter_name"],
                type_of(one["type"]),
                one["label"],
                json.dumps(one["parameter_default"]) if one["parameter_has_default"] else None,
            )
            for one in told["parameters"]
        ]
        given = told["returns"][0]
        program, command = examples.get(name, ("", ""))
        returns = _returned(given["type"], given["label"])
        yield Entry(name, told["description"], parameters, returns, program=program, command=command)


def _operations(
    service: Service, openapi: Mapping[str, Any], examples: Mapping[tuple[str, str], str]
) -> Iterator[Entry]:
    for path, methods in openapi["paths"].items():
        for method, told in ((name.upper(), one) for name, one in methods.items()):
            answer = _answer(openapi, told["responses"])
            parameters = [*map(_in_address, told.get("parameters", ()))]
            parameters += _body(openapi, told.get("requestBody", {}))
            off = _off(service, method, path)
            command = "" if off else examples.get((method, path), "")
            yield Entry(path, told["description"], parameters, answer, method, off, command=command)


def _in_address(told: Mapping[str, Any]) -> Parameter:
    default = None if told["required"] else json.dumps(told["schema"].get("default"))
    return _parameter(told["name"], told["schema"], f"in the {told['in']}", default)


def _tools(offered: list[Tool], examples: Mapping[str, str]) -> Iterator[Entry]:
    for tool in offered:
        parameters = list(_properties(tool.input_schema))
        returns = _returned(tool.output_schema or {})
        yield Entry(tool.name, tool.description or "", parameters, returns, command=examples.get(tool.name, ""))


def _off(service: Service, method: str, path: str) -> str:
    if path in _CHANGES and not service.config.allow_rebuild:
        return "Changing index and documents is switched off on this server: it answers with status 403."
    if (method, path) == ("POST", "/v1/feedback") and service.feedback.file is None:
        return "Feedback is not kept on this server: it answers with status 403."
    return ""


def _body(openapi: Mapping[str, Any], body: Mapping[str, Any]) -> Iterator[Parameter]:
    for form, content in body.get("content", {}).items():
        # Where there need be no body, it is the object or null.
        ways = [one for one in content["schema"].get("anyOf", [content["schema"]]) if one.get("type") != "null"]
        yield from _properties(_named(openapi, ways[0]), "in a form" if form == "multipart/form-data" else "")


def _answer(openapi: Mapping[str, Any], responses: Mapping[str, Any]) -> Returned:
    """Of the object that comes where all is well; empty where nothing describes it."""
    answers = [told for status, told in responses.items() if status.startswith("2")]
    schema = answers[0].get("content", {}).get("application/json", {}).get("schema", {})
    if schema.get("type") == "array":
        return replace(_returned(_named(openapi, schema["items"])), words="An array. Of each of it:")
    return _returned(_named(openapi, schema) if "$ref" in schema else schema)


def _named(openapi: Mapping[str, Any], reference: Schema) -> Schema:
    found: Schema = openapi["components"]["schemas"][reference["$ref"].rpartition("/")[2]]
    return found


def _properties(schema: Schema, where: str = "") -> Iterator[Parameter]:
    for name, part in schema["properties"].items():
        needed = name in schema.get("required", ())
        yield _parameter(name, part, where, None if needed else json.dumps(part.get("default")))


def _parameter(name: str, schema: Schema, where: str, default: str | None = None) -> Parameter:
    words = ", ".join(filter(None, (schema.get("description"), where)))
    return Parameter(name, type_of(schema), words, default)


def _returned(schema: Schema, words: str = "") -> Returned:
    title = schema.get("title", "")
    file = schemas.titles().get(title)
    if file is not None:
        return Returned(words, title, file)
    properties = {name: type_of(part) for name, part in schema.get("properties", {}).items()}
    return Returned(words or schema.get("description", ""), properties=properties)


def type_of(schema: Schema) -> str:
    """A type in words, with its limits: ``integer, 1 to 50``."""
    if "$ref" in schema:
        return "object"
    if "anyOf" in schema:
        return " or ".join(map(type_of, schema["anyOf"]))
    if "enum" in schema:
        return "one of " + ", ".join(map(str, schema["enum"]))
    if "const" in schema:
        return f"always {schema['const']}"
    name = str(schema.get("type", "anything"))
    if name == "array":
        name = f"array of {type_of(schema.get('items', {}))}"
    elif "contentMediaType" in schema:
        name = "file"
    if "minimum" in schema and "maximum" in schema:
        return f"{name}, {schema['minimum']:g} to {schema['maximum']:g}"
    if "minimum" in schema:
        return f"{name}, at least {schema['minimum']:g}"
    return f"{name}, at most {schema['maxItems']}" if "maxItems" in schema else name


def _coded(words: str) -> list[str]:
    """Words that stand in backticks at odd places, what is around them at even ones."""
    return _CODE.split(words)


@cache
def _template() -> jinja2.Template:
    """Every value in it is escaped."""
    # Late, for it is Gradio's.
    import jinja2

    environment = jinja2.Environment(
        autoescape=True, undefined=jinja2.StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    environment.filters["coded"] = _coded
    text = _TEMPLATE.read_text("utf-8").replace("<!--style-->", f"{{% raw %}}{_style()}{{% endraw %}}")
    return environment.from_string(text)


def _style() -> str:
    """The chat's type and colours, fonts included, and this page's own style: it asks for no other file."""

    def held(found: re.Match[str]) -> str:
        return f"url(data:font/woff2;base64,{base64.b64encode((_PAGE / found[1]).read_bytes()).decode()})"

    taken = _TYPE_AND_COLOURS.findall((_PAGE / "base.css").read_text("utf-8"))
    return _FONT.sub(held, "\n".join(taken)) + "\n" + _STYLE.read_text("utf-8")
