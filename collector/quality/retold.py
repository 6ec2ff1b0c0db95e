"""What values that come late, or once more, say of themselves and of the values right before and after them."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from qingchuan.collector.quality.cells import Cells, CellTests
from qingchuan.collector.quality.grades import FAULTS, INCOMING, NOT_TOLD, SUSPECTED, UNJUDGED, Grades
from qingchuan.collector.quality.history import History


class News(NamedTuple):
    """Values of observations that stand in the history, each of another subject.

    Attributes
    ----------
    places, rows, first : ndarray of int64, shape (observations,)
        Where they stand, and the first row that is looked back at.
    values : ndarray of float64, shape (observations, items)
        [unit of the item]
    incoming : ndarray of uint8, shape (observations, items)
        The grades that they came in with; 0 where an item is no news.
    """

    places: NDArray[np.int64]
    rows: NDArray[np.int64]
    first: NDArray[np.int64]
    values: NDArray[np.float64]
    incoming: Grades


class Retold(NamedTuple):
    """The values that were judged, those of items of one observation after the other.

    Attributes
    ----------
    tellers : ndarray of int64, shape (values,)
        Of which observation each is.
    own, before, after : Cells
        The value itself, and those around it as far as they were judged.
    were : ndarray of uint8, shape (3, values)
        What the one before, the value itself and the one after were.
    now : ndarray of uint8, shape (3, values)
        What they are.
    last, last_but_one : ndarray of int64, shape (values,)
        The rows of the two values before; -1 where there is none.
    """

    tellers: NDArray[np.int64]
    own: Cells
    before: Cells
    after: Cells
    were: Grades
    now: Grades
    last: NDArray[np.int64]
    last_but_one: NDArray[np.int64]

    def changed(self, history: History) -> dict[int, dict[int, dict[int, int]]]:
        """By observation, and by the starts of those around it, the items that have other grades now, and these."""
        found: dict[int, dict[int, dict[int, int]]] = {}
        for side, cells in ((0, self.before), (2, self.after)):
            here = np.flatnonzero(self.now[side] != self.were[side])
            starts = history.times[cells.places[here], cells.rows[here]]
            told = self.tellers[here], starts, cells.items[here], self.now[side, here]
            for index, start, item, grade in zip(*(array.tolist() for array in told), strict=True):
                found.setdefault(index, {}).setdefault(start, {})[item] = grade
        return {index: dict(sorted(those.items())) for index, those in found.items()}

    def may_tell_of_faults(self, history: History, observations: int) -> NDArray[np.bool_]:
        """Of which observations the values around may be a fault or have been one."""
        found = (self.last < 0) | (FAULTS[self.were] > 0).any(axis=0)
        since = np.where(self.last_but_one >= 0, self.last_but_one, np.where(self.last >= 0, self.last, self.own.rows))
        told = np.zeros(observations, np.bool_)
        told[self.tellers[found]] = True
        heads = np.flatnonzero(np.diff(self.tellers, prepend=-1))
        for place, first, which in zip(
            self.own.places[heads].tolist(),
            np.minimum.reduceat(since, heads).tolist() if heads.size else (),
            self.tellers[heads].tolist(),
            strict=True,
        ):
            end = history.count[place]
            told[which] = told[which] or history.grades[place, first:end].max() >= SUSPECTED
        return told


def judge_news(history: History, tests: CellTests, news: News) -> Retold:
    """Put news into the history, and judge them, the values before and after, and what belongs together with them."""
    at = news.places, news.rows
    now, is_news = history.grades[at], news.incoming != NOT_TOLD
    history.values[at] = np.where(is_news, news.values, history.values[at])
    own = is_news | ((now != NOT_TOLD) & history.rules.partners_of(is_news))
    incoming = np.where(is_news, news.incoming, np.where(INCOMING[now], now, np.uint8(UNJUDGED)))
    by_itself = history.rules.by_itself(history.values[at])
    history.grades[at] = np.where(own, np.maximum(by_itself, incoming), now)
    index, items = np.nonzero(own)
    cells = Cells(news.places[index], news.rows[index], items, news.first[index])
    return _judge_around(tests, index, cells, is_news[own], incoming[own], now[own])


def _judge_around(
    tests: CellTests,
    index: NDArray[np.int64],
    own: Cells,
    is_news: NDArray[np.bool_],
    incoming: Grades,
    were: Grades,
) -> Retold:
    last, following = tests.before(own), tests.after(own)
    before, after = own.at(np.where(is_news, last, -1)), own.at(np.where(is_news, following, -1))
    were = np.stack([tests.grades(before), were, tests.grades(after)])
    # Of a value that was the newest, only whether it is a spike was still open.
    ends = (were[1] == NOT_TOLD) & (following < 0)
    tests.judge_spikes(before.take((before.rows >= 0) & ends))
    tests.judge_again(before.take((before.rows >= 0) & ~ends))
    tests.judge(own, incoming)
    tests.judge_again(after.take(after.rows >= 0))
    now = np.stack([tests.grades(before), tests.grades(own), tests.grades(after)])
    return Retold(index, own, before, after, were, now, last, tests.before(own.at(last)))
