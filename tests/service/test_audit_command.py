"""``qingchuan audit`` and ``qingchuan publish``: what people decide, from the command line."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from typer.testing import CliRunner

from qingchuan.service.main import app
from tests.support.applying import settings_of
from tests.support.month import CITY, HOURS, MONTH, STATION, Stores, announcements, hour


@pytest.fixture
def stores(tmp_path: Path) -> Iterator[Stores]:
    """A month of one station."""
    made = Stores(tmp_path)
    made.take(settings_of(), *announcements(), *(hour(number) for number in range(HOURS)))
    yield made
    made.close()


def said(stores: Stores, *arguments: str, answer: str = "", code: int = 0) -> str:
    """What ``qingchuan`` says about the stores; what it appends is applied."""
    environment = {"COLUMNS": "80", "LOGNAME": "lin"}
    result = CliRunner().invoke(app, ["--data", str(stores.folder), *arguments], input=answer, env=environment)
    assert result.exit_code == code, result.output
    stores.apply()
    return " ".join(result.output.split())


def test_values_are_marked_corrected_and_restored_after_asking(stores: Stores) -> None:
    """Beijing time; the list tells who and why."""
    time = ("--from", "2018-08-05T08:00")
    about = ("--item", "pm25", "--reason", "滤膜破损")
    told = said(stores, "audit", "mark", STATION, *time, "--to", "2018-08-05T10:00", *about, answer="y\n")
    assert "2 个数值 2 values" in told
    said(stores, "audit", "correct", STATION, *time, "--value", "33.50", *about, "--yes")
    said(stores, "audit", "restore", STATION, "--from", "2018-08-05T09:00", *about, "--by", "林工", "--yes")
    told = said(stores, "audit", "list", "--subject", STATION)
    assert told.index("林工") < told.index("33.50[1]") < told.index("marked")
    listed = json.loads(said(stores, "audit", "list", "--json", "--from", "2018-08-05", "--to", "2018-08-06"))
    assert [one["action"] for one in listed["actions"]] == ["restore", "correct", "mark_invalid"]


def test_what_cannot_be_done_is_told(stores: Stores) -> None:
    """On standard error, and nothing is appended."""
    before = stores.observations.sequence()
    about = ("--reason", "x", "--yes")
    assert "never announced" in said(stores, "audit", "mark", "9999A", "--from", "2018-08-05", *about, code=1)
    assert "noon" in said(stores, "audit", "mark", STATION, "--from", "noon", *about, code=2)
    assert "official" in said(stores, "audit", "object", CITY, "--from", "2018-08-05", *about, code=1)
    assert "would do" in said(stores, "audit", "confirm", STATION, "--from", "2018-08-05", "--reason", " ", code=2)
    said(stores, "audit", "mark", STATION, "--from", "2018-08-05", "--reason", "x", answer="n\n", code=1)
    assert stores.observations.sequence() == before


def test_days_are_confirmed_and_dust_is_declared_for_a_city(stores: Stores) -> None:
    """Which stands for its stations."""
    month = ("--from", "2018-08-01", "--to", "2018-09-01", "--reason", "looked through", "--yes")
    for step in ("station", "city", "province"):
        told = said(stores, "audit", "confirm", CITY, *month, "--step", step)
        assert "涉及 31 天、1 个站点 31 days of 1 station" in told
    told = said(
        stores,
        "audit",
        "dust",
        CITY,
        "--from",
        "2018-08-05T06:00",
        "--to",
        "2018-08-06T20:00",
        "--reason",
        "CNEMC",
        "--yes",
    )
    assert "涉及 38 小时、1 个站点 38 hours of 1 station" in told
    listed = said(stores, "audit", "list")
    assert listed.count("330200") == 4
    assert listed.count("全部 all") == 3
    assert "pm10 pm25" in listed


def test_what_is_asked_before_and_listed_after_is_in_words(stores: Stores) -> None:
    """Hours and days where no value changes; what the flags mean; all items as all."""
    time = ("--from", "2018-08-05T06:00", "--reason", "sand")
    asked = said(stores, "audit", "dust", STATION, *time, answer="y\n")
    assert "沙尘 dust：1235A，1 小时 1 hour？ OK?" in asked
    asked = said(stores, "audit", "confirm", STATION, "--from", "2018-08-05", "--reason", "seen", answer="y\n")
    assert "确认 confirmed：1235A，1 天 1 day？ OK?" in asked
    assert "[4] 无效 bad" not in said(stores, "audit", "list")
    said(stores, "audit", "mark", STATION, *time, "--yes")
    listed = said(stores, "audit", "list", "--limit", "1")
    assert "全部 all" in listed
    assert "[4] 无效 bad" in listed
    refused = said(stores, "audit", "mark", STATION, *time, "--item", "pm2.5", "--yes", code=1)
    assert "items has pm2.5; did you mean pm25?" in refused


def test_a_month_is_published_checked_saved_and_published_again(stores: Stores, tmp_path: Path) -> None:
    """Its bytes come out as they went in, and its hash is what sha256sum would say."""
    told = said(stores, "publish", MONTH, "--by", "林工", answer="y\n")
    digest = told.rpartition(" ")[2]
    assert said(stores, "published", "check", MONTH).endswith(digest)
    assert said(stores, "published", "save", MONTH, str(tmp_path / "month.json")).endswith(digest)
    assert json.loads((tmp_path / "month.json").read_bytes())["by"] == "林工"
    assert "nothing differs" in said(stores, "published", "difference", MONTH)
    stores.take(*(hour(number, pm25=110 + number) for number in range(100, 112)))
    told = said(stores, "published", "difference", MONTH)
    assert f"pending: {STATION}, 12" in told
    assert "宁波 PM₂.₅ 平均浓度" in told
    assert "Ningbo: PM₂.₅, mean" in told
    assert "statistics" not in told
    listed = json.loads(said(stores, "published", "difference", MONTH, "--json"))["differences"]
    named = {one["figure"]: one["name"] for one in listed}
    assert named[f"cities/{CITY}/statistics/pm25/mean"] == {"zh": "宁波 PM₂.₅ 平均浓度", "en": "Ningbo: PM₂.₅, mean"}
    assert "unlock" in said(stores, "publish", MONTH, "--yes", code=1)
    assert "reason" in said(stores, "publish", MONTH, "--unlock", "--yes", code=2)
    assert "version 2" in said(stores, "publish", MONTH, "--unlock", "--reason", "late hours", "--yes")
    assert said(stores, "published", "check", MONTH, "--version", "1").endswith(digest)
    assert "late hours" in said(stores, "published", "list")
    assert "2 个已发布的版本" in said(stores, "verify")
    stores.state.engine.dispose()
