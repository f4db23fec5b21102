"""Settings of the assistant. The environment is read here and nowhere else in ``assistant``."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from assistant.login import Login
from index import BadSetting, IndexConfig
from index.config import ROOT

MAX_QUESTION_CHARS = 2000
# Of the files that are added to the documents at a time, together.
MAX_UPLOAD_BYTES = 50 * 1024 * 1024
_NO_LOGIN = "off"
_LEAST_PASSWORD_CHARS = 8
_COMPLETIONS = "/chat/completions"


@dataclass(frozen=True, slots=True)
class Endpoint:
    """Where a language model is asked: the one address, what it is asked for, and for how long at most."""

    url: str
    model: str | None = None
    key: str | None = field(default=None, repr=False)
    timeout_s: float = 20


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
    login: what every visitor must give; needed where another machine can ask, unless ``open_to_all``, for those who
        have a proxy of their own that asks for one.
    questions_a_minute: of one address, 0 for any number: by default 60 where another machine can ask.
    framed_by: the site, scheme and name, whose pages may show this one inside them; empty for none.
    log: ``json`` for one object a line with every request, empty for warnings in prose.
    hosts: names under which the page is reached besides the address it listens on.
    llm: the language model that sums quotes up; None for none.
    """

    index: IndexConfig = field(default_factory=IndexConfig)
    host: str = "127.0.0.1"
    port: int | None = None
    max_quotes: int = 3
    allow_rebuild: bool = True
    feedback: Path | None = None
    login: Login | None = None
    open_to_all: bool = False
    questions_a_minute: int = 0
    hosts: frozenset[str] = frozenset()
    framed_by: str = ""
    log: str = ""
    llm: Endpoint | None = None

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
            login=_login(environ.get("SCO_LOGIN")),
            open_to_all=environ.get("SCO_LOGIN") == _NO_LOGIN,
            questions_a_minute=_number(
                "SCO_RATE", environ.get("SCO_RATE") or ("0" if is_loopback(host) else "60"), 0, 100_000
            ),
            hosts=_hosts(environ.get("SCO_HOSTS")),
            framed_by=_site(environ.get("SCO_FRAMED_BY") or ""),
            log=_log(environ.get("SCO_LOG") or ""),
            llm=_endpoint(environ),
        )

    def refuse_to_be_open(self) -> None:
        """Raises BadSetting when other machines could ask without a login, and nobody said that they may."""
        if not is_loopback(self.host) and self.login is None and not self.open_to_all:
            raise BadSetting(
                "SCO_LOGIN",
                f"listening on {self.host} lets other machines in; set it to user:password, or to {_NO_LOGIN} "
                "if a proxy in front of this server asks for a login",
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


def _login(value: str | None) -> Login | None:
    """Never tells the value in its errors: they are printed and logged."""
    if not value or value == _NO_LOGIN:
        return None
    user, colon, password = value.partition(":")
    if not colon or not user or not value.isprintable():
        raise BadSetting("SCO_LOGIN", f"is not of the form user:password, and not {_NO_LOGIN}")
    if len(password) < _LEAST_PASSWORD_CHARS:
        raise BadSetting(
            "SCO_LOGIN", f"the password has fewer than {_LEAST_PASSWORD_CHARS} characters; take a longer one"
        )
    return Login(user, password)


def _site(value: str) -> str:
    # It goes into a header as it is.
    if value and not re.fullmatch(r"https?://[A-Za-z0-9.-]+(:[0-9]{1,5})?", value):
        raise BadSetting("SCO_FRAMED_BY", f"{value!r} is no site; give scheme and name, as https://example.org")
    return value


def _log(value: str) -> str:
    if value not in ("", "json"):
        raise BadSetting("SCO_LOG", f"{value!r} is not json; leave it unset for warnings in prose")
    return value


def _hosts(value: str | None) -> frozenset[str]:
    names = frozenset(name.strip().lower() for name in (value or "").split(",") if name.strip())
    for name in names:
        if any(character in name for character in "/:@* "):
            raise BadSetting("SCO_HOSTS", f"{name!r} is not the name of a host; give names alone, separated by commas")
    return names


def _endpoint(environ: Mapping[str, str]) -> Endpoint | None:
    """Never tells address or key in its errors: both may hold what is secret."""
    url, key = environ.get("SCO_LLM_URL"), environ.get("SCO_LLM_KEY") or None
    if not url:
        return None
    try:
        parts = urlsplit(url)
        host, _ = parts.hostname, parts.port
    except ValueError:
        host = None
    if not host or parts.scheme not in ("http", "https") or not url.isprintable() or " " in url:
        raise BadSetting("SCO_LLM_URL", "is no http or https address such as http://127.0.0.1:11434/v1")
    if parts.username is not None or parts.query or parts.fragment:
        raise BadSetting(
            "SCO_LLM_URL", "holds a user, a query or a fragment; give the address alone, the key as SCO_LLM_KEY"
        )
    if key and not (key.isascii() and key.isprintable() and " " not in key):
        raise BadSetting("SCO_LLM_KEY", "holds characters that no key has")
    if key and parts.scheme == "http" and not is_loopback(host):
        raise BadSetting("SCO_LLM_URL", "would send the key unencrypted to another machine; use https")
    address = url.rstrip("/")
    return Endpoint(
        url=address if address.endswith(_COMPLETIONS) else address + _COMPLETIONS,
        model=environ.get("SCO_LLM_MODEL") or None,
        key=key,
        timeout_s=_number("SCO_LLM_TIMEOUT", environ.get("SCO_LLM_TIMEOUT") or "20", 1, 300),
    )
