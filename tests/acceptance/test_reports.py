"""A day ends while the service runs: it is reported by webhook, kept, and the schedule says so."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from pathlib import Path

from tests.support.mosquitto import Mosquitto
from tests.support.receiver import Receiver
from tests.support.service import Service


def test_the_report_of_a_day_goes_to_the_webhooks_that_want_it(tmp_path: Path, mosquitto: Mosquitto) -> None:
    """Its head belongs to the journal; the other webhook is told of alerts only."""
    now = datetime.now().astimezone()
    with Receiver() as wants, Receiver() as other:
        hooks = [{"name": "daily", "url": wants.url, "reports": True}, {"name": "duty", "url": other.url}]
        settings = {
            "QINGCHUAN_ALERTS__WEBHOOKS": json.dumps(hooks),
            "QINGCHUAN_CLOCK__ORIGIN": now.isoformat(),
            "QINGCHUAN_CLOCK__SPEED": "20000",  # a day in four seconds
            "QINGCHUAN_SCHEDULE__REPORT_AFTER": "1",
        }
        with Service(tmp_path / "service", mosquitto.port, settings=settings) as service:
            service.wait_until(lambda: len(wants.notices) >= 2, "report two days")
            first, second = wants.notices[:2]
            jobs = {job["name"]: job for job in service.client.get("/api/v1/schedule").json()["jobs"]}
            query = {"start": first["start"], "end": second["end"]}
            kept = service.client.get("/api/v1/reports", params=query).json()["reports"]
            service.command("verify", "--head", first["head"])
        assert other.notices == []
    assert (first["report"], second["start"]) == ("day", first["end"])
    assert datetime.fromisoformat(second["start"]) - datetime.fromisoformat(first["start"]) == timedelta(days=1)
    assert [report["report"]["start"] for report in kept] == [first["start"], second["start"]]
    assert jobs["day-report"]["finished"]
    assert jobs["counts"]["note"].endswith("messages add up")
