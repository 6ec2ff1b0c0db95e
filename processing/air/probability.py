"""How likely a target is reached, as far as earlier years tell: the rest of the period is put together from theirs.

Blocks of successive days are drawn from the same calendar dates of earlier years, each block from a year of its own, so
that the season stays as it is and weather that lasts stays together. Emissions that changed since are not in it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from qingchuan.processing.rounding import divide_half_even
from qingchuan.processing.scaled import MISSING, Scaled

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import ArrayLike, NDArray

    from qingchuan.processing.air.rates import GoodAirRate

NONE = -1
"""The figure where there is none."""

_WHOLE = 100
"""The largest rate [%]."""


@dataclass(frozen=True, slots=True)
class Resampling:
    """How the rest of a period is put together from earlier years.

    Attributes
    ----------
    block_days : int
        Days that are drawn together: longer than an episode of pollution lasts. [d] With as many as there are days
        left, whole years are drawn.
    draws : int
        [-]
    least_days : int
        So many of the remaining dates must be valid in a year for it to be used, or all where fewer remain. [d] A year
        with gaps makes the rest too short.

    Raises
    ------
    ValueError
        A block, or a year, of less than a day; a negative number of draws.
    """

    block_days: int
    draws: int
    least_days: int

    def __post_init__(self) -> None:
        for what, number, least in (
            ("a block", self.block_days, 1),
            ("a year", self.least_days, 1),
            ("the number of draws", self.draws, 0),
        ):
            if number < least:
                raise ValueError(f"{what} has the value {number}; it must be {least} or more")


@dataclass(frozen=True, slots=True, eq=False)
class Chance:
    """How often a target is reached.

    Attributes
    ----------
    years : ndarray of int64, shape (years,)
        Earlier years that are used.
    outcome : ndarray of int64, shape (years,)
        The figure of the whole period if its rest were as in that year, in units of its last decimal. -1 where there is
        none.
    reached : ndarray of bool, shape (years,)
        Whether that reaches the target.
    rest : ndarray of int64, shape (draws,)
        Of each draw: good days of the rest [d], or the sum of its days [scaled].
    simulated : ndarray of int64, shape (draws,)
        The figure of the whole period. -1 where there is none.
    met : int
        How many draws reach the target. [-]
    resampling : Resampling
    """

    years: NDArray[np.int64]
    outcome: NDArray[np.int64]
    reached: NDArray[np.bool_]
    rest: NDArray[np.int64]
    simulated: NDArray[np.int64]
    met: int
    resampling: Resampling

    @property
    def probability(self) -> float | None:
        """Share of the draws that reach the target [-]; None without an earlier year or a draw."""
        return self.met / self.simulated.size if self.years.size and self.simulated.size else None


def rate_chance(
    so_far: GoodAirRate,
    target: int,
    good: ArrayLike,
    counted: ArrayLike,
    years: ArrayLike,
    *,
    resampling: Resampling,
    generator: np.random.Generator,
) -> Chance:
    """How likely the good-air rate of a period, as it is published, reaches a target.

    Parameters
    ----------
    so_far : GoodAirRate
        Of the days of the period that are over, without leading axes.
    target : int
        In units of the last decimal of the rate: 86.8 % is 868.
    good, counted : array_like of bool, shape (years, days)
        Good days, and days that count, on the remaining calendar dates of earlier years, as `earlier_years` finds them:
        judged by the edition that judges the remaining days.
    years : array_like of int, shape (years,)
    resampling : Resampling
    generator : numpy.random.Generator
        With the same seed the result is the same.

    Returns
    -------
    Chance
        `rest` are good days.

    Raises
    ------
    ValueError
        The shapes do not fit.

    Notes
    -----
    A bootstrap of blocks that keep their dates: the first begins on the first remaining date, and each stays where it
    is in the year. Days of an earlier year that do not count are not replaced: that rest is shorter.

    References
    ----------
    .. [1] HJ 663—2013, A.5 and 6.3.
    .. [2] H. R. Künsch, The jackknife and the bootstrap for general stationary observations, 1989,
       doi:10.1214/aos/1176347265: blocks instead of single days.

    Examples
    --------
    Ningbo had 86.8 % in the first eight months of 2018. The rest of five earlier years had 10 to 25 bad days:

    >>> from qingchuan.processing.air.rates import good_air_rate
    >>> so_far = good_air_rate([50] * 211 + [120] * 32, [True] * 243, 100, 1)
    >>> good = np.arange(122) >= np.array([[10], [12], [15], [16], [25]])
    >>> years, whole, how = np.arange(2017, 2012, -1), np.ones(good.shape, np.bool_), Resampling(122, 1000, 110)
    >>> found = rate_chance(so_far, 868, good, whole, years, resampling=how, generator=np.random.default_rng(1))
    >>> found.outcome, int(found.reached.sum()), 0.75 < found.probability < 0.85
    (array([885, 879, 871, 868, 844]), 4, True)
    """
    scale, valid = _WHOLE * 10**so_far.decimals, int(so_far.valid)
    return _chance(
        np.asarray(good, np.bool_),
        np.asarray(counted, np.bool_),
        years,
        lambda rest, number: _quotient(scale * (int(so_far.good) + rest), valid + number),
        lambda figure: np.asarray((figure != NONE) & (figure >= target)),
        resampling=resampling,
        generator=generator,
    )


def mean_chance(
    days: Scaled,
    target: int,
    earlier: Scaled,
    years: ArrayLike,
    *,
    resampling: Resampling,
    generator: np.random.Generator,
    decimals: int = 0,
) -> Chance:
    """How likely the rounded mean of a period is not above a target.

    Parameters
    ----------
    days : ndarray of uint16, shape (n,)
        Daily values of one item on the days that are over. [scaled]
    target : int
        [scaled, with `decimals` more decimals]
    earlier : ndarray of uint16, shape (years, days)
        Daily values on the remaining calendar dates of earlier years, as `earlier_years` finds them. [scaled]
    years, resampling, generator
        As `rate_chance` has them.
    decimals : int, optional
        How many decimals more than the days the mean has, as `period_mean` has it. [-]

    Returns
    -------
    Chance
        `rest` are sums of days.

    Raises
    ------
    ValueError
        The shapes do not fit.

    References
    ----------
    .. [1] HJ 663—2013, A.1 and 6.3.

    Examples
    --------
    >>> earlier, how = np.array([[30] * 65, [33] * 65, [34] * 65], np.uint16), Resampling(5, 1000, 60)
    >>> days, generator = np.full(300, 36, np.uint16), np.random.default_rng(1)
    >>> found = mean_chance(days, 35, earlier, [2025, 2024, 2023], resampling=how, generator=generator)
    >>> found.outcome, found.reached, found.probability > 0.5
    (array([35, 35, 36]), array([ True,  True, False]), True)
    """
    days, earlier = np.asarray(days), np.asarray(earlier)
    total, valid = int(days[days != MISSING].sum(dtype=np.int64)), int((days != MISSING).sum())
    return _chance(
        earlier,
        earlier != MISSING,
        years,
        lambda rest, number: _quotient(10**decimals * (total + rest), valid + number),
        lambda figure: np.asarray((figure != NONE) & (figure <= target)),
        resampling=resampling,
        generator=generator,
    )


def _chance(
    values: NDArray[np.uint16] | NDArray[np.bool_],
    counted: NDArray[np.bool_],
    years: ArrayLike,
    figure_of: Callable[[NDArray[np.int64], NDArray[np.int64]], NDArray[np.int64]],
    reaches: Callable[[NDArray[np.int64]], NDArray[np.bool_]],
    *,
    resampling: Resampling,
    generator: np.random.Generator,
) -> Chance:
    """What each year and each draw comes to: the sum of its values and the number of its days make the figure."""
    years = np.asarray(years, np.int64)
    if counted.ndim != 2 or years.shape != counted.shape[:1] or values.shape != counted.shape:  # noqa: PLR2004 - years, days
        raise ValueError(
            f"the days of {years.size} years have the shapes {values.shape} and {counted.shape}; ({years.size}, days) "
            "would do, all of them"
        )
    values, number = np.where(counted, values, 0), counted.sum(axis=-1)
    used = number >= min(resampling.least_days, counted.shape[-1])
    outcome = figure_of(values[used].sum(axis=-1, dtype=np.int64), number[used])
    rest, drawn = _drawn([values[used], counted[used]], resampling, generator)
    simulated = figure_of(rest, drawn)
    return Chance(
        years=years[used],
        outcome=outcome,
        reached=reaches(outcome),
        rest=rest,
        simulated=simulated,
        met=int(reaches(simulated).sum()),
        resampling=resampling,
    )


def _drawn(
    values: Sequence[NDArray[np.uint16] | NDArray[np.bool_]], resampling: Resampling, generator: np.random.Generator
) -> list[NDArray[np.int64]]:
    """Sums over the rest of the period, of each draw: a year a block, the same one for all `values`."""
    years, days = values[0].shape
    if not years or not days:
        return [np.zeros(resampling.draws, np.int64) for _ in values]
    starts = np.arange(0, days, resampling.block_days)
    chosen = generator.integers(years, size=(resampling.draws, starts.size))
    sums = [np.add.reduceat(value, starts, axis=-1, dtype=np.int64) for value in values]
    return [np.asarray(of_blocks[chosen, np.arange(starts.size)].sum(axis=-1)) for of_blocks in sums]


def _quotient(total: NDArray[np.int64], count: NDArray[np.int64]) -> NDArray[np.int64]:
    return np.asarray(np.where(count > 0, divide_half_even(total, np.maximum(count, 1)), NONE))
