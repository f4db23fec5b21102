"""Settings of the assistant. The environment is read here and nowhere else in ``assistant``."""

from __future__ import annotations

import ipaddress
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from index import BadSetting, IndexConfig
from index.config import ROOT

MAX_QUESTION_CHARS = 2000


@dataclass(frozen=True, slots=True)
class AppConfig:
    """Attributes:
    index: where the documents and the built index are.
    host, port: where the page listens; port None means 7860 or, if that is taken, the next free one.
    max_quotes: most quotes in one answer, and most passages offered beside a refusal.
    allow_rebuild: whether the page may change the index (rebuild it, roll it back) and the documents it is built from
        (add and remove them): by default only where no other machine can ask.
    feedback: the file that keeps what readers say of replies, None to keep nothing: by default kept only where no
        other machine can ask.
    """

    index: IndexConfig = field(default_factory=IndexConfig)
    host: str = "127.0.0.1"
    port: int | None = None
    max_quotes: int = 3
    allow_rebuild: bool = True
    feedback: Path | None = None

    @classmethod
    def from_env(cls, environ: Mapping[str, str]) -> AppConfig:
        """Raises BadSetting for an unknown name or a value that cannot be used."""
        host = environ.get("SCO_HOST") or "127.0.0.1"
        port = environ.get("SCO_PORT")
        return cls(
            index=IndexConfig.from_env(environ),
            host=host,
            port=_number("SCO_PORT", port, 1, 65535) if port else None,
            max_quotes=_number("SCO_MAX_QUOTES", environ.get("SCO_MAX_QUOTES") or "3", 1, 10),
            allow_rebuild=_flag("SCO_ALLOW_REBUILD", environ.get("SCO_ALLOW_REBUILD"), is_loopback(host)),
            feedback=_feedback(environ.get("SCO_FEEDBACK"), is_loopback(host)),
        )


def is_loopback(host: str) -> bool:
    """Whether only this machine can reach ``host``."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _number(name: str, value: str, least: int, most: int) -> int:
    try:
        number = int(value)
    except ValueError:
        number = least - 1
    if not least <= number <= most:
        raise BadSetting(name, f"{value!r} is not a whole number from {least} to {most}")
    return number


def _flag(name: str, value: str | None, default: bool) -> bool:
    if value is None or value == "":
        return default
    if value not in ("0", "1"):
        raise BadSetting(name, f"{value!r} is neither 1 nor 0")
    return value == "1"


def _feedback(value: str | None, default: bool) -> Path | None:
    if not value:
        return ROOT / "feedback.jsonl" if default else None
    if value == "0":
        return None
    file = Path(value).expanduser().absolute()
    if file.is_dir() or not file.parent.is_dir():
        raise BadSetting("SCO_FEEDBACK", f"{value!r} is no file in a folder that is there, and not 0")
    return file
