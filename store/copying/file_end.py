"""The embedded store as an end of a copy."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from qingchuan.store.copying.ends import Count, Kind, Piece, WholeKey, WithBooks
from qingchuan.store.embedded import EmbeddedObservations
from qingchuan.store.embedded_inserting import CurrentRow
from qingchuan.store.observations import Changed

_COLUMNS = "start, subject, period, origin, sequence, items, flags"
_PUT = f"INSERT OR REPLACE INTO current ({_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?)"
_COUNTS = """
SELECT period, origin, COUNT(*), SUM((SELECT COUNT(*) FROM json_each(items))) FROM current GROUP BY period, origin
"""


class FileEnd(WithBooks, EmbeddedObservations):
    """Observations in an SQLite file, row by row."""

    def rows_after(self, key: WholeKey, limit: int) -> Piece:
        """The next rows in the order of their keys."""
        found: list[CurrentRow] = self._after(_COLUMNS, key, limit)
        return Piece(found, found[-1][:4] if found else None)

    def rows_of(self, changes: Iterable[Changed]) -> list[CurrentRow]:
        """The rows of what changed."""
        return list(self._of(_COLUMNS, changes))

    def put(self, rows: Sequence[CurrentRow]) -> None:
        """Write rows, or write them again."""
        with self._transaction():
            self._database.executemany(_PUT, rows)

    def counts(self) -> dict[Kind, Count]:
        """How much is current, by period and origin."""
        found = self._database.execute(_COUNTS)
        return {(period, origin): Count(rows, values) for period, origin, rows, values in found}
