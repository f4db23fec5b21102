"""The page and every file that draws it, from memory: a browser has them before Gradio has been imported.

Gradio would compress each of its scripts anew whenever it is asked for, and answer one after the other.
"""

from __future__ import annotations

import gzip
import hashlib
import html
import mimetypes
from pathlib import Path

from starlette.types import Receive, Scope, Send

from assistant.web.gradio_files import Frontend

PAGE = Path(__file__).parent / "page"
_FOREVER = b"private, max-age=31536000, immutable"
_TEXTS = (".js", ".css", ".html", ".json", ".svg")
_TYPES = {".js": "text/javascript", ".css": "text/css", ".woff2": "font/woff2"}
# Drawn in this order, each over what comes before.
_STYLES = ("base", "header", "chat", "reply", "source", "check", "index", "menus", "touch", "forced")
_FONTS = ("inter", "source-serif-4")


class PageFiles:
    """An ASGI application that answers ``/`` and the files behind it, and nothing else.

    A file's address holds a hash of what is in it, or of all of the page's files, so a browser asks for it once.
    """

    def __init__(self, frontend: Frontend) -> None:
        files = {path.relative_to(PAGE).as_posix(): path for path in sorted(PAGE.rglob("*")) if path.is_file()}
        digest = hashlib.sha256()
        for name, path in files.items():
            digest.update(name.encode() + b"\0" + hashlib.sha256(path.read_bytes()).digest())
        place = f"/page/{digest.hexdigest()[:16]}"
        # Known by their names: no address leads to any other file.
        self._files = {f"{place}/{name}": path for name, path in files.items()}
        self._files |= {f"/assets/{path.name}": path for path in frontend.assets()}
        self._kept: dict[tuple[str, bool], bytes] = {}
        scripts = sorted(name for name in files if name.endswith(".js"))
        self._page = _page(place, scripts, frontend).encode()

    def answers(self, scope: Scope) -> bool:
        """Whether this is a request for the page or one of its files."""
        asked = scope["type"] == "http" and scope["method"] in ("GET", "HEAD")
        return asked and (scope["path"] == "/" or scope["path"] in self._files)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send what ``answers`` is true of."""
        accepted = next((value for name, value in scope["headers"] if name.lower() == b"accept-encoding"), b"")
        kind, cache = "text/html; charset=utf-8", b"no-cache"
        path = self._files.get(scope["path"])
        if path is not None:
            kind = _TYPES.get(path.suffix) or mimetypes.guess_type(path.name)[0] or "application/octet-stream"
            cache = _FOREVER
        packed = b"gzip" in accepted and (path is None or path.suffix in _TEXTS)
        await _send(scope, send, self._held(scope["path"], packed), kind, packed, cache)

    def _held(self, path: str, packed: bool) -> bytes:
        if (path, packed) not in self._kept:
            body = self._page if path == "/" else self._files[path].read_bytes()
            self._kept[path, packed] = gzip.compress(body, 6, mtime=0) if packed else body
        return self._kept[path, packed]


def _page(place: str, scripts: list[str], frontend: Frontend) -> str:
    """The page's HTML. It names all that the scripts will ask for: a browser would learn of it round after round."""
    links = [
        *(f'<link rel="stylesheet" href="{place}/{name}.css">' for name in _STYLES),
        *(
            f'<link rel="preload" href="{place}/fonts/{name}.woff2" as="font" type="font/woff2" crossorigin>'
            for name in _FONTS
        ),
        *(f'<link rel="modulepreload" href="{place}/{name}">' for name in scripts),
        f'<script type="module" src="{place}/page.js"></script>',
        # After what the page can be used with.
        *(_ahead(html.escape(name)) for name in frontend.wanted_first()),
    ]
    parts = {path.stem: path.read_text("utf-8") for path in PAGE.glob("*.html")}
    text = parts["page"].replace("<!--links-->", "\n".join(links))
    for name, part in parts.items():
        text = text.replace(f"<!--{name}-->", part.strip())
    for name, file in (("script", frontend.script), ("style", frontend.style)):
        text = text.replace(f"{{gradio-{name}}}", html.escape(file))
    return text


def _ahead(name: str) -> str:
    # Not as modules, which the browser would read through at once, before it draws what it has.
    kind = "script" if name.endswith(".js") else "style"
    return f'<link rel="preload" as="{kind}" href="/assets/{name}" fetchpriority="low" crossorigin>'


async def _send(scope: Scope, send: Send, body: bytes, kind: str, packed: bool, cache: bytes) -> None:
    headers = [
        (b"content-type", kind.encode()),
        (b"content-length", str(len(body)).encode()),
        (b"cache-control", cache),
        (b"vary", b"accept-encoding"),
        *([(b"content-encoding", b"gzip")] if packed else []),
    ]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": b"" if scope["method"] == "HEAD" else body})
