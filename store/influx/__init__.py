"""Observations in InfluxDB 2.x: lines out, arrays back, and an SQLite file beside it that knows what is current."""
