"""What Prometheus reads: counts and ages, in a registry of the application's own."""

from __future__ import annotations

from collections.abc import Iterator

from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from qingchuan.alerts import queries
from qingchuan.api.changes import DOMAINS
from qingchuan.api.live import Live
from qingchuan.api.queries.traces import offset_of
from qingchuan.api.services import Services
from qingchuan.store import faults, station_checks, traces
from qingchuan.store.jobs import job_states


class Metrics(Collector):
    """The numbers of one application, read when they are asked for.

    Parameters
    ----------
    services : Services
    live : Live
    """

    def __init__(self, services: Services, live: Live) -> None:
        self._services = services
        self._live = live
        self._failed = station_checks.Failed(services.state.engine)
        self._registry = CollectorRegistry(auto_describe=False)
        self._registry.register(self)

    def text(self) -> bytes:
        """All of them, in the format that Prometheus reads."""
        return generate_latest(self._registry)

    def describe(self) -> list[Metric]:
        """Nothing: the numbers are not read when the registry is made."""
        return []

    def collect(self) -> Iterator[Metric]:
        """All of them."""
        yield from self._messages()
        yield from self._traces()
        yield from self._alerts()
        yield self._collectors()
        yield from self._jobs()
        yield GaugeMetricFamily("qingchuan_stream_clients", "Clients of the event stream", self._live.stream.clients)
        yield self._ages()
        yield self._stale()

    def _messages(self) -> Iterator[Metric]:
        counts = self._services.counting.in_all()
        yield CounterMetricFamily("qingchuan_messages_received", "Messages in the journal", counts.received)
        done = CounterMetricFamily("qingchuan_messages", "What became of them", labels=["outcome"])
        for outcome in ("applied", "duplicate", "dead_letter"):
            done.add_metric([outcome], getattr(counts, outcome))
        yield done
        yield GaugeMetricFamily("qingchuan_messages_waiting", "Messages not decoded yet", counts.waiting)
        yield self._letters()
        sequence = self._services.observations.sequence()
        yield from self._by_subject()
        lags = GaugeMetricFamily("qingchuan_lag", "Messages that a follower of the journal is behind", labels=["who"])
        for who, lag in self._services.counting.lags().items():
            lags.add_metric([who], lag)
        yield lags
        yield GaugeMetricFamily("qingchuan_sequence", "Newest message that has been applied", sequence)

    def _letters(self) -> Metric:
        letters = GaugeMetricFamily("qingchuan_dead_letters", "What was refused and is not settled", labels=["of"])
        for of, count in zip(("message", "value"), self._services.state.count_dead_letters(), strict=True):
            letters.add_metric([of], count)
        return letters

    def _by_subject(self) -> Iterator[Metric]:
        """Absent while very many messages wait: whom they are about is not looked up then."""
        found = self._services.counting.by_subject()
        if found is None:
            return
        about, name = "Messages about a subject", "qingchuan_subject_messages"
        told = CounterMetricFamily(name, f"{about}, and what became of them", labels=["subject", "outcome"])
        waiting = GaugeMetricFamily(f"{name}_waiting", f"{about} that are not decoded yet", labels=["subject"])
        for subject, counts in found.items():
            for outcome in ("received", "applied", "duplicate", "dead_letter"):
                told.add_metric([subject, outcome], getattr(counts, outcome))
            waiting.add_metric([subject], counts.waiting)
        yield told
        yield waiting

    def _traces(self) -> Iterator[Metric]:
        """The largest offset by its size, with its sign; absent where no clock has been measured."""
        engine = self._services.state.engine
        yield GaugeMetricFamily("qingchuan_gaps_open", "Gaps in the numbers", traces.count_gaps(engine).get("open", 0))
        failed, about = self._failed.count(), "Checks of instruments that failed when last made"
        yield GaugeMetricFamily("qingchuan_station_checks_failed", about, failed)
        about = "Faults of instruments that last"
        yield GaugeMetricFamily("qingchuan_open_faults", about, faults.count_open(engine))
        offsets = [offset for trace in traces.clocks(engine) if (offset := offset_of(trace)) is not None]
        if offsets:
            name, about = "qingchuan_clock_offset_seconds", "Largest offset of a station's clock; above 0 it is behind"
            yield GaugeMetricFamily(name, about, max(offsets, key=abs))

    def _alerts(self) -> Iterator[Metric]:
        counts = queries.count(self._services.state.engine)
        yield GaugeMetricFamily("qingchuan_open_alerts", "Open alerts", counts.episodes.get("open", 0))
        notices = GaugeMetricFamily("qingchuan_notices", "Notices by state of delivery", labels=["state"])
        for state in ("waiting", "sending", "sent", "failed"):
            notices.add_metric([state], counts.notices.get(state, 0))
        yield notices

    def _collectors(self) -> Metric:
        found = GaugeMetricFamily("qingchuan_collectors", "Collector processes of these data", labels=["role"])
        for role, count in self._services.collectors().items():
            found.add_metric([role], count)
        return found

    def _jobs(self) -> Iterator[Metric]:
        through = GaugeMetricFamily("qingchuan_job_through_seconds", "Up to when a job is done", labels=["job"])
        failing = GaugeMetricFamily("qingchuan_job_failing", "1: the last attempt of a job failed", labels=["job"])
        for job in job_states(self._services.state.engine):
            through.add_metric([job.name], job.through)
            failing.add_metric([job.name], float(job.start is not None and job.finished is None))
        yield through
        yield failing

    def _stale(self) -> Metric:
        stale = GaugeMetricFamily(
            "qingchuan_live_stale", "1: the live document could not be built and is as it was", labels=["document"]
        )
        for name in DOMAINS:
            stale.add_metric([name], float(name in self._live.stale))
        return stale

    def _ages(self) -> Metric:
        ages = GaugeMetricFamily(
            "qingchuan_latest_reading_age_seconds", "Age of the latest reading; absent without one", labels=["domain"]
        )
        for domain, age in self._live.ages().items():
            ages.add_metric([domain], age)
        return ages
