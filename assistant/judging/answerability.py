"""Answer or refuse: the calibrated probability that the documents answer a question.

Logistic regression, fitted on the dev sets of tests/eval by tests/eval/fit.py and reported on sets it never saw. Fused
scores are not used: the best passage of any question has a high one.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from assistant.judging.asked_of import of_something_else
from assistant.judging.evidence import Evidence, chance
from assistant.judging.signs import lacking
from index import Hit, PassageIndex
from index.tokens import terms

# An answer is given where it is likelier than not that there is one. On dev, with every question judged by a fit that
# never saw its document or its fold, that answers 95 % of the article's answerable questions and refuses 69 % of the
# others; on the shelf of short texts, whose unanswerable questions are nearly all near misses, 60 % and 86 %; on that
# of tables, lists and dialogues 79 % and 74 %.
CUT = 0.5

# So many sentences count as one reading, about those of a page; fewer are not taken for a better one.
SENTENCES = 25

# From this probability on the page says that the documents answer, below it that they probably do: halfway from the
# cut to certainty.
SURE = (1 + CUT) / 2


@dataclass(frozen=True, slots=True)
class Features:
    """What is known of a question once its evidence is weighed.

    Attributes:
        log_odds: that any sentence read answers, see ``together``; None without the reader.
        fits_type: whether the best sentence holds the kind of thing asked for, 0 or 1.
        cosine: of the question with the nearest passage, -1 to 1.
        coverage: of the question's terms by the best sentence, 0 to 1.
        unknown: share of the question's terms that no document holds, 0 to 1.
        stranger: whether the question names somebody or something that no document does.
        sharpness: of the sentence that answers, if one does, see ``sharpness``; 0 to 1.
        elsewhere: whether a share, or a difference, is asked of what the best sentence's passage does not speak of, or
            it holds no sign of what is asked.
    """

    log_odds: float | None
    fits_type: float
    cosine: float
    coverage: float
    unknown: float
    stranger: bool = False
    sharpness: float = 0.0
    elsewhere: bool = False


# The sentences' log-odds hold all that the other measures knew: added to them, none of these, nor names and numbers
# that the passage lacks, raised the held-out AUROC of the dev sets. Without the reader they are what there is, and
# weak. What the reader is too sure of are near misses that ask for a name, a date or a number: a sentence on the
# subject that holds one, set off sharply, looks like their answer. What is answered in a clause is set off less so.
WITH_READER = ("log_odds", "sharpness")
WITHOUT_READER = ("fits_type", "cosine", "coverage", "unknown")
_WITH_READER: Mapping[str, float] = {"intercept": 1.5, "log_odds": 0.79, "sharpness": -0.9}
# Where a question names what no document does (``strangers.py``), an answer has to be as likely as this to be given.
# Of 22 such questions of the dev sets one has an answer, and it was refused before; of the others six were answered.
DESPITE_A_STRANGER = 0.8
_STRANGER = -math.log(DESPITE_A_STRANGER / (1 - DESPITE_A_STRANGER))
# So it is where a share or a difference is asked of what the best passage does not speak of (``asked_of.py``): five
# questions of the dev sets, none of them answerable, three of them answered before. And where what is asked leaves
# signs that the passage has none of (``signs.py``): eleven, of which three were answered before; the one that has an
# answer was not.
_DESPITE_ALL_ELSE = 0.95
_ELSEWHERE = -math.log(_DESPITE_ALL_ELSE / (1 - _DESPITE_ALL_ELSE))
# Where no document holds any word of the question, only a sure answer is given: this takes SURE down to CUT. Of the
# nine such questions of the dev sets that seem answered it refuses the one that is not, and two of the eight that are.
_NOTHING_KNOWN = -math.log(SURE / (1 - SURE))
# Fitted on the article's questions alone. The intercept is 0.32 below the fitted one: without the reader an answer is
# given from 0.58 on.
_WITHOUT_READER: Mapping[str, float] = {
    "intercept": -1.3,
    "fits_type": 1.33,
    "cosine": 0.75,
    "coverage": 0.3,
    "unknown": -0.46,
}


def features(
    question: str, hits: Sequence[Hit], weighed: Sequence[Evidence], index: PassageIndex, stranger: bool = False
) -> Features:
    """Measured on ``hits`` and ``weighed``, both best first and neither empty."""
    asked = set(terms(question))
    best = weighed[0]
    log_odds = [evidence.log_odds for evidence in weighed if evidence.log_odds is not None]
    spoken = f"{best.passage.heading or ''} {best.passage.text}"
    return Features(
        log_odds=together(log_odds, len(weighed)) if log_odds else None,
        fits_type=float(best.fits_type),
        cosine=max(hit.cosine for hit in hits),
        coverage=best.coverage,
        unknown=sum(not index.lexical.knows(term) for term in asked) / max(1, len(asked)),
        stranger=stranger,
        sharpness=sharpness(weighed),
        elsewhere=of_something_else(question, spoken) or lacking(question, spoken),
    )


def together(log_odds: Sequence[float], sentences: int) -> float:
    """The log of the sum of the sentences' odds, less what more of them add by chance: where ten times as many are
    weighed, one of them seems to answer ten times as often though none does. Those of ``sentences`` that were not read
    hold too little to count."""
    everywhere = math.log(sum(math.exp(min(each, 50.0)) for each in log_odds))
    return everywhere - math.log(max(1.0, sentences / SENTENCES))


def sharpness(weighed: Sequence[Evidence]) -> float:
    """How sharply an answer is set off, 0 to 1: the mean of the likeliest sentences', those read beside each other,
    each by its share of their odds; that of the best, of ``weighed``, where none is beside another."""
    listed = [evidence for evidence in weighed if evidence.beside is not None] or weighed[:1]
    odds = [math.exp(min(evidence.log_odds or 0.0, 50.0)) for evidence in listed]
    return sum(own * evidence.sharpness for own, evidence in zip(odds, listed, strict=True)) / sum(odds)


def probability(found: Features) -> float:
    """The probability that the documents answer, 0 to 1."""
    names, weights = (WITHOUT_READER, _WITHOUT_READER) if found.log_odds is None else (WITH_READER, _WITH_READER)
    logit = weights["intercept"] + sum(weights[name] * getattr(found, name) for name in names)
    return chance(logit + doubt(found))


def doubt(found: Features) -> float:
    """By how much the log-odds of an answer are lower, at most 0, for what no document knows of the question, or the
    best passage does not."""
    if found.log_odds is None:
        return 0.0
    return min(_STRANGER * found.stranger, _ELSEWHERE * found.elsewhere, _NOTHING_KNOWN * (found.unknown >= 1))
