"""The values of items in many observations, each with the two values before it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple, Protocol, TypeVar

import numpy as np
from numpy.typing import NDArray

_T = TypeVar("_T", np.int64, np.float64, np.uint8)


class Rows(NamedTuple):
    """Observations, mostly in the order of subject and time.

    Attributes
    ----------
    places : ndarray of int64, shape (rows,)
        Of their subjects.
    starts, bounds : ndarray of int64, shape (rows,)
        What is earlier than the bound is not looked back at. [s since 1970-01-01 UTC]
    values : ndarray of float64, shape (rows, items)
        [unit of the item] NaN where an item is not told.
    """

    places: NDArray[np.int64]
    starts: NDArray[np.int64]
    bounds: NDArray[np.int64]
    values: NDArray[np.float64]

    def take(self, chosen: NDArray[np.int64]) -> Rows:
        """Some of them, in that order."""
        return Rows(self.places[chosen], self.starts[chosen], self.bounds[chosen], self.values[chosen])


class Ends(Protocol):
    """The last two values of each item of each subject, as `Tails` has them."""

    times: NDArray[np.int64]
    seen: NDArray[np.float64]


class Order(NamedTuple):
    """Which of the values are the first of their subject.

    Attributes
    ----------
    places : ndarray of int64, shape (values,)
        Of their subjects.
    rank : ndarray of int64, shape (values,)
        How many values of the same subject are before each.
    heads, last : ndarray of int64
        The first and the last ones.
    """

    places: NDArray[np.int64]
    rank: NDArray[np.int64]
    heads: NDArray[np.int64]
    last: NDArray[np.int64]

    @classmethod
    def of(cls, places: NDArray[np.int64]) -> Order:
        """That of values whose subjects stand together."""
        heads = np.flatnonzero(np.diff(places, prepend=-1))
        sizes = np.diff(heads, append=len(places))
        rank = np.arange(len(places)) - np.repeat(heads, sizes)
        return cls(places, rank, heads, heads + sizes - 1)

    def before(self, values: NDArray[_T], older: NDArray[_T]) -> NDArray[_T]:
        """The value before each of `values`, shape (items, values); `older` are the last ones, (subjects, items)."""
        found = np.empty_like(values)
        found[:, 1:] = values[:, :-1]
        found[:, self.heads] = older[self.places[self.heads]].T
        return found


class Block(NamedTuple):
    """The values of items that the same observations tell.

    Attributes
    ----------
    items : ndarray of int64, shape (items,)
    rows : ndarray of int64, shape (values,)
    order : Order
    times : ndarray of int64, shape (3, items, values) or (3, 1, values) where all items have the same
        Of each, of the value before it, and of the one before that. [s since 1970-01-01 UTC]
    seen, before : ndarray of float64, shape (items, values)
        As the tests in time see them: of each, and of the value before it. [unit of the item]
    older : ndarray of float64, shape (subjects, items)
        The last value but one of all subjects. [unit of the item]
    there : ndarray of bool, shape of `times`
        Whether they are there and are looked back at.
    """

    items: NDArray[np.int64]
    rows: NDArray[np.int64]
    order: Order
    times: NDArray[np.int64]
    seen: NDArray[np.float64]
    before: NDArray[np.float64]
    older: NDArray[np.float64]
    there: NDArray[np.bool_]

    def column(self, place: int) -> Column:
        """The values of one of the items."""
        its = min(place, self.times.shape[1] - 1)
        item = int(self.items[place])
        return Column(item, self.rows, self.order, self.times[:, its], self.seen[place], self.there[:, its])


class Column(NamedTuple):
    """The values of one item, as in `Block`.

    Attributes
    ----------
    item : int
    rows : ndarray of int64, shape (values,)
    order : Order
    times, there : ndarray, shape (3, values)
    seen : ndarray, shape (values,)
    """

    item: int
    rows: NDArray[np.int64]
    order: Order
    times: NDArray[np.int64]
    seen: NDArray[np.float64]
    there: NDArray[np.bool_]


def blocks_of(
    rows: Rows, order: Order, seen: NDArray[np.float64], told: NDArray[np.bool_], ends: Ends
) -> Iterator[Block]:
    """The values in `rows`; items that the same rows tell stand together.

    Parameters
    ----------
    rows : Rows
    order : Order
        Of the rows.
    seen : ndarray of float64, shape (items, rows)
        Their values as the tests in time see them. [unit of the item]
    told : ndarray of bool, shape of `seen`
    ends : Ends
    """
    alike: dict[bytes, list[int]] = {}
    for item in range(len(told)):
        alike.setdefault(told[item].tobytes(), []).append(item)
    for items in map(np.array, alike.values()):
        here = np.flatnonzero(told[items[0]])
        if here.size:
            whole = len(here) == len(rows.places)
            its = order if whole else Order.of(rows.places[here])
            some = seen if whole and len(items) == len(seen) else seen[np.ix_(items, here)]
            times = _times(rows.starts[here], ends.times[:, :, items], its)
            older = ends.seen[:, :, items]
            yield Block(items, here, its, times, some, its.before(some, older[0]), older[1], times >= rows.bounds[here])


def _times(starts: NDArray[np.int64], older: NDArray[np.int64], order: Order) -> NDArray[np.int64]:
    """The times of values and of the two before each, of items; of one of them where all have the same."""
    needed = older[:, order.places[order.heads]]
    if (needed == needed[..., :1]).all():
        older = older[..., :1]
    own = np.broadcast_to(starts, (older.shape[-1], len(starts)))
    before = order.before(own, older[0])
    return np.stack([own, before, order.before(before, older[1])])
