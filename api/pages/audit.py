"""The page of the audit (审核): a day of a station as a table of its values, which are picked, marked and confirmed."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final, NamedTuple, get_args
from urllib.parse import urlencode

from starlette.requests import Request

from qingchuan.api.pages.asked import Asked
from qingchuan.api.pages.audit_cells import CellShown, raw, shown_cell, spark
from qingchuan.api.pages.audit_times import stretch, value_time
from qingchuan.api.pages.frame import Shown
from qingchuan.api.pages.words import Language
from qingchuan.api.parameters import LARGEST, date
from qingchuan.api.problems import ProblemError
from qingchuan.api.queries.audit import steps, take_audit
from qingchuan.api.queries.audit_day import audit_day
from qingchuan.api.queries.faults import name_of
from qingchuan.api.queries.subjects import of_kind
from qingchuan.api.schemas.audit import AuditDay
from qingchuan.api.services import Services
from qingchuan.api.writing import check_writer
from qingchuan.processing.periods import DAY, day_start, parse_instant
from qingchuan.store.audit_messages import LONGEST, Act, Action, Audit, AuditedPeriod
from qingchuan.store.observations import PERIOD_SECONDS
from qingchuan.store.subjects import AirStation, City, Section, Subject

PATH: Final = "/audit"
_SECOND: Final = 1_000_000
_ONE_DAY: Final = dt.timedelta(days=1)
_PICKED: Final[tuple[Action, ...]] = ("mark_invalid", "correct", "restore", "dust", "object")
"""What is done with values that are picked."""


class Form(NamedTuple):
    """What a form says.

    Attributes
    ----------
    fields : mapping of str to str
    cells : tuple of str
        Values that are picked: item and start, such as ``pm25@1772323200``.
    """

    fields: Mapping[str, str]
    cells: tuple[str, ...]


def audit_page(asked: Asked, *, writable: bool) -> Shown:
    """What the page of the audit shows; `writable`: whoever asks may decide."""
    subject, known = _subject(asked)
    day = asked.day("day") or asked.today - _ONE_DAY
    told = audit_day(asked.services, subject, day)
    names = steps(asked.services)
    return Shown(
        values={
            "told": told,
            "subject": subject,
            "groups": _groups(asked),
            "day": day,
            "before": day - _ONE_DAY,
            "after": day + _ONE_DAY if day < asked.today else None,
            "rows": _rows(told, day),
            "sparks": {item: spark(told, item) for item in told.items},
            "steps": [(name, _state(told, name)) for name in names],
            "step_names": names,
            "is_audited": bool(told.items) and len(told.audited) == len(told.items),
            "actions": _actions(told, known),
            "name_of": name_of,
            "raw": raw,
            "seconds": parse_instant,
            "stretch": stretch,
            "value_time": value_time,
            "writable": writable,
            "longest": LONGEST,
            "done": asked.count("done", 0, LARGEST),
            "last": asked.count("last", 1, LARGEST) or 0,
        },
        simulated=bool(getattr(known, "simulated", False)),
        answers=[
            f"/api/v1/audit/{subject}/day?{urlencode({'day': day.isoformat()})}",
            f"/api/v1/audit?{urlencode({'subject': subject})}",
        ],
    )


def decided(request: Request, services: Services, form: Form) -> str:
    """Have done what a form says; the address of the page that shows the day then.

    Raises
    ------
    ProblemError
        Who asks may not, nothing is picked, or it cannot be done.
    """
    check_writer(request)
    told = form.fields
    day, subject = date("day", told.get("day", "")), told.get("subject", "")
    acts = _acts(form, subject, day)
    if not acts:
        raise ProblemError(422, "nothing-picked", "no value is picked; pick at least one in the table")
    by, reason, step = (told.get(name, "").strip() for name in ("by", "reason", "step"))
    done = take_audit(services, Audit(by, step, reason, services.now() // _SECOND, acts))
    language = {"lang": told["lang"]} if told.get("lang") in get_args(Language) else {}
    query = {"subject": subject, "day": day.isoformat(), **language, "done": done.values, "last": done.sequence}
    return f"{PATH}?{urlencode(query)}"


def acts_of(
    action: Action, subject: str, period: AuditedPeriod, picked: Iterable[tuple[str, int]], value: str = ""
) -> tuple[Act, ...]:
    """The actions on values that are picked by item and start: as few as say the same.

    Examples
    --------
    >>> found = acts_of("mark_invalid", "1235A", "hour", [("pm25", 0), ("pm25", 3600), ("pm10", 0), ("pm10", 3600)])
    >>> [(act.start, act.end, act.items) for act in found]
    [(0, 7200, ('pm10', 'pm25'))]
    """
    length = PERIOD_SECONDS.get(period, 1)
    starts: defaultdict[str, set[int]] = defaultdict(set)
    for item, start in picked:
        starts[item].add(start)
    spans: defaultdict[tuple[int, int], list[str]] = defaultdict(list)
    for item, those in sorted(starts.items()):
        for span in _spans(sorted(those), length):
            spans[span].append(item)
    return tuple(Act(action, subject, *span, period, tuple(items), value) for span, items in sorted(spans.items()))


def _spans(starts: Sequence[int], length: int) -> list[tuple[int, int]]:
    """Stretches of starts that follow one another."""
    found: list[tuple[int, int]] = []
    for start in starts:
        if found and found[-1][1] == start:
            found[-1] = found[-1][0], start + length
        else:
            found.append((start, start + length))
    return found


def _acts(form: Form, subject: str, day: dt.date) -> tuple[Act, ...]:
    told = form.fields
    if told.get("action") == "confirm":
        return (Act("confirm", subject, day_start(day), day_start(day) + DAY, "day"),)
    action = next((one for one in _PICKED if one == told.get("action")), None)
    period = next((one for one in get_args(AuditedPeriod) if one == told.get("period")), None)
    if action is None or period is None:
        raise ProblemError(422, "wrong-body", f"action is none of {', '.join(_PICKED)}, confirm; or there is no period")
    value = told.get("value", "").strip() if action in {"correct", "object"} else ""
    return acts_of(action, subject, period, map(_cell, form.cells), value)


def _cell(text: str) -> tuple[str, int]:
    item, _, start = text.partition("@")
    if not start.isdecimal() or len(start) > len(str(LARGEST)) - 1:
        raise ProblemError(
            422, "wrong-body", f"a cell is {text!r}; an item and a start, such as pm25@1772323200, would do"
        )
    return item, int(start)


def _subject(asked: Asked) -> tuple[str, Subject]:
    """Whose day it is: who is asked about, else the first station, section or city."""
    given = asked.query.get("subject")
    if given is not None and given in asked.subjects:
        return given, asked.subjects[given]
    if given is not None:
        detail = f"the subject is {given!r}; /api/v1/stations lists those that announced themselves"
        raise ProblemError(404, "unknown-station", detail, name=given)
    for _, those in _groups(asked):
        for found in those.items():
            return found
    raise ProblemError(404, "no-city", "nobody has announced itself; /api/v1/stations lists who has")


def _groups(asked: Asked) -> list[tuple[str, Mapping[str, Subject]]]:
    """Who can be looked at, by their kind."""
    known = asked.subjects
    stations, sections, cities = of_kind(known, AirStation), of_kind(known, Section), of_kind(known, City)
    return [("air-station", {**stations}), ("section", {**sections}), ("city", {**cities})]


def _rows(told: AuditDay, day: dt.date) -> list[tuple[str, int, dict[str, CellShown]]]:
    """Label, start, and the cells of each hour or instant."""
    starts = [parse_instant(time.start) for time in told.times]
    return [
        (value_time(start, told.period, day), start, {item: shown_cell(cell) for item, cell in time.cells.items()})
        for start, time in zip(starts, told.times, strict=True)
    ]


def _actions(told: AuditDay, known: Subject) -> list[Action]:
    """What may be done with values of the day."""
    cells = [cell for time in told.times for cell in time.cells.values()]
    lacking = set[Action]() if any(cell.official is not None for cell in cells) else {"object"}
    return [one for one in _PICKED if one not in lacking and (one != "dust" or isinstance(known, AirStation))]


def _state(told: AuditDay, step: str) -> str:
    """Whether a step has confirmed all items, some, or none."""
    confirmed: Any = told.steps.get(step, [])
    if not confirmed:
        return "open"
    return "confirmed" if len(confirmed) == len(told.items) else "partly"
