"""Which sections only a laboratory samples (手工监测): nothing is expected of them by the hour."""

from __future__ import annotations

from collections.abc import Sequence

from qingchuan.store.observations import Observations
from qingchuan.store.state import State
from qingchuan.store.traces import sources


def manual_only(
    observations: Observations, state: State, sections: Sequence[str], end: int, as_of: int | None = None
) -> set[str]:
    """Those of `sections` of which there are samples before `end`, and which never told a reading by themselves.

    Parameters
    ----------
    observations : Observations
    state : State
    sections : sequence of str
        Best those that are silent: of others it is looked through all that they told.
    end : int
        [s since 1970-01-01 UTC]
    as_of : int or None
        As it was after this message; None: now.
    """
    first = observations.first(sections, "instant", as_of)
    own = sources(state.engine, sections)
    asked = [name for name in first if not own.get(name)]
    if not asked:
        return set()
    automatic, manual = observations.samples(asked, (), min(first[name] for name in asked), end, as_of)
    sampled, told = (set(readings.subject.tolist()) for readings in (manual, automatic))
    return {asked[place] for place in sampled - told}
