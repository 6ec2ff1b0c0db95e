"""How far an action of an audit reaches, in words: values, or hours and days where no value changes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from qingchuan.api.schemas.audit import AuditDone
from qingchuan.processing.periods import DAY, HOUR
from qingchuan.processing.standards import Text
from qingchuan.store.audit_checks import items_of
from qingchuan.store.audit_messages import Act
from qingchuan.store.subjects import AirStation, City, Subject

_ALL: Final = "全部 all"


def reach_of(act: Act, values: int, subjects: Mapping[str, Subject]) -> Text:
    """What an action is about: `values` that it changes, or what it declares, confirms or objects to.

    Examples
    --------
    >>> reach_of(Act("dust", "1235A", 0, 7200), 0, {}).en, reach_of(Act("mark_invalid", "1235A", 0, 3600), 6, {}).en
    ('2 hours', '6 values')
    """
    length = act.end - act.start
    match act.action:
        case "dust":
            told = _counted(length // HOUR, "小时", "hour")
        case "confirm":
            told = _counted(length // DAY, "天", "day")
        case "object":
            day = act.period == "day"
            return _counted(length // DAY, "天", "day") if day else _counted(length // HOUR, "小时", "hour")
        case _:
            return _counted(values, "个数值", "value")
    if not isinstance(subjects.get(act.subject), City):
        return told
    stations = sum(isinstance(one, AirStation) and one.city == act.subject for one in subjects.values())
    of = _counted(stations, "个站点", "station")
    return Text(f"{told.zh}、{of.zh}", f"{told.en} of {of.en}")


def items_in_words(done: AuditDone, subjects: Mapping[str, Subject]) -> str:
    """The items of an action; where they are all that there are, just that."""
    subject = subjects.get(done.subject)
    act = Act(done.action, done.subject, 0, 0, done.period)
    is_all = subject is not None and done.action != "dust" and set(done.items) == set(items_of(act, subject))
    return _ALL if is_all or not done.items else " ".join(done.items)


def _counted(number: int, zh: str, en: str) -> Text:
    return Text(f"{number} {zh}", f"{number} {en}{'' if number == 1 else 's'}")
