"""The quality control of stations: what was told, what it came to, and what it rests on."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import httpx
import msgspec
import pytest

from qingchuan.processing.periods import parse_instant
from qingchuan.store import station_checks
from qingchuan.store.observations import Observation
from qingchuan.store.state import writing
from qingchuan.store.station_checks import Check
from qingchuan.store.subjects import Name, Site
from tests.api.test_collector import metrics
from tests.api.world import World


def keep(world: World, *checks: Check) -> None:
    """Write checks as the collector does."""
    with writing(world.state.engine).begin() as connection:
        station_checks.write(connection, checks)
    while world.sequence < max(check.sequence for check in checks):
        world.apply_recorded()


def zero(
    sequence: int,
    time: str,
    measured: str,
    *,
    passed: bool | None,
    flagged: str | None = None,
    more: Mapping[str, object] | None = None,
) -> Check:
    """A zero check of ammonia nitrogen at Yao River gate."""
    told = {"code": "w21003", "measured": measured, "standard": "0", "unit": "mg/L"} | dict(more or {})
    since = None if flagged is None else parse_instant(flagged)
    moment = parse_instant(time)
    return Check(sequence, "yaojiang", "nh3n", "zero", moment, msgspec.json.encode(told).decode(), passed, since)


GOOD = zero(7, "2026-11-23T00:10:00+08:00", "0.03", passed=True)
FAILED = zero(9, "2026-11-24T00:10:00+08:00", "0.31", passed=False, flagged="2026-11-23T00:10:00+08:00")


def test_checks_are_told_newest_first_with_what_they_rest_on(world: World, client: httpx.Client) -> None:
    """Numbers as they were sent; the limits with the numbers in place."""
    keep(world, GOOD, FAILED)
    answer: dict[str, Any] = client.get("/api/v1/checks").json()
    assert [check["sequence"] for check in answer["checks"]] == [9, 7]
    assert answer["checks"][0] == {
        "sequence": 9,
        "subject": "yaojiang",
        "item": "nh3n",
        "kind": "zero",
        "name": {"zh": "零点核查", "en": "Zero check"},
        "time": "2026-11-24T00:10:00+08:00",
        "numbers": {"measured": "0.31", "standard": "0"},
        "unit": "mg/L",
        "passed": False,
        "why": {
            "zh": "测定值 − 标准值 = 0.31 mg/L，修约为 0.31 mg/L，允许 −0.2 ～ 0.2 mg/L：不合格",
            "en": "measured less standard is 0.31 mg/L, rounded 0.31 mg/L; −0.2 to 0.2 mg/L pass: failed",
        },
        "bad_since": "2026-11-23T00:10:00+08:00",
    }
    assert [check["sequence"] for check in answer["latest"]] == [9]
    assert metrics(client)["qingchuan_station_checks_failed",] == 1


def test_checks_of_a_time_a_subject_and_an_item(world: World, client: httpx.Client) -> None:
    """The end is not included; the last of each item is that of any time."""
    keep(world, GOOD, FAILED, GOOD._replace(sequence=8, item="tp"), GOOD._replace(sequence=5, subject="dongqian"))

    def numbers(query: str, part: str = "checks") -> list[int]:
        return [check["sequence"] for check in client.get(f"/api/v1/checks?{query}").json()[part]]

    assert numbers("subject=yaojiang") == [9, 8, 7]
    assert numbers("subject=yaojiang&item=nh3n") == [9, 7]
    assert numbers("start=2026-11-24&end=2026-11-25") == [9]
    assert numbers("end=2026-11-24T00:10:00%2B08:00") == [8, 7, 5]
    assert numbers("start=2026-11-24&end=2026-11-25", "latest") == [5, 9, 8]
    assert numbers("limit=1") == [9]
    assert numbers("start=2026-01-01&end=2026-02-01") == []
    assert client.get("/api/v1/checks?start=2020-01-01").status_code == 422


@pytest.mark.parametrize(
    ("told", "zh"),
    [
        ({"flag": 4, "by": "device:D"}, "仪器状态标记异常，不作判定"),
        ({"passed": True}, "没有可用的限值，采用站点自身结论"),
        ({}, "没有可用的限值，站点也未给出结论，不作判定"),
    ],
)
def test_what_no_limit_judges_says_so(world: World, client: httpx.Client, told: dict[str, object], zh: str) -> None:
    """The limits are those of water stations."""
    world.announce({"gate": Site(Name("排口", "Gate"), "outfall")})
    keep(world, zero(9, "2026-11-24T00:10:00+08:00", "0.31", passed=None, more=told)._replace(subject="gate"))
    [check] = client.get("/api/v1/checks?subject=gate").json()["checks"]
    assert check["why"]["zh"] == zh


def test_what_a_check_made_bad_is_missing_as_flagged(world: World, client: httpx.Client) -> None:
    """In the ledger of what is missing, as anything that is there and does not count."""
    start = parse_instant("2026-11-24T00:00:00+08:00")
    items = {"nh3n": ("0.5", 4), "tp": ("0.05", 2)}
    world.write([Observation.of("yaojiang", "instant", start, "reported", items, {"nh3n": "check:zero"})])
    answer = client.get("/api/v1/sections/yaojiang/completeness?start=2026-11-24&end=2026-11-25").json()
    assert answer["days"][0]["missing"]["flagged"] == 1
