"""The quality control that stations do themselves, as answers tell it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, cast

import msgspec

from qingchuan.api.answering import iso_time
from qingchuan.api.parameters import Span
from qingchuan.api.schemas import checks as schemas
from qingchuan.api.schemas.checks import CheckKind, ChecksAnswer
from qingchuan.api.services import Services
from qingchuan.processing import catalogue
from qingchuan.processing.flags import NOT_EVALUATED, VALID
from qingchuan.processing.quality.check_limits import shipped
from qingchuan.processing.quality.station_checks import CheckNumbers
from qingchuan.processing.quality.station_checks_explained import explain_station_check
from qingchuan.store import station_checks
from qingchuan.store.station_checks import Check
from qingchuan.store.subjects import Name, Section, Subject

NAMES: Final[dict[CheckKind, Name]] = {
    "zero": Name("零点核查", "Zero check"),
    "span": Name("跨度核查", "Span check"),
    "standard": Name("标样核查", "Check by a standard sample"),
    "recovery": Name("加标回收", "Recovery of a spike"),
    "parallel": Name("平行样", "Parallel sample"),
}

_AT_FAULT: Final = Name("仪器状态标记异常，不作判定", "Not judged: the station flagged the instrument")
_ITS_OWN: Final = Name("没有可用的限值，采用站点自身结论", "No limit applies: as the station itself judged it")
_NOBODY: Final = Name("没有可用的限值，站点也未给出结论，不作判定", "Not judged: no limit applies, nor did it judge")


class _Told(msgspec.Struct):
    """What is kept of a check's numbers."""

    measured: str
    standard: str = ""
    span: str = ""
    water: str = ""
    concentration: str = ""
    volume: str = ""
    diluted: str = ""
    unit: str = ""
    flag: int = NOT_EVALUATED
    passed: bool | None = None


def checks_answer(
    services: Services, span: Span, limit: int, subject: str | None, item: str | None, at: int
) -> ChecksAnswer:
    """The checks of `span`, newest first, and the last of each kind of each item, told up to message `at`."""
    engine, subjects = services.state.engine, services.state.subjects(as_of=at)
    found = station_checks.between(engine, *span, limit, at, subject=subject, item=item)
    latest = station_checks.latest(engine, subject, item, at)
    told = [[_check(check, subjects) for check in checks] for checks in (found, latest)]
    return ChecksAnswer(at, *told)


def _check(check: Check, subjects: Mapping[str, Subject]) -> schemas.Check:
    told, kind = msgspec.json.decode(check.told, type=_Told), cast("CheckKind", check.kind)
    given = (told.measured, told.standard, told.span, told.water, told.concentration, told.volume, told.diluted)
    return schemas.Check(
        check.sequence,
        check.subject,
        check.item,
        kind,
        NAMES[kind],
        iso_time(check.time),
        schemas.CheckNumbers(*given),
        told.unit,
        check.passed,
        _why(check, told, subjects.get(check.subject)),
        None if check.flagged is None else iso_time(check.flagged),
    )


def _why(check: Check, told: _Told, subject: Subject | None) -> Name:
    """What the verdict rests on; the limits are those of water stations."""
    if told.flag not in VALID:
        return _AT_FAULT
    if isinstance(subject, Section):
        given = (told.measured, told.standard, told.water, told.concentration, told.volume, told.diluted)
        numbers = CheckNumbers(*given).in_unit(told.unit, catalogue.item(check.item).unit)
        explained = explain_station_check(check.kind, check.item, numbers, shipped())
        if explained.source is not None:
            return Name(explained.rule.zh, explained.rule.en)
    return _NOBODY if told.passed is None else _ITS_OWN
