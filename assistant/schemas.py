"""The objects that leave the program, as JSON Schema: one description for whoever describes an interface to them."""

from __future__ import annotations

import copy
import json
from functools import cache
from pathlib import Path
from typing import Any

_FOLDER = Path(__file__).parent


def schema(name: str) -> dict[str, Any]:
    """The schema of ``name`` (reply, verdict, passages …), every reference in it replaced by what it refers to."""
    whole: dict[str, Any] = _whole(_read(name), name)
    for key in ("$schema", "$id", "$defs"):
        whole.pop(key, None)
    return whole


def described(name: str) -> dict[int | str, dict[str, Any]]:
    """``responses`` of a route that answers with an object of this schema, for its OpenAPI description."""
    return {200: {"content": {"application/json": {"schema": schema(name)}}}}


@cache
def _read(name: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((_FOLDER / f"{name}.schema.json").read_text("utf-8"))
    return found


def _whole(part: Any, within: str) -> Any:
    """A copy without references. None of these schemas refers to itself."""
    if isinstance(part, list):
        return [_whole(one, within) for one in part]
    if not isinstance(part, dict):
        return copy.copy(part)
    if "$ref" in part:
        file, _, place = part["$ref"].partition("#/")
        name = file.removesuffix(".schema.json") or within
        target: Any = _read(name)
        for step in place.split("/"):
            target = target[step]
        return _whole(target, name)
    return {key: _whole(value, within) for key, value in part.items() if key != "$defs"}
