"""python -m assistant ask | eval: replies in the terminal, and how good they are."""

from __future__ import annotations

import argparse
import dataclasses
import json
import os
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path

from assistant.answering import Assistant
from assistant.evaluating import baselines, evaluation, measures
from assistant.replies import BAD_QUESTION, Answer, Place, Quote, Refusal, Reply, Summary
from assistant.selecting import BadSelection, select
from assistant.showing.render import DOUBT, INSTEAD, around, removed, whose
from assistant.showing.sections import sections
from index import BadInput


def run_ask_command(options: argparse.Namespace) -> int:
    """Run ``ask`` or ``eval``; returns the exit status. Raises BadInput."""
    assistant = Assistant.open(os.environ)
    if options.command == "eval":
        return _evaluate(assistant, options)
    if options.batch is None:
        return _ask(assistant, options)
    return _ask_batch(assistant, options.batch, options.documents)


def _ask(assistant: Assistant, options: argparse.Namespace) -> int:
    reply = assistant.ask(options.question, options.history, options.documents)
    if options.json:
        print(json.dumps(reply.to_json(), ensure_ascii=False))
    elif _is_bad(reply):
        print(reply.reason if isinstance(reply, Refusal) else "", file=sys.stderr)
    else:
        print(in_words(reply))
    for notice in reply.notices:
        print(f"note: {notice}", file=sys.stderr)
    return 2 if _is_bad(reply) else 0


def _ask_batch(assistant: Assistant, path: Path, everywhere: Sequence[str]) -> int:
    file = "standard input" if str(path) == "-" else str(path)
    try:
        data = sys.stdin.buffer.read() if str(path) == "-" else path.read_bytes()
        lines = data.decode("utf-8-sig").replace("\r\n", "\n").replace("\r", "\n").split("\n")
    except OSError as problem:
        raise BadInput(f"{file}: cannot be read ({problem.strerror})") from None
    except UnicodeDecodeError:
        raise BadInput(f"{file}: not UTF-8; save it as UTF-8") from None
    # Read as a whole first: a slip in line 900 should not cost the answers to the 899 before it.
    placed = [(f"{file}: line {number}", line) for number, line in enumerate(lines, start=1) if line.strip()]
    questions = [_question_of(line, place) for place, line in placed]
    index, _ = assistant.index()
    select(everywhere, index)
    for (place, _), (*_, documents) in zip(placed, questions, strict=True):
        try:
            select(documents, index)
        except BadSelection as problem:
            raise BadSelection(f"{place}: {problem}") from None
    for identity, question, history, documents in questions:
        reply = assistant.ask(question, history, documents or everywhere).to_json()
        print(json.dumps({"id": identity, **reply}, ensure_ascii=False), flush=True)
    return 0


def _question_of(line: str, place: str) -> tuple[object, str, list[str], list[str]]:
    try:
        fields = json.loads(line)
        question, lists = fields["question"], [fields.get(name) or [] for name in ("history", "documents")]
        if isinstance(question, str) and all(isinstance(each, list) for each in lists):
            history, documents = lists
            if all(isinstance(each, str) for each in (*history, *documents)):
                return fields.get("id"), question, history, documents
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        pass
    raise BadInput(f'{place}: not of the form {{"id": …, "question": "…", "history": ["…"]}}; mend the line')


def _evaluate(assistant: Assistant, options: argparse.Namespace) -> int:
    index, _ = assistant.index()
    questions = evaluation.read_questions(options.file, index)
    outcomes = evaluation.evaluate(assistant, questions)
    beside = baselines.outcomes(assistant, index, questions) if options.baselines else {}
    if options.plot:
        options.plot.write_text(measures.risk_coverage_svg({"assistant": outcomes, **beside}), "utf-8")
    if not options.json:
        print(measures.table(outcomes, beside))
        return 0
    told = {
        "overall": measures.figures(outcomes),
        "intervals": measures.intervals(outcomes),
        "by_kind": measures.by_kind(outcomes),
        "calibration": dataclasses.asdict(measures.calibration(outcomes)) if outcomes else None,
        "baselines": {name: measures.figures(run) for name, run in beside.items()},
    }
    print(json.dumps(told))
    return 0


def _is_bad(reply: Reply) -> bool:
    return isinstance(reply, Refusal) and reply.reason_code in BAD_QUESTION


def in_words(reply: Reply) -> str:
    """A reply for the terminal: each quote word for word, with its place."""
    asked = [f"Understood as: {reply.standalone_question}"] if reply.standalone_question != reply.question else []
    match reply:
        case Answer():
            return "\n\n".join([*asked, *_summed_up(reply.summary), *_answered(reply)])
        case Refusal():
            instead = [f"{INSTEAD}. {DOUBT}", *_quoted([reply.correction])] if reply.correction is not None else []
            nearest = _quoted(reply.nearest, reply.correction)
            offered = ["Nearest passages, which are not an answer:", *nearest] if nearest else []
            return "\n\n".join([*asked, reply.reason, *instead, *offered])


def _summed_up(summary: Summary | None) -> list[str]:
    if summary is None:
        return []
    lines = [f"{whose(summary)}:" if summary.sentences else whose(summary)]
    for sentence in summary.sentences:
        lines.append(f"    {sentence.text} {''.join(f'[{number}]' for number in sentence.quotes)}")
    if summary.removed:
        lines.append(f"    ({removed(summary)})")
    return ["\n".join(lines)]


def _answered(answer: Answer) -> list[str]:
    """The quotes, under their questions where several were asked."""
    blocks: list[str] = []
    for section in sections(answer.questions, answer.quotes):
        heading = f"{section.heading}\n    {section.line}" if section.line else section.heading
        blocks += [heading] if heading else []
        blocks += _quoted(answer.quotes[at] for at in section.quotes)
    return blocks


def _quoted(quotes: Iterable[Quote], correction: Quote | None = None) -> list[str]:
    shown: list[str] = []
    for quote in quotes:
        # Never wrapped: a line break that the document lacks would make it another text.
        places = [f"    — {_place(quote)}", *(f"    also: {_place(other)}" for other in quote.also)]
        remark = around(quote, correction)
        places += [f"    ({remark})"] if remark else []
        shown.append("\n".join([f"[{quote.number}] “{quote.exact}”", *places]))
    return shown


def _place(said: Quote | Place) -> str:
    heading = f", “{said.heading}”" if said.heading and said.heading != said.title else ""
    page = f", page {said.page}" if said.page is not None else ""
    return f"{said.title}{heading}{page}, paragraph {said.paragraph} ({said.document})"
