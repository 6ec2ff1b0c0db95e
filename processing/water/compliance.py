"""Compliance (断面达标): sections that reach their target, by district, basin or level of control."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from qingchuan.processing.water.classes import NO_CLASS
from qingchuan.processing.water.shares import percent

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import ArrayLike, NDArray

    from qingchuan.processing.standards import FunctionZones, WaterStatus

NOT_EVALUATED, FAILS, COMPLIES = -1, 0, 1


class Compliance(NamedTuple):
    """How many sections reach their target, group by group.

    Attributes
    ----------
    groups : tuple of str
        In the order in which they first occur.
    complying, evaluated, sections : ndarray of int64, shape (..., groups)
        Those that comply, those that count, and all there are. [-]
    rate : ndarray of float64, shape (..., groups)
        Complying out of evaluated (断面达标率). [%] NaN where none is evaluated.
    """

    groups: tuple[str, ...]
    complying: NDArray[np.int64]
    evaluated: NDArray[np.int64]
    sections: NDArray[np.int64]
    rate: NDArray[np.float64]


def complies(section: ArrayLike, target: ArrayLike) -> NDArray[np.int8]:
    """Whether each section reaches its target.

    Parameters
    ----------
    section : array_like of int, any shape
        Its class, 1 … 6; 0 where there is none, as of one that is stopped or dry.
    target : array_like of int, broadcastable with `section`
        The class it has to reach, 1 … 5; 0 where it has none.

    Returns
    -------
    ndarray of int8, the broadcast shape
        `COMPLIES` where it is of the target's class or better, `FAILS` where it is worse, `NOT_EVALUATED` where it has
        no class or no target.

    Raises
    ------
    ValueError
        A class or a target is negative.

    Examples
    --------
    >>> complies([3, 4, 0, 2], [3, 3, 3, 0])
    array([ 1,  0, -1, -1], dtype=int8)
    """
    section, target = np.broadcast_arrays(np.asarray(section, dtype=np.int64), np.asarray(target, dtype=np.int64))
    if section.size and min(section.min(), target.min()) < NO_CLASS:
        msg = f"a section has the class {section.min()} and a target {target.min()} at the least; give 0 for none"
        raise ValueError(msg)
    reached = np.where(section <= target, COMPLIES, FAILS)
    return np.where((section == NO_CLASS) | (target == 0), NOT_EVALUATED, reached).astype(np.int8)


def compliance_rates(section: ArrayLike, target: ArrayLike, groups: Sequence[str], measures: WaterStatus) -> Compliance:
    """Compliance rates of groups of sections.

    Parameters
    ----------
    section : array_like of int, shape (..., sections)
        Classes, 0 where there is none: a section that is stopped or dry leaves the denominator.
    target : array_like of int, broadcastable to shape (..., sections)
        0 where a section has none: it counts for nothing.
    groups : sequence of str
        Group of each section: its district, its basin, its level of control; the same word for all gives one rate.
    measures : WaterStatus
        The edition of 环办〔2011〕22号, for the decimals of a rate.

    Returns
    -------
    Compliance

    Raises
    ------
    ValueError
        There is not one group a section.

    Examples
    --------
    >>> from qingchuan.processing import standards
    >>> measures = standards.load("hb2011_22", standards.WaterStatus)
    >>> found = compliance_rates([2, 4, 3, 0], [3, 3, 2, 3], ["国控", "国控", "市控", "市控"], measures)
    >>> found.groups, found.complying, found.evaluated, found.rate
    (('国控', '市控'), array([1, 0]), array([2, 1]), array([50.,  0.]))
    """
    reached = complies(section, target)
    if reached.ndim == 0 or reached.shape[-1] != len(groups):
        msg = f"the sections have the shape {reached.shape} and {len(groups)} groups; give one group a section"
        raise ValueError(msg)
    names = tuple(dict.fromkeys(groups))
    of_group = np.array([[group == name for name in names] for group in groups], dtype=np.int64)
    of_group = of_group.reshape(len(groups), len(names))
    complying = (reached == COMPLIES).astype(np.int64) @ of_group
    evaluated = (reached != NOT_EVALUATED).astype(np.int64) @ of_group
    sections = np.broadcast_to(of_group.sum(axis=0), evaluated.shape)
    return Compliance(names, complying, evaluated, sections, percent(complying, evaluated, measures.shares.decimals))


class ZoneCompliance(NamedTuple):
    """Function zones over a year.

    Attributes
    ----------
    complies : ndarray of int8, shape (...)
        `COMPLIES`, `FAILS`, or `NOT_EVALUATED` where no evaluation counts.
    complying, evaluated : ndarray of int64, shape (...)
        Evaluations that comply, and those that count. [-]
    rate : ndarray of float64, shape (...)
        [%] NaN where none counts.
    """

    complies: NDArray[np.int8]
    complying: NDArray[np.int64]
    evaluated: NDArray[np.int64]
    rate: NDArray[np.float64]


def zone_year(evaluations: ArrayLike, rules: FunctionZones) -> ZoneCompliance:
    """Whether water function zones (水功能区) comply over a year.

    Parameters
    ----------
    evaluations : array_like of int, shape (..., evaluations)
        Each as `complies` has it.
    rules : FunctionZones
        The edition of SL 395.

    Returns
    -------
    ZoneCompliance

    Notes
    -----
    The exact share is compared, not the rounded one.

    References
    ----------
    .. [1] SL 395—2007: at least 80 % of the year's evaluations; known from use only.

    Examples
    --------
    >>> from qingchuan.processing import standards
    >>> rules = standards.load("sl395_2007", standards.FunctionZones)
    >>> zone_year([[1, 1, 1, 1, 0], [1, 1, 1, 0, -1], [-1, -1, -1, -1, -1]], rules).complies
    array([ 1,  0, -1], dtype=int8)
    """
    evaluations = np.atleast_1d(np.asarray(evaluations))
    complying = np.asarray((evaluations == COMPLIES).sum(axis=-1))
    evaluated = np.asarray((evaluations != NOT_EVALUATED).sum(axis=-1))
    reached = np.where(100 * complying >= rules.year.at_least * evaluated, COMPLIES, FAILS)
    found = np.where(evaluated > 0, reached, NOT_EVALUATED).astype(np.int8)
    return ZoneCompliance(found, complying, evaluated, percent(complying, evaluated, rules.year.decimals))
