"""The figures as Prometheus text, and what other apps add to them."""

from collections.abc import Callable, Iterable, Iterator

from prometheus_client import CollectorRegistry
from prometheus_client.core import (
    CounterMetricFamily,
    GaugeMetricFamily,
    HistogramMetricFamily,
    Metric,
)
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4, generate_latest

from apps.ops import errors
from apps.ops.metrics import machines
from apps.ops.metrics.store import BOUNDS, CACHE, Figures, Row
from apps.ops.metrics.summary import split

CONTENT_TYPE = CONTENT_TYPE_PLAIN_0_0_4
PREFIX = "workflow_debugger"
# Every fourth bound: twice as long as the one before, about.
_TOLD = range(0, len(BOUNDS), 4)

Collect = Callable[[], Iterable[Metric]]
_more: list[Collect] = []


def register(collect: Collect) -> None:
    """Adds families of another app, asked anew each time the figures are read."""
    if collect not in _more:
        _more.append(collect)


def text() -> bytes:
    registry = CollectorRegistry()
    registry.register(_Collector(machines.figures()))
    return generate_latest(registry)


class _Collector:
    def __init__(self, figures: Figures) -> None:
        self.figures = figures

    def collect(self) -> Iterator[Metric]:
        yield from self._requests()
        yield self._times()
        errors_total = CounterMetricFamily(
            f"{PREFIX}_errors", "Failures by their code.", labels=["code"]
        )
        for code in sorted(errors.STATUSES):
            errors_total.add_metric([code], self.figures.counters.get(code, 0))
        yield errors_total
        for name in CACHE:
            told = f"{PREFIX}_{name.replace('.', '_')}"
            yield CounterMetricFamily(
                told, "Of the cache, over all processes.", value=self.figures.counters.get(name, 0)
            )
        yield GaugeMetricFamily(
            f"{PREFIX}_started_seconds", "When counting began.", value=self.figures.started
        )
        for collect in _more:
            yield from collect()

    def _requests(self) -> Iterator[Metric]:
        labels = ["method", "route", "status"]
        families: dict[str, CounterMetricFamily | GaugeMetricFamily] = {
            "count": CounterMetricFamily(f"{PREFIX}_requests", "Requests.", labels=labels),
            "queries": CounterMetricFamily(
                f"{PREFIX}_request_queries", "Queries to the database.", labels=labels
            ),
            "slow": CounterMetricFamily(
                f"{PREFIX}_slow_requests", "Requests of more than 1 s.", labels=labels
            ),
            "very_slow": CounterMetricFamily(
                f"{PREFIX}_very_slow_requests", "Requests of more than 5 s.", labels=labels
            ),
            "memory": GaugeMetricFamily(
                f"{PREFIX}_request_memory_growth_bytes", "Growth of processes.", labels=labels
            ),
        }
        for name, row in sorted(self.figures.rows.items()):
            status, method, route = split(name)
            for part, family in families.items():
                family.add_metric([method, route, status], getattr(row, part))
        yield from families.values()

    def _times(self) -> Metric:
        family = HistogramMetricFamily(
            f"{PREFIX}_request_seconds", "Time to answer.", labels=["method", "route"]
        )
        grouped: dict[tuple[str, str], Row] = {}
        for name, row in self.figures.rows.items():
            _, method, route = split(name)
            grouped.setdefault((method, route), Row()).add(row)
        for (method, route), row in sorted(grouped.items()):
            family.add_metric([method, route], _buckets(row), sum_value=row.seconds)
        return family


def _buckets(row: Row) -> list[tuple[str, float]]:
    told = [
        (repr(round(BOUNDS[place], 6)), float(sum(row.buckets[: place + 1]))) for place in _TOLD
    ]
    return [*told, ("+Inf", float(row.count))]
