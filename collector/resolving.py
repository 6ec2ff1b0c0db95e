"""From what a foreign format tells to observations: whose it is, of what items, in which units, of which period."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from difflib import get_close_matches
from typing import NamedTuple

from qingchuan.collector import senders
from qingchuan.collector.codecs.told import Content, Told, Value
from qingchuan.collector.devices import Device
from qingchuan.collector.hj212.checks import Checked, StationCheck
from qingchuan.collector.numbers import as_json, is_plausible, why_not
from qingchuan.collector.refusal import RefusedError, RefusedValue
from qingchuan.collector.topics import SENDER
from qingchuan.processing import catalogue, periods, standards, units
from qingchuan.store.observations import PERIOD_SECONDS, Observation, Period
from qingchuan.store.subjects import Section, Subject, kind_of

_USUAL: dict[str, Period] = {"section": "instant"}
"""What times name if nothing says it: of a section a reading, of all else a value of the moment."""

_READINGS: frozenset[Period] = frozenset({"hour"})
"""Periods of a water station that are its readings: an analyser runs once in its cycle, and the hour names that run."""


_SEND_OUR_UNITS = frozenset({"cnemc"})
"""Dialects whose devices send metals in mg/L, where HJ 212—2017 prints µg/L: 0.00011 of lead in their frames."""


class Resolved(NamedTuple):
    """What a message tells of our subjects.

    Attributes
    ----------
    observations : list of Observation
    refused : list of RefusedValue
    checks : list of Checked
        What it tells of quality control.
    """

    observations: list[Observation]
    refused: list[RefusedValue]
    checks: list[Checked]


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

    def resolve(self, content: Content, latest: int, named: str | None = None) -> Resolved:
        """What `content` tells of our subjects, and the values of it that were refused.

        Parameters
        ----------
        content : Content
        latest : int
            A time later than this is a wrong clock. [s since 1970-01-01 UTC]
        named : str or None
            The sender that the topic names, by its own name or as our subject; None where it names none.

        Raises
        ------
        RefusedError
            Nothing of it can be taken, though it tells something.
        """
        observations: list[Observation] = []
        refused = [value for value in content.refused if not self._leaves_out(value)]
        failed: RefusedError | None = None
        for told in content.told:
            try:
                self._check_named(told.sender, named)
                observations += self._observation(told, latest, refused)
            except RefusedError as error:
                failed = error
                refused += [RefusedValue(code, error.code, error.reason) for code in told.values]
        checks: list[Checked] = []
        for check in content.checks:
            try:
                self._check_named(check.sender, named)
                checks += self._checked(check, latest)
            except RefusedError as error:
                failed = failed or error
                refused.append(RefusedValue(check.code, error.code, error.reason))
        if refused and not observations and not checks:
            failed = failed or RefusedError("wrong-value", "none of its values could be taken")
            raise RefusedError(failed.code, failed.reason, tuple(refused), failed.moment)
        return Resolved(observations, refused, checks)

    def _check_named(self, sender: str, named: str | None) -> None:
        """Whoever may publish on one topic only tells of nobody else."""
        device = self._devices.get(sender)
        if named not in {None, sender, device.subject if device else sender}:
            what = f"its topic names {named!r}, its payload {sender!r}"
            hint = f"a device publishes on its own topic ({SENDER} of collector.formats)"
            raise RefusedError("wrong-topic", f"{what}; {hint}")

    def _checked(self, check: StationCheck, latest: int) -> Iterator[Checked]:
        """A check of a subject of ours; none where the entry of its device leaves the item out."""
        device = self._devices.get(check.sender)
        subject = self._subject(check.sender, device)
        _start(check.time, "instant", None, latest)
        period: Period = "instant" if isinstance(self._subjects[subject], Section) else "hour"
        item = _item(check.code, device, senders.items(self._subjects[subject], period))
        if item:
            unit = _unit(item, check.code, "", device)
            for text in (check.measured, check.standard, check.water, check.concentration):
                if text and not units.is_mole_fraction(unit):
                    _converted(text, unit, item, check.code)
            yield Checked(subject, item, unit, isinstance(self._subjects[subject], Section), check)

    def _observation(self, told: Told, latest: int, refused: list[RefusedValue]) -> Iterator[Observation]:
        device = self._devices.get(told.sender)
        subject = self._subject(told.sender, device)
        period = self._period(told, device, subject)
        start = _start(told.time, period, device, latest)
        may_tell = senders.items(self._subjects[subject], period)
        items: dict[str, tuple[str, int]] = {}
        by: dict[str, str] = {}
        for code, value in told.values.items():
            try:
                item = _item(code, device, may_tell)
                if item:
                    items[item] = _in_our_unit(item, code, value, device, start), value.flag
                    by |= {item: value.by} if value.by else {}
            except RefusedError as error:
                refused.append(RefusedValue(code, error.code, error.reason))
        if items:
            yield Observation.of(subject, period, start, "reported", items, by)

    def _leaves_out(self, value: RefusedValue) -> bool:
        """Whether the entry of a device leaves out what could not be taken."""
        device = self._devices.get(value.sender)
        return device is not None and device.codes.get(value.item) == ""

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


def _start(time: int, period: Period, device: Device | None, latest: int) -> int:
    length = PERIOD_SECONDS.get(period, 0)
    by_end = device is not None and device.label == "end"
    start = time - length if by_end else time
    if start < 0:
        raise RefusedError("wrong-time", f"its time is {time} s since 1970; times begin with 1970")
    if start + length > latest:
        shown, limit = (periods.to_beijing(moment).isoformat() for moment in (time, latest))
        hint = "set the clock or the time zone of the station, or the label of its device (start or end)"
        reason = f"its time is {shown}, later than {limit}, the latest that is believed; {hint}"
        raise RefusedError("future", reason, moment=start + length)
    if length and periods.align(start, length) != start:
        shown = periods.to_beijing(time).isoformat()
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


def _in_our_unit(item: str, code: str, value: Value, device: Device | None, start: int) -> str:
    number = as_json(value.text)
    if number is None:
        raise RefusedError("wrong-value", why_not(item, value.text))
    unit = _unit(item, code, value.unit, device)
    if units.is_mole_fraction(unit):
        text = _weighed(number, unit, item, code, start)
    else:
        text = _converted(number, unit, item, code)
    if not is_plausible(item, text):
        raise RefusedError("wrong-value", why_not(item, text))
    return text


def _unit(item: str, code: str, told: str, device: Device | None) -> str:
    """The unit of a value: as the entry of its device says, or the message, or what the code usually has, or ours."""
    ours = catalogue.item(item).unit
    return (device.units.get(code) if device else None) or told or _usual_unit(code, device) or ours


def _converted(number: str, unit: str, item: str, code: str) -> str:
    try:
        return units.convert(number, unit, catalogue.item(item).unit)
    except units.UnitError as error:
        raise RefusedError("wrong-value", f"{code} is {number} {unit}: {error}") from error


def _weighed(number: str, unit: str, item: str, code: str, start: int) -> str:
    """Parts of a gas as a concentration, for the state of the air that concentrations were told for on that day."""
    try:
        day = periods.natural_day(start)
        return units.gas_concentration(number, unit, item, standards.in_force("gb3095", day).state(day))
    except (units.UnitError, LookupError) as error:
        told = error.args[0]
        raise RefusedError("wrong-value", f"{code} is {number} {unit}: {told}") from error


def _usual_unit(code: str, device: Device | None) -> str | None:
    """The unit of a code if neither the message nor the entry of the device says it."""
    known = catalogue.by_code(code)
    return known[1] if known and (device is None or device.dialect not in _SEND_OUR_UNITS) else None
