"""python -m assistant: open the chat in the browser, or ask, check and cite in the terminal."""

from __future__ import annotations

import argparse
import io
import os
import signal
import sys
from collections.abc import Sequence
from dataclasses import replace

from assistant.commands import arguments as told
from assistant.config import AppConfig
from assistant.selecting import BadSelection
from index import BadInput


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; returns the exit status."""
    options = told.read(arguments)
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
    # What each command needs is imported for it alone: the page is up in less time than all of it takes.
    if options.command in ("ask", "eval"):
        from assistant.commands.ask_commands import run_ask_command

        return run_ask_command(options)
    if options.command in ("verify", "cite"):
        from assistant.commands.quote_commands import run_quote_command

        return run_quote_command(options)
    if options.command == "mcp":
        return _serve_tools(config)
    if options.host:
        config = AppConfig.from_env({**os.environ, "SCO_HOST": options.host})
    from assistant.web.server import serve

    return serve(replace(config, port=options.port) if options.port else config)


def _serve_tools(config: AppConfig) -> int:
    # Two seconds of import that no other command must pay.
    from assistant.serving import logs
    from assistant.serving.service import Service
    from assistant.web.tools import serve_stdio

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


if __name__ == "__main__":
    sys.exit(main())
