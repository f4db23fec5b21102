"""Passages found → the sentences in them that answer, best first, each said once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from assistant.answer_types import expected, holds
from index import Hit, Passage, PassageIndex, Sentence, Span
from index.acronyms import expanded
from index.dense import Vectors
from index.tokens import terms

# How a sentence's score is made up; fitted on tests/eval/dev.jsonl by tests/eval/fit.py.
COSINE_WEIGHT, COVERAGE_WEIGHT, PASSAGE_WEIGHT, TYPE_WEIGHT = 0.45, 0.25, 0.2, 0.1
# A further quote must come this close to the best one, and share less than this with those already chosen.
MARGIN = 0.12
_SAME_SHARE = 0.6


@dataclass(frozen=True, slots=True)
class Evidence:
    """A sentence and how well it answers.

    Attributes:
        score: orders sentences, about 0 to 1.
        cosine: of the sentence with the question, -1 to 1.
        coverage: share of the question's content terms in the sentence or its heading, weighted by idf, 0 to 1.
        fits_type: whether the sentence holds the kind of thing asked for (a date, a number, a name); True when the
            question asks for no such kind.
        answer: the words that answer most directly, where they are known.
    """

    passage: Passage
    sentence: Sentence
    score: float
    cosine: float
    coverage: float
    fits_type: bool
    answer: Span | None = None


def weigh(question: str, vector: Vectors, hits: Sequence[Hit], index: PassageIndex) -> list[Evidence]:
    """Every sentence of ``hits``, best first; ties in reading order."""
    asked = set(terms(question))
    idf = {term: index.lexical.idf(term) for term in asked}
    total = sum(idf.values()) or 1.0
    kind = expected(question)
    weighed: list[Evidence] = []
    for hit in hits:
        passage = hit.passage
        context = set(terms(passage.heading or ""))
        cosines = index.sentence_cosines(passage.sentences, vector)
        for sentence, cosine in zip(passage.sentences, cosines, strict=True):
            text = sentence.span.of(passage.document.text)
            held = set(terms(expanded(text, index.acronyms)))
            coverage = sum(idf[term] * (1.0 if term in held else 0.3 * (term in context)) for term in asked) / total
            fits = holds(text, kind, question)
            score = (
                COSINE_WEIGHT * max(cosine, 0.0)
                + COVERAGE_WEIGHT * coverage
                + PASSAGE_WEIGHT * hit.score
                + TYPE_WEIGHT * fits
            )
            weighed.append(Evidence(passage, sentence, score, cosine, coverage, fits))
    return sorted(weighed, key=lambda evidence: (-evidence.score, evidence.sentence.id))


def choose(weighed: Sequence[Evidence], most: int, margin: float = MARGIN) -> list[Evidence]:
    """The best sentence and those within ``margin`` of it, at most ``most``, each thing said once."""
    chosen: list[Evidence] = []
    for evidence in weighed:
        if len(chosen) == most or evidence.score < weighed[0].score - margin:
            break
        if not any(_says_the_same(evidence, other) for other in chosen):
            chosen.append(evidence)
    return chosen


def _says_the_same(one: Evidence, other: Evidence) -> bool:
    """Whether the shorter sentence's terms are mostly the other's: the article says its first sentence twice."""
    a, b = (set(terms(e.sentence.span.of(e.passage.document.text))) for e in (one, other))
    return bool(a and b) and len(a & b) >= _SAME_SHARE * min(len(a), len(b))
