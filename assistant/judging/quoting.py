"""Sentences chosen → quotes, each cut by its offsets, with the other places that say the same."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from assistant.judging.evidence import Evidence
from assistant.quotes import grounding, repeated
from assistant.replies import Quote
from index import PassageIndex


def quotes(
    chosen: Sequence[Evidence], weighed: Sequence[Evidence], index: PassageIndex, documents: Collection[str]
) -> tuple[Quote, ...]:
    """The quotes of ``chosen``, numbered in its order; the same may be said by one of ``weighed``, or elsewhere.

    ``documents``: ids of those that alone are looked at, if any.
    """
    others = [(evidence.passage, evidence.sentence.span) for evidence in weighed]
    return tuple(
        grounding.cut(
            found.passage,
            found.sentence.span,
            number=number,
            score=found.score,
            answer=found.answer,
            also=repeated.elsewhere(found.passage, found.sentence.span, others, index, documents),
        )
        for number, found in enumerate(chosen, start=1)
    )
