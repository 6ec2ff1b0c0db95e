"""What a report tells people: what the air means for their health, what to do, and who is sensitive to it."""

from __future__ import annotations

from typing import NamedTuple

from qingchuan.processing.air.aqi import AirQuality
from qingchuan.processing.standards import AirQualityIndex
from qingchuan.processing.standards.air_index import Level
from qingchuan.processing.standards.air_reports import SensitiveGroup


class Advice(NamedTuple):
    """Advice to the public.

    Attributes
    ----------
    level : Level or None
        With its `health` and `advice`; None where there is no AQI.
    groups : tuple of SensitiveGroup
        Who should take measures, by the items that they are sensitive to. Empty where the air is good, and where the
        edition has no such table (2012).
    """

    level: Level | None
    groups: tuple[SensitiveGroup, ...]


def advice(air: AirQuality, standard: AirQualityIndex) -> Advice:
    """Advice for the air of one place and time.

    Parameters
    ----------
    air : AirQuality
        Without leading axes. Whether it may be shown is `air.published`.
    standard : AirQualityIndex
        The edition of HJ 633 that `air` is by.

    Returns
    -------
    Advice

    References
    ----------
    .. [1] HJ 633—2026, tables 1 and 2; HJ 633—2012, table 2.

    Examples
    --------
    >>> import numpy as np
    >>> from qingchuan.processing import standards
    >>> from qingchuan.processing.air.aqi import evaluate
    >>> standard = standards.load("hj633_2026", standards.AirQualityIndex)
    >>> told = advice(evaluate({"co": np.uint16(41), "so2": np.uint16(150)}, "day", standard), standard)
    >>> told.level.zh if told.level else None, [group.people.zh for group in told.groups]
    ('轻度污染', ['患有心血管系统疾病的人'])
    """
    number = int(air.level)
    level = standard.levels[number - 1] if number else None
    table = standard.sensitive
    if table is None:
        return Advice(level, ())
    spoilt = {item for item, iaqi in zip(air.items, air.iaqi.tolist(), strict=True) if iaqi > table.above}
    return Advice(level, tuple(group for group in table.rows if spoilt.intersection(group.items)))
