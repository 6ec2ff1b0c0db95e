"""Alerts as the web tells them."""

from __future__ import annotations

import json
from typing import Any

import httpx
import pytest

from qingchuan.alerts.engine import Engine
from qingchuan.alerts.rules import load_rules
from qingchuan.api.queries.alerts import live_alerts
from tests.api.serving import serving
from tests.api.world import CLEAN_READING, World


@pytest.fixture
def engine(world: World) -> Engine:
    """The alert engine on the world's stores; it tells a target named ``office``."""
    return Engine(world.reader, world.state, load_rules(), now=world.clock, notify_within=3600, targets=("office",))


def alerts(client: httpx.Client, query: str = "") -> list[dict[str, Any]]:
    """The alerts that `query` asks for."""
    answer = client.get(f"/api/v1/alerts?{query}")
    assert answer.status_code == 200, answer.text
    found: list[dict[str, Any]] = answer.json()["alerts"]
    return found


def reading(world: World, hour: int, phosphorus: str, section: str = "yaojiang") -> int:
    """A reading of an hour of 25 November with a concentration of phosphorus [mg/L]."""
    return world.reading(section, f"2026-11-25T{hour:02}:00:00+08:00", {**CLEAN_READING, "tp": phosphorus})


def test_an_alert_explains_itself(world: World, engine: Engine, client: httpx.Client) -> None:
    """With the item that decides, its value, its limit, and what became of the notice."""
    number = reading(world, 8, "0.35")
    engine.step()
    [alert] = alerts(client)
    assert (alert["rule"], alert["title"]["zh"]) == ("section-class-v", load_rules()[0].title.zh)
    assert (alert["subject"], alert["name"]["zh"], alert["simulated"]) == ("yaojiang", "姚江", True)
    assert (alert["state"], alert["opened"], alert["closed"]) == ("open", "2026-11-25T08:00:00+08:00", None)
    assert (alert["level"]["name"], alert["worst"]["number"]) == ("Ⅴ", 5)
    assert alert["deciding"] == [
        {
            "item": "tp",
            "value": 0.35,
            "unit": "mg/L",
            "class": 5,
            "limit": 0.3,
            "time": "2026-11-25T08:00:00+08:00",
        }
    ]
    assert (alert["edition"], alert["sequence"], alert["history"]) == ("GB 3838—2002", number, False)
    [notice] = alert["notices"]
    assert (notice["target"], notice["reason"], notice["state"]) == ("office", "opened", "waiting")
    assert notice["created"] == world.clock.time


def test_alerts_tell_up_to_which_message_the_rules_were_applied(
    world: World, engine: Engine, client: httpx.Client
) -> None:
    """The store may be ahead: nothing is claimed of what has not been judged."""
    number = reading(world, 8, "0.35")
    assert client.get("/api/v1/alerts").json() == {"sequence": 0, "alerts": []}
    engine.step()
    world.refuse("qingchuan/yaojiang/reading")
    assert (client.get("/api/v1/alerts").json()["sequence"], world.sequence) == (number, number + 1)


def test_an_old_event_is_history_and_nobody_is_told(world: World, engine: Engine, client: httpx.Client) -> None:
    """More than an hour ago."""
    reading(world, 6, "0.35")
    engine.step()
    [alert] = alerts(client)
    assert (alert["history"], alert["notices"]) == (True, [])


def test_alerts_are_chosen_by_state_subject_and_page(world: World, engine: Engine, client: httpx.Client) -> None:
    """Newest first; `before` goes on after the last of the page before."""
    for hour, phosphorus in ((5, "0.35"), (6, "0.05"), (7, "0.45")):
        reading(world, hour, phosphorus)
    reading(world, 8, "0.25", section="dongqian")
    engine.step()
    newest, middle, oldest = alerts(client)
    assert [alert["subject"] for alert in (newest, middle, oldest)] == ["dongqian", "yaojiang", "yaojiang"]
    assert alerts(client, "state=closed") == [oldest]
    assert alerts(client, "subject=yaojiang") == [middle, oldest]
    assert alerts(client, "limit=1") == [newest]
    assert alerts(client, f"before={newest['id']}") == [middle, oldest]
    assert (oldest["closed"], middle["worst"]["name"]) == ("2026-11-25T06:00:00+08:00", "劣Ⅴ")


def test_an_alert_is_sent_to_those_who_follow(world: World, engine: Engine) -> None:
    """As soon as the engine has decided."""
    with serving(world.services) as client, client.stream("GET", "/api/v1/events") as answer:
        lines = answer.iter_lines()
        reading(world, 8, "0.35")
        engine.step()
        document: dict[str, Any] = {"alerts": []}
        while not document["alerts"]:
            while next(lines) != "event: alerts":
                pass
            next(lines)
            document = json.loads(next(lines).removeprefix("data: "))
    assert [alert["state"] for alert in document["alerts"]] == ["open"]


def test_an_alert_that_was_open_for_long_is_among_those_that_closed_last(world: World, engine: Engine) -> None:
    """It opened before all others, and was the last to end."""
    reading(world, 0, "0.35", section="dongqian")
    for minute in range(0, 42, 2):
        for shift, phosphorus in ((0, "0.35"), (1, "0.05")):
            time = f"2026-11-25T07:{minute + shift:02}:00+08:00"
            world.reading("yaojiang", time, {**CLEAN_READING, "tp": phosphorus})
    reading(world, 8, "0.01", section="dongqian")
    engine.step()
    told = live_alerts(world.services, 0).alerts
    assert (len(told), told[-1].subject, told[-1].closed) == (20, "dongqian", "2026-11-25T08:00:00+08:00")
    assert min(alert.opened for alert in told[:-1]) == "2026-11-25T07:04:00+08:00"


def test_the_stream_has_all_open_alerts_and_the_last_twenty_closed(world: World, engine: Engine) -> None:
    """Twenty-two short ones on one section, and one that stands on the other."""
    reading(world, 0, "0.3", section="dongqian")
    for minute in range(0, 44, 2):
        for shift, phosphorus in ((0, "0.35"), (1, "0.05")):
            time = f"2026-11-25T07:{minute + shift:02}:00+08:00"
            world.reading("yaojiang", time, {**CLEAN_READING, "tp": phosphorus})
    engine.step()
    with serving(world.services) as client, client.stream("GET", "/api/v1/events") as answer:
        lines = answer.iter_lines()
        while next(lines) != "event: alerts":
            pass
        next(lines)
        told = json.loads(next(lines).removeprefix("data: "))["alerts"]
    assert [alert["state"] for alert in told] == ["closed"] * 20 + ["open"]
    assert told[0]["opened"] == "2026-11-25T07:42:00+08:00"
