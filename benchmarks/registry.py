"""All benchmarks. A new one is a module with ``BENCHMARK``, and its line here."""

from __future__ import annotations

from benchmarks import (
    aqi_hours_vs_copy,
    idle_memory,
    ingest_vs_bare_paho,
    reading_to_notice_p99,
    start_to_page,
)

BENCHMARKS = (
    ingest_vs_bare_paho.BENCHMARK,
    reading_to_notice_p99.BENCHMARK,
    idle_memory.BENCHMARK,
    start_to_page.BENCHMARK,
    aqi_hours_vs_copy.BENCHMARK,
)
