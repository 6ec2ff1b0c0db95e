"""Codes of factors (监测因子) as HJ 212—2017 prints them. Which item a code is, the catalogue says."""

from __future__ import annotations

import functools

from qingchuan.collector.hj212.tables import Factor, load

_VOLUME = "m³"


def factor(code: str) -> Factor | None:
    """What a code means, new or of 2005; None where no table has it.

    Examples
    --------
    >>> factor("w21003").zh, factor("060").code, factor("w20120").unit
    ('氨氮', 'w21003', 'µg/L')
    """
    return _factors().get(code)


def is_flow(code: str) -> bool:
    """Whether the code is of a flow: the total of one is a volume, that of any other factor a mass.

    Examples
    --------
    >>> is_flow("w00000"), is_flow("B01"), is_flow("w01018")
    (True, True, False)
    """
    known = factor(code)
    return known is not None and known.total == _VOLUME


@functools.cache
def _factors() -> dict[str, Factor]:
    document = load("hj212_2017")
    tables = [table for table in (document.water, document.air, document.noise) if table]
    rows = [row for table in tables for row in table.rows]
    return {row.old: row for row in rows if row.old} | {row.code: row for row in rows}
