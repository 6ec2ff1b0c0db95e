"""What an observation says that is not known yet; a repeat of a value that was flagged says nothing new."""

from __future__ import annotations

from decimal import Decimal
from typing import Final

import msgspec

from qingchuan.collector.quality.grades import graded
from qingchuan.processing.flags import VALID
from qingchuan.processing.quality.codes import test_named
from qingchuan.store import flag_texts
from qingchuan.store.flag_texts import Mark
from qingchuan.store.observations import Observation, Observations
from qingchuan.store.rows import Texts

items_of: Final = msgspec.json.Decoder(dict[str, msgspec.Raw]).decode
"""The numbers of the items in the values of an observation, as they were sent."""

Told = dict[str, tuple[str, Mark]]
"""For each item the number as it was sent, and its mark."""


def told_of(texts: Texts) -> Told:
    """What the texts of an observation tell.

    Examples
    --------
    >>> told_of(Texts('{"co":0.70}', '{"*":1,"co":[3,"spike"]}'))
    {'co': ('0.70', Mark(flag=3, by='spike'))}
    """
    usual, marks = flag_texts.decode(texts.flags)
    every = Mark(usual)
    return {item: (bytes(text).decode(), marks.get(item, every)) for item, text in items_of(texts.values).items()}


def texts_of(items: Told) -> Texts:
    """The texts of an observation that tells `items`.

    Examples
    --------
    >>> texts_of({"co": ("0.70", Mark(3, "spike"))})
    Texts(values='{"co":0.70}', flags='{"*":2,"co":[3,"spike"]}')
    """
    values = ",".join([f'"{item}":{text}' for item, (text, _) in items.items()])
    return Texts(f"{{{values}}}", flag_texts.encode({item: mark for item, (_, mark) in items.items()}))


def news_of(told: Observation, stored: Texts | None) -> Told:
    """What an observation tells that is not stored: another number, or a flag that changes the one that is there.

    Examples
    --------
    >>> hour = Observation("1235A", "hour", 0, "reported", '{"co":0.7,"o3":80}')
    >>> news_of(hour, Texts('{"co":0.70}', '{"*":1,"co":[3,"spike"]}'))
    {'o3': ('80', Mark(flag=2, by=''))}
    """
    return news_among(told_of(Texts(told.values, told.flags)), told_of(stored) if stored else {})


def news_among(items: Told, known: Told) -> Told:
    """Those of `items` that are not known: see `news_of`."""
    return {item: one for item, one in items.items() if item not in known or not _is_known(one, known[item])}


def is_known(told: Observation, observations: Observations) -> bool:
    """Whether all that a reported observation tells is in the store, whatever flags it got there."""
    key = told.start, told.subject, told.period
    stored = observations.stored([key]).get(key)
    return stored is not None and not news_of(told, stored)


def _is_known(told: tuple[str, Mark], stored: tuple[str, Mark]) -> bool:
    return _same(told[0], stored[0]) and _says_nothing(told[1], stored[1])


def _same(one: str, other: str) -> bool:
    return one == other or Decimal(one) == Decimal(other)


def _says_nothing(told: Mark, stored: Mark) -> bool:
    """Whether a mark changes nothing about the one that is stored: what a test of ours said is said again."""
    if told == stored:
        return True
    if test_named(stored.by):
        return graded(told) <= graded(stored)
    return not told.by and not stored.by and told.flag in VALID and stored.flag in VALID
