"""A reading of Class Ⅴ, from the station to the page and to the webhook of whoever is on duty, and back to normal."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tests.support.publisher import Publisher
from tests.support.receiver import Receiver
from tests.support.service import Service

GOOD = {"temperature": 18.0, "ph": 7.4, "do": 8.1, "codmn": 2.5, "nh3n": 0.12, "tp": 0.06}
CLASS_V = GOOD | {"tp": 0.35}
WORSE_THAN_V = GOOD | {"nh3n": 2.4}

Alert = dict[str, Any]


@pytest.fixture(scope="module")
def station(service: Service) -> Iterator[Publisher]:
    """Publishes for two sections that have announced themselves."""
    with Publisher(service.broker_port) as publisher:
        river = {"zh": "姚江", "en": "Yao River"}
        for subject in ("dazha", "qinglindu"):
            publisher.announce(subject, kind="section", water_body="river", river=river, city="330200")
        service.wait_until_applied(2)
        yield publisher


def _reading(moment: datetime, values: dict[str, float]) -> dict[str, Any]:
    return {"time": moment.isoformat(timespec="seconds"), "values": values}


def _only_alert(service: Service, subject: str) -> Alert | None:
    alerts: list[Alert] = service.get("alerts", subject=subject)["alerts"]
    assert len(alerts) <= 1
    return alerts[0] if alerts else None


def _delivered(service: Service, reasons: list[str]) -> bool:
    alert = _only_alert(service, "dazha")
    notices = alert["notices"] if alert else []
    return [(notice["reason"], notice["state"]) for notice in notices] == [(reason, "sent") for reason in reasons]


def test_a_reading_of_class_v_reaches_the_webhook_and_a_better_one_closes_the_alert(
    service: Service, station: Publisher, receiver: Receiver
) -> None:
    """One alert with two notices; each carries a head of the journal that can be verified."""
    published = time.monotonic()
    station.send("dazha/reading", _reading(datetime.now(UTC) - timedelta(seconds=10), CLASS_V))
    (opened,) = receiver.wait(1)
    print(f"from publishing to the webhook: {1000 * (opened.at - published):.0f} ms")  # noqa: T201 - shown by -rP
    _check_opened(service, opened.body)
    service.wait_until(lambda: _delivered(service, ["opened"]), "note the delivery")
    alert = _only_alert(service, "dazha")
    assert alert
    assert (alert["state"], alert["history"], alert["level"]["name"]) == ("open", False, "Ⅴ")

    station.send("dazha/reading", _reading(datetime.now(UTC), GOOD))
    _, closed = receiver.wait(2)
    assert (closed.body["transition"], closed.body["state"]) == ("closed", "closed")
    assert closed.body["episode"] == opened.body["episode"] == alert["id"]
    assert closed.headers["Idempotency-Key"] != opened.headers["Idempotency-Key"]
    service.wait_until(lambda: _delivered(service, ["opened", "closed"]), "note the delivery")
    alert = _only_alert(service, "dazha")
    assert alert
    assert (alert["state"], alert["worst"]["name"]) == ("closed", "Ⅴ")
    service.wait_until(lambda: _shown(service, "dazha") == ("Ⅱ", ["codmn", "tp"]), "show it on the page")
    service.command("verify", "--head", opened.body["head"], "--head", closed.body["head"])


def _check_opened(service: Service, notice: dict[str, Any]) -> None:
    assert (notice["transition"], notice["state"], notice["subject"]["id"]) == ("opened", "open", "dazha")
    assert (notice["class"]["number"], notice["simulated"], notice["possibly_repeated"]) == (5, False, False)
    assert [(item["item"], item["value"], item["limit"]) for item in notice["deciding"]] == [("tp", 0.35, 0.3)]
    service.wait_until(lambda: _shown(service, "dazha") == ("Ⅴ", ["tp"]), "show it on the page")


def _shown(service: Service, subject: str) -> tuple[str, list[str]] | None:
    """Class and deciding items of a section as the page shows them now."""
    readings = [each["reading"] for each in service.get("water/live")["sections"] if each["subject"] == subject]
    reading = readings[0] if readings else None
    return (reading["class"]["name"], reading["deciding"]) if reading else None


def test_a_reading_of_two_hours_ago_makes_an_episode_and_no_notice(
    service: Service, station: Publisher, receiver: Receiver
) -> None:
    """What is not recent pages nobody, neither when it begins nor when it ends."""
    before = len(receiver.posts)
    moment = datetime.now(UTC) - timedelta(hours=2)
    station.send("qinglindu/reading", _reading(moment, WORSE_THAN_V))
    service.wait_until(lambda: _state(service, "qinglindu") == "open", "open an episode")
    station.send("qinglindu/reading", _reading(moment + timedelta(minutes=5), GOOD))
    service.wait_until(lambda: _state(service, "qinglindu") == "closed", "close it")
    alert = _only_alert(service, "qinglindu")
    assert alert
    assert (alert["history"], alert["notices"], alert["worst"]["name"]) == (True, [], "劣Ⅴ")
    assert len(receiver.posts) == before


def _state(service: Service, subject: str) -> str | None:
    alert = _only_alert(service, subject)
    return alert["state"] if alert else None
