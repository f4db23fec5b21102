"""--help teaches: every command has an example that is understood, what it reads, and what it ends with."""

from __future__ import annotations

import argparse
import re
import shlex
from collections.abc import Callable, Sequence

import pytest

import assistant.__main__
import index.__main__

Main = Callable[[Sequence[str] | None], int]
MAINS: dict[str, Main] = {"assistant": assistant.__main__.main, "index": index.__main__.main}
COMMANDS = [
    *(("assistant", name) for name in ("", "ask", "eval", "verify", "cite", "mcp")),
    *(("index", name) for name in ("", "rebuild", "status", "search", "text", "verify", "generations", "rollback")),
]


def help_of(main: Main, command: str, capsys: pytest.CaptureFixture[str]) -> str:
    with pytest.raises(SystemExit) as ended:
        main([*([command] if command else []), "--help"])
    assert ended.value.code == 0
    return capsys.readouterr().out


def understood(main: Main, line: str, monkeypatch: pytest.MonkeyPatch) -> bool:
    """Whether a command line is parsed without complaint; nothing is run."""

    class Parsed(Exception):
        pass

    real = argparse.ArgumentParser.parse_args

    def parse(self: argparse.ArgumentParser, *arguments: object) -> None:
        real(self, *arguments)  # type: ignore[call-overload]
        raise Parsed

    monkeypatch.setattr(argparse.ArgumentParser, "parse_args", parse)
    words = shlex.split(re.split(" [<>] ", line)[0])
    try:
        main(words[words.index("-m") + 2 :])
    except Parsed:
        return True
    except SystemExit as ended:
        return ended.code == 0
    return False


@pytest.mark.parametrize(("package", "command"), COMMANDS)
def test_the_help_of_a_command_teaches(package: str, command: str, capsys: pytest.CaptureFixture[str]) -> None:
    shown = help_of(MAINS[package], command, capsys)
    examples = re.findall(rf"^  (.*-m {package}.*)$", shown, re.M)
    assert all(f"-m {package} {command}".strip() in line for line in examples[:1])
    assert examples
    assert re.search(r"^reads: \S", shown, re.M)
    assert re.search(r"^ends with: 0 \S", shown, re.M)


@pytest.mark.parametrize(("package", "command"), COMMANDS)
def test_the_examples_of_a_command_are_understood(
    package: str, command: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    shown = help_of(MAINS[package], command, capsys)
    for line in re.findall(rf"^  (.*-m {package}.*)$", shown, re.M):
        with monkeypatch.context() as patched:
            assert understood(MAINS[package], line, patched), line


@pytest.mark.parametrize("package", MAINS)
def test_every_command_is_in_the_list_above(package: str, capsys: pytest.CaptureFixture[str]) -> None:
    named = set(re.findall(r"^    ([a-z]+)(?: |$)", help_of(MAINS[package], "", capsys), re.M))
    assert named == {command for of, command in COMMANDS if of == package and command}
