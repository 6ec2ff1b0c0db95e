"""What a rebuild would make other than it is: observations, what goes with them, and the state, row by row."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

from qingchuan.service.places import Places
from qingchuan.service.store_settings import StoreSettings
from qingchuan.store.comparing import Difference, Kind, compare, kind_of
from qingchuan.store.kept_tables import KEPT

_KEY = ("start", "subject", "period", "origin")
_TEXTS = Kind("current", _KEY, ("sequence", "items", "flags"))
_SEQUENCES = Kind("current", _KEY, ("sequence",))
"""What the ledger beside InfluxDB tells of a point and a file does, too."""
_BOOKS = ("superseded", "progress", "tally", "first")
"""What every store has beside that. What was written together depends on what was applied together."""

_EPISODES = Kind("episode", ("rule", "subject", "opened"), ("closed", "level", "worst"), "state != 'retracted'")
NOT_COMPARED = frozenset({*KEPT, "episode", "notice", "cursor", "alembic_version"})
"""Tables of the state that no message tells, or not all of."""


def differences(places: Places, draft: Places, store: StoreSettings) -> list[Difference]:
    """How what is there differs from what was made of the journal, into a file, kind of row by kind of row."""
    return [*_of_observations(places, draft, store), *_of_state(places.state, draft.state)]


def _of_observations(places: Places, draft: Places, store: StoreSettings) -> Iterator[Difference]:
    path, kind = (places.observations, _TEXTS) if store.kind == "embedded" else (places.ledger, _SEQUENCES)
    with closing(_opened(path)) as old, closing(_opened(draft.observations)) as new:
        yield from filter(None, [compare(old, new, kind), *(compare(old, new, kind_of(new, name)) for name in _BOOKS)])


def _of_state(there: Path, made: Path) -> Iterator[Difference]:
    with closing(_opened(there)) as old, closing(_opened(made)) as new:
        names = [name for (name,) in new.execute("SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name")]
        kinds = [kind_of(new, name) for name in names if name not in NOT_COMPARED]
        yield from filter(None, [compare(old, new, kind) for kind in [*kinds, _EPISODES]])


def _opened(path: Path) -> sqlite3.Connection:
    """A connection that makes nothing."""
    return sqlite3.connect(f"{path.absolute().as_uri()}?mode=rw", uri=True)
