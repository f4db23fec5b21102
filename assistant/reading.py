"""Passages as the documents have them: found for a query, or read at their place. Nothing is judged."""

from __future__ import annotations

import time
from collections.abc import Collection, Sequence
from dataclasses import asdict, dataclass

from assistant import selecting
from assistant.quotes import grounding, repeated
from assistant.replies import Quote
from index import BadInput, Hit, PassageIndex, Span

MOST_PASSAGES = 50
MOST_AROUND = 20


class BadQuery(BadInput):
    """There is nothing to search for, or too much; ``str()`` says which in one line."""


class NoSuchParagraph(BadInput):
    """The document is there, the paragraph is not."""


@dataclass(frozen=True, slots=True)
class Passages:
    """What passages.schema.json describes: passages in the form of quotes, best first, or in reading order."""

    passages: tuple[Quote, ...]
    generation: str
    took_ms: float
    notices: tuple[str, ...] = ()

    def to_json(self) -> dict[str, object]:
        """JSON-ready, as passages.schema.json describes it."""
        fields = asdict(self)
        return {key: list(value) if isinstance(value, tuple) else value for key, value in fields.items()}


def nearest(
    hits: Sequence[Hit],
    most: int,
    index: PassageIndex,
    documents: Collection[str] = (),
    correction: Quote | None = None,
) -> tuple[Quote, ...]:
    """The first ``most`` passages of ``hits``, numbered from 1; what other ``documents``, or any, say alike is named.

    Beside a ``correction`` their numbers go on from its own, and a passage that is that sentence and no more is left
    out.
    """
    first, said = 1, None
    if correction is not None:
        first, said = correction.number + 1, (correction.document, Span(correction.start, correction.end))
    passages = [hit for hit in hits if (hit.passage.document.id, hit.passage.span) != said]
    return tuple(
        grounding.cut(
            hit.passage,
            hit.passage.span,
            number=number,
            score=hit.score,
            also=repeated.elsewhere(hit.passage, hit.passage.span, (), index, documents),
        )
        for number, hit in enumerate(passages[:most], start=first)
    )


def read_passage(
    index: PassageIndex, document: str, paragraph: int, around: int = 0, notices: tuple[str, ...] = ()
) -> Passages:
    """Every word of a paragraph, and of ``around`` paragraphs before and after it, in reading order.

    ``document`` is a name as ``selecting.select`` takes it, of one document; ``paragraph`` is 1-based, as quotes have
    it. A paragraph that was split has several passages. Raises BadSelection and NoSuchParagraph.
    """
    started = time.perf_counter()
    chosen = selecting.select([document], index)
    if len(chosen) != 1:
        raise selecting.BadSelection(f"{document[:100]} stands for {len(chosen)} documents; name one by its path")
    (identity,) = chosen
    within = index.of_documents([identity])
    if all(passage.paragraph != paragraph for passage in within):
        last = max(passage.paragraph for passage in within)
        raise NoSuchParagraph(f"{identity} has no paragraph {paragraph}; it has those from 1 to {last}")
    wanted = [passage for passage in within if abs(passage.paragraph - paragraph) <= min(around, MOST_AROUND)]
    passages = tuple(
        grounding.cut(passage, passage.span, number=number, score=1.0) for number, passage in enumerate(wanted, start=1)
    )
    grounding.verify(passages, index)
    took_ms = round((time.perf_counter() - started) * 1000, 1)
    return Passages(passages, index.generation, took_ms, notices)
