"""What ``python -m assistant`` is told: every command with its arguments and its help.

The server is started here too, so nothing is imported that only a command needs.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path

from assistant.citations.citation_forms import FORMATS
from index.teaching import taught


def read(arguments: Sequence[str] | None = None) -> argparse.Namespace:
    """The command and its options, by default of the process. Ends the process at what is not understood."""
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
    ask.add_argument("--json", action="store_true", help="print the reply object (assistant/schemas/reply.schema.json)")
    ask.add_argument(
        "--batch",
        type=Path,
        metavar="FILE",
        help='read lines {"id", "question", "history": [], "documents": []}, of standard input with -; print a reply '
        "object for each, in order",
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
    check = commands.add_parser(
        "verify",
        help="say whether a quotation stands in the documents",
        **taught(
            'python -m assistant verify "India refused to join the statement on June 14"',
            "python -m assistant verify - --json < quote.txt",
            "python -m assistant verify --export chat.json",
            reads="the built index, no model; standard input for -; with --export a conversation saved as JSON",
            ends="0 it stands there (exact or typographic), or every quote of the export holds; 1 it does not "
            "(altered, stitched, absent), or some do not; 2 it could not be checked",
        ),
    )
    what = check.add_mutually_exclusive_group(required=True)
    what.add_argument("text", nargs="?", help="the quotation; - reads it from standard input")
    what.add_argument("--export", type=Path, metavar="FILE", help="a conversation exported as JSON: check every quote")
    check.add_argument(
        "--json", action="store_true", help="print one JSON object (assistant/schemas/verdict.schema.json)"
    )
    quote = commands.add_parser(
        "cite",
        help="cite a quotation that stands in the documents",
        **taught(
            'python -m assistant cite "India refused to join the statement on June 14" --style apa',
            reads="the built index, no model; the document's card; standard input for -",
            ends="0 cited, 1 the quotation does not stand in the documents, 2 it could not be cited",
        ),
    )
    quote.add_argument("text", help="the exact quotation; - reads it from standard input")
    quote.add_argument("--style", choices=FORMATS, help="print this one only (default: each of them)")
    quote.add_argument("--json", action="store_true", help="print all of it (assistant/schemas/citation.schema.json)")
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
    return options
