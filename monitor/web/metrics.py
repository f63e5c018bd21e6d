"""What the service counts, in Prometheus's text format. Labels are names from the configuration, never from a feed."""

from __future__ import annotations

from collections.abc import Mapping

from prometheus_client import CollectorRegistry, Counter, Gauge, generate_latest
from prometheus_client.exposition import CONTENT_TYPE_LATEST as CONTENT_TYPE

__all__ = ["CONTENT_TYPE", "Metrics"]


class Metrics:
    """One process's counters since its start, and gauges set from the store when they are asked for."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self.polls = self._counter("polls", "Polls by source and outcome.", "source", "outcome")
        self.items = self._counter("items", "Items taken in: new, edited, unchanged, skipped.", "source", "state")
        self.events = self._counter("events", "Events found in items.", "kind")
        self.changes = self._counter("changes", "Changes to what is known.", "kind", "type")
        self.alerts = self._counter("alerts_queued", "Alerts put into the outbox.", "channel")
        self.deliveries = self._counter("deliveries", "Tries to deliver.", "channel", "outcome")
        self.reloads = self._counter("reloads", "Configurations read again: taken or refused.", "outcome")
        self.queue = self._gauge("outbox_alerts", "Alerts in the outbox by state.", "state")
        self.queue_age = self._gauge("outbox_oldest_seconds", "Age of the oldest alert that waits to be sent.")
        self.failing = self._gauge("sources_failing", "Sources whose last poll failed.")

    def _counter(self, name: str, text: str, *labels: str) -> Counter:
        return Counter(f"monitor_{name}", text, labels, registry=self.registry)

    def _gauge(self, name: str, text: str, *labels: str) -> Gauge:
        return Gauge(f"monitor_{name}", text, labels, registry=self.registry)

    def set_queue(self, alerts: Mapping[str, int], oldest_seconds: float, failing: int) -> None:
        """The gauges, as the store has them now."""
        for state, number in alerts.items():
            self.queue.labels(state).set(number)
        self.queue_age.set(oldest_seconds)
        self.failing.set(failing)

    def render(self) -> bytes:
        """The page of /metrics."""
        return generate_latest(self.registry)
