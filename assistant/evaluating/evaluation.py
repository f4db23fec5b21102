"""Questions with known answers, and what became of them when they were asked."""

from __future__ import annotations

import json
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import fmean

from assistant.answering import Assistant
from assistant.judging.evidence import choose
from assistant.replies import Answer, Reply
from index import BadInput, PassageIndex, Span


@dataclass(frozen=True, slots=True)
class Question:
    """A question whose right treatment is known.

    Attributes:
        needs: what an answer must show: each need is met by a quote that covers one of its spans.
        corrections: for a false premise, spans that correct it: quoted first, one is as right as a refusal.
    """

    id: str
    document: str
    kind: str
    question: str
    history: tuple[str, ...]
    answerable: bool
    needs: tuple[tuple[Span, ...], ...]
    corrections: tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one question.

    Attributes:
        reply: None only where an outcome is made up.
        rank: the place of the first sentence that meets a need, 1-based.
        precision, recall: share of the quoted characters that answer, and of the needs that are met.
        corrected: whether a false premise is corrected: by the first quote, or by the refusal's correction.
        contradicted: whether the refusal shows a correction, right or wrong.
    """

    question: Question
    reply: Reply | None
    confidence: float
    answered: bool
    rank: int | None
    precision: float | None
    recall: float | None
    corrected: bool
    took_ms: float
    contradicted: bool = False


def read_questions(file: Path, index: PassageIndex) -> list[Question]:
    """Read a JSON Lines file of questions and find their gold strings in the indexed documents.

    Raises BadInput naming the line that is malformed, names a document that is not indexed, or holds a gold string
    that does not occur exactly once in it.
    """
    try:
        lines = file.read_text("utf-8").split("\n")
    except (OSError, UnicodeDecodeError) as problem:
        raise BadInput(f"{file}: cannot be read ({problem})") from None
    questions: list[Question] = []
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        place = f"{file}: line {number}"
        try:
            fields = json.loads(line)
            text = index.documents[fields["document"]].text
            questions.append(
                Question(
                    id=str(fields["id"]),
                    document=fields["document"],
                    kind=fields["kind"],
                    question=fields["question"],
                    history=tuple(fields.get("history", ())),
                    answerable=bool(fields["answerable"]),
                    needs=tuple(tuple(_locate(gold, text, place) for gold in need) for need in fields["gold"]),
                    corrections=tuple(_locate(gold, text, place) for gold in fields.get("corrected_by", ())),
                )
            )
        except (ValueError, KeyError, TypeError) as problem:
            raise BadInput(f"{place}: not a question of the indexed documents ({problem!r})") from None
    return questions


def evaluate(assistant: Assistant, questions: Iterable[Question]) -> list[Outcome]:
    """Ask every question, in order."""
    return [_outcome(assistant, question) for question in questions]


def rank_of(question: Question, places: Sequence[Span]) -> int | None:
    """The place, 1-based, of the first of ``places`` (of the question's document, best first) that meets a need."""
    gold = [span for need in question.needs for span in need]
    return next((n for n, place in enumerate(places, 1) if any(place.overlaps(span) for span in gold)), None)


def _locate(gold: str, text: str, place: str) -> Span:
    at = text.find(gold)
    if at < 0 or text.find(gold, at + 1) >= 0:
        raise BadInput(f"{place}: the gold string {gold[:60]!r} occurs not exactly once in its document")
    return Span(at, at + len(gold))


def _outcome(assistant: Assistant, question: Question) -> Outcome:
    started = time.perf_counter()
    reply, weighed = assistant.judge(question.question, question.history)
    took_ms = (time.perf_counter() - started) * 1000
    ranked = choose(weighed, most=10, margin=2.0)
    rank = rank_of(question, [e.sentence.span for e in ranked if e.passage.document.id == question.document])
    gold = [span for need in question.needs for span in need]
    precision = recall = None
    if isinstance(reply, Answer):
        quoted = [Span(q.start, q.end) for q in reply.quotes if q.document == question.document]
        correcting = quoted[:1]
        if question.answerable:
            relevant = [span for span in quoted if any(span.overlaps(g) for g in gold)]
            precision = sum(s.end - s.start for s in relevant) / max(1, sum(s.end - s.start for s in quoted))
            recall = fmean(any(s.overlaps(g) for s in quoted for g in need) for need in question.needs)
    else:
        said = reply.correction
        correcting = [Span(said.start, said.end)] if said is not None and said.document == question.document else []
    return Outcome(
        question=question,
        reply=reply,
        confidence=reply.confidence,
        answered=isinstance(reply, Answer),
        rank=rank,
        precision=precision,
        recall=recall,
        corrected=any(place.overlaps(span) for place in correcting for span in question.corrections),
        took_ms=took_ms,
        contradicted=not isinstance(reply, Answer) and reply.correction is not None,
    )
