"""The files with which Gradio draws its part of the page, found without importing it.

They name one another, in rounds: what starts, what knows of pages, what draws one, and each component's own.
"""

from __future__ import annotations

import importlib.util
import re
from pathlib import Path

# What the page holds of Gradio's components; "state" stands for those that draw nothing.
PARTS = ("column", "row", "form", "chatbot", "textbox", "button", "state")
# How its scripts are packed: a list of files, and at each import the positions in it of all that this import needs.
_LIST = re.compile(r"__vite__mapDeps=\(.*?\[(\".*?\")\]")
_IMPORT = r"import\(`\./([^`]+)`\)[^\[\]]*?__vite__mapDeps\(\[([\d,]*)\]\)"
_NEXT = re.compile(_IMPORT)
_DRAWN = [re.compile(rf"[{{,]{part}:\{{[^{{}}]*?component:[^\[\]]*?{_IMPORT}") for part in PARTS]


class Frontend:
    """Gradio's scripts and styles as installed.

    Attributes:
        script: name below ``/assets/`` of the one that starts it; empty where the package holds none.
        style: the style sheet that belongs to it.
    """

    def __init__(self, folder: Path) -> None:
        self._assets = folder / "assets"
        page = (folder / "index.html").read_text("utf-8")
        self.script, self.style = (
            found[1] if (found := re.search(rf"assets/(index-[\w-]+\.{kind})\"", page)) else ""
            for kind in ("js", "css")
        )

    @classmethod
    def installed(cls) -> Frontend:
        """That of the installed package. Raises OSError where it holds no page."""
        spec = importlib.util.find_spec("gradio")
        places = spec.submodule_search_locations if spec is not None else None
        return cls(Path((places or [""])[0]) / "templates" / "frontend")

    def assets(self) -> list[Path]:
        """Every file below ``/assets/``."""
        return sorted(path for path in self._assets.iterdir() if path.is_file())

    def wanted_first(self) -> list[str]:
        """Those that ``script`` will have the page ask for to draw PARTS; fewer where the scripts are not understood.

        Then they are asked for one after the other, and the chat comes later.
        """
        files: dict[str, None] = dict.fromkeys([self.script])
        script = self.script
        for _ in range(2):
            text = self._text(script)
            ahead = _NEXT.search(text)
            if ahead is None:
                break
            script = ahead[1]
            files |= dict.fromkeys([script, *_numbered(text, ahead[2])])
        for core in [name for name in files if re.fullmatch(r"core-[\w-]+\.js", name)]:
            text = self._text(core)
            for pattern in _DRAWN:
                drawn = pattern.search(text)
                if drawn is not None:
                    files |= dict.fromkeys([drawn[1], *_numbered(text, drawn[2])])
        # The style sheet stands in the page itself.
        return [name for name in files if name != self.style and (self._assets / name).is_file()]

    def _text(self, name: str) -> str:
        path = self._assets / name
        return path.read_text("utf-8", "replace") if path.is_file() else ""


def _numbered(text: str, positions: str) -> list[str]:
    found = _LIST.search(text)
    names = [name.strip('"').removeprefix("./") for name in found[1].split(",")] if found else []
    return [names[int(position)] for position in positions.split(",") if position and int(position) < len(names)]
