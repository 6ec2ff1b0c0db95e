"""Native payloads without anything unusual, many at once: what `native` says of them, at a fraction of its cost."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import repeat
from operator import itemgetter
from typing import Any, NamedTuple

import msgspec

from qingchuan.collector.codecs.native import Form, Payload
from qingchuan.collector.codecs.native_times import times
from qingchuan.collector.refusal import RefusedError
from qingchuan.collector.senders import PERIODS
from qingchuan.collector.topics import Topic
from qingchuan.store.observations import Observation, Origin

_decoder = msgspec.json.Decoder(list[Payload])

_BETWEEN = b",\n"
"""What payloads are joined by. JSON allows no line break within a text, so that no text reaches over it."""
_SPACES = b" \t\r\n"
_NUL = b"\0"

_SHAPE = bytes.maketrans(b"123456789.E", b"0000000000e")
_MANY_DIGITS = "0" * 25

_FIRST, _BEGINS = itemgetter(0), {ord("{")}
_REPORTED: Iterator[Origin] = repeat("reported")


class Usual(NamedTuple):
    """What payloads tell.

    Attributes
    ----------
    observations : list of Observation
    numbers : list of int or None
        Their ``seq``.
    moments : list of int
        The latest moment that each tells of. [s since 1970-01-01 UTC]
    values : list
        The values of each, as its form decodes them.
    """

    observations: list[Observation]
    numbers: list[int | None]
    moments: list[int]
    values: list[Any]


def decode_usual(
    payloads: Sequence[bytes], topics: Sequence[Topic], forms: Sequence[Form], latest: int
) -> Usual | None:
    """What `native.decode_observation` says of each payload, if there is nothing unusual in any of them; else None.

    Parameters
    ----------
    payloads : sequence of bytes
    topics : sequence of Topic
        On which each was published.
    forms : sequence of Form
        Of what may be told on each.
    latest : int
        A time later than this is a wrong clock. [s since 1970-01-01 UTC]

    Notes
    -----
    All are decoded as one list, in which no payload may be taken for a part of another: each has to begin with ``{``,
    which nothing but a list goes on with after a comma; a list has no place in what is usual; and the count has to be
    right.

    Not usual are flags, escapes, and numbers with an exponent or very many digits, besides all that is wrong.

    Examples
    --------
    >>> from qingchuan.collector.codecs.native import form_of
    >>> hour = b'{"start": "2026-03-01T00:00:00Z", "values": {"co": 0.70}}'
    >>> found = decode_usual([hour], [Topic("1235A", "hour")], [form_of(("co",))], 2**40)
    >>> found.observations[0].values, found.numbers, found.moments[0] - found.observations[0].start
    ('{"co":0.70}', [None], 3600)
    >>> decode_usual([hour], [Topic("1235A", "hour")], [form_of(("o3",))], 2**40) is None
    True
    """
    try:
        if set(map(_FIRST, payloads)) != _BEGINS:
            return None
        told = _decoder.decode(b"[%b]" % _BETWEEN.join(payloads))
        if len(told) != len(payloads) or any(one.flags for one in told):
            return None
        raw = [one.values for one in told]
        values = _values(raw, forms)
        texts = _texts(raw)
        named = [times(topic.message, one.start, one.end, one.time) for topic, one in zip(topics, told, strict=True)]
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError, RefusedError, IndexError):
        return None
    starts, moments = [start for start, _ in named], [moment for _, moment in named]
    if texts is None or max(moments) > latest or min(starts) < 0:
        return None
    subjects, periods = [topic.subject for topic in topics], [PERIODS[topic.message] for topic in topics]
    observations = list(map(Observation, subjects, periods, starts, _REPORTED, texts))
    return Usual(observations, [one.seq for one in told], moments, values)


def _values(raw: Sequence[bytes], forms: Sequence[Form]) -> list[Any]:
    """The values as their forms decode them; an error if some do not fit."""
    if len(set(forms)) == 1:
        return forms[0].plain.decode(b"[%b]" % b",".join(raw))
    decoded: dict[Form, Iterator[Any]] = {}
    for form in set(forms):
        those = [one for one, its in zip(raw, forms, strict=True) if its is form]
        decoded[form] = iter(form.plain.decode(b"[%b]" % b",".join(those)))
    return [next(decoded[form]) for form in forms]


def _texts(values: Sequence[bytes]) -> list[str] | None:
    """The values as texts without spaces; None if some need care."""
    joined = text_of(_NUL.join(values))
    return None if joined is None else joined.split("\0")


def text_of(values: bytes) -> str | None:
    """Values, as they were sent, without spaces; None if they need care.

    Examples
    --------
    >>> text_of(b'{"co": 0.70, "o3": 70}'), text_of(b'{"co": 7e-1}')
    ('{"co":0.70,"o3":70}', None)
    """
    text = values.translate(None, _SPACES)
    shape = text.translate(_SHAPE).decode("latin-1")  # in a text is searched faster than in bytes
    exponents = "e" in shape and "0e" in shape  # a letter alone is found much sooner
    if exponents or "\\" in shape or "{}" in shape or _MANY_DIGITS in shape:
        return None
    return text.decode()
