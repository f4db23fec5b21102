"""How a generation's nearest neighbours are found, and what of exactness was traded for speed."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Searching:
    """How neighbours are found, as the manifest keeps it and ``status`` tells it.

    Attributes:
        kind: ``exact``, or FAISS's or an engine's name for the index.
        probes: how many of its lists a question reads; 0 for an exact one.
        recall_at_10: share of the true ten nearest that were found at the build, over ``sample`` sentences; 0 of 0
            where an engine searches by lists, for to measure it would take every vector back from there.
    """

    kind: str = "exact"
    probes: int = 0
    recall_at_10: float = 1.0
    sample: int = 0

    def __str__(self) -> str:
        if not self.probes:
            return self.kind
        if not self.sample:
            return f"{self.kind}, {self.probes} lists read, not measured how many of the ten nearest it finds"
        return f"{self.kind}, {self.probes} lists read, finds {self.recall_at_10:.1%} of the ten nearest"
