"""Which documents a question is asked of, named as a person names files."""

from __future__ import annotations

import difflib
from collections.abc import Sequence
from typing import TYPE_CHECKING

from index import BadInput

if TYPE_CHECKING:
    from index import PassageIndex

_NAMED = 3


class BadSelection(BadInput):
    """A name that stands for no indexed document, or for several."""


def select(names: Sequence[str], index: PassageIndex) -> frozenset[str]:
    """The ids of the documents that ``names`` stand for; empty when there is no name, which stands for all.

    A name is a document's id (its path below the source folder), the end of one (``b.pdf`` for ``a/b.pdf``), or a
    folder with a slash at its end (``reports/``). Raises BadSelection.
    """
    return frozenset(document for name in names for document in _named(name, index))


def _named(name: str, index: PassageIndex) -> list[str]:
    if name in index.documents:
        return [name]
    if name.endswith("/"):
        within = [document for document in index.documents if document.startswith(name)]
        if within:
            return within
    ending = [document for document in index.documents if document.endswith(f"/{name}")] if name else []
    shown = " ".join(name.split())[:100]
    if len(ending) > 1:
        listed = ", ".join(ending[:_NAMED]) + (" and more" if len(ending) > _NAMED else "")
        raise BadSelection(f"{shown} stands for {len(ending)} documents ({listed}); name one by its path")
    if not ending:
        near = difflib.get_close_matches(name[:200], index.documents, n=1)
        held = ", ".join(list(index.documents)[:_NAMED]) + (" and more" if len(index.documents) > _NAMED else "")
        hint = f"did you mean {near[0]}?" if near else f"it holds {held}"
        raise BadSelection(f"there is no document {shown!r} in the index; {hint}")
    return ending
