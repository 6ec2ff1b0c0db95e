"""Whether two answers of stores are the same."""

from __future__ import annotations

import dataclasses

import numpy as np

from qingchuan.store.arrays import Grid, Readings


def same(one: Grid | Readings, other: Grid | Readings) -> bool:
    """Whether two grids, or two lists of readings, are the same to the bit."""
    pairs = [(getattr(one, field.name), getattr(other, field.name)) for field in dataclasses.fields(one)]
    return all(map(_same, *zip(*pairs, strict=True)))


def _same(one: object, other: object) -> bool:
    if isinstance(one, np.ndarray) and isinstance(other, np.ndarray):
        return (one.dtype, one.shape, one.tobytes()) == (other.dtype, other.shape, other.tobytes())
    return one == other
