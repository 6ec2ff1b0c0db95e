"""Months that are published: the same bytes for good, their versions, and what differs since."""

from __future__ import annotations

import hashlib
import json
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import httpx
import pytest

from qingchuan.api.queries.publications import compute_again, newest_of, version_of
from qingchuan.store.audit_messages import Act
from qingchuan.store.messages import Message
from qingchuan.store.observations import Observation, Write
from qingchuan.store.publications import decode, faults
from tests.api.serving import serving
from tests.api.world import World
from tests.support.again import dump
from tests.support.auditing import audit_of
from tests.support.month import BEGIN, CITY, HOURS, MONTH, SECTION, STATION, Stores, hour, month

POSTED = "/api/v1/publications"
BODY = {"month": MONTH, "by": "林工"}
HOUR = 3600


@pytest.fixture(scope="module")
def applied(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Stores with a month in them; to be copied."""
    folder = tmp_path_factory.mktemp("month") / "stores"
    stores = Stores(folder)
    stores.take(*month())
    stores.close()
    return folder


@pytest.fixture
def stores(applied: Path, tmp_path: Path) -> Iterator[Stores]:
    """Stores with a month in them."""
    shutil.copytree(applied, tmp_path / "stores")
    made = Stores(tmp_path / "stores")
    yield made
    made.close()


@pytest.fixture
def client(stores: Stores, empty: World) -> Iterator[httpx.Client]:
    """A client of the application on them."""
    with serving(stores.services(empty.services)) as made:
        yield made


def _publish(client: httpx.Client, stores: Stores, **more: object) -> dict[str, Any]:
    answer = client.post(POSTED, json=BODY | more)
    assert answer.status_code == 200, answer.text
    stores.apply()
    told: dict[str, Any] = answer.json()
    return told


def _late() -> list[Message]:
    """Half a day that comes late, and is bad."""
    return [hour(number, pm25=110 + number) for number in range(100, 112)]


def _rows(path: Path) -> list[str]:
    return [line for line in dump(path) if line.startswith("INSERT")]


def _bytes(client: httpx.Client, version: int = 1) -> bytes:
    answer = client.get(f"{POSTED}/{MONTH}/{version}")
    assert answer.status_code == 200, answer.text
    return answer.content


def test_a_published_month_comes_out_byte_for_byte(client: httpx.Client, stores: Stores) -> None:
    """It is the message, its hash the ETag; it tells the figures of cities and sections, and what they rest on."""
    told = _publish(client, stores)
    answer = client.get(f"{POSTED}/{MONTH}/1")
    assert hashlib.sha256(answer.content).hexdigest() == told["sha256"] == answer.headers["etag"].strip('"')
    document = answer.json()
    assert answer.content == json.dumps(document, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()
    assert (document["version"], document["sequence"], document["by"]) == (1, told["data_sequence"], "林工")
    city = document["cities"][CITY]
    assert city["rates"]["good_air"]["counted"] == 31
    assert city["statistics"]["pm25"]["valid_days"] == 31
    assert (city["ranking"]["rank"], city["ranking"]["of"]) == (1, 1)
    assert document["sections"][SECTION]["month"]["class"]["number"] == 2
    assert document["water"]["shares"]["evaluated"] == 1


def test_what_comes_later_is_held_back_and_shown(client: httpx.Client, stores: Stores) -> None:
    """The published bytes stay."""
    _publish(client, stores)
    published = _bytes(client)
    assert not client.get(f"{POSTED}/{MONTH}/difference").json()["differs"]
    stores.take(*_late())
    found = client.get(f"{POSTED}/{MONTH}/difference").json()
    assert found["differs"]
    assert found["pending"] == [{"subject": STATION, "values": 12}]
    figures = {one["figure"]: (one["published"], one["now"]) for one in found["differences"]}
    before, after = figures[f"cities/{CITY}/statistics/pm25/mean"]
    assert before < after
    assert _bytes(client) == published


def test_official_values_and_samples_of_a_laboratory_are_pending_too(client: httpx.Client, stores: Stores) -> None:
    """They count in what is published, and so do those that come late."""
    _publish(client, stores)
    last = stores.observations.sequence()
    told = [
        Observation.of(CITY, "day", BEGIN, "official", {"pm25": ("350", 1)}),
        Observation.of(SECTION, "instant", BEGIN, "manual", {"tp": ("0.35", 1), "codmn": ("14", 1)}),
    ]
    stores.observations.apply([Write(last + 1, one) for one in told], last + 1)
    found = client.get(f"{POSTED}/{MONTH}/difference").json()["pending"]
    assert found == [{"subject": CITY, "values": 1}, {"subject": SECTION, "values": 1}]


def test_answers_about_a_published_month_say_so_and_whether_they_differ(client: httpx.Client, stores: Stores) -> None:
    """Statistics and ranking; other periods, and the month before it was published, say nothing."""
    query = {"start": "2018-08-01", "end": "2018-09-01"}
    told = _publish(client, stores)

    def marks(**more: str) -> list[Any]:
        asked = [
            client.get(path, params=query | more) for path in (f"/api/v1/cities/{CITY}/statistics", "/api/v1/ranking")
        ]
        return [answer.json()["publication"] for answer in asked]

    assert marks() == [{"month": MONTH, "version": 1, "sha256": told["sha256"], "differs": False}] * 2
    stores.take(*_late())
    assert [mark["differs"] for mark in marks()] == [True, True]
    page = client.get("/ranking", params={"month": MONTH, "lang": "en"}).text
    assert "Published, version 1" in page
    assert f"/api/v1/publications/{MONTH}/difference" in page
    assert marks(as_of=str(told["sequence"] - 1)) == [None, None]
    assert marks(end="2018-08-31") == [None, None]


def test_the_next_version_needs_a_reason_and_lists_its_changes(client: httpx.Client, stores: Stores) -> None:
    """Version 1 stays byte for byte."""
    _publish(client, stores)
    first = _bytes(client)
    stores.take(*_late())
    refused = client.post(POSTED, json=BODY)
    assert (refused.status_code, "unlock it with a reason" in refused.json()["detail"]) == (409, True)
    assert client.post(POSTED, json=BODY | {"unlock": True}).status_code == 422
    told = _publish(client, stores, unlock=True, reason="two hours corrected")
    second = json.loads(_bytes(client, 2))
    assert told["version"] == second["version"] == 2
    assert second["reason"] == "two hours corrected"
    assert second["replaces"]["sha256"] == hashlib.sha256(first).hexdigest()
    assert f"cities/{CITY}/statistics/pm25/mean" in {change["figure"] for change in second["changes"]}
    assert _bytes(client) == first
    listed = client.get(POSTED).json()["publications"]
    assert [(one["version"], one["reason"]) for one in listed] == [(1, ""), (2, "two hours corrected")]
    assert not client.get(f"{POSTED}/{MONTH}/difference").json()["differs"]


def test_everything_but_the_journal_deleted_gives_the_same_bytes_again(
    client: httpx.Client, stores: Stores, empty: World, tmp_path: Path
) -> None:
    """And the same state; with marks, corrections and dust before, and a second version."""
    start = BEGIN + 50 * HOUR
    stores.take(
        audit_of(
            Act("mark_invalid", STATION, start, start + 3 * HOUR, items=("pm25",)),
            Act("correct", STATION, start + 5 * HOUR, start + 6 * HOUR, items=("o3",), value="77"),
            Act("dust", STATION, start, start + 30 * HOUR),
            stated=BEGIN,
        )
    )
    _publish(client, stores)
    stores.take(hour(200, pm25=300))
    _publish(client, stores, unlock=True, reason="late")
    stores.take(hour(201, pm25=300))
    published = [_bytes(client, version) for version in (1, 2)]
    shutil.copytree(stores.folder / "journal", tmp_path / "rebuilt" / "journal")
    rebuilt = Stores(tmp_path / "rebuilt")
    rebuilt.apply()
    services = rebuilt.services(empty.services)
    assert [compute_again(services, version_of(services, MONTH, version)) for version in (1, 2)] == published
    rebuilt.close()
    for name in ("observations.sqlite", "state.sqlite"):
        assert _rows(tmp_path / "rebuilt" / name) == _rows(stores.folder / name)


def test_hours_of_dust_are_left_out_of_index_and_rank_and_stay_in_the_published_rate(
    client: httpx.Client, stores: Stores
) -> None:
    """The assessed rate leaves the days out that they made bad."""
    stores.take(*(hour(240 + number, pm10=900, pm25=200) for number in range(24)))
    query = {"start": "2018-08-01", "end": "2018-09-01"}
    before = client.get(f"/api/v1/cities/{CITY}/statistics", params=query).json()
    assert before["rates"]["assessed"]["rate"] is None
    start = BEGIN + 240 * HOUR
    stores.take(audit_of(Act("dust", CITY, start, start + 24 * HOUR), reason="declared by CNEMC", stated=BEGIN))
    after = client.get(f"/api/v1/cities/{CITY}/statistics", params=query | {"explain": "true"}).json()
    assert after["rates"]["good_air"] == before["rates"]["good_air"]
    assert after["rates"]["assessed"]["counted"] == before["rates"]["good_air"]["counted"] - 1
    assert after["statistics"]["pm10"]["mean"] < before["statistics"]["pm10"]["mean"]
    assert after["statistics"]["pm10"]["valid_days"] == 30
    assert after["statistics"]["no2"] == before["statistics"]["no2"]
    assert after["ranking_index"]["value"] < before["ranking_index"]["value"]
    ranked = client.get("/api/v1/ranking", params=query).json()["cities"][0]
    assert ranked["index"] == after["ranking_index"]["value"]
    assert ranked["rate"] == after["rates"]["good_air"]["rate"]
    assert "沙尘" in json.dumps(after["explanation"], ensure_ascii=False)


def test_a_month_that_is_not_over_or_not_known_is_refused(client: httpx.Client) -> None:
    """With what would do."""
    assert client.post(POSTED, json=BODY | {"month": "2018-09"}).status_code == 409
    assert client.post(POSTED, json=BODY | {"month": "2018-13"}).status_code == 422
    assert client.post(POSTED, json=BODY | {"cities": ["999999"]}).status_code == 404
    assert client.post(POSTED, json=BODY | {"more": 1}).status_code == 422
    assert client.get(f"{POSTED}/{MONTH}/1").status_code == 404
    assert client.get(f"{POSTED}/{MONTH}/difference").status_code == 404
    away = client.post(POSTED, json=BODY, headers={"x-forwarded-for": "192.0.2.1"})
    assert away.status_code == 403


def test_only_the_cities_that_a_publication_holds_are_final(client: httpx.Client, stores: Stores) -> None:
    """Another one stays as it was; sections are held with every publication."""
    stores.take(
        Message("mqtt", "c", "qingchuan/330400/station", b'{"kind":"city","name":{"zh":"Jiaxing","en":"Jiaxing"}}'),
        Message("mqtt", "c", "qingchuan/330400/day", b'{"start":"2018-08-03T00:00:00+08:00","values":{"pm25":35}}'),
    )
    done = _publish(client, stores, cities=[CITY])
    query = {"start": "2018-08-01", "end": "2018-09-01"}

    def revision(code: str) -> tuple[int, str]:
        told = client.get(f"/api/v1/cities/{code}/statistics", params=query).json()["revision"]
        return told["sequence"], told["state"]

    assert revision(CITY) == (done["sequence"], "final")
    assert revision("330400") == (done["data_sequence"], "provisional")
    hours = client.get(f"/api/v1/stations/{STATION}/hours", params={"start": "2018-08-02", "end": "2018-08-03"}).json()
    assert {one["state"] for one in hours["hours"]} == {"final"}
    months = client.get(f"/api/v1/sections/{SECTION}/periods", params=query | {"by": "month"})
    assert '"final"' in months.text


def test_nothing_that_is_known_is_not_published(empty: World) -> None:
    """A service without a city and a section has no month to publish."""
    empty.clock.time = "2026-11-25T08:05:00+08:00"
    with serving(empty.services) as client:
        answer = client.post(POSTED, json=BODY | {"month": "2026-10"})
    assert answer.status_code == 409
    assert "no city and no section" in answer.json()["detail"]


def test_of_two_who_publish_at_once_the_second_is_not_taken(client: httpx.Client, stores: Stores) -> None:
    """Both are in the journal; the first is version 1."""
    first, second = (client.post(POSTED, json=BODY | {"by": name}).json() for name in ("林工", "周工"))
    stores.apply()
    assert first["version"] == second["version"] == 1
    assert [one["by"] for one in client.get(POSTED).json()["publications"]] == ["林工"]


def test_a_message_that_publishes_nothing_changes_nothing(client: httpx.Client, stores: Stores) -> None:
    """The applier goes on."""
    stores.take(Message("publication", "web", MONTH, b"{}"), hour(HOURS))
    assert client.get(POSTED).json()["publications"] == []


def test_a_hash_that_is_not_that_of_the_bytes_is_found(client: httpx.Client, stores: Stores, empty: World) -> None:
    """`qingchuan verify` looks for it."""
    _publish(client, stores)
    services = stores.services(empty.services)
    with closing(services.open_journal()) as journal:
        assert list(faults(stores.state.engine, journal)) == []
        with sqlite3.connect(stores.folder / "state.sqlite") as database:
            database.execute("UPDATE publication SET sha256 = 'forged'")
        [found] = faults(stores.state.engine, journal)
    assert "its bytes have the hash" in found.reason
    assert decode(compute_again(services, newest_of(services, MONTH))).month == MONTH
