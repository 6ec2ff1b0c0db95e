"""A native payload by itself: the usual one by the shortest way, any other with care."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import msgspec

from qingchuan.collector.codecs.named import named
from qingchuan.collector.codecs.native import Form, not_believed, observation_of, parse
from qingchuan.collector.codecs.native_runs import text_of
from qingchuan.collector.codecs.native_times import times
from qingchuan.collector.refusal import Named, RefusedError, RefusedValue, Why
from qingchuan.collector.senders import PERIODS
from qingchuan.collector.topics import Topic
from qingchuan.store.observations import Observation


class Told(msgspec.Struct, gc=False):
    """What a payload tells.

    Attributes
    ----------
    observation : Observation
    refused : sequence of RefusedValue
        Of its values.
    number : int or None
        Its ``seq``.
    moment : int
        The latest moment that it tells of. [s since 1970-01-01 UTC]
    values : object or None
        Its values as the form decodes them; None where they needed care.
    """

    observation: Observation
    refused: Sequence[RefusedValue]
    number: int | None
    moment: int
    values: Any


def decode_one(payload: bytes, topic: Topic, form: Form, latest: int) -> Told | Why:
    """What `native.decode_observation` says of a payload, and `native_runs.decode_usual` if it is usual.

    Or why nothing of it can be taken, together with what it says of itself: where many are refused, to raise that would
    cost more than to find it out.

    Parameters
    ----------
    payload : bytes
    topic : Topic
        On which it was published.
    form : Form
        Of what may be told there.
    latest : int
        A time later than this is a wrong clock. [s since 1970-01-01 UTC]

    Examples
    --------
    >>> from qingchuan.collector.codecs.native import form_of
    >>> hour = b'{"start": "2026-03-01T00:00:00Z", "values": {"co": 0.70}}'
    >>> decode_one(hour, Topic("1235A", "hour"), form_of(("co",)), 2**40).observation.values
    '{"co":0.70}'
    >>> decode_one(b'{"seq": 7, "values": {}}', Topic("1235A", "hour"), form_of(("co",)), 2**40).named
    Named(number=7, start=None, moment=None)
    """
    told = parse(payload)
    if isinstance(told, Why):
        if told.code != "not-json":
            told.named = named(payload, topic)
        return told
    start: int | None = None
    moment: int | None = None
    try:
        start, moment = times(topic.message, told.start, told.end, told.time)
        why = not_believed(told, start, moment, latest)
        if why is not None:
            why.named = Named(told.seq, start, moment)
            return why
        usual = None if told.flags else _usual(told.values, topic, start, form)
        if usual is not None:
            return Told(usual[0], (), told.seq, moment, usual[1])
        return Told(*observation_of(told, topic, start, form), told.seq, moment, None)
    except RefusedError as error:
        return error.why(Named(told.seq, start, moment))


def _usual(raw: msgspec.Raw, topic: Topic, start: int, form: Form) -> tuple[Observation, Any] | None:
    """The observation and the values of it, where nothing needs care."""
    try:
        values, text = form.one.decode(raw), text_of(bytes(raw))
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return None
    if text is None:
        return None
    return Observation(topic.subject, PERIODS[topic.message], start, "reported", text), values
