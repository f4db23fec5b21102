"""What an operator watches, in the form of Prometheus: counts and times, never a word of a question or a document."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from datetime import datetime

from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Counter, Histogram, ProcessCollector
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.exposition import generate_latest

from assistant.quotes.verifying import Verdict
from assistant.replies import Answer, Reason, Reply
from index import Manifest

CONTENT_TYPE = CONTENT_TYPE_LATEST
_SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0)

# The manifest of the index that answers, None without one; whether its documents have changed; whether the model is
# loaded; whether a rebuild is running.
Facts = tuple[Manifest | None, bool, bool, bool]


class Metrics:
    """Counts of one server, in a registry of its own. Safe to call from any thread."""

    def __init__(self, facts: Callable[[], Facts]) -> None:
        """``facts`` is called at each scrape."""
        self._registry = CollectorRegistry()
        self._questions = Counter(
            "verbatim_questions", "Questions asked, from wherever: page, HTTP, MCP.", registry=self._registry
        )
        self._replies = Counter(
            "verbatim_replies", "Answers and refusals, these by reason.", ["kind", "reason"], registry=self._registry
        )
        self._failed = Counter(
            "verbatim_questions_failed", "Questions that got neither answer nor refusal.", registry=self._registry
        )
        self._seconds = Histogram(
            "verbatim_reply_seconds",
            "From question to reply, waiting included.",
            buckets=_SECONDS,
            registry=self._registry,
        )
        self._searches = Counter("verbatim_searches", "Searches for passages.", registry=self._registry)
        self._checked = Counter(
            "verbatim_quotations_checked", "Quotations checked, by verdict.", ["verdict"], registry=self._registry
        )
        # Known from the start, so that a rate over them is never without a first value.
        self._replies.labels("answer", "")
        for reason in Reason:
            self._replies.labels("refusal", reason.value)
        for verdict in Verdict:
            self._checked.labels(verdict.value)
        self._registry.register(_State(facts))
        ProcessCollector(registry=self._registry)

    def asked(self) -> None:
        self._questions.inc()

    def replied(self, reply: Reply, seconds: float) -> None:
        kind = ("answer", "") if isinstance(reply, Answer) else ("refusal", reply.reason_code.value)
        self._replies.labels(*kind).inc()
        self._seconds.observe(seconds)

    def failed(self) -> None:
        self._failed.inc()

    def searched(self) -> None:
        self._searches.inc()

    def checked(self, verdict: str) -> None:
        self._checked.labels(verdict).inc()

    def text(self) -> bytes:
        """All of it, as ``CONTENT_TYPE`` says."""
        return generate_latest(self._registry)


class _State:
    """What is so now, rather than counted."""

    def __init__(self, facts: Callable[[], Facts]) -> None:
        self._facts = facts

    def describe(self) -> Iterator[GaugeMetricFamily]:
        """Nothing: the registry would otherwise collect once only to learn the names."""
        return iter(())

    def collect(self) -> Iterator[GaugeMetricFamily]:
        manifest, stale, loaded, rebuilding = self._facts()
        ready = manifest is not None and loaded
        yield GaugeMetricFamily("verbatim_ready", "1 when questions are answered without waiting.", float(ready))
        yield GaugeMetricFamily("verbatim_rebuild_running", "1 while the index is being rebuilt.", float(rebuilding))
        if manifest is None:
            return
        built = datetime.fromisoformat(manifest.created_at).timestamp()
        yield GaugeMetricFamily("verbatim_index_built_timestamp_seconds", "When the index was built.", built)
        age = max(0.0, time.time() - built)
        yield GaugeMetricFamily("verbatim_index_age_seconds", "How long ago the index was built.", age)
        yield GaugeMetricFamily(
            "verbatim_index_stale", "1 when the documents have changed since the index was built.", float(stale)
        )
        yield GaugeMetricFamily("verbatim_documents", "Documents in the index.", manifest.documents)
        yield GaugeMetricFamily("verbatim_passages", "Passages in the index.", manifest.passages)
