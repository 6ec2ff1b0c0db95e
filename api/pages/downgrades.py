"""The page of the sections whose class changed: against what, by how much, and because of which items."""

from __future__ import annotations

import datetime as dt
from typing import NamedTuple, get_args

from qingchuan.api.pages.asked import Asked
from qingchuan.api.pages.frame import Shown
from qingchuan.api.queries.downgrades import changes_answer
from qingchuan.api.queries.scales import class_scale
from qingchuan.api.schemas.water_changes import Against, ChangesAnswer, ClassChange, EarlyWarning, SectionChanges

_TARGETS = ("target_of_day", "target_of_month")
_DAY = dt.timedelta(days=1)


class Row(NamedTuple):
    """A section with its changes in the order of the columns.

    Attributes
    ----------
    section : SectionChanges
    cells : list of ClassChange or None
        None where there is nothing to tell.
    """

    section: SectionChanges
    cells: list[ClassChange | None]


def downgrades_page(asked: Asked) -> Shown:
    """What the page of changed sections shows."""
    everything = "all" in asked.query
    answer = changes_answer(asked.services, asked.day("at"), asked.at, asked.as_of, everything=everything)
    day = dt.date.fromisoformat(answer.date)
    rows = [Row(section, _cells(section)) for section in answer.sections]
    told = [change for section in answer.sections for change in section.changes if change.direction != "unknown"]
    columns = {change.against: change.name for change in told}
    return Shown(
        values={
            "answer": answer,
            "everything": everything,
            "rows": rows,
            "columns": [(against, columns[against]) for against in get_args(Against) if against in columns],
            "order": get_args(Against),
            "classes": class_scale(day).classes,
            "counts": _counts(answer),
            "remarks": list(dict.fromkeys(warning.remark for warning in _warnings(answer) if warning.remark)),
            "judged": answer.of - len(answer.without_class),
            "day": day,
            "before": asked.link(at=day - _DAY),
            "after": asked.link(at=day + _DAY) if day + _DAY < asked.today else None,
        },
        simulated=answer.simulated,
        standards=answer.editions,
        answers=[asked.address("sections/changes", at=answer.date, all="true" if everything else None)],
    )


def _cells(section: SectionChanges) -> list[ClassChange | None]:
    told = {change.against: change for change in section.changes}
    return [told.get(against) for against in get_args(Against)]


def _counts(answer: ChangesAnswer) -> dict[str, int]:
    """How many sections got worse, got better, or miss their target."""

    def number(direction: str, *, target: bool) -> int:
        return sum(
            any(change.direction == direction and (change.against in _TARGETS) == target for change in section.changes)
            for section in answer.sections
        )

    return {
        "worse": number("worse", target=False),
        "better": number("better", target=False),
        "missed": number("worse", target=True),
        "warned": len(_warnings(answer)),
    }


def _warnings(answer: ChangesAnswer) -> list[EarlyWarning]:
    """Those that have a level."""
    told = (section.warning for section in answer.sections)
    return [warning for warning in told if warning is not None and warning.level is not None]
