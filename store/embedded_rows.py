"""What the embedded store holds of what stations reported, row by row: for who goes on from where it ends."""

from __future__ import annotations

from collections.abc import Sequence

from qingchuan.processing.periods import DAY
from qingchuan.store.rows import Key, Row, Texts, json_list
from qingchuan.store.sqlite import Pool

_STORED = """
SELECT current.start, current.subject, current.period, current.items, current.flags FROM json_each(?) AS wanted
JOIN current ON current.start = wanted.value ->> 0 AND current.subject = wanted.value ->> 1
AND current.period = wanted.value ->> 2 AND current.origin = 'reported'
"""
_NEWEST = """
SELECT start FROM current WHERE period = :period AND origin = 'reported'
AND EXISTS (SELECT 1 FROM first WHERE period = :period) ORDER BY start DESC LIMIT 1
"""
_SINCE = """
SELECT start, subject, origin, sequence, items, flags FROM current
WHERE start >= ? AND period = ? AND origin = 'reported'
"""


class ReportedRows:
    """The rows of what stations reported.

    Attributes
    ----------
    _readers : Pool
    """

    _readers: Pool

    def stored(self, keys: Sequence[Key]) -> dict[Key, Texts]:
        """The texts of those of some observations that are there."""
        with self._readers.borrow() as database:
            found = database.execute(_STORED, (json_list(keys),))
            return {(start, subject, period): Texts(*texts) for start, subject, period, *texts in found}

    def recent(self, period: str, days: int) -> list[Row]:
        """All observations of a period that are at most so many whole days (UTC) older than the newest one."""
        with self._readers.borrow() as database:
            newest = database.execute(_NEWEST, {"period": period}).fetchone()
            if newest is None:
                return []
            since = (newest[0] // DAY - days) * DAY
            return list(map(Row._make, database.execute(_SINCE, (since, period))))
