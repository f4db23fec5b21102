"""What routes answer with that has no schema file of its own: for their description, not for making it."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import BaseModel

from assistant.serving.library import Added, NotAdded

State = Literal["loading", "ready", "failed"]


class Up(BaseModel):
    """Whatever answers is up."""

    status: Literal["up"]


class Ready(BaseModel):
    """``line`` says what there is to wait for, or what is wrong."""

    status: State
    line: str
    notices: list[str]


class Indexed(BaseModel):
    """A document of the index."""

    document: str
    title: str
    sha256: str
    passages: int
    sentences: int


class Rebuilding(BaseModel):
    """How a rebuild stands, or how the last one ended; times in seconds."""

    allowed: bool
    running: bool
    step: str
    done: int
    total: int
    took_s: float
    left_s: float | None
    line: str
    failed: bool


class IndexFacts(BaseModel):
    """``changes``: by name, since the build; ``generations``: newest first; ``upload``: what may be added."""

    state: State
    line: str
    notices: list[str]
    index: dict[str, Any] | None
    documents: list[Indexed]
    changes: dict[str, Any]
    generations: list[dict[str, Any]]
    rebuild: Rebuilding
    upload: dict[str, Any]


class Status(BaseModel):
    """Whether questions are answered, from what, and what to know about it; as in GET /v1/index."""

    state: State
    line: str
    notices: list[str]
    index: dict[str, Any] | None
    documents: list[Indexed]
    rebuild_allowed: bool
    rebuild_running: bool


class Rebuilt(BaseModel):
    """How a rebuild ended, and which generation answers now; null when none does."""

    failed: bool
    line: str
    took_s: float
    generation: str | None


class WentBack(BaseModel):
    """The generation that answers now; ``changed`` is false when it did before."""

    changed: bool
    generation: str
    created_at: str
    took_s: float
    model: str
    documents: int
    passages: int
    sentences: int
    bytes: int
    search: str
    left_out: list[str]
    other_languages: list[str]


class Uploaded(BaseModel):
    """Which files were kept, and why the others were not."""

    added: list[Added]
    refused: list[NotAdded]


class Restored(BaseModel):
    """The name under which it is back."""

    document: str


class Block(BaseModel):
    """A part of a document's text, in half-open code points."""

    kind: str
    start: int
    end: int
    paragraph: int | None
    page: int | None


class Viewed(BaseModel):
    """A document's text and structure; ``extractor`` made the text of the file, null where it is the file itself."""

    document: str
    title: str
    sha256: str
    text_sha256: str
    extractor: str | None
    pages: int | None
    text: str
    blocks: list[Block]


class FeedbackFile(BaseModel):
    """Where feedback is kept; null where it is not."""

    file: str | None


class Leads(BaseModel):
    """Where a permanent link leads now; ``quote`` is in the form of a reply's, null when the link has expired."""

    fate: Literal["same", "moved", "expired"]
    line: str
    quote: dict[str, Any] | None


def told(model: Any, status: int = 200) -> dict[int | str, dict[str, Any]]:
    """``responses`` of a route that answers with this model."""
    return {status: {"model": model}}
