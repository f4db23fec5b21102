"""How well the assistant answers and refuses: the figures of a run, their intervals, the risk-coverage curve."""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from html import escape
from statistics import fmean, median

from assistant.evaluating.evaluation import Outcome

NEAR_MISS = "near-miss"
RESAMPLES = 1000
BINS = 10
Figures = dict[str, float | int | None]


def figures(outcomes: Sequence[Outcome]) -> Figures:
    """The figures of a run; None where there is nothing to measure.

    hit@k and MRR look at the ranking of every answerable question, whatever was decided; refusal precision and recall
    at the decision; AUROC at the confidence, by rank (Mann-Whitney); a false premise counts as refused when the
    sentence that corrects it is quoted first, and as corrected then and when a refusal shows it as its correction. A
    wrong correction is one of a question whose premises are true.
    """
    answerable = [o for o in outcomes if o.question.answerable]
    unanswerable = [o for o in outcomes if not o.question.answerable]
    near = [o for o in unanswerable if o.question.kind.startswith(NEAR_MISS)]
    refused = [o for o in outcomes if not o.answered or o.corrected]
    false = [o for o in outcomes if o.question.corrections]
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
        "off_topic_refused": _mean(not o.answered for o in unanswerable if o.question.kind == "off-topic"),
        "premises_corrected": _mean(o.corrected for o in false),
        "wrong_corrections": sum(o.contradicted and not o.question.corrections for o in outcomes),
        "median_ms": round(median(o.took_ms for o in outcomes), 1) if outcomes else None,
    }


def by_kind(outcomes: Sequence[Outcome]) -> dict[str, Figures]:
    """``figures`` of each kind of question, kinds in alphabetical order.

    ``auroc`` is that of the kind's questions against all of the other class.
    """
    kinds: dict[str, list[Outcome]] = defaultdict(list)
    for outcome in outcomes:
        kinds[outcome.question.kind].append(outcome)
    classes: dict[bool, list[float]] = {
        known: [o.confidence for o in outcomes if o.question.answerable is known] for known in (True, False)
    }
    found: dict[str, Figures] = {}
    for kind in sorted(kinds):
        own = [outcome.confidence for outcome in kinds[kind]]
        answerable = kinds[kind][0].question.answerable
        auroc = _auroc(own, classes[False]) if answerable else _auroc(classes[True], own)
        found[kind] = figures(kinds[kind]) | {"auroc": auroc}
    return found


def table(outcomes: Sequence[Outcome], baselines: Mapping[str, Sequence[Outcome]] | None = None) -> str:
    """The figures of a run, of each kind of question, of its confidences and of the ``baselines``, for a terminal.

    A kind's AUROC sets its questions against those of the other class, whatever their kind.
    """
    spread = intervals(outcomes)
    lines = []
    for name, value in figures(outcomes).items():
        between = f"  ({spread[name][0]:.2f} to {spread[name][1]:.2f})" if isinstance(value, float) else ""
        lines.append(f"{name:>20}  {'-' if value is None else value}{between if name != 'median_ms' else ''}")
    lines.append(f"\n{'kind':>20}   n   hit@1   hit@3 answered refused  AUROC")
    for kind, found in by_kind(outcomes).items():
        cells = [found["hit@1"], found["hit@3"], found["answered"], found["refusal_recall"], found["auroc"]]
        shown = "  ".join(f"{'-' if cell is None else f'{cell:.2f}':>6}" for cell in cells)
        lines.append(f"{kind:>20} {found['questions']:>3}  {shown}")
    if outcomes:
        told = calibration(outcomes)
        lines.append(f"\n{'confidence':>20}   n    mean  answerable")
        lines += [f"{low:>20.1f} {n:>3}  {mean:>6.2f}  {share:>10.2f}" for low, n, mean, share in told.bins]
        chance = "calibration error by chance alone, were every confidence right"
        lines.append(f"{chance}: {told.by_chance[0]:.3f}; one run in twenty: above {told.by_chance[1]:.3f}")
    if baselines:
        lines.append(f"\n{'':>20}   hit@1   hit@3   AUROC  near misses")
        for name, run in {**baselines, "assistant": outcomes}.items():
            found = figures(run)
            cells = [found["hit@1"], found["hit@3"], found["auroc"], found["auroc_near_miss"]]
            lines.append(f"{name:>20}  " + "  ".join(f"{'-' if cell is None else f'{cell:.2f}':>6}" for cell in cells))
    return "\n".join(lines)


def _mean(values: Iterable[float]) -> float | None:
    found = list(values)
    return round(fmean(found), 4) if found else None


def _auroc(positive: Sequence[float], negative: Sequence[float]) -> float | None:
    if not positive or not negative:
        return None
    wins = sum((p > n) + 0.5 * (p == n) for p in positive for n in negative)
    return round(wins / (len(positive) * len(negative)), 4)


def _calibration_error(outcomes: Sequence[Outcome]) -> float | None:
    """Expected calibration error over bins of equal width (Naeini et al. 2015)."""
    if not outcomes:
        return None
    return round(_error([o.confidence for o in outcomes], [o.question.answerable for o in outcomes]), 4)


def _error(confidences: Sequence[float], answerable: Sequence[bool]) -> float:
    gaps = [0.0] * BINS
    for confidence, known in zip(confidences, answerable, strict=True):
        gaps[_bin(confidence)] += confidence - known
    return sum(map(abs, gaps)) / len(confidences)


def _bin(confidence: float) -> int:
    return min(BINS - 1, int(confidence * BINS))


@dataclass(frozen=True, slots=True)
class Calibration:
    """What the confidences of a run are worth.

    Attributes:
        bins: of each bin that holds any: its lower bound, how many questions, their mean confidence, and the share of
            them that is answerable.
        by_chance: the mean calibration error of a run with these confidences, were each of them exactly right; and the
            error that one such run in twenty exceeds. A few questions a bin differ from their share by chance, and the
            error counts every difference, so that it is above 0 even then.
    """

    bins: tuple[tuple[float, int, float, float], ...]
    by_chance: tuple[float, float]


def calibration(outcomes: Sequence[Outcome], seed: int = 0) -> Calibration:
    """Of a run that is not empty."""
    held: dict[int, list[Outcome]] = defaultdict(list)
    for outcome in outcomes:
        held[_bin(outcome.confidence)].append(outcome)
    bins = tuple(
        (
            number / BINS,
            len(of_bin),
            round(fmean(o.confidence for o in of_bin), 4),
            round(fmean(o.question.answerable for o in of_bin), 4),
        )
        for number, of_bin in sorted(held.items())
    )
    rng = random.Random(seed)  # noqa: S311 - a simulation, which must come out the same each time
    confidences = [outcome.confidence for outcome in outcomes]
    errors = sorted(_error(confidences, [rng.random() < each for each in confidences]) for _ in range(RESAMPLES))
    return Calibration(bins, (round(fmean(errors), 4), round(errors[int(0.95 * RESAMPLES)], 4)))


def intervals(outcomes: Sequence[Outcome], seed: int = 0) -> dict[str, tuple[float, float]]:
    """The 95 % interval of each figure: percentiles over ``RESAMPLES`` samples of the questions with replacement
    (Efron and Tibshirani 1993). Figures that a sample cannot have are left out of it; counts have no interval."""
    rng = random.Random(seed)  # noqa: S311 - a resampling, which must come out the same each time
    drawn: dict[str, list[float]] = defaultdict(list)
    for _ in range(RESAMPLES if outcomes else 0):
        for name, value in figures(rng.choices(outcomes, k=len(outcomes))).items():
            if isinstance(value, float):
                drawn[name].append(value)
    found: dict[str, tuple[float, float]] = {}
    for name, values in drawn.items():
        values.sort()
        found[name] = values[int(0.025 * len(values))], values[min(len(values) - 1, int(0.975 * len(values)))]
    return found


def risk_coverage(outcomes: Sequence[Outcome]) -> list[tuple[float, float]]:
    """(coverage, risk) as the cut falls from 1 to 0, coverage rising: of the questions answered so far, the surest
    first, the share whose first sentence does not answer (El-Yaniv and Wiener 2010)."""
    surest = sorted(outcomes, key=lambda outcome: -outcome.confidence)
    wrong = 0
    curve: list[tuple[float, float]] = []
    for number, outcome in enumerate(surest, start=1):
        wrong += not (outcome.question.answerable and outcome.rank == 1)
        if number == len(surest) or surest[number].confidence < outcome.confidence:
            curve.append((number / len(surest), wrong / number))
    return curve


def risk_coverage_svg(runs: Mapping[str, Sequence[Outcome]]) -> str:
    """A plot of ``risk_coverage`` for each named run, as a whole SVG document; the cut in force is a dot."""
    width, height, left, top, right, bottom = 640, 400, 56, 20, 140, 48
    inner, tall = width - left - right, height - top - bottom
    colours = ("#1f5fa8", "#b0562a", "#5a7d2a", "#7a4f9a", "#555555")

    def at(coverage: float, risk: float) -> str:
        return f"{left + coverage * inner:.1f},{top + (1 - risk) * tall:.1f}"

    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" font-family="sans-serif" '
        'font-size="12" role="img" aria-label="Risk against coverage">',
        f'<rect width="{width}" height="{height}" fill="#fff"/>',
    ]
    for tenth in range(0, 11, 2):
        x, y = left + tenth / 10 * inner, top + (1 - tenth / 10) * tall
        parts.append(f'<path d="M{left} {y:.1f}h{inner}M{x:.1f} {top}v{tall}" stroke="#ddd" fill="none"/>')
        parts.append(f'<text x="{left - 8}" y="{y + 4:.1f}" text-anchor="end">{tenth * 10} %</text>')
        parts.append(f'<text x="{x:.1f}" y="{height - bottom + 16}" text-anchor="middle">{tenth * 10} %</text>')
    parts.append(f'<text x="{left + inner / 2:.0f}" y="{height - 10}" text-anchor="middle">questions answered</text>')
    parts.append(
        f'<text transform="translate(14 {top + tall / 2:.0f}) rotate(-90)" text-anchor="middle">'
        "first quote does not answer</text>"
    )
    for number, (name, outcomes) in enumerate(runs.items()):
        colour = colours[number % len(colours)]
        points = " ".join(at(*point) for point in risk_coverage(outcomes))
        parts.append(f'<polyline points="{points}" fill="none" stroke="{colour}" stroke-width="2"/>')
        answered = [outcome for outcome in outcomes if outcome.answered]
        if outcomes and len(answered) < len(outcomes) and answered:
            risk = 1 - sum(o.question.answerable and o.rank == 1 for o in answered) / len(answered)
            across, down = at(len(answered) / len(outcomes), risk).split(",")
            parts.append(f'<circle cx="{across}" cy="{down}" r="5" fill="{colour}"/>')
        y_name = top + 16 + 20 * number
        parts.append(f'<text x="{width - right + 12}" y="{y_name}" fill="{colour}">{escape(name)}</text>')
    return "\n".join([*parts, "</svg>"]) + "\n"
