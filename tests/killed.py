"""Work that is killed by SIGKILL before its nth operation on files.

A process imports what the work needs and forks a child for each kill, which spares the imports. Only what the work
calls by the names in ``operations`` is counted; nothing else is changed.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Sequence
from types import TracebackType
from typing import Self

from served import ROOT

_FORKING = """
import json, os, signal, sys
sys.path[:0] = {paths!r}
{imports}
work = compile({work!r}, "work", "exec")
wait, kill = os.waitpid, os.kill

def counted(real, wanted):
    def operation(*arguments, **options):
        global count
        count += 1
        if count == wanted:
            kill(os.getpid(), signal.SIGKILL)
        return real(*arguments, **options)
    return operation

for line in sys.stdin:
    nth, *told = json.loads(line)
    child = os.fork()
    if child == 0:
        count = 0
        for name in {operations!r}:
            setattr(os, name, counted(getattr(os, name), nth))
        status = 9
        try:
            exec(work, globals() | {{"told": told}})
            status = 0
        finally:
            os._exit(status)
    print(os.waitstatus_to_exitcode(wait(child, 0)[1]), flush=True)
"""


class Killed:
    """Runs ``work``, Python that finds in the list ``told`` what a test tells it, after ``imports``."""

    def __init__(self, imports: str, work: str, operations: Sequence[str]) -> None:
        paths = [str(ROOT), str(ROOT / "tests")]
        program = _FORKING.format(paths=paths, imports=imports, work=work, operations=tuple(operations))
        # A fork takes no threads along, so there must be none.
        alone = {**os.environ, "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
        self._process = subprocess.Popen(
            [sys.executable, "-c", program], env=alone, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, problem: BaseException | None, at: TracebackType | None
    ) -> None:
        self._process.communicate(timeout=60)

    def at(self, nth: int, *told: object) -> int:
        """How the work ended that was to be killed at its ``nth`` operation: -SIGKILL, or 0 when it has fewer."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        print(json.dumps([nth, *map(str, told)]), file=self._process.stdin, flush=True)
        return int(self._process.stdout.readline())
