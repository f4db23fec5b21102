"""Which documents of a shelf a question names by words of their titles: "How long is the warranty on the BrewMate 10?".

The passages of texts that are alike crowd each other out, and what a text is of stands in its title alone.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Collection, Mapping
from weakref import WeakKeyDictionary

from index import PassageIndex
from index.tokens import terms

# What more documents than these share names none of them.
_MOST = 2
_titles: WeakKeyDictionary[PassageIndex, Mapping[str, frozenset[str]]] = WeakKeyDictionary()


def named(question: str, index: PassageIndex, documents: Collection[str] = ()) -> frozenset[str]:
    """The ids of the documents, of these or of all, whose titles have the most telling words of the question.

    None where they are more than a few, or where an engine keeps the documents: it would have to send every title.
    """
    among = len(documents or index.documents)
    if among <= _MOST or not isinstance(index.documents, dict):
        return frozenset()
    held = _held(index)
    told: dict[str, float] = defaultdict(float)
    for term in set(terms(question)):
        ids = held.get(term, frozenset())
        for name in ids & frozenset(documents) if documents else ids:
            told[name] += math.log((1 + len(index.documents)) / len(ids))
    most = max(told.values(), default=0.0)
    found = frozenset(name for name, weight in told.items() if weight == most)
    return found if len(found) <= _MOST else frozenset()


def _held(index: PassageIndex) -> Mapping[str, frozenset[str]]:
    """Term → the ids of the documents whose titles hold it."""
    known = _titles.get(index)
    if known is None:
        found: dict[str, set[str]] = defaultdict(set)
        for document in index.documents.values():
            for term in terms(document.title):
                found[term].add(document.id)
        known = _titles[index] = {term: frozenset(ids) for term, ids in found.items()}
    return known
