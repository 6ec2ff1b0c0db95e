"""All benchmarks. A new one is a module with ``BENCHMARK``, and its line here."""

from __future__ import annotations

from benchmarks import (
    ack_vs_bare_paho,
    aqi_vs_aqihub,
    aqi_vs_copy,
    backlog_memory,
    hj212_frame,
    idle_memory,
    ingest_vs_bare_paho,
    ingest_vs_tutorial,
    malformed_vs_clean,
    mda8_vs_pandas,
    national_year_memory,
    national_year_vs_copy,
    national_year_vs_pandas,
    percentile_vs_numpy,
    reading_to_notice_p99,
    smk_vs_pymannkendall,
    start_to_page,
    water_class_vs_copy,
)

BENCHMARKS = (
    ack_vs_bare_paho.BENCHMARK,
    ingest_vs_bare_paho.BENCHMARK,
    ingest_vs_tutorial.BENCHMARK,
    malformed_vs_clean.BENCHMARK,
    backlog_memory.BENCHMARK,
    reading_to_notice_p99.BENCHMARK,
    idle_memory.BENCHMARK,
    start_to_page.BENCHMARK,
    hj212_frame.BENCHMARK,
    aqi_vs_copy.BENCHMARK,
    aqi_vs_aqihub.BENCHMARK,
    mda8_vs_pandas.BENCHMARK,
    percentile_vs_numpy.BENCHMARK,
    national_year_vs_copy.BENCHMARK,
    national_year_vs_pandas.BENCHMARK,
    national_year_memory.BENCHMARK,
    smk_vs_pymannkendall.BENCHMARK,
    water_class_vs_copy.BENCHMARK,
)
