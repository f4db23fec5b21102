"""The objects that leave the program, as JSON Schema: one description for whoever describes an interface to them."""

from __future__ import annotations

import copy
import json
from functools import cache
from pathlib import Path
from typing import Any

_FOLDER = Path(__file__).parent
_SUFFIX = ".schema.json"

FILES = tuple(sorted(path.name for path in _FOLDER.glob(f"*{_SUFFIX}")))


def file(name: str) -> str | None:
    """The text of one of FILES; None for any other name."""
    return (_FOLDER / name).read_text("utf-8") if name in FILES else None


def titles() -> dict[str, str]:
    """Title → file, of each of FILES: by its title an object's schema is known wherever it is described."""
    return {_read(name.removesuffix(_SUFFIX))["title"]: name for name in FILES}


def description(file: str) -> str:
    """What the object is, in words."""
    told: str = _read(file.removesuffix(_SUFFIX))["description"]
    return told


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
    found: dict[str, Any] = json.loads((_FOLDER / f"{name}{_SUFFIX}").read_text("utf-8"))
    return found


def _whole(part: Any, within: str) -> Any:
    """A copy without references. None of these schemas refers to itself."""
    if isinstance(part, list):
        return [_whole(one, within) for one in part]
    if not isinstance(part, dict):
        return copy.copy(part)
    if "$ref" in part:
        other, _, place = part["$ref"].partition("#/")
        name = other.removesuffix(_SUFFIX) or within
        target: Any = _read(name)
        for step in place.split("/"):
            target = target[step]
        return _whole(target, name)
    return {key: _whole(value, within) for key, value in part.items() if key != "$defs"}
