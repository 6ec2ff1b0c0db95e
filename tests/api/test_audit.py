"""The audit over the interface: checked before it is appended, applied in its turn, told with all it changed."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.api.serving import serving
from tests.api.test_dead_letters import Place, services_on
from tests.api.world import World
from tests.support.applying import START, Bench, hour_of, station

AUDIT = "/api/v1/audit"
HOUR = "2026-03-01T09:00:00+08:00"
MARK = {
    "action": "mark_invalid",
    "subject": "1235A",
    "start": HOUR,
    "end": "2026-03-01T10:00:00+08:00",
    "items": ["pm25"],
}
BODY = {"by": "林工", "step": "station", "reason": "滤膜破损", "acts": [MARK]}


@pytest.fixture
def place(empty: World, tmp_path: Path) -> Iterator[Place]:
    """Station 1235A with three hours, two days later."""
    (tmp_path / "bench").mkdir()
    bench = Bench(tmp_path / "bench")
    bench.received = (START + 2 * 86_400) * 1_000_000
    empty.clock.time = "2026-03-03T08:00:00+08:00"
    bench.take(station(), hour_of("35", 0), hour_of("36.0", 1), hour_of("37", 2))
    with serving(services_on(empty, bench)) as client:
        yield Place(bench, client)
    bench.close()


def _take(place: Place, **changes: object) -> dict[str, Any]:
    answer = place.client.post(AUDIT, json=BODY | changes)
    assert answer.status_code == 200, answer.text
    while place.bench.applier.step():
        pass
    told: dict[str, Any] = answer.json()
    return told


def _day(client: httpx.Client) -> dict[str, Any]:
    answer = client.get(f"{AUDIT}/1235A/day", params={"day": "2026-03-01"})
    assert answer.status_code == 200, answer.text
    told: dict[str, Any] = answer.json()
    return told


def test_what_is_taken_is_in_the_trail_with_all_it_changed(place: Place) -> None:
    """Who, at which step, why, when, and the value before and after, digit for digit."""
    told = _take(place)
    assert (told["acts"], told["values"]) == (1, 1)
    answer = place.client.get(AUDIT, params={"subject": "1235A", "start": "2026-03-01", "end": "2026-03-02"})
    [done] = answer.json()["actions"]
    assert (done["by"], done["step"], done["reason"], done["sequence"]) == (
        "林工",
        "station",
        "滤膜破损",
        told["sequence"],
    )
    assert done["received"] == done["stated"] == "2026-03-03T08:00:00+08:00"
    assert '"before":{"value":36.0,"flag":' in answer.text
    assert done["changes"][0]["after"] == {"value": 36.0, "flag": 4, "by": "audit"}
    assert answer.json()["steps"] == ["station", "city", "province"]


def test_a_trail_is_chosen_by_subject_time_and_message(place: Place) -> None:
    """And is as it was after an earlier message."""
    number = _take(place)["sequence"]
    for query in (
        {"subject": "1236A"},
        {"start": "2026-03-02"},
        {"end": "2026-03-01"},
        {"before": number},
        {"as_of": 2},
    ):
        assert place.client.get(AUDIT, params=query).json()["actions"] == []
    assert len(place.client.get(AUDIT).json()["actions"]) == 1
    assert place.client.get(AUDIT, params={"from": "2026-03-01"}).status_code == 422


def test_a_day_is_shown_as_an_auditor_looks_at_it(place: Place) -> None:
    """Values with flags, what the station told, and who has confirmed."""
    confirm = {"action": "confirm", "subject": "1235A", "start": "2026-03-01", "end": "2026-03-02", "period": "day"}
    _take(place, acts=[MARK | {"action": "correct", "value": 33.5}, confirm])
    day = _day(place.client)
    assert (day["period"], len(day["times"]), day["times"][9]["label"]) == ("hour", 24, "10:00")
    cell = day["times"][9]["cells"]["pm25"]
    assert (cell["value"], cell["flag"], cell["by"], cell["reported"], cell["audited"]) == (
        33.5,
        1,
        "audit",
        36.0,
        True,
    )
    assert day["times"][0]["cells"]["pm25"]["value"] is None
    assert day["steps"]["station"] == list(day["items"])
    assert (day["steps"]["city"], day["audited"]) == ([], [])
    for step in ("city", "province"):
        _take(place, acts=[confirm], step=step)
    assert _day(place.client)["audited"] == list(day["items"])
    assert place.client.get(f"{AUDIT}/nobody/day", params={"day": "2026-03-01"}).status_code == 404


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"step": "county"}, "station or city or province would do"),
        ({"reason": " "}, "reason has 0 characters"),
        ({"acts": [MARK | {"items": ["ph"]}]}, "1: items has ph"),
        ({"acts": [MARK, MARK | {"subject": "9999A"}]}, "2: subject '9999A' was never announced"),
        ({"acts": [MARK | {"action": "correct", "value": -9999}]}, "an instrument tells -20"),
        ({"acts": [MARK | {"start": "noon"}]}, "noon"),
        ({"acts": []}, "length"),
        ({"stated": "2099-01-01"}, "the time stated"),
        ({"more": 1}, "more"),
    ],
)
def test_what_cannot_be_done_is_refused_before_it_is_appended(
    place: Place, changes: dict[str, object], words: str
) -> None:
    """With what would do; of several actions none is done."""
    before = place.bench.journal.head().sequence
    answer = place.client.post(AUDIT, json=BODY | changes)
    assert answer.status_code == 422, answer.text
    assert words in answer.json()["detail"]
    assert place.bench.journal.head().sequence == before


def test_nobody_else_may_write(place: Place) -> None:
    """Until there is a login: this machine, and no page of another site."""
    for headers in ({"x-forwarded-for": "192.0.2.1"}, {"sec-fetch-site": "cross-site"}):
        assert place.client.post(AUDIT, json=BODY, headers=headers).status_code == 403
    assert place.client.post(AUDIT, content=b"{}", headers={"content-type": "text/plain"}).status_code == 415
