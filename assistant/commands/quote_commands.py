"""python -m assistant verify | cite: quotes in the terminal, with exit statuses that scripts can use."""

from __future__ import annotations

import argparse
import json
import os
import sys
from itertools import accumulate
from pathlib import Path

from assistant.citations.citation_forms import FORMATS, STYLES
from assistant.citations.citing import Citation, cite
from assistant.config import AppConfig
from assistant.quotes.differing import Op, Piece
from assistant.quotes.verifying import MAX_PASTED_CHARS, Checked, Verdict, verify
from assistant.replies import Quote
from index import BadInput, LiveIndex, PassageIndex, open_embedder

HOLDS, HOLDS_NOT, NOT_CHECKED = 0, 1, 2
_SHOWN = 5


def run_quote_command(options: argparse.Namespace) -> int:
    """Run ``verify`` or ``cite``; returns the exit status."""
    try:
        if options.command == "cite":
            return _cite(options)
        return _verify(options) if options.export is None else _verify_export(options)
    except BadInput as problem:
        print(problem, file=sys.stderr)
        return NOT_CHECKED


def open_documents() -> tuple[PassageIndex, tuple[str, ...]]:
    """The built index with its notices, without loading a model. Raises BadInput."""
    config = AppConfig.from_env(os.environ).index
    return LiveIndex(config, open_embedder(config.model_dir, config.index_dir).identity).get()


def _verify(options: argparse.Namespace) -> int:
    checked = verify(_given(options.text), *open_documents())
    _note(checked)
    print(json.dumps(checked.to_json(), ensure_ascii=False) if options.json else in_words(checked))
    return HOLDS if checked.found else HOLDS_NOT


def _verify_export(options: argparse.Namespace) -> int:
    # Not at start-up: pydantic, which reads the file, takes as long as all the rest.
    from assistant.citations.conversation import read_turns, recheck

    text = _file(options.export)
    try:
        turns = read_turns(json.loads(text))
    except BadInput as problem:
        raise BadInput(f"{options.export}: {problem}") from None
    except (ValueError, RecursionError):
        raise BadInput(f"{options.export}: not JSON; give a conversation that was exported as JSON") from None
    index, notices = open_documents()
    held = recheck(turns, index)
    lines = [number for number, line in enumerate(text.split("\n"), start=1) if line.lstrip().startswith('"exact": ')]
    # In a file as it was exported each quote has its line, then those of its other places; else the names must do.
    counts = [1 + len(one.quote.also) for one in held]
    starts = [end - count for end, count in zip(accumulate(counts), counts, strict=True)]
    known = [lines[start] for start in starts] if len(lines) == sum(counts) else [None] * len(held)
    broken = [(quote, line) for quote, line in zip(held, known, strict=True) if quote.problem]
    for notice in notices:
        print(f"note: {notice}", file=sys.stderr)
    if options.json:
        told = [
            {"turn": q.turn, "part": q.part, "number": q.number, "file_line": line, "problem": q.problem}
            for q, line in broken
        ]
        print(json.dumps({"holds": not broken, "quotes": len(held), "broken": told}, ensure_ascii=False))
        return HOLDS_NOT if broken else HOLDS
    for quote, line in broken:
        print(f"{options.export}: {f'line {line}, ' if line else ''}{quote.name}: {quote.problem}")
    print(f"{len(held) - len(broken)} of {len(held)} quotes hold")
    return HOLDS_NOT if broken else HOLDS


def _file(file: Path) -> str:
    try:
        return file.read_text("utf-8-sig")
    except OSError as problem:
        raise BadInput(f"{file}: cannot be read ({problem.strerror})") from None
    except UnicodeDecodeError:
        raise BadInput(f"{file}: not UTF-8; save it as UTF-8") from None


def _cite(options: argparse.Namespace) -> int:
    index, notices = open_documents()
    checked = verify(_given(options.text), index, notices)
    _note(checked)
    if not checked.found:
        print(in_words(checked), file=sys.stderr)
        return HOLDS_NOT
    match = checked.matches[0]
    if checked.verdict is Verdict.TYPOGRAPHIC:
        print("note: cited in the document's own typing", file=sys.stderr)
    if len(checked.matches) > 1:
        print(f"note: cited at the first of {len(checked.matches)} places. {checked.line}", file=sys.stderr)
    citation = cite(index, index.documents[match.document], match.start, match.end)
    if options.json:
        print(json.dumps(citation.to_json(), ensure_ascii=False))
    else:
        print(citation.in_format(options.style) if options.style else _every_format(citation), end="")
    return HOLDS


def _note(checked: Checked) -> None:
    for notice in checked.notices:
        print(f"note: {notice}", file=sys.stderr)


def _given(text: str) -> str:
    if text != "-":
        return text
    try:
        # A little more than is checked, so that too much is told as such.
        return sys.stdin.buffer.read(8 * MAX_PASTED_CHARS).decode("utf-8-sig")
    except UnicodeDecodeError:
        raise BadInput("standard input is not UTF-8; convert it first") from None


def _every_format(citation: Citation) -> str:
    parts = [f"{STYLES.get(name, name)}\n\n{citation.in_format(name)}" for name in FORMATS]
    links = [link for link in (citation.link, citation.text_fragment) if link]
    return "\n".join([*parts, "Links\n", *links, ""])


def in_words(checked: Checked) -> str:
    """A verdict for the terminal: its line, the document's words with their place, and what was changed."""
    shown = [checked.line]
    if any(piece.changed for piece in checked.diff):
        shown.append("".join(map(_marked, checked.diff)))
    shown.extend(_placed(match) for match in checked.matches[:_SHOWN])
    if len(checked.matches) > _SHOWN:
        shown.append(f"and {len(checked.matches) - _SHOWN}{' or more' if checked.more else ''} places besides")
    return "\n\n".join(shown)


def _marked(piece: Piece) -> str:
    """As wdiff marks changes: what the document has and the text has not in [-…-], the other way round in {+…+}."""
    if not piece.changed:
        return piece.source
    left_out = f"[-{piece.source}-]" if piece.op is not Op.INSERTED else ""
    return left_out + (f"{{+{piece.pasted}+}}" if piece.pasted else "")


def _placed(match: Quote) -> str:
    heading = f", “{match.heading}”" if match.heading and match.heading != match.title else ""
    page = f", page {match.page}" if match.page is not None else ""
    place = f"{match.title}{heading}{page}, paragraph {match.paragraph}"
    return f"[{match.number}] “{match.exact}”\n    — {place} ({match.document}, {match.start} to {match.end})"
