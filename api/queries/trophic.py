"""The trophic state of a lake over a period."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

import numpy as np
from msgspec import UNSET
from numpy.typing import NDArray

from qingchuan.api.queries.explanations import explanation_answer
from qingchuan.api.schemas.water_periods import Trophic
from qingchuan.processing.standards import TrophicAssessment, UnknownEdition, in_force
from qingchuan.processing.water.trophic import explain_trophic_index, trophic_index
from qingchuan.store.subjects import Name


def trophic_state(
    values: NDArray[np.float64], items: Sequence[str], day: dt.date, *, explain: bool = False
) -> Trophic | None:
    """Trophic state of a lake by the published means of a period; None where one of its items is missing.

    Parameters
    ----------
    values : ndarray of float64, shape (items,)
        [unit of the item] NaN where missing.
    items : sequence of str
    day : datetime.date
        Its edition judges.
    explain : bool
        Whether it is told how the index came about.
    """
    standard = _in_force(day)
    if standard is None:
        return None
    index = trophic_index(values, items, standard)
    state = standard.state(int(index.state))
    if state is None:
        return None
    return Trophic(
        index=float(index.total),
        state=Name(state.state.zh, state.state.en),
        edition=standard.document,
        explanation=explanation_answer(explain_trophic_index(values, items, standard)) if explain else UNSET,
    )


def _in_force(day: dt.date) -> TrophicAssessment | None:
    try:
        return in_force("trophic", day)
    except UnknownEdition:
        return None
