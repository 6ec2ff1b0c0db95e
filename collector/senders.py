"""Who may tell what: which kinds of subjects tell of a period, and which items."""

from __future__ import annotations

import functools
from collections.abc import Mapping

from qingchuan.collector.refusal import RefusedError
from qingchuan.collector.topics import MessageKind, Topic
from qingchuan.processing.catalogue import tellable
from qingchuan.store.observations import Period
from qingchuan.store.subjects import Kind, Subject, domains_of, kind_of

PERIODS: dict[MessageKind, Period] = {
    "hour": "hour",
    "day": "day",
    "reading": "instant",
    "minute": "minute",
    "realtime": "realtime",
}
"""What the messages of observations tell of."""

_KINDS: dict[Period, tuple[Kind, ...]] = {
    "hour": ("air-station", "site"),
    "day": ("city", "air-station", "section", "site"),
    "instant": ("section", "site"),
    "minute": ("air-station", "section", "site"),
    "realtime": ("air-station", "section", "site"),
}


def kinds(period: Period) -> tuple[Kind, ...]:
    """The kinds of subjects that tell of a period.

    A section tells of instants, by which it is classified: hours of it would be kept and never judged.

    Examples
    --------
    >>> kinds("instant")
    ('section', 'site')
    """
    return _KINDS[period]


@functools.lru_cache(maxsize=4096)  # there are few kinds of subjects, and each station is asked about again and again
def items(subject: Subject, period: Period) -> tuple[str, ...]:
    """The items that a subject may tell of a period; none, where its kind tells nothing of it.

    Examples
    --------
    >>> from qingchuan.store.subjects import City, Name
    >>> items(City(Name("宁波", "Ningbo")), "day")
    ('so2', 'no2', 'pm10', 'pm25', 'co', 'o3_8h')
    >>> items(City(Name("宁波", "Ningbo")), "hour")
    ()
    """
    return tellable(period, domains_of(subject)) if kind_of(subject) in _KINDS[period] else ()


def told_on(topic: Topic, subjects: Mapping[str, Subject], prefix: str) -> tuple[str, ...]:
    """The items that may be told on `topic`, by what its subject was announced as.

    Raises
    ------
    RefusedError
        It was never announced, or as something that tells nothing there.
    """
    subject, period = subjects.get(topic.subject), PERIODS[topic.message]
    if subject is None:
        where = f"{prefix}/{topic.subject}/station"
        what = f"subject {topic.subject!r} is not known"
        reason = f"{what}; publish its announcement, retained, on {where}, see docs/mqtt.md"
        raise RefusedError("unknown-subject", reason)
    told = items(subject, period)
    if not told:
        what, wanted = f"{topic.subject!r} is announced as {kind_of(subject)}", " or ".join(kinds(period))
        raise RefusedError("unknown-subject", f"{what}; a message '{topic.message}' comes from {wanted}")
    return told
