"""Where the documents and the built index are. The environment is read here and nowhere else in ``index``."""

from __future__ import annotations

import difflib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from index.errors import BadSetting

if TYPE_CHECKING:
    from index.engine.protocol import EngineAddress

ROOT = Path(__file__).resolve().parent.parent

# One list for both packages, so that a misspelt name is caught by whichever command reads it first.
SETTINGS: Mapping[str, str] = {
    "SCO_SOURCE_DOCS": "folder of the source documents (default: source_docs)",
    "SCO_INDEX_DIR": "folder of the built index (default: index/built)",
    "SCO_INDEX": "engine that keeps the passages, milvus://host:port/collection (default: files in SCO_INDEX_DIR)",
    "SCO_RAY": "Ray cluster whose workers embed for SCO_INDEX: local, host:port or ray://host:port (default: none)",
    "SCO_MODEL_DIR": "folder of another sentence-transformers model (default: the packaged MiniLM)",
    "SCO_HOST": "address the page listens on (default: 127.0.0.1)",
    "SCO_PORT": "port the page listens on (default: 7860, or the next free one)",
    "SCO_MAX_QUOTES": "most quotes in one answer, 1 to 10 (default: 3)",
    "SCO_ALLOW_REBUILD": "1 or 0: whether the page may change index and documents (default: 1 on loopback only)",
    "SCO_LOGIN": "user:password that every visitor must give, or off; needed where other machines can ask",
    "SCO_RATE": "questions a minute from one address, 0 for any number (default: 60 where other machines can ask)",
    "SCO_HOSTS": "names, separated by commas, under which the page is reached besides SCO_HOST",
    "SCO_FRAMED_BY": "the site whose pages may show the page inside them, as https://example.org (default: none)",
    "SCO_LOG": "json for one object a line with every request (default: warnings in prose)",
    "SCO_LLM_URL": "address of an OpenAI-compatible API whose model sums quotes up, such as http://127.0.0.1:11434/v1",
    "SCO_LLM_MODEL": "name of the model there (default: none is named)",
    "SCO_LLM_KEY": "key of that API (default: none)",
    "SCO_LLM_TIMEOUT": "seconds to wait for that model, 1 to 300 (default: 20)",
    "SCO_FEEDBACK": "file that keeps what readers say of replies, or 0 (default: feedback.jsonl, on loopback only)",
}


@dataclass(frozen=True, slots=True)
class IndexConfig:
    """Folders of one index.

    Attributes:
        source_docs: read; only the page writes there, where it may add and remove documents.
        index_dir: holds the generations; made when the first one is written.
        model_dir: a local sentence-transformers folder, or None for the packaged MiniLM.
        passage_chars: a paragraph longer than this is split at sentence ends.
        engine: keeps passages, vectors and BM25 when set; what vouches for them stays in ``index_dir``.
        ray: the Ray cluster whose workers embed for ``engine``; None for processes of this machine.
    """

    source_docs: Path = ROOT / "source_docs"
    index_dir: Path = ROOT / "index" / "built"
    model_dir: Path | None = None
    passage_chars: int = 700
    engine: EngineAddress | None = None
    ray: str | None = None

    @classmethod
    def from_env(cls, environ: Mapping[str, str]) -> IndexConfig:
        """Raises BadSetting for a name beginning with ``SCO_`` that is not in SETTINGS, or for no folder."""
        refuse_unknown_settings(environ)
        engine = _engine(environ)
        return cls(
            source_docs=_folder(environ, "SCO_SOURCE_DOCS") or cls().source_docs,
            index_dir=_folder(environ, "SCO_INDEX_DIR") or cls().index_dir,
            model_dir=_folder(environ, "SCO_MODEL_DIR"),
            engine=engine,
            ray=_ray(environ, engine),
        )


def refuse_unknown_settings(environ: Mapping[str, str]) -> None:
    """A typing slip in a setting's name must not be a setting silently ignored."""
    for name in environ:
        if name.startswith("SCO_") and name not in SETTINGS:
            near = difflib.get_close_matches(name, SETTINGS, n=1)
            hint = f"did you mean {near[0]}?" if near else f"known: {', '.join(SETTINGS)}"
            raise BadSetting(name, f"there is no such setting; {hint}")


def _engine(environ: Mapping[str, str]) -> EngineAddress | None:
    if not environ.get("SCO_INDEX"):
        return None
    from index.engine.protocol import EngineAddress

    return EngineAddress.parse(environ["SCO_INDEX"])


def _ray(environ: Mapping[str, str], engine: EngineAddress | None) -> str | None:
    if not environ.get("SCO_RAY"):
        return None
    if engine is None:
        raise BadSetting("SCO_RAY", "needs SCO_INDEX: an index in files is built by one process")
    from index.engine.protocol import ray_cluster

    return ray_cluster(environ["SCO_RAY"], engine)


def _folder(environ: Mapping[str, str], name: str) -> Path | None:
    value = environ.get(name)
    try:
        return Path(value).expanduser().resolve() if value else None
    except (OSError, RuntimeError) as problem:
        # The home of a user there is not, or a link that leads to itself.
        raise BadSetting(name, f"{value} leads to no folder ({problem}); correct or unset it") from None
