"""The statements of what lies beside the points of the InfluxDB store."""

from __future__ import annotations

from qingchuan.store import bookkeeping_statements as shared

SCHEMA = f"""
{shared.SCHEMA}
CREATE INDEX IF NOT EXISTS superseded_by_until ON superseded (until);
CREATE TABLE IF NOT EXISTS current (
    start INTEGER NOT NULL, subject TEXT NOT NULL, period TEXT NOT NULL, origin TEXT NOT NULL,
    sequence INTEGER NOT NULL, digest BLOB NOT NULL, PRIMARY KEY (start, subject, period, origin)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS bucket (id TEXT PRIMARY KEY);
"""
VERSION = 1

_KEY = "start = ? AND subject = ? AND period = ? AND origin = ?"
FIND = f"SELECT sequence, digest FROM current WHERE {_KEY}"
ANY = "SELECT 1 FROM current WHERE start = ? LIMIT 1"
PUT = "INSERT OR REPLACE INTO current VALUES (?, ?, ?, ?, ?, ?)"
REPLACED = f"SELECT items, flags FROM superseded WHERE {_KEY} AND sequence = ? AND until > ?"
THEN = f"""
SELECT start, subject, origin, sequence, items, flags FROM superseded NOT INDEXED
WHERE {shared.WANTED} AND sequence <= ? AND until > ?
"""
NOW = f"""
SELECT start, subject, origin, sequence, items, flags FROM superseded INDEXED BY superseded_by_until
WHERE {shared.WANTED} AND sequence <= ? AND until > ?
"""
NEWEST = """
SELECT start FROM current WHERE period = :period AND origin = 'reported'
AND EXISTS (SELECT 1 FROM first WHERE period = :period) ORDER BY start DESC LIMIT 1
"""
SUBJECTS = "SELECT DISTINCT subject FROM first WHERE period = ?"
BUCKET = "SELECT id FROM bucket"
KEEP_BUCKET = "INSERT OR IGNORE INTO bucket VALUES (?)"
