"""Series of values for the quality tests, and ioos_qc as their oracle."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from hypothesis import strategies as st
from ioos_qc import qartod  # type: ignore[import-untyped, unused-ignore]
from numpy.typing import NDArray

Values = NDArray[np.float64]
Times = NDArray[np.int64]
Flags = NDArray[np.uint8]

HOUR = 3600

# Few different values, so that ties and plateaus are common, and some that only a fault tells.
_VALUES = st.one_of(
    st.sampled_from([0.0, 1.0, 1.0, 1.5, 2.0, 5.0, -1.0, 9.0]),
    st.floats(-1000, 1000, allow_nan=False),
    st.just(float("nan")),
)


def series(smallest: int = 1, largest: int = 40) -> st.SearchStrategy[Values]:
    """Series with missing values, ties and plateaus."""
    stretches = st.lists(st.tuples(_VALUES, st.integers(1, 6)), min_size=smallest, max_size=largest)
    return stretches.map(lambda told: np.repeat([value for value, _ in told], [count for _, count in told])[:largest])


@st.composite
def timed_series(draw: st.DrawFn, smallest: int = 1) -> tuple[Values, Times]:
    """Series with times at regular or irregular distances."""
    values = draw(series(smallest))
    steps = draw(
        st.one_of(
            st.just([HOUR] * len(values)),
            st.lists(st.integers(1, 3 * HOUR), min_size=len(values), max_size=len(values)),
        )
    )
    return values, 1_600_000_000 + np.cumsum(steps)


def as_oracle(test: Callable[..., object], *args: object, **options: object) -> Flags:
    """Flags that a test of ioos_qc gives."""
    return np.asarray(test(*args, **options)).astype(np.uint8)


def moments(times: Times) -> NDArray[np.datetime64]:
    """Times as ioos_qc takes them."""
    return times.astype("datetime64[s]")


__all__ = ["HOUR", "Flags", "Times", "Values", "as_oracle", "moments", "qartod", "series", "timed_series"]
