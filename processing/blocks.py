"""Work in blocks: what comes between stays in the cache of the processor, and memory does not grow with the arrays."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

BLOCK = 131_072
"""Values of an array in a block [-]: few enough for the cache, so many that the calls are nothing beside the work."""


def blocks(
    given: Sequence[NDArray[Any]], results: Sequence[NDArray[Any]]
) -> Iterator[tuple[tuple[NDArray[Any], ...], tuple[NDArray[Any], ...]]]:
    """Blocks of arrays of one shape: of each a line of values, at the same places in all.

    Parameters
    ----------
    given : sequence of ndarray, shapes that broadcast to (...)
        Read only, contiguous or not.
    results : sequence of ndarray, shape (...)
        What is written into their blocks stands in them when the last block is done.

    Yields
    ------
    tuple of ndarray, shape (at most BLOCK,)
        Blocks of `given`.
    tuple of ndarray, shape (at most BLOCK,)
        Blocks of `results`.

    Examples
    --------
    >>> twice = np.empty((2, 3), np.int64)
    >>> for (some,), (result,) in blocks([np.arange(3)], [twice]):
    ...     np.multiply(some, 2, out=result)
    array([0, 2, 4, 0, 2, 4])
    >>> twice
    array([[0, 2, 4],
           [0, 2, 4]])
    """
    access = [["readonly"]] * len(given) + [["writeonly"]] * len(results)
    flags = ["external_loop", "buffered", "zerosize_ok"]
    with np.nditer([*given, *results], flags=flags, op_flags=access, buffersize=BLOCK) as lines:  # type: ignore[arg-type]
        for line in lines:
            arrays = tuple(line)
            yield arrays[: len(given)], arrays[len(given) :]


def stretches(count: int, size: int) -> Iterator[slice]:
    """Slices that together are `count` things of `size` values, each at most a block of values in all.

    Parameters
    ----------
    count : int
        Such as days. [-]
    size : int
        Values of one of them. [-] However many these are, a slice holds one at least.

    Yields
    ------
    slice

    Examples
    --------
    >>> list(stretches(5, BLOCK // 2))
    [slice(0, 2, None), slice(2, 4, None), slice(4, 5, None)]
    """
    step = max(1, BLOCK // max(size, 1))
    for start in range(0, count, step):
        yield slice(start, min(start + step, count))
