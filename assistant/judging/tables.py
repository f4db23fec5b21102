"""The head of a table tells what its rows are of: where it is taken for an answer, the rows are."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import regex

from assistant.judging.evidence import Evidence

# A row with the line below it that makes it the head of a table in Markdown.
_HEAD = regex.compile(r"\n\s*\|?\s*:?-{3,}:?\s*(?:\|\s*:?-{3,}:?\s*)*\|?\s*$")
# By how much more than its rows the log-odds of a head must be for the question to ask for all of the table.
_WHOLE = 1.0


def is_head(text: str) -> bool:
    """Whether a sentence is the head of a table, which tells nothing by itself."""
    return _HEAD.search(text) is not None


def by_rows(weighed: Sequence[Evidence]) -> list[Evidence]:
    """``weighed``, best first, in which the best row of a table stands where its head stood, and the head where it did.

    Where the head was the best of all and its rows far behind, the question asks for the table: its other rows
    follow, in their order.
    """
    found = list(weighed)
    for head in weighed:
        if head.log_odds is None or not is_head(head.text):
            continue
        at = found.index(head)
        rows = [place for place in range(at + 1, len(found)) if _is_below(found[place], head)]
        if not rows or any(_is_below(before, head) for before in found[:at]):
            continue
        best = found[rows[0]]
        assert best.log_odds is not None
        found[at] = replace(best, score=head.score, log_odds=head.log_odds, beside=head.beside)
        found[rows[0]] = replace(head, score=best.score, log_odds=best.log_odds, beside=best.beside)
        if at == 0 and head.log_odds > best.log_odds + _WHOLE:
            others = sorted((found[place] for place in rows[1:]), key=lambda row: row.sentence.id)
            rest = (each for place, each in enumerate(found) if place and place not in rows[1:])
            found[1:] = [*(replace(row, score=head.score) for row in others), *rest]
    return found


def _is_below(evidence: Evidence, head: Evidence) -> bool:
    """Whether it was read, and is a row of the table that ``head`` is the head of."""
    return (
        evidence.log_odds is not None
        and evidence.passage.id == head.passage.id
        and evidence.sentence.id > head.sentence.id
        and "|" in evidence.text
    )
