"""The statements of the bookkeeping of an observation store."""

from __future__ import annotations

SCHEMA = """
CREATE TABLE IF NOT EXISTS written (up_to INTEGER PRIMARY KEY, starts TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS superseded (
    start INTEGER NOT NULL, subject TEXT NOT NULL, period TEXT NOT NULL, origin TEXT NOT NULL,
    sequence INTEGER NOT NULL, items TEXT NOT NULL, flags TEXT NOT NULL, until INTEGER NOT NULL,
    PRIMARY KEY (start, subject, period, origin, sequence)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS progress (
    id INTEGER PRIMARY KEY CHECK (id = 1),
    sequence INTEGER NOT NULL, applied INTEGER NOT NULL, duplicate INTEGER NOT NULL, dead_letter INTEGER NOT NULL
);
INSERT OR IGNORE INTO progress VALUES (1, 0, 0, 0, 0);
CREATE TABLE IF NOT EXISTS tally (
    subject TEXT PRIMARY KEY, applied INTEGER NOT NULL, duplicate INTEGER NOT NULL, dead_letter INTEGER NOT NULL
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS first (
    subject TEXT NOT NULL, period TEXT NOT NULL, start INTEGER NOT NULL, sequence INTEGER NOT NULL,
    PRIMARY KEY (subject, period, start)
) WITHOUT ROWID;
"""

SUPERSEDE = "INSERT OR IGNORE INTO superseded VALUES (?, ?, ?, ?, ?, ?, ?, ?)"
NOTE = "INSERT INTO written VALUES (?, ?)"
WRITTEN = "SELECT up_to FROM written WHERE up_to > ? ORDER BY up_to"
CHANGED = """
SELECT current.sequence, current.subject, current.period, current.start FROM written
JOIN current ON current.start IN (SELECT value FROM json_each(written.starts))
WHERE written.up_to = :up_to AND current.sequence > :after AND current.sequence <= :up_to ORDER BY current.sequence
"""
_REVISED = """
SELECT {table}.sequence, {table}.subject, {table}.period, {table}.start FROM written
JOIN {table} ON {table}.start IN (
    SELECT value FROM json_each(written.starts) WHERE value >= :start AND value < :end
)
WHERE written.up_to = :batch AND {table}.sequence > :after AND {table}.sequence <= :up_to
AND (:subjects IS NULL OR {table}.subject IN (SELECT value FROM json_each(:subjects)))
"""
REVISED = f"{_REVISED.format(table='current')} UNION {_REVISED.format(table='superseded')} ORDER BY 1, 2, 3, 4"
PROGRESS = (
    "UPDATE progress SET sequence = ?, applied = applied + ?, duplicate = duplicate + ?, dead_letter = dead_letter + ?"
)
COUNT = """
INSERT INTO tally VALUES (?, ?, ?, ?) ON CONFLICT DO UPDATE SET applied = applied + excluded.applied,
    duplicate = duplicate + excluded.duplicate, dead_letter = dead_letter + excluded.dead_letter
"""
BEGAN = """
INSERT INTO first SELECT :subject, :period, :start, :sequence
WHERE NOT EXISTS (SELECT 1 FROM first WHERE subject = :subject AND period = :period AND start <= :start)
"""
FIRST = """
SELECT subject, MIN(start) FROM first
WHERE subject IN (SELECT value FROM json_each(?)) AND period = ? AND (? IS NULL OR sequence <= ?) GROUP BY subject
"""
WANTED = "period = ? AND start >= ? AND start < ? AND subject IN (SELECT value FROM json_each(?))"
TALLIES = """
SELECT progress.sequence, tally.subject, tally.applied, tally.duplicate, tally.dead_letter FROM progress LEFT JOIN tally
"""
