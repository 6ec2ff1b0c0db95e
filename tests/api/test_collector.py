"""Counts of messages, dead letters, metrics."""

from __future__ import annotations

from typing import Any

import httpx
from prometheus_client.parser import text_string_to_metric_families

from qingchuan.store.observations import Counts
from tests.api.serving import serving
from tests.api.world import CLEAN_READING, GOOD_HOUR, World


def metrics(client: httpx.Client) -> dict[tuple[str, ...], float]:
    """Values by name and labels."""
    answer = client.get("/metrics")
    assert answer.headers["content-type"].startswith("text/plain")
    families = text_string_to_metric_families(answer.text)
    return {(sample.name, *sample.labels.values()): sample.value for family in families for sample in family.samples}


def test_the_counts_add_up_and_name_the_sequence(world: World, client: httpx.Client) -> None:
    """As the assembling program counts them."""
    world.counts = Counts(received=10, applied=6, duplicate=2, dead_letter=1, waiting=1)
    assert client.get("/api/v1/collector").json() == {"sequence": world.sequence, **world.counts._asdict()}


def test_a_dead_letter_tells_what_was_refused_and_why(world: World, client: httpx.Client) -> None:
    """A whole message, and one value of another."""
    whole, single = world.refuse("qingchuan/1299A/hour"), world.refuse("qingchuan/1235A/hour", "pm3")
    answer: dict[str, Any] = client.get("/api/v1/dead-letters").json()
    assert answer["total"] == {"messages": 1, "values": 1}
    assert [letter["sequence"] for letter in answer["dead_letters"]] == [single, whole]
    assert answer["dead_letters"][0] == {
        "sequence": single,
        "item": "pm3",
        "received": world.clock.time,
        "topic": "qingchuan/1235A/hour",
        "code": "unknown-item",
        "reason": "items has 'pm3'; 'pm25' would do",
        "subject": None,
        "time": None,
        "tried": None,
        "settled": None,
    }
    assert answer["dead_letters"][1]["item"] is None


def test_dead_letters_come_page_by_page(world: World, client: httpx.Client) -> None:
    """`before` goes on where a page ended."""
    numbers = [world.refuse("qingchuan/1299A/hour") for _ in range(3)]
    page = client.get("/api/v1/dead-letters?limit=2").json()["dead_letters"]
    rest = client.get(f"/api/v1/dead-letters?before={page[-1]['sequence']}").json()["dead_letters"]
    assert [letter["sequence"] for letter in (*page, *rest)] == numbers[::-1]


def test_metrics_tell_counts_and_ages(world: World) -> None:
    """Ages by the clock of the data: the hour ended five minutes ago, the reading is an hour older."""
    world.counts = Counts(received=10, applied=6, duplicate=2, dead_letter=1, waiting=1)
    world.hour("1235A", "2026-11-25T08:00:00+08:00", GOOD_HOUR)
    world.reading("yaojiang", "2026-11-25T07:00:00+08:00", CLEAN_READING)
    with serving(world.services) as client, client.stream("GET", "/api/v1/events"):
        found = metrics(client)
    assert found["qingchuan_messages_received_total",] == 10
    assert [found["qingchuan_messages_total", outcome] for outcome in ("applied", "duplicate", "dead_letter")] == [
        6,
        2,
        1,
    ]
    assert found["qingchuan_messages_waiting",] == 1
    assert found["qingchuan_sequence",] == world.sequence
    assert (found["qingchuan_open_alerts",], found["qingchuan_notices", "waiting"]) == (0, 0)
    assert found["qingchuan_stream_clients",] == 1
    assert found["qingchuan_latest_reading_age_seconds", "air"] == 300
    assert found["qingchuan_latest_reading_age_seconds", "water"] == 3900


def test_an_age_that_is_not_known_is_left_out(client: httpx.Client) -> None:
    """Missing is not 0."""
    assert not [key for key in metrics(client) if key[0] == "qingchuan_latest_reading_age_seconds"]


def test_two_applications_have_metrics_of_their_own(world: World, client: httpx.Client) -> None:
    """Nothing is registered globally."""
    with serving(world.services) as other:
        assert metrics(other) == metrics(client)


def test_the_counts_of_each_subject_are_told(world: World, client: httpx.Client) -> None:
    """Null stands for messages about no subject that was announced."""
    world.counts_by_subject = {"": Counts(1, 0, 0, 1, 0), "1235A": Counts(9, 6, 2, 0, 1)}
    told = client.get("/api/v1/collector/subjects").json()["subjects"]
    assert [entry["subject"] for entry in told] == [None, "1235A"]
    assert told[1] == {"subject": "1235A", **Counts(9, 6, 2, 0, 1)._asdict()}
    found = metrics(client)
    assert found["qingchuan_subject_messages_total", "received", "1235A"] == 9
    assert found["qingchuan_subject_messages_total", "dead_letter", ""] == 1
    assert found["qingchuan_subject_messages_waiting", "1235A"] == 1


def test_while_very_many_messages_wait_no_subject_has_counts(world: World, client: httpx.Client) -> None:
    """Neither here nor among the metrics, which are there all the same."""
    world.counts_by_subject = None
    assert client.get("/api/v1/collector/subjects").json()["subjects"] is None
    assert not any(name[0].startswith("qingchuan_subject") for name in metrics(client))
