"""What of an audit action can be said to be wrong by itself: who, when, which values, by which step."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from difflib import get_close_matches
from typing import Final

from qingchuan.processing import catalogue, periods
from qingchuan.processing.periods import DAY
from qingchuan.processing.standards import UnknownEdition, in_force
from qingchuan.store.audit_messages import LONGEST, MOST_ACTS, Act, Audit
from qingchuan.store.observations import PERIOD_SECONDS
from qingchuan.store.subjects import Subject, domains_of, kind_of

_NUMBER = re.compile(r"-?(0|[1-9]\d{0,14})(\.\d{1,15})?", re.ASCII)
_LONGEST_SPAN: Final = 366 * DAY
_AHEAD: Final[Mapping[str, int]] = {"confirm": DAY, "dust": 0}
"""How far beyond now may reach what is said of whatever comes: of days, that in progress may be confirmed. [s]"""
_DUSTY: Final = ("air-station", "city")
_AIR: Final[tuple[catalogue.Domain, ...]] = ("air",)


class AuditRefusedError(Exception):
    """An audit, or one action of it, that is not taken; it says what would do."""


def check_audit(audit: Audit, steps: Sequence[str], latest: int) -> None:
    """Refuse what does not say who did it, at which step, and why.

    Parameters
    ----------
    audit : Audit
    steps : sequence of str
        Those that are configured.
    latest : int
        A time later than this is a wrong one. [s since 1970-01-01 UTC]

    Raises
    ------
    AuditRefusedError

    Examples
    --------
    >>> check_audit(Audit("lin", "county", "torn", 0, ()), ("station", "city"), 0)
    Traceback (most recent call last):
    ...
    qingchuan.store.audit_checks.AuditRefusedError: step has 'county'; station or city would do (audit.steps)
    """
    for name, text in (("by", audit.by), ("reason", audit.reason)):
        if not text.strip() or len(text) > LONGEST:
            raise AuditRefusedError(f"{name} has {len(text)} characters; 1 to {LONGEST} would do")
    if audit.step not in steps:
        raise AuditRefusedError(f"step has {audit.step!r}; {' or '.join(steps)} would do (audit.steps)")
    if not 0 <= audit.stated <= latest:
        raise AuditRefusedError(f"the time stated is {audit.stated}; a time up to now would do")
    if not 1 <= len(audit.acts) <= MOST_ACTS:
        raise AuditRefusedError(f"acts has {len(audit.acts)} actions; 1 to {MOST_ACTS} would do")


def check_act(act: Act, subjects: Mapping[str, Subject], latest: int) -> None:
    """Refuse an action that no values can be meant by; `subjects` are those that are announced.

    Raises
    ------
    AuditRefusedError
    """
    _check_span(act, latest)
    if act.action == "object":
        _check_items(act, catalogue.tellable(act.period, _AIR))
        _check_number(act, may_lack=True)
        return
    subject = subjects.get(act.subject)
    if subject is None:
        raise AuditRefusedError(f"subject {act.subject!r} was never announced; /api/v1/stations lists those that were")
    if act.action == "dust":
        _check_dust(act, subject)
    else:
        _check_items(act, items_of(act, subject))
    if act.action == "correct":
        _check_number(act, may_lack=False)
    elif act.value:
        raise AuditRefusedError(f"value has {act.value!r}; only 'correct' and 'object' tell one")


def items_of(act: Act, subject: Subject) -> tuple[str, ...]:
    """The items that an action may name; all that its subject tells of any period where it confirms days."""
    if act.action != "confirm":
        return catalogue.tellable(act.period, domains_of(subject))
    found = [catalogue.tellable(period, domains_of(subject)) for period in ("hour", "day", "instant")]
    return tuple(dict.fromkeys(item for items in found for item in items))


def dusty_items(act: Act) -> tuple[str, ...]:
    """The particles that hours of dust leave out, by the rule in force on the first day.

    Raises
    ------
    AuditRefusedError
        There was no rule.
    """
    day = periods.natural_day(act.start)
    try:
        return in_force("hb2016_120", day).deduction.items
    except UnknownEdition as error:
        raise AuditRefusedError(f"start lies on {day}; no rule left hours of dust out then") from error


def _check_span(act: Act, latest: int) -> None:
    is_time = 0 <= act.start <= latest + _LONGEST_SPAN  # a number may be too large to be one
    shown = periods.to_beijing(act.start).isoformat() if is_time else str(act.start)
    if act.start < 0 or not act.start < act.end <= act.start + _LONGEST_SPAN:
        raise AuditRefusedError(f"start is {shown} and end {act.end - act.start} s later; 1 s to 366 days would do")
    length = PERIOD_SECONDS[act.period] if act.period != "instant" else 1
    if act.start + (length if act.action != "confirm" else 0) > latest:
        raise AuditRefusedError(f"start is {shown}; that has not happened yet")
    if act.end > latest + _AHEAD.get(act.action, _LONGEST_SPAN):
        raise AuditRefusedError(f"end is {periods.to_beijing(act.end).isoformat()}; that has not happened yet")
    if act.action == "confirm" and act.period != "day":
        raise AuditRefusedError(f"period has {act.period!r}; natural days are confirmed: 'day' would do")
    if length > 1 and any(periods.align(at, length) != at for at in (act.start, act.end)):
        raise AuditRefusedError(f"start is {shown}; a '{act.period}' begins and ends on a whole one, Beijing time")
    if act.action == "correct" and act.end != act.start + length:
        raise AuditRefusedError("a correction has one value; an interval of one period would do, and one item")


def _check_items(act: Act, known: Sequence[str]) -> None:
    if not known:
        raise AuditRefusedError(f"nothing of a period '{act.period}' is told of {act.subject!r}")
    strange = [item for item in act.items if item not in known]
    if strange or len(set(act.items)) != len(act.items):
        near = [f"did you mean {key}? " for item in strange[:1] for key in get_close_matches(item.lower(), known, n=1)]
        wanted = f"of {', '.join(known)} each once would do"
        raise AuditRefusedError(f"items has {', '.join(act.items)}; {''.join(near)}{wanted}")
    if act.action == "correct" and len(act.items) != 1:
        raise AuditRefusedError(f"a correction names {len(act.items)} items; one would do")


def _check_dust(act: Act, subject: Subject) -> None:
    if kind_of(subject) not in _DUSTY or act.period != "hour":
        what = f"{act.subject!r} is {kind_of(subject)}, the period is '{act.period}'"
        raise AuditRefusedError(f"{what}; hours of an air station or of a city are declared as dust")
    _check_items(act, dusty_items(act))


def _check_number(act: Act, *, may_lack: bool) -> None:
    if not act.value and may_lack:
        return
    if not _NUMBER.fullmatch(act.value):
        raise AuditRefusedError(f"value has {act.value!r}; a number such as 35 or 0.70 would do")
    for item in act.items:
        least, largest = catalogue.item(item).plausible
        if not least <= float(act.value) <= largest:
            unit = catalogue.item(item).unit
            raise AuditRefusedError(f"{item} is {act.value}; an instrument tells {least:g} to {largest:g} {unit}")
