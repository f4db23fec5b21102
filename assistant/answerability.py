"""Answer or refuse: the calibrated probability that the best sentence found answers the question.

Logistic regression over what retrieval knows, fitted on tests/eval/dev.jsonl by tests/eval/fit.py and reported on
sets it never saw. Fused scores are not used: the best passage of any question has a high one.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import astuple, dataclass

from assistant.evidence import Evidence
from assistant.rewriting import names
from index import Hit, PassageIndex
from index.tokens import terms

# An answer is given from this probability on.
CUT = 0.5


@dataclass(frozen=True, slots=True)
class Features:
    """What is known of a question once its evidence is weighed; every field is about 0 to 1."""

    sentence_cosine: float
    passage_cosine: float
    coverage: float
    unknown: float
    fits_type: float
    absent_names: float
    uncovered_names: float
    uncovered: float


_INTERCEPT = -3.0
_WEIGHTS = Features(
    sentence_cosine=4.0,
    passage_cosine=1.0,
    coverage=2.0,
    unknown=-1.5,
    fits_type=0.8,
    absent_names=-1.0,
    uncovered_names=-1.0,
    uncovered=-1.0,
)


def features(question: str, hits: Sequence[Hit], weighed: Sequence[Evidence], index: PassageIndex) -> Features:
    """Measured on the best of ``weighed``, which must not be empty."""
    asked = set(terms(question))
    best = weighed[0]
    named = [set(terms(name)) for name in names(question)]
    near = set(terms(best.passage.embedded_text))
    return Features(
        sentence_cosine=max(evidence.cosine for evidence in weighed[:3]),
        passage_cosine=max(hit.cosine for hit in hits),
        coverage=best.coverage,
        unknown=sum(not index.lexical.knows(term) for term in asked) / max(1, len(asked)),
        fits_type=float(best.fits_type),
        absent_names=_share(not any(index.lexical.knows(term) for term in name) for name in named),
        uncovered_names=_share(not name & near for name in named),
        uncovered=_share(term not in near for term in asked),
    )


def _share(held: Iterable[bool]) -> float:
    found = list(held)
    return sum(found) / max(1, len(found))


def probability(found: Features) -> float:
    """The probability that the documents answer, 0 to 1."""
    logit = _INTERCEPT + sum(w * x for w, x in zip(astuple(_WEIGHTS), astuple(found), strict=True))
    return 1 / (1 + math.exp(-logit))
