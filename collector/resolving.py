"""From what a foreign format tells to observations: whose it is, of what items, in which units, of which period."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from difflib import get_close_matches

from qingchuan.collector import senders
from qingchuan.collector.codecs.told import Content, Told, Value
from qingchuan.collector.devices import Device
from qingchuan.collector.numbers import as_json, is_plausible, why_not
from qingchuan.collector.refusal import RefusedError, RefusedValue
from qingchuan.processing import catalogue, periods, units
from qingchuan.store.observations import PERIOD_SECONDS, Observation, Period
from qingchuan.store.subjects import Subject, kind_of

_USUAL: dict[str, Period] = {"section": "instant"}
"""What times name if nothing says it: of a section a reading, of all else a value of the moment."""

_READINGS: frozenset[Period] = frozenset({"hour"})
"""Periods of a water station that are its readings: an analyser runs once in its cycle, and the hour names that run."""


_SEND_OUR_UNITS = frozenset({"cnemc"})
"""Dialects whose devices send metals in mg/L, where HJ 212—2017 prints µg/L: 0.00011 of lead in their frames."""


class Resolver:
    """Makes observations of what senders tell.

    Parameters
    ----------
    devices : mapping of str to Device
        By what they call themselves.
    subjects : mapping of str to Subject
        Those that are announced; read anew each time.
    """

    def __init__(self, devices: Mapping[str, Device], subjects: Mapping[str, Subject]) -> None:
        self._devices = devices
        self._subjects = subjects

    def resolve(self, content: Content, latest: int) -> tuple[list[Observation], list[RefusedValue]]:
        """The observations that `content` tells, and the values of it that were refused.

        Parameters
        ----------
        content : Content
        latest : int
            A time later than this is a wrong clock. [s since 1970-01-01 UTC]

        Raises
        ------
        RefusedError
            Nothing of it can be taken, though it tells something.
        """
        observations: list[Observation] = []
        refused = list(content.refused)
        failed: RefusedError | None = None
        for told in content.told:
            try:
                observations += self._observation(told, latest, refused)
            except RefusedError as error:
                failed = error
                refused += [RefusedValue(code, error.code, error.reason) for code in told.values]
        if refused and not observations:
            failed = failed or RefusedError("wrong-value", "none of its values could be taken")
            raise RefusedError(failed.code, failed.reason, tuple(refused), failed.moment)
        return observations, refused

    def _observation(self, told: Told, latest: int, refused: list[RefusedValue]) -> Iterator[Observation]:
        device = self._devices.get(told.sender)
        subject = self._subject(told.sender, device)
        period = self._period(told, device, subject)
        start = _start(told, period, device, latest)
        may_tell = senders.items(self._subjects[subject], period)
        items: dict[str, tuple[str, int]] = {}
        by: dict[str, str] = {}
        for code, value in told.values.items():
            try:
                item = _item(code, device, may_tell)
                if item:
                    items[item] = _in_our_unit(item, code, value, device), value.flag
                    by |= {item: value.by} if value.by else {}
            except RefusedError as error:
                refused.append(RefusedValue(code, error.code, error.reason))
        if items:
            yield Observation.of(subject, period, start, "reported", items, by)

    def _subject(self, sender: str, device: Device | None) -> str:
        subject = device.subject if device else sender
        if subject not in self._subjects:
            what = f"sender {sender!r} is set to be {subject!r}, which was" if device else f"sender {sender!r} was"
            hint = "announce the subject (docs/mqtt.md)" + ("" if device else ", or name it in collector.devices")
            raise RefusedError("unknown-subject", f"{what} never announced; {hint}")
        return subject

    def _period(self, told: Told, device: Device | None, subject: str) -> Period:
        kind = kind_of(self._subjects[subject])
        period = told.period or (device.period if device else None) or _USUAL.get(kind, "realtime")
        return "instant" if kind == "section" and period in _READINGS else period


def _start(told: Told, period: Period, device: Device | None, latest: int) -> int:
    length = PERIOD_SECONDS.get(period, 0)
    by_end = device is not None and device.label == "end"
    start = told.time - length if by_end else told.time
    if start < 0:
        raise RefusedError("wrong-time", f"its time is {told.time} s since 1970; times begin with 1970")
    if start + length > latest:
        shown, limit = (periods.to_beijing(moment).isoformat() for moment in (told.time, latest))
        hint = "set the clock or the time zone of the station, or the label of its device (start or end)"
        reason = f"its time is {shown}, later than {limit}, the latest that is believed; {hint}"
        raise RefusedError("future", reason, moment=start + length)
    if length and periods.align(start, length) != start:
        shown = periods.to_beijing(told.time).isoformat()
        reason = f"its time is {shown}; a '{period}' begins on a whole one, Beijing time"
        raise RefusedError("wrong-time", reason)
    return start


def _item(code: str, device: Device | None, may_tell: Sequence[str]) -> str:
    """Our item for `code`; empty where the device's entry leaves it out."""
    if device and code in device.codes:
        return device.codes[code]
    known = catalogue.by_code(code)
    item = known[0].key if known else code
    if item not in may_tell:
        near = get_close_matches(item, may_tell, n=1)
        hint = f"did you mean {near[0]}? " if near else ""
        what = (
            f"code {code} is {item}, which is not told of this subject and period"
            if known
            else f"code {code} is not known"
        )
        raise RefusedError("unknown-item", f"{what}; {hint}name its item in collector.devices, or leave it out there")
    return item


def _in_our_unit(item: str, code: str, value: Value, device: Device | None) -> str:
    number = as_json(value.text)
    if number is None:
        raise RefusedError("wrong-value", why_not(item, value.text))
    ours = catalogue.item(item).unit
    unit = (device.units.get(code) if device else None) or value.unit or _usual_unit(code, device) or ours
    try:
        text = units.convert(number, unit, ours)
    except units.UnitError as error:
        raise RefusedError("wrong-value", f"{code} is {number} {unit}: {error}") from error
    if not is_plausible(item, text):
        raise RefusedError("wrong-value", why_not(item, text))
    return text


def _usual_unit(code: str, device: Device | None) -> str | None:
    """The unit of a code if neither the message nor the entry of the device says it."""
    known = catalogue.by_code(code)
    return known[1] if known and (device is None or device.dialect not in _SEND_OUR_UNITS) else None
