"""How final figures are: provisional 未审核, audited 已审核, final 已发布, by what was confirmed and published."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final, Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Engine, func, select

from qingchuan.processing.periods import day_start
from qingchuan.store import audit, tables
from qingchuan.store.audit_messages import steps_of
from qingchuan.store.state import State

FigureState = Literal["provisional", "audited", "final"]

STATES: Final[tuple[FigureState, ...]] = ("provisional", "audited", "final")
"""In the order of what is more final; the codes of arrays are places in it."""

PROVISIONAL: Final = 0
_AUDITED: Final = 1
_FINAL: Final = 2


class Reviewed(NamedTuple):
    """What was confirmed and published of the natural days of some figures.

    Attributes
    ----------
    confirmed : ndarray of int64, shape (figures, days)
        The message by which the last step had confirmed all that a figure rests on; 0 where it had not.
    confirming : ndarray of int64, shape (figures, days)
        The newest of the messages that did: one may confirm an item, another one the others.
    published : ndarray of int64, shape (figures, days)
        The message up to which the data reach that the month of a day was published with; 0 where no publication
        holds the figure.
    publishing : ndarray of int64, shape (figures, days)
        The message that published it.
    """

    confirmed: NDArray[np.int64]
    confirming: NDArray[np.int64]
    published: NDArray[np.int64]
    publishing: NDArray[np.int64]

    def states(self, sequence: NDArray[np.int64]) -> NDArray[np.int8]:
        """The state of each figure on each day, as places in `STATES`.

        What came after it was confirmed, or published, is not covered.

        Parameters
        ----------
        sequence : ndarray of int64, shape (figures, days)
            The newest message behind each.

        Examples
        --------
        >>> confirmed, published = np.array([[7, 7, 0]]), np.array([[9, 0, 0]])
        >>> reviewed = Reviewed(confirmed, confirmed, published, published + 1)
        >>> reviewed.states(np.array([[5, 5, 5]])), reviewed.states(np.array([[8, 8, 8]]))
        (array([[2, 1, 0]], dtype=int8), array([[2, 0, 0]], dtype=int8))
        """
        audited = (self.confirmed > 0) & (self.confirmed >= sequence)
        final = (self.published > 0) & (self.published >= sequence)
        return np.where(final, _FINAL, np.where(audited, _AUDITED, PROVISIONAL)).astype(np.int8)

    def revised(self, sequence: NDArray[np.int64]) -> NDArray[np.int64]:
        """The newest message behind each figure and its state, shape (figures, days).

        Parameters
        ----------
        sequence : ndarray of int64, shape (figures, days)
            The newest message behind the figure alone.
        """
        states = self.states(sequence)
        audited = np.where(states == _AUDITED, self.confirming, sequence)
        return np.maximum(sequence, np.where(states == _FINAL, self.publishing, audited))

    def take(self, figures: int | slice | NDArray[np.int64], days: NDArray[np.int64]) -> Reviewed:
        """The same of some figures on some days, by their places."""
        return Reviewed(*(array[figures, days] for array in self))


def reviewed(
    state: State, figures: Sequence[Sequence[str]], items: Sequence[str], dates: NDArray[np.datetime64], at: int
) -> Reviewed:
    """What was confirmed and published by message `at`.

    Parameters
    ----------
    state : State
    figures : sequence of sequence of str
        For each figure the subjects that it rests on: a station, a section, or the city and its stations.
    items : sequence of str
        Those that have to be confirmed.
    dates : ndarray of datetime64[D], shape (days,)
        Consecutive natural days.
    at : int
    """
    confirmed, confirming = (np.zeros((len(figures), len(dates)), np.int64) for _ in range(2))
    subjects = sorted({subject for figure in figures for subject in figure})
    if len(dates) and items and _any_confirmed(state.engine, at):
        steps = steps_of(state.decoding(at))
        span = (day_start(day.item()) for day in (dates[0], dates[-1] + 1))
        found = audit.states(state.engine, subjects, *span, items=items, steps=steps[-1:], as_of=at).confirmed[-1]
        all_of, newest = (dict(zip(subjects, of.T, strict=True)) for of in (found.min(axis=0), found.max(axis=0)))
        for place, figure in enumerate(figures):
            confirmed[place] = _of_city(all_of, figure)
            confirming[place] = np.max([newest[subject] for subject in figure], axis=0)
    return Reviewed(confirmed, confirming, *_published(state.engine, [figure[0] for figure in figures], dates, at))


def least(states: NDArray[np.int8]) -> FigureState:
    """The state of what rests on figures of these `states`: that of the least final; provisional where there are none.

    Examples
    --------
    >>> least(np.array([2, 1], np.int8)), least(np.array([], np.int8))
    ('audited', 'provisional')
    """
    return STATES[int(states.min())] if states.size else STATES[PROVISIONAL]


def _of_city(confirmed: Mapping[str, NDArray[np.int64]], figure: Sequence[str]) -> NDArray[np.int64]:
    """By which message a figure was confirmed: with its first subject, the city, or with all of its stations."""
    whole, *parts = (confirmed[subject] for subject in figure)
    return np.maximum(whole, np.min(parts, axis=0)) if parts else whole


def _any_confirmed(engine: Engine, at: int) -> bool:
    """Whether anything was confirmed by message `at`; mostly nothing is, and nothing has to be looked up then."""
    table = tables.audit_action
    query = select(table.c.sequence).where(table.c.action == "confirm", table.c.sequence <= at).limit(1)
    with engine.connect() as connection:
        return connection.execute(query).first() is not None


def _published(
    engine: Engine, subjects: Sequence[str], dates: NDArray[np.datetime64], at: int
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """How far the data reach that the months of `dates` were published with last, by message `at`, and by which.

    Both are 0 for those of `subjects` whose figures no publication holds.
    """
    found = np.zeros((2, len(subjects), len(dates)), np.int64)
    if dates.size:
        names, places = np.unique(dates.astype("datetime64[M]"), return_inverse=True)
        months = np.datetime_as_string(names).tolist()
        held = _held(engine, months[0], months[-1], at)
        for subject, name in enumerate(subjects) if held else ():
            of_months = [held.get((month, name), (0, 0)) for month in months]
            found[:, subject] = np.array(of_months, np.int64).T[:, places]
    return found[0], found[1]


def _held(engine: Engine, first: str, last: str, at: int) -> dict[tuple[str, str], tuple[int, int]]:
    """By month and subject how far the data reach of what was published of it last, by message `at`, and by which."""
    told, whose = tables.publication.c, tables.publication_subject.c
    query = (
        select(told.month, whose.subject, func.max(told.data_sequence), func.max(told.sequence))
        .where(told.sequence == whose.sequence, told.sequence <= at, told.month.between(first, last))
        .group_by(told.month, whose.subject)
    )
    with engine.connect() as connection:
        return {(row[0], row[1]): (row[2], row[3]) for row in connection.execute(query)}
