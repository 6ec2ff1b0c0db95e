"""The InfluxDB store as an end of a copy: keys and sequences stand in the ledger, the texts on the server."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, cast

from qingchuan.store.copying.ends import Count, Kind, Piece, WholeKey, WithBooks
from qingchuan.store.embedded_inserting import CurrentRow
from qingchuan.store.influx import ledger_statements
from qingchuan.store.influx.lines import FLAGS, MEASUREMENT, SENT, SEQUENCE, Point, encode
from qingchuan.store.influx.observations import InfluxObservations
from qingchuan.store.influx.planning import Held, digest
from qingchuan.store.observations import Changed, Observation
from qingchuan.store.rows import Texts
from qingchuan.store.rows import encode as encode_items

_COLUMNS = "start, subject, period, origin, sequence, digest"
_EVER = 9_000_000_000
"""Further from 1970 than any time that a server knows. [s]"""
_COUNT = f'SELECT count(*) FROM "{MEASUREMENT}" WHERE time >= -{_EVER}s AND time < {_EVER}s GROUP BY "period", "origin"'
_ROWS = f"count_{SEQUENCE}"
_OURS = {"time", _ROWS, f"count_{FLAGS}", f"count_{SENT}"}


class InfluxEnd(WithBooks, InfluxObservations):
    """Observations in a bucket of an InfluxDB 2 server, row by row."""

    def rows_after(self, key: WholeKey, limit: int) -> Piece:
        """The next rows in the order of their keys, without those that the bucket does not keep any more."""
        found = self._after(_COLUMNS, key, limit)
        return Piece(self._with_texts(found), found[-1][:4] if found else None)

    def rows_of(self, changes: Iterable[Changed]) -> list[CurrentRow]:
        """The rows of what changed."""
        return self._with_texts(self._of(_COLUMNS, changes))

    def put(self, rows: Sequence[CurrentRow]) -> None:
        """Write rows, or write them again."""
        told = [
            Observation(subject, cast("Any", period), start, cast("Any", origin), *texts)
            for start, subject, period, origin, _, *texts in rows
        ]
        self._ready().write(encode(Point(row[4], one) for row, one in zip(rows, told, strict=True)))
        with self._transaction():
            digests = [(*row[:5], digest(Texts(*row[5:]))) for row in rows]
            self._database.executemany(ledger_statements.PUT, digests)

    def counts(self) -> dict[Kind, Count]:
        """How much is current, by period and origin, as the server counts it."""
        found: dict[Kind, Count] = {}
        for series in self._ready().query([_COUNT]):
            told = {
                name: int(cast("int", count or 0)) for name, count in zip(series.columns, series.values[0], strict=True)
            }
            values = sum(count for name, count in told.items() if name not in _OURS)
            found[series.tags["period"], series.tags["origin"]] = Count(told[_ROWS], values)
        return found

    def _with_texts(self, found: Iterable[tuple[Any, ...]]) -> list[CurrentRow]:
        self._ready()  # it is known now for how long the bucket keeps its points
        held = {cast("WholeKey", row[:4]): Held(*row[4:]) for row in found}
        texts = self._texts(held, self.sequence())
        gone = encode_items({}) if self._checked and self._checked.keeps else None
        return [(*key, known.sequence, *texts[key]) for key, known in held.items() if texts[key] != gone]
