"""The statements of the embedded observation store."""

from __future__ import annotations

from qingchuan.store import bookkeeping_statements as shared

SCHEMA = f"""
CREATE TABLE IF NOT EXISTS current (
    start INTEGER NOT NULL, subject TEXT NOT NULL, period TEXT NOT NULL, origin TEXT NOT NULL,
    sequence INTEGER NOT NULL, items TEXT NOT NULL, flags TEXT NOT NULL,
    PRIMARY KEY (start, subject, period, origin)
) WITHOUT ROWID;
{shared.SCHEMA}
"""
VERSION = 3

INSERT_IF_NEW = "INSERT INTO current VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING"
KEY = "start = ? AND subject = ? AND period = ? AND origin = ?"
FIND = f"SELECT sequence, items, flags FROM current WHERE {KEY}"
REVISE = f"UPDATE current SET sequence = ?, items = ?, flags = ? WHERE {KEY}"
TOLD_BY = """
SELECT start, items, flags FROM current
WHERE start >= ? AND start < ? AND subject = ? AND period = ? AND origin = ? ORDER BY start
"""
