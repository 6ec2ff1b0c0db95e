"""Which topic carries what: ``<prefix>/<subject>/<message>``."""

from __future__ import annotations

from functools import lru_cache
from typing import Literal, NamedTuple, get_args

from qingchuan.collector.refusal import RefusedError

MessageKind = Literal["station", "hour", "day", "reading", "minute", "realtime"]
SENDER = "{device}"
"""A level of a filter that names who sends: the payload must tell of nobody else."""
_LONGEST_ID = 64
KINDS: tuple[MessageKind, ...] = get_args(MessageKind)


class Topic(NamedTuple):
    """A topic, taken apart.

    Attributes
    ----------
    subject : str
        Internal id of the station, section, site or city.
    message : {"station", "hour", "day", "reading", "minute", "realtime"}
        Announcement, means of an hour, results of a day, reading, means of a minute, or values that never classify.
    """

    subject: str
    message: MessageKind


@lru_cache(maxsize=16384)  # each station has few topics, and uses them again and again
def parse_topic(topic: str, prefix: str) -> Topic:
    """The parts of `topic`.

    Raises
    ------
    RefusedError
        It has another form.

    Examples
    --------
    >>> parse_topic("qingchuan/1235A/hour", prefix="qingchuan")
    Topic(subject='1235A', message='hour')
    """
    subject, _, message = topic.removeprefix(f"{prefix}/").partition("/")
    if not topic.startswith(f"{prefix}/") or not _is_id(subject) or message not in KINDS:
        form = f"{prefix}/<subject>/<{'|'.join(KINDS)}>, the subject with up to {_LONGEST_ID} printable characters"
        reason = f"topic is {topic[:200]!r}; it has the form {form}, see docs/mqtt.md"
        raise RefusedError("unknown-topic", reason)
    return Topic(subject, message)


def _is_id(subject: str) -> bool:
    return 0 < len(subject) <= _LONGEST_ID and subject.isprintable()


def topic_filter(prefix: str) -> str:
    """The filter that the collector subscribes to: every message of every subject.

    Examples
    --------
    >>> topic_filter("qingchuan")
    'qingchuan/+/+'
    """
    return f"{prefix}/+/+"


def filter_of(topic: str) -> str:
    """The filter to subscribe to for the topic of a format.

    Examples
    --------
    >>> filter_of("sensors/{device}/senml")
    'sensors/+/senml'
    """
    return topic.replace(SENDER, "+")
