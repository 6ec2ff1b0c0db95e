"""Figures that somebody published: which there are, and what they may be."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from decimal import Decimal
from typing import NamedTuple

from qingchuan.collector.numbers import as_json
from qingchuan.collector.refusal import RefusedError
from qingchuan.store.import_messages import Figure, RefusedCell
from qingchuan.store.imports import Published


class Kind(NamedTuple):
    """A figure that is published.

    Attributes
    ----------
    zh, en : str
        Its names.
    least, largest : int
        What it may be.
    whole : bool
        Whether it is a whole number.
    """

    zh: str
    en: str
    least: int
    largest: int
    whole: bool = False


FIGURES = {
    "rank_composite": Kind("综合指数排名", "rank by the composite index", 1, 400, whole=True),
    "rank_rate": Kind("优良天数比例排名", "rank by the good-air rate", 1, 400, whole=True),
    "rank_improvement": Kind("综合指数变化率排名", "rank by the change of the index", 1, 400, whole=True),
    "composite_index": Kind("综合指数", "composite index", 0, 100),
    "index_change": Kind("综合指数变化率", "change of the composite index [%]", -100, 1000),
    "good_air_rate": Kind("优良天数比例", "good-air rate [%]", 0, 100),
    "good_air_days": Kind("优良天数", "good-air days [d]", 0, 366, whole=True),
}
"""The figures that are kept, by their key."""

_MONTH = r"\d{4}-(0[1-9]|1[0-2])"
_PERIOD = re.compile(rf"{_MONTH}(/{_MONTH})?", re.ASCII)


def check(
    told: Sequence[Figure], known: Callable[[str], str], sequence: int, refused: list[RefusedCell]
) -> Iterator[Published]:
    """Those of the figures that can be kept; the others go to `refused`.

    Parameters
    ----------
    told : sequence of Figure
    known : callable
        The id of who is named; raises `RefusedError` where there is none.
    sequence : int
        The message that brings them.
    refused : list of RefusedCell
    """
    for figure in told:
        try:
            whose = known(figure.subject)
            _check(figure)
        except RefusedError as error:
            refused.append(
                RefusedCell(figure.line, figure.figure, error.code, error.reason, figure.value, figure.subject)
            )
        else:
            yield Published(whose, figure.figure, figure.period, sequence, figure.value, figure.source)


def _check(figure: Figure) -> None:
    kind = FIGURES.get(figure.figure)
    if kind is None:
        raise RefusedError("unknown-item", f"figure {figure.figure} is not known; there are {', '.join(FIGURES)}")
    if not _PERIOD.fullmatch(figure.period) or figure.period[:7] > figure.period[-7:]:
        would_do = "a month such as 2025-10, or the first and the last: 2025-01/2025-10"
        raise RefusedError("wrong-time", f"the period of {figure.figure} is {figure.period!r}; {would_do}, would do")
    number = as_json(figure.value)
    value = Decimal(number) if number else None
    if value is None or not kind.least <= value <= kind.largest or (kind.whole and value % 1):
        what = f"a {'whole ' if kind.whole else ''}number from {kind.least} to {kind.largest}"
        raise RefusedError("wrong-value", f"{figure.figure} is {figure.value[:40]!r}; {what} would do")
