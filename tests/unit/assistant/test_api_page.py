"""The page that describes the interfaces: types in words, nothing unescaped, and no examples where no index is."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from assistant.config import AppConfig
from assistant.serving.service import Service
from assistant.web.api_page import page_of, type_of
from assistant.web.server import create_api
from index import IndexConfig


@pytest.mark.parametrize(
    ("schema", "words"),
    [
        ({"type": "string"}, "string"),
        ({"type": "integer", "minimum": 1.0, "maximum": 50.0}, "integer, 1 to 50"),
        ({"type": "integer", "minimum": 1}, "integer, at least 1"),
        ({"type": "array", "items": {"type": "string"}, "maxItems": 100}, "array of string, at most 100"),
        ({"anyOf": [{"type": "string"}, {"type": "null"}]}, "string or null"),
        ({"enum": ["markdown", "html"], "type": "string"}, "one of markdown, html"),
        ({"type": "array", "items": {"$ref": "#/components/schemas/Indexed"}}, "array of object"),
        ({"type": "string", "contentMediaType": "application/octet-stream"}, "file"),
        ({"const": "up", "type": "string"}, "always up"),
        ({}, "anything"),
    ],
)
def test_a_type_is_told_in_words_with_its_limits(schema: dict[str, Any], words: str) -> None:
    assert type_of(schema) == words


@pytest.fixture
def service(tmp_path: Path) -> Service:
    """Over a folder without an index."""
    return Service(AppConfig(index=IndexConfig(tmp_path, tmp_path / "built")))


def test_without_an_index_it_describes_and_says_why_there_are_no_examples(service: Service) -> None:
    html = page_of(service, {"named_endpoints": {}}, create_api(service).openapi(), "http://localhost:7860")
    assert "no index answers" in html
    assert ("/v1/search" in html, "verify_quote" in html, "<pre" in html) == (True, True, False)


def test_what_an_address_may_hold_is_told_with_where_and_what_it_is_without(service: Service) -> None:
    html = page_of(service, {"named_endpoints": {}}, create_api(service).openapi(), "http://localhost:7860")
    document = html.partition("<dt><code>document</code> <span>array of string, at most 1000, default <code>[]</code>")[
        2
    ]
    assert "in the query</dd>" in document[:200]
    assert "of several files with the same bytes the one that is meant, in the query</dd>" in html
    sha256 = html.partition("<dt><code>sha256</code> <span>string</span>")[2]
    assert sha256.startswith("</dt><dd>in the path</dd>")


def test_nothing_that_is_described_becomes_markup(service: Service) -> None:
    odd = "<script>alert(1)</script> `<i>` \"quoted\" 'so'"
    parameter = {
        "parameter_name": odd,
        "label": odd,
        "type": {"type": odd},
        "parameter_has_default": True,
        "parameter_default": odd,
    }
    returned = {"label": odd, "type": {"properties": {odd: {"enum": [odd]}}}}
    endpoint = {"description": odd, "parameters": [parameter], "returns": [returned]}
    html = page_of(service, {"named_endpoints": {odd: endpoint}}, create_api(service).openapi(), f"http://{odd}")
    assert ("<script" in html, "<i>" in html) == (False, False)
    assert "<code>&lt;i&gt;</code>" in html
