"""Quality control that sections make of their analysers (质控核查) and tell as loggers do: frames of HJ 212.

Each natural day the analysers are given water without anything (零点) and water of a known concentration (跨度), on
Mondays also a standard sample (标样). Now and then one fails: it has drifted, is set right, and the next check passes.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from typing import Final, NamedTuple

import msgspec
import numpy as np

from qingchuan.collector.hj212.answers import beijing, frame, request_number
from qingchuan.collector.hj212.tables import CheckKind
from qingchuan.processing import catalogue
from qingchuan.processing.periods import natural_day
from qingchuan.simulators.faults import Faults, silences
from qingchuan.simulators.network import SimulatedSection
from qingchuan.simulators.noise import HOUR, WEEK, FloatArray, generator, weeks_between
from qingchuan.simulators.water import ANALYSERS, DECIMALS, ITEMS

_COMMANDS: Final[dict[CheckKind, int]] = {"standard": 2062, "zero": 2065, "span": 2066}
_AFTER_MIDNIGHT: Final[dict[CheckKind, int]] = {"zero": 1, "span": 2, "standard": 3}
"""When each check is made, Beijing time, apart from the readings of the analysers. [h]"""
_BEIJING: Final = 8
_DAY_HOURS: Final = 24
_DAYS: Final = 7
_MONDAY: Final = 0
_SECONDS_TO_SEND: Final = 5
_MICROSECONDS: Final = 1_000_000

_SPAN = np.array([10.0, 2.0, 0.4, 4.0])
"""Concentration that each analyser is given, in the order of `ANALYSERS`. [mg/L]"""
_ZERO_SCATTER = np.array([0.15, 0.02, 0.003, 0.04])
_ZERO_DRIFT = np.array([1.5, 0.3, 0.03, 0.45])
"""How far a zero is off: mostly, and of one that has drifted. [mg/L]"""
_SPAN_SCATTER: Final = 0.02
_SPAN_DRIFT: Final = 0.16
"""How far a known concentration is off. [share]"""


class Checks(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How often checks fail.

    Attributes
    ----------
    failing : float
        Of an analyser's check. [share]
    """

    failing: float = 0.004


class CheckMessage(NamedTuple):
    """A frame with the checks of one kind of a section's analysers, and when it goes out [s since 1970-01-01 UTC]."""

    sent: int
    subject: str
    payload: bytes

    def order(self) -> tuple[int, str, int]:
        """Time of sending, then subject; among messages of one second before those that are counted."""
        return self.sent, self.subject, -1


class Checking(NamedTuple):
    """Sections that check their analysers.

    Attributes
    ----------
    sections : tuple of SimulatedSection
    checks : Checks
    faults : Faults
        A section that is silent tells of no checks.
    seed : int
        Of the whole simulation.
    """

    sections: tuple[SimulatedSection, ...]
    checks: Checks
    faults: Faults
    seed: int


def checks_between(checking: Checking, after: int, until: int) -> Iterator[CheckMessage]:
    """The checks that go out in ``(after, until]``, in no order.

    Parameters
    ----------
    checking : Checking
    after, until : int
        [s since 1970-01-01 UTC]

    Examples
    --------
    >>> from qingchuan.simulators.faults import NO_FAULTS
    >>> from qingchuan.simulators.network import ningbo
    >>> day = 1_795_536_000  # 2026-11-25 in Beijing
    >>> len(list(checks_between(Checking(ningbo().sections, Checks(), NO_FAULTS, 5), day, day + 24 * HOUR)))
    18
    """
    for week in weeks_between(after - HOUR, until + 1):
        yield from (message for message in _of_week(checking, week) if after < message.sent <= until)


@lru_cache(maxsize=64)
def _of_week(checking: Checking, week: int) -> tuple[CheckMessage, ...]:
    sections, rng = checking.sections, generator(checking.seed, "checks", week)
    silent = silences(generator(checking.seed, "reading-faults", week), checking.faults, len(sections))
    found: list[CheckMessage] = []
    for kind in _COMMANDS:
        measured, standard = _measured(kind, rng, checking.checks, (_DAYS, len(sections), len(ANALYSERS)))
        for day in range(_DAYS):
            hour = (day + 1) * _DAY_HOURS - _BEIJING + _AFTER_MIDNIGHT[kind]
            time = week * WEEK + hour * HOUR
            if kind == "standard" and natural_day(time).weekday() != _MONDAY:
                continue
            found += [
                _message(kind, section, time, measured[day, place], standard)
                for place, section in enumerate(sections)
                if not silent[hour, place]
            ]
    return tuple(found)


def _measured(
    kind: CheckKind, rng: np.random.Generator, checks: Checks, shape: tuple[int, ...]
) -> tuple[FloatArray, FloatArray]:
    """What analysers measure of what they are given, and what that is; shape (days, sections, 4) and (4,) [mg/L]."""
    fails, scatter = rng.random(shape) < checks.failing, rng.standard_normal(shape).clip(-3, 3)
    off = np.where(rng.random(shape) < 0.5, -1.0, 1.0) * (1.0 + rng.random(shape) / 2)  # noqa: PLR2004 - as often as not
    if kind == "zero":
        return np.where(fails, abs(off) * _ZERO_DRIFT, scatter * _ZERO_SCATTER), np.zeros(len(ANALYSERS))
    given = _SPAN / 2 if kind == "standard" else _SPAN
    return given * (1.0 + np.where(fails, off * _SPAN_DRIFT, scatter * _SPAN_SCATTER)), given


def _message(
    kind: CheckKind, section: SimulatedSection, time: int, measured: FloatArray, standard: FloatArray
) -> CheckMessage:
    sent = time + 60 * section.minute + _SECONDS_TO_SEND
    told = ";".join(
        _item(kind, item, value, given, span)
        for item, value, given, span in zip(ANALYSERS, measured.tolist(), standard.tolist(), _SPAN, strict=True)
    )
    head = f"QN={request_number(sent * _MICROSECONDS)};ST=21;CN={_COMMANDS[kind]};PW=123456;MN={section.id};Flag=8"
    return CheckMessage(sent, section.id, frame(f"{head};CP=&&DataTime={beijing(time)};{told}&&"))


def _item(kind: CheckKind, item: str, measured: float, standard: float, span: float) -> str:
    code, decimals = catalogue.item(item).codes[0].code, DECIMALS[ITEMS.index(item)]
    told = {"Check": f"{measured:.{decimals}f}", "StandardValue": f"{standard:g}"}
    if kind != "standard":
        told["SpanValue"] = f"{span:g}"
    return ",".join(f"{code}-{name}={text}" for name, text in {**told, "Flag": "N"}.items())
