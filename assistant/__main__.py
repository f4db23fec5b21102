"""python -m assistant: open the chat in the browser, or ask, check and cite in the terminal."""

from __future__ import annotations

import argparse
import dataclasses
import io
import json
import os
import signal
import sys
from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path

from assistant import baselines, evaluation, measures
from assistant.answering import Assistant
from assistant.config import AppConfig
from assistant.quote_commands import add_quote_commands, run_quote_command
from assistant.render import INSTEAD, around, removed, whose
from assistant.replies import BAD_QUESTION, Answer, Place, Quote, Refusal, Reply, Summary
from assistant.selecting import BadSelection
from index import BadInput
from index.teaching import taught


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; returns the exit status."""
    parser = argparse.ArgumentParser(
        prog="python -m assistant",
        description="Ask questions of the documents in source_docs/. Without a command: open the chat in the browser.",
        **taught(
            "python -m assistant",
            'python -m assistant ask "When did India join?"',
            "python -m assistant ask --help",
            reads="the documents in source_docs/ by way of their index, which it builds when there is none (python -m "
            "index rebuild builds it anew), and the settings SCO_… that the README lists",
            ends="0 after Ctrl-C, 1 when a setting cannot be used, the port is taken or the page cannot be made",
        ),
    )
    parser.add_argument("--host", help="address to listen on (default: SCO_HOST or 127.0.0.1)")
    parser.add_argument("--port", type=int, help="port to listen on (default: SCO_PORT or 7860, or the next free one)")
    commands = parser.add_subparsers(dest="command", metavar="command")
    ask = commands.add_parser(
        "ask",
        help="answer in the terminal",
        **taught(
            'python -m assistant ask "When did India join?"',
            'python -m assistant ask "And Iran?" --history "When did India join?" --json',
            "python -m assistant ask --batch questions.jsonl > replies.jsonl",
            reads="the built index; with --batch a file of questions",
            ends="0 answered or refused, 1 no usable index, 2 the question cannot be asked, or not of these documents",
        ),
    )
    ask.add_argument("question", nargs="?", help="the question")
    ask.add_argument(
        "--history", action="append", default=[], metavar="QUESTION", help="an earlier question; repeatable"
    )
    ask.add_argument(
        "--document",
        dest="documents",
        nargs="+",
        action="extend",
        default=[],
        metavar="NAME",
        help="look only at these documents: a path below source_docs/, its end, or a folder with a / at its end",
    )
    ask.add_argument("--json", action="store_true", help="print the reply object (assistant/reply.schema.json)")
    ask.add_argument(
        "--batch",
        type=Path,
        metavar="FILE",
        help='read lines {"id", "question", "history": [], "documents": []}; print a reply object for each, in order',
    )
    measure = commands.add_parser(
        "eval",
        help="measure answers and refusals on a file of questions with known answers",
        **taught(
            "python -m assistant eval tests/eval/dev.jsonl --baselines",
            reads="the built index, and a file that says of each question whether and where it is answered",
            ends="0 measured, 1 no usable index, or a line of the file that cannot be used",
        ),
    )
    measure.add_argument("file", type=Path, help="JSON Lines, in the form of tests/eval/dev.jsonl")
    measure.add_argument("--json", action="store_true", help="print one JSON object")
    measure.add_argument("--baselines", action="store_true", help="measure plain dense, BM25 and hybrid ranking too")
    measure.add_argument("--plot", type=Path, metavar="FILE", help="write the risk-coverage curve to FILE, as SVG")
    add_quote_commands(commands)
    commands.add_parser(
        "mcp",
        help="serve the documents as tools to an agent (Model Context Protocol)",
        **taught(
            "python -m assistant mcp",
            reads="the protocol's messages on standard input; the built index, which it builds when there is none",
            ends="0 when standard input ends, 1 when a setting cannot be used. Nothing but the protocol is written to "
            "standard output. The page serves the same tools at /mcp",
        ),
    )
    options = parser.parse_args(arguments)
    if options.command == "ask" and (options.question is None) == (options.batch is None):
        ask.error("give one question, or --batch FILE")
    if options.port is not None and not 1 <= options.port <= 65535:
        parser.error("--port is from 1 to 65535")
    if isinstance(sys.stdout, io.TextIOWrapper):
        # A quote must leave as the document has it, whatever the terminal says it can show.
        sys.stdout.reconfigure(encoding="utf-8", errors="backslashreplace")
    try:
        ended = _run(options)
        # Here rather than at exit, where a pipe whose reader has gone could no longer be handled.
        sys.stdout.flush()
        return ended
    except BadSelection as problem:
        print(problem, file=sys.stderr)
        return 2
    except BadInput as problem:
        print(problem, file=sys.stderr)
        return 1
    except BrokenPipeError:
        # The reader of a pipe has seen enough; Python would complain again when it closes stdout.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except KeyboardInterrupt:
        return 130


def _run(options: argparse.Namespace) -> int:
    config = AppConfig.from_env(os.environ)
    if options.command == "ask":
        assistant = Assistant.open(os.environ)
        if options.batch is None:
            return _ask(assistant, options)
        return _ask_batch(assistant, options.batch, options.documents)
    if options.command == "eval":
        return _evaluate(Assistant.open(os.environ), options)
    if options.command in ("verify", "cite"):
        return run_quote_command(options)
    if options.command == "mcp":
        return _serve_tools(config)
    if options.host:
        config = AppConfig.from_env({**os.environ, "SCO_HOST": options.host})
    # Seconds of import, which `ask` and `--help` must not pay.
    from assistant.server import serve

    return serve(replace(config, port=options.port) if options.port else config)


def _serve_tools(config: AppConfig) -> int:
    # Two seconds of import that no other command must pay.
    from assistant import logs
    from assistant.service import Service
    from assistant.tools import serve_stdio

    logs.configure(config.log)
    service = Service(config)
    # At once: a thread that waits for standard input cannot be stopped, and a rebuild is a process of its own.
    signal.signal(signal.SIGINT, lambda *_: os._exit(130))
    serve_stdio(service)
    service.close()
    if not service.settled():
        # A thread that imports cannot be stopped, and may abort the process when the interpreter ends.
        os._exit(0)
    return 0


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


def _ask_batch(assistant: Assistant, file: Path, everywhere: Sequence[str]) -> int:
    try:
        lines = [line for line in file.read_text("utf-8-sig").split("\n") if line.strip()]
    except OSError as problem:
        raise BadInput(f"{file}: cannot be read ({problem.strerror})") from None
    except UnicodeDecodeError:
        raise BadInput(f"{file}: not UTF-8; save it as UTF-8") from None
    # Read as a whole first: a slip in line 900 should not cost the answers to the 899 before it.
    questions = [_question_of(line, f"{file}: line {number}") for number, line in enumerate(lines, start=1)]
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
    outcomes = evaluation.evaluate(assistant, index, questions)
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
            return "\n\n".join([*asked, *_summed_up(reply.summary), *_quoted(reply.quotes)])
        case Refusal():
            instead = [f"{INSTEAD}:", *_quoted([reply.correction])] if reply.correction is not None else []
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


if __name__ == "__main__":
    sys.exit(main())
