"""What `make bench` writes, prints and says by its exit status. Nothing here depends on how fast anything is."""

from __future__ import annotations

import io
import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console

from benchmarks.__main__ import UnknownBenchmarkError, choose, run
from benchmarks.benchmark import AbsentError, Benchmark, Run
from benchmarks.registry import BENCHMARKS
from benchmarks.result import Better, holds, read

ROOT = Path(__file__).parents[2]
KEYS = {"name", "kind", "value", "unit", "against", "better", "bar", "holds", "runs", "spread"}


def _tiny(name: str = "tiny", bar: float | None = 2, *runs: Run) -> Benchmark:
    """A benchmark that has measured before it begins: a third, twice and five times as fast unless told."""
    left = list(runs or (Run(2, 6), Run(4, 2), Run(10, 2)))
    return Benchmark(name, "ratio", "×", "higher", bar, lambda _: left.pop(), len(left), "itself", "messages/s")


def _run(benchmarks: list[Benchmark], folder: Path) -> tuple[int, list[dict[str, Any]], str]:
    """Exit status, rows and print."""
    output, printed = folder / "results.json", io.StringIO()
    code = run(benchmarks, output, Console(file=printed, width=200))
    return code, json.loads(output.read_bytes()), printed.getvalue()


def test_a_ratio_is_the_median_of_the_ratios_of_its_runs(tmp_path: Path) -> None:
    """Both sides of one run belong together; their own medians are told beside it."""
    _, [row], _ = _run([_tiny()], tmp_path)
    assert row == {
        "name": "tiny",
        "kind": "ratio",
        "value": 2.0,
        "unit": "×",
        "against": "itself: 2 messages/s; ours 4 messages/s",
        "better": "higher",
        "bar": 2,
        "holds": True,
        "runs": 3,
        "spread": 4.667,
    }


def test_a_run_may_find_out_what_the_other_side_is(tmp_path: Path) -> None:
    """Which server there is depends on the machine; the row says it."""
    _, [row], _ = _run([_tiny("tiny", 2, Run(4, 2, "a server"))], tmp_path)
    assert row["against"] == "a server: 2 messages/s; ours 4 messages/s"


def test_what_is_measured_in_seconds_is_against_nothing(tmp_path: Path) -> None:
    """Only a ratio has another side."""
    latency = Benchmark("tiny", "latency", "s", "lower", 3, lambda _: Run(1.5), runs=2)
    code, [row], _ = _run([latency], tmp_path)
    assert (code, row["value"], row["against"], row["spread"]) == (0, 1.5, None, 0)


@pytest.mark.parametrize(
    ("value", "better", "bar", "kept"),
    [
        (0.5, "higher", 0.5, True),
        (0.4999, "higher", 0.5, False),
        (2.999, "lower", 3.0, True),
        (3.0, "lower", 3.0, False),
        (9.0, "lower", None, True),
    ],
)
def test_a_bar_is_at_least_or_under(value: float, better: Better, bar: float | None, kept: bool) -> None:  # noqa: FBT001 - a parameter of the test
    """At least the bar where more is better, under it where less is; without one nothing can be broken."""
    assert holds(value, better, bar) is kept


def test_a_bar_that_does_not_hold_gives_exit_status_1_and_is_said(tmp_path: Path) -> None:
    """The others are measured all the same."""
    code, rows, printed = _run([_tiny("slow", 3), _tiny("quick", 2)], tmp_path)
    assert code == 1
    assert [row["holds"] for row in rows] == [False, True]
    assert "does not hold" in printed


def test_all_bars_that_hold_give_exit_status_0(tmp_path: Path) -> None:
    """A row without a bar holds."""
    code, rows, printed = _run([_tiny("bare", None), _tiny()], tmp_path)
    assert code == 0
    assert [row["bar"] for row in rows] == [None, 2]
    assert "does not hold" not in printed


def test_a_benchmark_that_lacks_something_or_fails_is_named_with_its_reason(tmp_path: Path) -> None:
    """Without Mosquitto there is no row, and no good end; the others are measured."""

    def lack(_: Path) -> Run:
        pytest.skip("Mosquitto is not installed")

    def fail(_: Path) -> Run:
        raise AssertionError("('run',) ended with 1 [collector]")

    absent, broken = (
        Benchmark(name, "latency", "s", "lower", 3, measure, runs=1)
        for name, measure in (("absent", lack), ("broken", fail))
    )
    code, rows, printed = _run([absent, broken, _tiny()], tmp_path)
    assert code == 1
    assert [row["name"] for row in rows] == ["tiny"]
    assert "absent is not measured: Mosquitto is not installed" in printed
    assert "broken is not measured: ('run',) ended with 1 [collector]" in printed


def test_what_need_not_be_here_is_named_and_breaks_nothing(tmp_path: Path) -> None:
    """A server that a machine may lack: its row of the table says so, and none is written."""

    def lack(_: Path) -> Run:
        raise AbsentError("no server here [set a variable]")

    absent = Benchmark("absent", "latency", "s", "lower", 3, lack, runs=1)
    code, rows, printed = _run([absent, _tiny()], tmp_path)
    assert code == 0
    assert [row["name"] for row in rows] == ["tiny"]
    assert re.search(r"absent .*no server here \[set a variable\]", printed)


def test_each_run_has_an_empty_folder_that_is_gone_afterwards(tmp_path: Path) -> None:
    """Runs do not see what others left behind."""
    seen: list[Path] = []

    def measure(folder: Path) -> Run:
        assert not list(folder.iterdir())
        (folder / "data").touch()
        seen.append(folder)
        return Run(1)

    _run([Benchmark("tiny", "memory", "MB", "lower", 2, measure, runs=2)], tmp_path)
    assert len(set(seen)) == 2
    assert not any(folder.exists() for folder in seen)


def test_the_promises_have_a_benchmark_each() -> None:
    """Names and bars as they were promised."""
    bars = {benchmark.name: (benchmark.better, benchmark.bar) for benchmark in BENCHMARKS if benchmark.bar}
    assert bars == {
        "ack_vs_bare_paho": ("higher", 4),
        "ingest_vs_bare_paho": ("higher", 2.5),
        "ingest_vs_tutorial": ("higher", 8),
        "malformed_vs_clean": ("higher", 0.8),
        "late_vs_clean": ("higher", 0.5),
        "backlog_memory": ("lower", 200),
        "reading_to_notice_p99": ("lower", 1000),
        "late_hour_to_served": ("lower", 5),
        "recompute_100_station_years": ("lower", 1.5),
        "grid_vs_memmap": ("lower", 10),
        "idle_memory": ("lower", 250),
        "start_to_page": ("lower", 3),
        "hj212_frame_microseconds": ("lower", 20),
        "line_protocol_vs_point": ("higher", 5),
        "influx_write_cpu": ("higher", 8),
        "influx_write_wall": ("higher", 2),
        "influx_grid_vs_flux_pivot": ("higher", 4),
        "influx_grid_vs_server": ("lower", 1.5),
        "influx_ingest_vs_telegraf": ("higher", 1.5),
        "aqi_vs_copy": ("lower", 4),
        "aqi_vs_aqihub": ("higher", 200),
        "mda8_vs_pandas": ("higher", 10),
        "percentile_vs_numpy": ("higher", 30),
        "national_year_vs_copy": ("lower", 15),
        "national_year_vs_pandas": ("higher", 300),
        "national_year_memory": ("lower", 3),
        "water_class_vs_copy": ("lower", 3.0),
        "smk_vs_pymannkendall": ("higher", 200),
    }


def test_only_chooses_one_by_its_name() -> None:
    """Without a name it is all of them."""
    both = [_tiny("one"), _tiny("two")]
    assert choose(both, "two") == both[1:]
    assert choose(both, None) == both


def test_an_unknown_name_is_answered_with_those_there_are() -> None:
    """Whoever mistypes a name sees the right one."""
    with pytest.raises(UnknownBenchmarkError, match=r"the benchmark is 'idle'; there are one, two"):
        choose([_tiny("one"), _tiny("two")], "idle")


def _command(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "benchmarks", *map(str, arguments)]
    environment = {**os.environ, "PYTHONUTF8": "1"}
    return subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=100, check=False)


def test_the_command_runs_the_one_that_is_named(tmp_path: Path) -> None:
    """`make bench ONLY=name` calls it so; the row has exactly the keys that are promised."""
    output = tmp_path / "results.json"
    done = _command("--only", "percentile_vs_numpy", "--output", output)
    [row] = json.loads(output.read_bytes())
    assert (row["name"], set(row)) == ("percentile_vs_numpy", KEYS)
    assert done.returncode == (0 if row["holds"] else 1), done.stderr


def test_the_rows_of_the_others_stay_where_one_is_run(tmp_path: Path) -> None:
    """It takes its own place, and a new one comes last."""
    output = tmp_path / "results.json"
    run([_tiny("one"), _tiny("two")], output, Console(file=io.StringIO()))
    before = read(output)
    run([_tiny("one", 2, Run(9, 3))], output, Console(file=io.StringIO()), before)
    run([_tiny("new")], output, Console(file=io.StringIO()), read(output))
    assert [(row.name, row.value) for row in read(output)] == [("one", 3.0), ("two", 2.0), ("new", 2.0)]
    assert read(tmp_path / "nothing.json") == []


def test_the_command_refuses_an_unknown_name(tmp_path: Path) -> None:
    """It measures nothing and writes nothing."""
    output = tmp_path / "results.json"
    done = _command("--only", "nothing", "--output", output)
    assert (done.returncode, output.exists()) == (2, False)
    assert done.stderr.startswith("the benchmark is 'nothing'; there are ack_vs_bare_paho, ")
