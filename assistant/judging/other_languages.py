"""What a reply says of documents that seem to be in other languages: the models were taught English alone.

Such a document is searched like any other, and may be quoted rightly. But that it says nothing cannot be told.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence

from assistant.replies import Quote
from index import PassageIndex
from index.languages import told


def instead(index: PassageIndex, documents: Collection[str] = ()) -> str | None:
    """Why nothing can be told of the documents with these ids, or of all; None unless each is in another language."""
    asked = documents or index.manifest.sources
    languages = {index.manifest.languages.get(name) for name in asked}
    if None in languages:
        return None
    [language] = languages if len(languages) == 1 else ["other languages than English"]
    subject = "The chosen document" if documents else "The document"
    subject, look, they = (
        (subject, "looks", "it answers") if len(asked) == 1 else (f"{subject}s", "look", "they answer")
    )
    return f"{subject} {look} to be in {language}; this assistant reads English and cannot tell whether {they} this."


def unread(index: PassageIndex, documents: Collection[str] = (), *, reason: bool = True) -> tuple[str, ...]:
    """A notice for a refusal: of which of the documents with these ids, or of all, it may be wrong. Mostly none.

    ``reason``: whether the refusal's reason says it where it is so of each.
    """
    found = {name: one for name, one in index.manifest.languages.items() if not documents or name in documents}
    if not found:
        return ()
    if line := instead(index, documents):
        return () if reason else (line,)
    they = "it says" if len(found) == 1 else "they say"
    return (f"{told(found)}: this assistant reads English and may miss what {they}.",)


def quoted(quotes: Sequence[Quote], index: PassageIndex) -> tuple[str, ...]:
    """A notice for an answer that quotes such documents, or none."""
    languages = index.manifest.languages
    found = {quote.document: languages[quote.document] for quote in quotes if quote.document in languages}
    if not found:
        return ()
    them = "it" if len(found) == 1 else "them"
    return (f"{told(found)}: this assistant reads English and may misjudge what it quotes from {them}.",)
