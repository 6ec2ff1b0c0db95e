"""What the interface tells as it is now only, and why it cannot be asked as of earlier."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from qingchuan.api.problems import ProblemError

_LIVE: Final = (
    "a live document shows now, and is kept for now only; /cities/{code}/hours, /cities/{code}/today and "
    "/sections/{subject}/classes answer as of earlier"
)
_EPISODES: Final = (
    "an episode is kept as it is now, with when it opened and closed in event time; /sections/changes and "
    "/sections/{subject}/classes answer as of earlier"
)
_COUNTS: Final = "what became of the messages is counted up to now; what a count was earlier is not kept"
_LETTERS: Final = (
    "a dead letter tells itself when it came and which message settled it; ask with start, end and settled"
)
_TRACES: Final = "it is kept as it is now, with the message by which it was noticed; ask with before"
_CLOCKS: Final = "a clock is measured by the last messages, and earlier ones are not kept"
_FILES: Final = "an import tells itself when it began and which message was its last; ask without as_of"

_WORK: Final = "how far the work is that is done by the clock is told as it is now; what it was earlier is not kept"
_REPORTS: Final = "a report is kept as it was made, and names the message that it was made after; ask for its period"
_AUDITED: Final = "an auditor looks at a day as it is now; /audit, and the hours of the station, answer as of earlier"
_DIFFERENCE: Final = (
    "what came after a month was published is compared with now; /revisions?from=&to= compares any two messages"
)
_VERSION: Final = "a published month never changes, and names the message that its data reach up to; ask by version"

ONLY_NOW: Final[Mapping[str, str]] = MappingProxyType(
    {
        "/air/live": _LIVE,
        "/water/live": _LIVE,
        "/events": _LIVE,
        "/alerts": _EPISODES,
        "/collector": _COUNTS,
        "/collector/subjects": _COUNTS,
        "/collector/gaps": _TRACES,
        "/collector/windows": _TRACES,
        "/collector/clocks": _CLOCKS,
        "/dead-letters": _LETTERS,
        "/dead-letters/export": _LETTERS,
        "/dead-letters/{sequence}": _LETTERS,
        "/faults": _TRACES,
        "/imports": _FILES,
        "/schedule": _WORK,
        "/reports": _REPORTS,
        "/audit/{subject}/day": _AUDITED,
        "/publications/{month}/difference": _DIFFERENCE,
        "/publications/{month}/{version}": _VERSION,
    }
)
"""For each route, below ``/api/v1``, that answers about now only: why."""


def not_as_of(path: str) -> ProblemError | None:
    """The problem that the route at `path` is asked as of earlier; None where nothing is said about it.

    Examples
    --------
    >>> not_as_of("/api/v1/collector/clocks").kind, not_as_of("/api/v1/ranking")
    ('only-now', None)
    """
    reason = ONLY_NOW.get(path.removeprefix("/api/v1"))
    return None if reason is None else ProblemError(422, "only-now", f"as_of is not taken here: {reason}")
