"""The commands of python -m index, what each may be given, and what its help teaches."""

from __future__ import annotations

import argparse

from index.live import State
from index.teaching import taught

_STATUS_CODES = ", ".join(f"{state.value} {state.name.lower()}" for state in State)


def parser() -> argparse.ArgumentParser:
    """Takes a command line apart: ``command`` names the command."""
    made = argparse.ArgumentParser(
        prog="python -m index",
        description="Turn the documents of source_docs/ into a searchable index.",
        **taught(
            "python -m index rebuild",
            "python -m index rebuild --help",
            reads="the folders that SCO_SOURCE_DOCS and SCO_INDEX_DIR name (default: source_docs, index/built)",
            ends="0 when all is well; each command's --help has its own",
        ),
    )
    commands = made.add_subparsers(dest="command", required=True, metavar="command")
    build = commands.add_parser(
        "rebuild",
        help="bring the index up to date; does nothing when nothing changed",
        **taught(
            "python -m index rebuild",
            "python -m index rebuild --force --progress none",
            reads="every document below the source folder, with its card; of the last index what has not changed",
            ends="0 done, 1 not done, 3 done but some files were left out, 75 another rebuild is running",
        ),
    )
    build.add_argument("--force", action="store_true", help="embed every passage anew")
    build.add_argument("--progress", choices=("bar", "json", "none"), default="bar", help="how to show the progress")
    look = commands.add_parser(
        "status",
        help="what is indexed, and whether it is up to date",
        **taught(
            "python -m index status --json",
            reads="what the index says of itself, and names and times of the documents",
            ends=_STATUS_CODES,
        ),
    )
    look.add_argument("--json", action="store_true", help="print one JSON object")
    find = commands.add_parser(
        "search",
        help="the passages nearest to a query, without answering it",
        **taught(
            'python -m index search "border conflicts" -k 3',
            reads="the built index",
            ends="0 searched, 1 no usable index, 2 an empty query or -k below 1",
        ),
    )
    find.add_argument("query")
    find.add_argument("-k", type=int, default=5, help="how many passages (default: 5)")
    find.add_argument("--json", action="store_true", help="print one JSON object a passage")
    text = commands.add_parser(
        "text",
        help="the text of a document as the index stores it, which the offsets of quotes count",
        **taught(
            "python -m index text sco-alternative-global-order.txt > article.txt",
            reads="the built index, not the document itself",
            ends="0 printed, 1 no usable index, 2 no such document in it",
        ),
    )
    text.add_argument("document", help="its path below the source folder")
    check = commands.add_parser(
        "verify",
        help="check every file and every offset of the index",
        **taught(
            "python -m index verify --deep",
            reads="every file of the built index, and the documents it was built from",
            ends=_STATUS_CODES,
        ),
    )
    check.add_argument("--deep", action="store_true", help="also embed a sample again and compare")
    kept = commands.add_parser(
        "generations",
        help="the generations that are kept, newest first, each checked",
        **taught(
            "python -m index generations",
            reads="every file of every generation that is kept",
            ends="0 all are whole, 4 one is damaged or made by another model or version, 5 there is none, "
            "7 the engine that keeps one does not answer",
        ),
    )
    kept.add_argument("--json", action="store_true", help="print one JSON object a generation")
    back = commands.add_parser(
        "rollback",
        help="answer from an earlier generation again",
        **taught(
            "python -m index rollback",
            reads="every file of the generation gone back to, before it answers",
            ends="0 done, 1 not done, 75 a rebuild is running",
        ),
    )
    back.add_argument("generation", nargs="?", help="its name (default: the one before the live one)")
    return made
