"""How well the assistant answers and refuses, measured on questions with known answers."""

from __future__ import annotations

import json
import time
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import fmean, median

from assistant.answering import Assistant
from assistant.evidence import choose
from assistant.replies import Answer, Reply
from index import BadInput, PassageIndex, Span

NEAR_MISS = "near-miss"
FALSE_PREMISE = "false-premise"


@dataclass(frozen=True, slots=True)
class Question:
    """A question whose right treatment is known.

    Attributes:
        needs: what an answer must show: each need is met by a quote that covers one of its spans.
        corrections: for a false premise, spans whose quotation corrects it and so is as right as a refusal.
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
        corrected: whether the first quote corrects a false premise.
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


def evaluate(assistant: Assistant, index: PassageIndex, questions: Iterable[Question]) -> list[Outcome]:
    """Ask every question, in order."""
    return [_outcome(assistant, index, question) for question in questions]


def figures(outcomes: Sequence[Outcome]) -> dict[str, float | int | None]:
    """The figures of a run; None where there is nothing to measure.

    hit@k and MRR look at the ranking of every answerable question, whatever was decided; refusal precision and recall
    at the decision; AUROC at the confidence, by rank (Mann-Whitney); a false premise counts as refused when the
    sentence that corrects it is quoted first.
    """
    answerable = [o for o in outcomes if o.question.answerable]
    unanswerable = [o for o in outcomes if not o.question.answerable]
    near = [o for o in unanswerable if o.question.kind.startswith(NEAR_MISS)]
    refused = [o for o in outcomes if not o.answered or o.corrected]
    return {
        "questions": len(outcomes),
        "answerable": len(answerable),
        "hit@1": _mean(o.rank == 1 for o in answerable),
        "hit@3": _mean(o.rank is not None and o.rank <= 3 for o in answerable),
        "mrr": _mean(1 / o.rank if o.rank else 0.0 for o in answerable),
        "answered": _mean(o.answered for o in answerable),
        "answered_and_hit@1": _mean(o.answered and o.rank == 1 for o in answerable),
        "quote_precision": _mean(o.precision for o in answerable if o.precision is not None),
        "quote_recall": _mean(o.recall for o in answerable if o.recall is not None),
        "refusal_precision": _mean(not o.question.answerable for o in refused),
        "refusal_recall": _mean(not o.answered or o.corrected for o in unanswerable),
        "near_misses_refused": _mean(not o.answered for o in near),
        "auroc": _auroc([o.confidence for o in answerable], [o.confidence for o in unanswerable]),
        "auroc_near_miss": _auroc([o.confidence for o in answerable], [o.confidence for o in near]),
        "calibration_error": _calibration_error(outcomes),
        "median_ms": round(median(o.took_ms for o in outcomes), 1) if outcomes else None,
    }


def by_kind(outcomes: Sequence[Outcome]) -> dict[str, dict[str, float | int | None]]:
    """``figures`` of each kind of question, kinds in alphabetical order."""
    kinds: dict[str, list[Outcome]] = defaultdict(list)
    for outcome in outcomes:
        kinds[outcome.question.kind].append(outcome)
    return {kind: figures(kinds[kind]) for kind in sorted(kinds)}


def table(overall: Mapping[str, float | int | None], kinds: Mapping[str, Mapping[str, float | int | None]]) -> str:
    """The figures as text for a terminal."""
    lines = [f"{name:>20}  {'-' if value is None else value}" for name, value in overall.items()]
    lines.append(f"\n{'kind':>20}   n  hit@1  hit@3  answered  refused")
    for kind, found in kinds.items():
        cells = [found["hit@1"], found["hit@3"], found["answered"], found["refusal_recall"]]
        shown = "  ".join(f"{'-' if cell is None else f'{cell:.2f}':>6}" for cell in cells)
        lines.append(f"{kind:>20} {found['questions']:>3} {shown}")
    return "\n".join(lines)


def _locate(gold: str, text: str, place: str) -> Span:
    at = text.find(gold)
    if at < 0 or text.find(gold, at + 1) >= 0:
        raise BadInput(f"{place}: the gold string {gold[:60]!r} occurs not exactly once in its document")
    return Span(at, at + len(gold))


def _outcome(assistant: Assistant, index: PassageIndex, question: Question) -> Outcome:
    started = time.perf_counter()
    reply = assistant.ask(question.question, question.history)
    took_ms = (time.perf_counter() - started) * 1000
    ranked = choose(assistant.consider(reply.standalone_question, index).weighed, most=10, margin=2.0)
    places = [e.sentence.span for e in ranked if e.passage.document.id == question.document]
    gold = [span for need in question.needs for span in need]
    rank = next((n for n, place in enumerate(places, 1) if any(place.overlaps(span) for span in gold)), None)
    precision = recall = None
    corrected = False
    if isinstance(reply, Answer):
        quoted = [Span(q.start, q.end) for q in reply.quotes if q.document == question.document]
        corrected = bool(quoted) and any(quoted[0].overlaps(span) for span in question.corrections)
        if question.answerable:
            relevant = [span for span in quoted if any(span.overlaps(g) for g in gold)]
            precision = sum(s.end - s.start for s in relevant) / max(1, sum(s.end - s.start for s in quoted))
            recall = fmean(any(s.overlaps(g) for s in quoted for g in need) for need in question.needs)
    return Outcome(
        question, reply, reply.confidence, isinstance(reply, Answer), rank, precision, recall, corrected, took_ms
    )


def _mean(values: Iterable[float]) -> float | None:
    found = list(values)
    return round(fmean(found), 4) if found else None


def _auroc(positive: Sequence[float], negative: Sequence[float]) -> float | None:
    if not positive or not negative:
        return None
    wins = sum((p > n) + 0.5 * (p == n) for p in positive for n in negative)
    return round(wins / (len(positive) * len(negative)), 4)


def _calibration_error(outcomes: Sequence[Outcome], bins: int = 10) -> float | None:
    """Expected calibration error over ``bins`` of equal width (Naeini et al. 2015)."""
    if not outcomes:
        return None
    binned: dict[int, list[Outcome]] = defaultdict(list)
    for outcome in outcomes:
        binned[min(bins - 1, int(outcome.confidence * bins))].append(outcome)
    error = sum(
        abs(sum(o.confidence for o in held) - sum(o.question.answerable for o in held)) for held in binned.values()
    )
    return round(error / len(outcomes), 4)
