"""Figures for Prometheus, in a registry of their own: two hubs in one process do not mix."""

from __future__ import annotations

from prometheus_client import CollectorRegistry, Counter, Histogram, generate_latest
from prometheus_client.exposition import CONTENT_TYPE_LATEST

CONTENT_TYPE = CONTENT_TYPE_LATEST
_SECONDS = (0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)


class Metrics:
    """What is counted: requests by route, changes and records by kind of space. Nothing by office or desk."""

    def __init__(self) -> None:
        """Start at zero."""
        self.registry = CollectorRegistry()
        prefix = "quartierslotse_hub_"
        self._requests = Counter(
            prefix + "requests", "Answered requests", ["method", "route", "status"], registry=self.registry
        )
        self._seconds = Histogram(
            prefix + "request_seconds", "Time to the answer", ["route"], buckets=_SECONDS, registry=self.registry
        )
        self._applied = Counter(prefix + "applied_changes", "Changes that stand", ["kind"], registry=self.registry)
        self._conflicts = Counter(
            prefix + "conflicting_changes", "Changes that were refused", ["kind", "reason"], registry=self.registry
        )
        self._pulled = Counter(prefix + "pulled_records", "Records handed out", ["kind"], registry=self.registry)
        self._faults = Counter(prefix + "faults", "Answers with status 500", registry=self.registry)

    def request(self, method: str, route: str, status: int, seconds: float) -> None:
        """Count an answered request."""
        self._requests.labels(method, route, str(status)).inc()
        self._seconds.labels(route).observe(seconds)

    def pushed(self, kind: str, applied: int, reasons: list[str]) -> None:
        """Count what became of a push."""
        self._applied.labels(kind).inc(applied)
        for reason in reasons:
            self._conflicts.labels(kind, reason).inc()

    def pulled(self, kind: str, records: int) -> None:
        """Count what was handed out."""
        self._pulled.labels(kind).inc(records)

    def fault(self) -> None:
        """Count a fault of ours."""
        self._faults.inc()

    def text(self) -> bytes:
        """Return the figures as Prometheus reads them."""
        return generate_latest(self.registry)
