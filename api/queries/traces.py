"""What messages leave behind, as answers tell it."""

from __future__ import annotations

from typing import Final

from qingchuan.api.answering import iso_time
from qingchuan.api.schemas import traces as schemas
from qingchuan.api.schemas.traces import ClocksAnswer, GapsAnswer, GapTotal, NumberRange, WindowsAnswer
from qingchuan.api.services import Services
from qingchuan.processing.clocks import judge_clock
from qingchuan.store import traces
from qingchuan.store.subjects import Name
from qingchuan.store.traces import Gap, GapState, Trace, Window, WindowKind

WINDOW_NAMES: Final[dict[WindowKind, Name]] = {
    "no-session": Name("会话丢失，其间消息可能丢失", "No session: what came meanwhile may be lost"),
    "service-away": Name("服务中断", "The service was away"),
    "broker-away": Name("消息代理中断", "The broker was away"),
}

_SECOND: Final = 1_000_000


def gaps_answer(
    services: Services, limit: int, before: int | None, subject: str | None, state: GapState | None
) -> GapsAnswer:
    """The newest gaps, newest first."""
    engine, sequence = services.state.engine, services.observations.sequence()
    counts = traces.count_gaps(engine)
    total = GapTotal(counts.get("open", 0), counts.get("late", 0), counts.get("lost", 0))
    found = traces.gaps(engine, limit, before=before, subject=subject, state=state)
    return GapsAnswer(sequence, total, [_gap(gap) for gap in found])


def windows_answer(services: Services, limit: int, before: int | None) -> WindowsAnswer:
    """The newest windows, newest first."""
    sequence = services.observations.sequence()
    return WindowsAnswer(sequence, [_window(one) for one in traces.windows(services.state.engine, limit, before)])


def clocks_answer(services: Services) -> ClocksAnswer:
    """The clocks of all subjects, by id."""
    sequence = services.observations.sequence()
    return ClocksAnswer(sequence, [_clock(trace) for trace in traces.clocks(services.state.engine)])


def offset_of(trace: Trace) -> int | None:
    """The smallest delay of its last live messages [s]; None where it has none.

    Examples
    --------
    >>> from collections import deque
    >>> offset_of(Trace("1235A", delays=deque([240, 31, 3600]))), offset_of(Trace("1236A"))
    (31, None)
    """
    return min(trace.delays, default=None)


def _gap(gap: Gap) -> schemas.Gap:
    return schemas.Gap(
        gap.sequence,
        gap.subject,
        NumberRange(gap.first, gap.last),
        gap.state,
        [NumberRange(first, last) for first, last in gap.missing],
        iso_time(gap.since),
        iso_time(gap.until),
        iso_time(gap.received // _SECOND),
    )


def _window(window: Window) -> schemas.Window:
    end = None if window.end is None else iso_time(window.end // _SECOND)
    name, begin = WINDOW_NAMES[window.kind], iso_time(window.begin // _SECOND)
    return schemas.Window(window.sequence, window.kind, name, window.source, begin, end, window.reason)


def _clock(trace: Trace) -> schemas.Clock:
    offset = offset_of(trace)
    judged = None if offset is None else judge_clock(offset)
    return schemas.Clock(
        trace.subject,
        offset,
        len(trace.delays),
        judged and judged.verdict,
        judged and judged.hours,
        iso_time(trace.moment) if trace.moment else None,
    )
