"""The values of one item in many observations, each with the two values before it."""

from __future__ import annotations

from typing import NamedTuple, Protocol, TypeVar

import numpy as np
from numpy.typing import NDArray

_T = TypeVar("_T", np.int64, np.float64, np.uint8)


class Rows(NamedTuple):
    """Observations of several subjects, in the order of subject and time.

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
    heads, seconds : ndarray of int64
        The first and the second ones.
    """

    places: NDArray[np.int64]
    rank: NDArray[np.int64]
    heads: NDArray[np.int64]
    seconds: NDArray[np.int64]

    @classmethod
    def of(cls, places: NDArray[np.int64]) -> Order:
        """That of values whose subjects stand together."""
        begins = np.ones(len(places), np.bool_)
        begins[1:] = places[1:] != places[:-1]
        index = np.arange(len(places))
        rank = index - np.maximum.accumulate(np.where(begins, index, 0))
        return cls(places, rank, np.flatnonzero(begins), np.flatnonzero(rank == 1))

    def with_before(self, values: NDArray[_T], older: NDArray[_T]) -> NDArray[_T]:
        """Of each value: itself, the one before it and the one before that; `older` has those of all subjects."""
        found = np.empty((3, len(values)), values.dtype)
        found[0] = values
        found[1, 1:], found[2, 2:] = values[:-1], values[:-2]
        first = self.places[self.heads]
        found[1, self.heads], found[2, self.heads] = older[0, first], older[1, first]
        found[2, self.seconds] = older[0, self.places[self.seconds]]
        return found


class Column(NamedTuple):
    """The values of one item, where it is told.

    Attributes
    ----------
    item : int
    rows : ndarray of int64, shape (values,)
    order : Order
    times : ndarray of int64, shape (3, values)
        Of each, of the value before it, and of the one before that. [s since 1970-01-01 UTC]
    seen : ndarray of float64, shape (3, values)
        As the tests in time see them. [unit of the item]
    there : ndarray of bool, shape (3, values)
        Whether they are there and are looked back at.
    """

    item: int
    rows: NDArray[np.int64]
    order: Order
    times: NDArray[np.int64]
    seen: NDArray[np.float64]
    there: NDArray[np.bool_]

    @classmethod
    def of(
        cls,
        item: int,
        rows: Rows,
        order: Order,
        seen: NDArray[np.float64],
        told: NDArray[np.bool_],
        tails: Ends,
    ) -> Column:
        """The values of an item in `rows`, in those of them that have it; `order` and `seen` are those of all rows."""
        here = np.flatnonzero(told)
        if len(here) < len(told):
            order = Order.of(rows.places[here])
        times = order.with_before(rows.starts[here], tails.times[:, :, item])
        values = order.with_before(seen[here, item], tails.seen[:, :, item])
        return cls(item, here, order, times, values, times >= rows.bounds[here])

    def before(self, values: NDArray[_T], older: NDArray[_T]) -> NDArray[_T]:
        """Of `values`, one for each of ours, that of the value before each; `older` are those of all subjects."""
        found = np.empty_like(values)
        found[1:] = values[:-1]
        found[self.order.heads] = older[self.order.places[self.order.heads]]
        return found
