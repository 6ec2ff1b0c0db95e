"""A year of readings of 787 national sections, replayed through a real Mosquitto: the class is the published one.

The data do not say which sections are lakes. Here, and nowhere in the product, that is learned: on alternate readings
of each section, and judged on the others. A section is a river unless the lake column fits better.
"""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pytest

from qingchuan.processing import standards
from qingchuan.processing.decimals import comparable
from qingchuan.processing.water.classes import item_classes, section_class
from tests.support.published import Row, rows
from tests.support.receiver import Receiver
from tests.support.service import Service

CLASSES = {"Ⅰ": 1, "Ⅱ": 2, "Ⅲ": 3, "Ⅳ": 4, "Ⅴ": 5, "劣Ⅴ": 6}
COLUMNS = {"ph": "raw_pH", "do": "raw_DO", "codmn": "raw_CODMn", "nh3n": "raw_NH3N", "tp": "raw_TP"}
FIT_NEITHER = {
    ("天津市-三岔口", "2020-11-04"),
    ("湖北省-宗关", "2020-11-04"),
    ("山东省-泺口", "2021-02-08"),
    ("北京市-古北口", "2021-03-29"),
}
SECTIONS, ROWS = 787, 11_316
YEAR = {"start": "2019-01-01", "end": "2021-05-01"}  # some stations had been silent for long when they were asked

Reading = dict[str, Any]
Alerts = dict[int, dict[str, Any]]


class Judged(NamedTuple):
    """A reading that the kind of its section was not learned on."""

    subject: str
    row: Row
    reading: Reading


@pytest.fixture(scope="module")
def published(reference_data: Path) -> dict[str, list[Row]]:
    """The rows of each section, in the order of the file."""
    found: dict[str, list[Row]] = defaultdict(list)
    for row in rows(reference_data / "water-daily-national" / "sections_2020-05_2021-04.csv.gz"):
        found[f"{row['省份']}-{row['断面名称'].replace('#', '号')}"].append(row)
    return found


@pytest.fixture(scope="module")
def replay(
    published: dict[str, list[Row]], tmp_path_factory: pytest.TempPathFactory, reference_data: Path, mappings: Path
) -> tuple[str | Path, ...]:
    """The command that replays the file, with the kinds that were learned."""
    kinds = tmp_path_factory.mktemp("learned") / "stations.json"
    lakes = {subject: {"water_body": "lake"} for subject, found in published.items() if _is_lake(found)}
    assert len(lakes) > 30
    kinds.write_text(json.dumps(lakes, ensure_ascii=False), encoding="utf-8")
    file = reference_data / "water-daily-national" / "sections_2020-05_2021-04.csv.gz"
    return "replay", file, "--mapping", mappings / "national-sections.toml", "--stations", kinds


@pytest.fixture(scope="module")
def answered(published: dict[str, list[Row]], replay: tuple[str, ...], service: Service) -> dict[str, list[Reading]]:
    """What the API answers about each section after the replay."""
    service.command(*replay)
    counts = service.wait_until_applied(SECTIONS + ROWS)
    assert counts["dead_letter"] == 0
    return {subject: service.get(f"sections/{subject}/classes", **YEAR)["readings"] for subject in published}


@pytest.fixture(scope="module")
def judged(published: dict[str, list[Row]], answered: dict[str, list[Reading]]) -> list[Judged]:
    """Readings with a published class that no kind was learned on."""
    found: list[Judged] = []
    for subject, table in published.items():
        by_time = {reading["time"]: reading for reading in answered[subject]}
        others = [row for row in table if row["水质类别"] in CLASSES][1::2]
        found += [Judged(subject, row, by_time[_time(row)]) for row in others]
    return found


def _is_lake(table: list[Row]) -> bool:
    learned = [row for row in table if row["水质类别"] in CLASSES][::2]
    rules = standards.load("gb3838_2002", standards.SurfaceWaterClasses)
    values = [[comparable(row[column]) if row[column] else np.nan for row in learned] for column in COLUMNS.values()]
    told = np.array([CLASSES[row["水质类别"]] for row in learned], np.uint8)
    river, lake = (
        int((section_class(item_classes(values, tuple(COLUMNS), body, rules))[0] == told).sum())
        for body in ("river", "lake")
    )
    return lake > river


def _time(row: Row) -> str:
    """When a row was measured: the latest such day of a year that is not after the day it was fetched on."""
    day, clock = row["监测时间"].split()
    year = int(row["抓取日期"][:4])
    fetched = f"{row['抓取日期'][5:]} 24:00"
    return f"{year if f'{day} {clock}' <= fetched else year - 1}-{day}T{clock}:00+08:00"


def _alerts(service: Service) -> Alerts:
    """All alerts by their id, asked for in parts."""
    found: Alerts = {}
    part = service.get("alerts", limit=300)["alerts"]
    while part:
        found |= {alert["id"]: alert for alert in part}
        part = service.get("alerts", limit=300, before=part[-1]["id"])["alerts"]
    return found


def _polluted(answered: dict[str, list[Reading]]) -> set[str]:
    """Sections with a reading of class Ⅴ or worse."""
    return {
        subject
        for subject, readings in answered.items()
        if any(reading["class"] and reading["class"]["number"] >= 5 for reading in readings)
    }


def test_the_class_is_the_published_one(judged: list[Judged]) -> None:
    """Of at least 99.8 % of the readings; among the others are those that fit neither column."""
    misses = {
        (each.subject, each.row["抓取日期"]): f"published {each.row['水质类别']}, here {each.reading['class']['name']}"
        for each in judged
        if each.reading["class"]["number"] != CLASSES[each.row["水质类别"]]
    }
    asked = {(each.subject, each.row["抓取日期"]) for each in judged}
    assert len(judged) == 5_588
    assert len(misses) <= 0.002 * len(judged), misses
    assert FIT_NEITHER & asked <= misses.keys(), misses
    print(f"{len(misses)} of {len(judged)} readings have another class: {misses}")  # noqa: T201 - shown by -rP


def test_the_exact_values_are_stored_and_decide(judged: list[Judged]) -> None:
    """All decimals that were published, not those that are displayed; what is missing was not measured then."""
    for each in judged:
        stored = {item: each.reading["items"].get(item, {}) for item in COLUMNS}
        fresh = {item: value["value"] for item, value in stored.items() if value.get("age") == 0}
        assert fresh == {item: float(each.row[column]) for item, column in COLUMNS.items() if each.row[column]}, each


def test_every_section_announced_itself_once(answered: dict[str, list[Reading]], service: Service) -> None:
    """A broker delivers the retained announcements again to a collector that starts again; they are known."""
    before = service.counts()
    service.stop()
    service.start()
    service.wait_until(lambda: service.get("collector")["sequence"] > before["sequence"], "note the new connection")
    sections = service.get("stations", kind="section")["stations"]
    assert {section["subject"] for section in sections} == answered.keys()
    assert _messages(service.counts()) == _messages(before)


def test_history_makes_episodes_and_no_notices(
    answered: dict[str, list[Reading]], service: Service, receiver: Receiver
) -> None:
    """Each section that had a reading of class Ⅴ or worse has one, and nobody was told."""
    expected = _polluted(answered)
    service.wait_until(lambda: {alert["subject"] for alert in _alerts(service).values()} >= expected, "make episodes")
    alerts = _alerts(service).values()
    assert len(expected) > 100
    assert {alert["subject"] for alert in alerts} == expected
    assert all(alert["history"] and alert["notices"] == [] for alert in alerts)
    assert receiver.posts == []


def test_the_same_replay_again_changes_nothing(
    answered: dict[str, list[Reading]], replay: tuple[str, ...], service: Service, receiver: Receiver
) -> None:
    """Every message is a duplicate: applied messages, classes and alerts are as before."""
    before, alerts = service.counts(), _alerts(service)
    service.command(*replay)
    after = service.wait_until_applied(before["received"] + SECTIONS + ROWS)
    assert after["applied"] == before["applied"]
    assert after["duplicate"] == before["duplicate"] + SECTIONS + ROWS
    for subject in list(answered)[::20]:
        assert service.get(f"sections/{subject}/classes", **YEAR)["readings"] == answered[subject]
    assert _alerts(service) == alerts
    assert receiver.posts == []


def test_the_journal_of_it_all_verifies(answered: dict[str, list[Reading]], service: Service) -> None:
    """While the service runs."""
    assert answered
    assert "whole" in service.command("verify").stdout


def _messages(counts: dict[str, int]) -> Counter[str]:
    return Counter({name: count for name, count in counts.items() if name != "sequence"})
