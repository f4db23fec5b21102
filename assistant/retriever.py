"""The documents as a retriever of LangChain; needs langchain-core (tests/requirements-langchain.txt)."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from langchain_core.documents import Document
from langchain_core.retrievers import BaseRetriever
from pydantic import Field

from assistant.answering import Assistant
from assistant.reading import MOST_PASSAGES
from assistant.replies import Quote


class VerbatimRetriever(BaseRetriever):  # type: ignore[misc] # its types are there only where it is installed
    """The ``most`` passages nearest to a query, best first, of ``documents`` alone where some are named.

    Nothing is judged: passages come also when none answers. The content of each is word for word; its metadata has the
    fields of a quote, and ``source``, which names the document as ``documents`` takes it. Raises BadInput, as
    ``Assistant.search`` does.
    """

    assistant: Assistant = Field(default_factory=Assistant.open)
    most: int = Field(default=10, ge=1, le=MOST_PASSAGES)
    documents: tuple[str, ...] = ()

    def _get_relevant_documents(self, query: str, *, run_manager: Any) -> list[Document]:
        return [_document(passage) for passage in self.assistant.search(query, self.most, self.documents).passages]


def _document(passage: Quote) -> Document:
    fields = asdict(passage)
    content = fields.pop("exact")
    return Document(
        id=f"{passage.document_sha256}:{passage.start}-{passage.end}",
        page_content=content,
        metadata={"source": passage.document, **fields},
    )
