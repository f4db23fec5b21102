"""What became of the questions of benchmarks/load.py, and the figures of it."""

from __future__ import annotations

import statistics
from argparse import Namespace
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

KINDS = ("new", "repeated")


@dataclass
class Told:
    """Times in ms, by kind of question where they differ by it. ``memory``: seconds since the start, MB, open files."""

    asked: Counter[str] = field(default_factory=Counter)
    took_ms: dict[str, list[float]] = field(default_factory=lambda: {kind: [] for kind in KINDS})
    busy: Counter[str] = field(default_factory=Counter)
    busy_ms: list[float] = field(default_factory=list)
    given_up: Counter[str] = field(default_factory=Counter)
    answers: int = 0
    refusals: int = 0
    quotes: int = 0
    wrong: list[str] = field(default_factory=list)
    crossed: list[str] = field(default_factory=list)
    lost: list[str] = field(default_factory=list)
    generations: set[str] = field(default_factory=set)
    memory: list[tuple[float, float, int]] = field(default_factory=list)
    rebuilt_s: float | None = None
    server_cpu_s: float = 0.0
    _given: dict[tuple[str, str], str] = field(default_factory=dict)

    @property
    def troubles(self) -> list[str]:
        return self.wrong + self.crossed + self.lost

    def check(self, question: str, kind: str, reply: dict[str, Any], texts: set[str]) -> None:
        """Compare a reply with the texts that were in the folder, and with the reply to the same question before."""
        if reply["question"] != question:
            self.crossed.append(f"crossed: asked {question!r}, told {reply['question']!r}")
        answered = reply["kind"] == "answer"
        quotes = reply["quotes"] if answered else reply["nearest"]
        self.answers += answered
        self.refusals += not answered
        self.generations.add(reply["generation"])
        for quote in quotes:
            self.quotes += 1
            if not any(text[quote["start"] : quote["end"]] == quote["exact"] for text in texts):
                self.wrong.append(f"no document holds {quote['exact']!r} at {quote['start']}")
        if kind == "repeated":
            said = "|".join([reply["kind"], *(quote["exact"] for quote in quotes)])
            if self._given.setdefault((reply["generation"], question), said) != said:
                self.crossed.append(f"another reply than before to {question!r}: {said[:200]!r}")


def figures(told: Told, took_s: float, options: Namespace) -> dict[str, object]:
    """Name → figure, as they are printed."""
    answered = {kind: len(told.took_ms[kind]) for kind in KINDS}
    memory = [resident for _, resident, _ in told.memory]
    # A third to warm up in; then the memory must not go on growing.
    warm = memory[len(memory) // 3 :]
    never = max(0, options.questions - sum(told.asked.values()))
    return {
        "chats": options.clients,
        "of them through the page": round(options.clients * options.page),
        "seconds": round(took_s, 1),
        "asked, new / repeated": _both(told.asked),
        "answered, new / repeated": _both(answered),
        "answered a second": round(sum(answered.values()) / took_s, 1),
        "not asked before time was over": never,
        "busy replies, new / repeated": _both(told.busy),
        "given up after busy replies, new / repeated": _both(told.given_up),
        "ms until a busy reply, p50 / p95 / p99 / most": _cuts(told.busy_ms),
        **{f"ms until an answer, {kind}, p50 / p95 / p99 / most": _cuts(told.took_ms[kind]) for kind in KINDS},
        "answers / refusals": f"{told.answers} / {told.refusals}",
        "quotes compared with the texts": told.quotes,
        "wrong quotes": len(told.wrong),
        "crossed replies": len(told.crossed),
        "lost questions": len(told.lost),
        "generations that answered": len(told.generations),
        "seconds of the rebuild": told.rebuilt_s,
        "CPU s of the server": round(told.server_cpu_s, 1),
        "resident MB, before / warm / end / most": " / ".join(
            f"{mb:.0f}" for mb in (memory[0], warm[0], warm[-1], max(memory))
        ),
        "open files, before / end": f"{told.memory[0][2]} / {told.memory[-1][2]}",
    }


def _both(counts: dict[str, int]) -> str:
    return " / ".join(str(counts[kind]) for kind in KINDS)


def _cuts(took_ms: list[float]) -> str:
    if not took_ms:
        return "none"
    cuts = statistics.quantiles(took_ms, n=100, method="inclusive") if len(took_ms) > 1 else took_ms * 99
    return " / ".join(f"{ms:.0f}" for ms in (cuts[49], cuts[94], cuts[98], max(took_ms)))
