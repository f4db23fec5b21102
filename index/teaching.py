"""What the end of a command's --help teaches: an example to copy, what the command reads, what it ends with."""

from __future__ import annotations

import argparse
import textwrap
from typing import TypedDict

_WIDTH = 88


class Taught(TypedDict):
    """Arguments of ``add_parser``."""

    epilog: str
    formatter_class: type[argparse.HelpFormatter]


def taught(*examples: str, reads: str, ends: str) -> Taught:
    """For ``add_parser``: ``examples`` are command lines as one types them, ``ends`` tells the exit statuses."""
    parts = ["\n".join(["example:" if len(examples) == 1 else "examples:", *(f"  {line}" for line in examples)])]
    parts += [
        textwrap.fill(f"{name}: {text}", _WIDTH, subsequent_indent="  ")
        for name, text in (("reads", reads), ("ends with", ends))
    ]
    return {"epilog": "\n\n".join(parts), "formatter_class": argparse.RawDescriptionHelpFormatter}
