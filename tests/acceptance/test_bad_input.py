"""What stations send wrongly costs itself and nothing else: it is refused with a reason, kept, and counted."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple

import pytest

from qingchuan.service.places import Places
from qingchuan.store.journal_reader import JournalReader
from tests.support.publisher import Publisher
from tests.support.service import Service

NOW = datetime.now(UTC).replace(minute=0, second=0, microsecond=0)


def _hour(hours_ago: int, values: str) -> bytes:
    """An hour that ended so many hours before the last full hour; `values` is the JSON of its values."""
    end = (NOW - timedelta(hours=hours_ago)).isoformat()
    return f'{{"end": "{end}", "values": {values}}}'.encode()


class Bad(NamedTuple):
    """A message of which something is to be refused.

    Attributes
    ----------
    topic : str
        Below the prefix.
    payload : bytes
    item : str or None
        The value that is refused; None where the whole message is.
    code : str
    hint : str
        Part of the reason: what has which value, or what would do.
    """

    topic: str
    payload: bytes
    item: str | None
    code: str
    hint: str


WHOLE = [
    Bad("1235A/hour", b"pm25=35", None, "not-json", "payload begins with b'pm25=35' and is not JSON"),
    Bad("1235A/hour", b'\xff\xfe{"values": {}}', None, "not-json", "send what docs/mqtt.md shows"),
    Bad("1235A/hour", _hour(1, '"35"'), None, "wrong-shape", "$.values"),
    Bad("1235A/hour", b'{"end": 1764028800, "values": {"pm25": 35}}', None, "wrong-shape", "$.end"),
    Bad(
        "1235A/hour",
        b'{"end": "2026-11-25 08:00", "values": {"pm25": 35}}',
        None,
        "wrong-time",
        "no offset; write it with",
    ),
    Bad("1235A/hour", _hour(-3, '{"pm25": 35}'), None, "future", "collector.future_tolerance"),
    Bad("9999Z/hour", _hour(1, '{"pm25": 35}'), None, "unknown-subject", "qingchuan/9999Z/station"),
    Bad("1235A/week", _hour(1, '{"pm25": 35}'), None, "unknown-topic", "qingchuan/<subject>/"),
    Bad("1236A/station", b'{"kind": "air-station"}', None, "wrong-shape", "name"),
]
"""Refused as a whole."""

PARTLY = [
    Bad(
        "1235A/hour", _hour(2, '{"pm25": NaN, "co": 0.72}'), "pm25", "wrong-value", "leave out an item that is missing"
    ),
    Bad("1235A/hour", _hour(3, '{"pm25": "35", "co": 0.73}'), "pm25", "wrong-value", 'pm25 is "35"'),
    Bad("1235A/hour", _hour(4, '{"pm25": null, "co": 0.74}'), "pm25", "wrong-value", "pm25 is null"),
    Bad("1235A/hour", _hour(5, '{"pm2.5": 35, "co": 0.75}'), "pm2.5", "unknown-item", "did you mean pm25?"),
    Bad("1235A/hour", _hour(6, '{"pm25": 1e999, "co": 0.76}'), "pm25", "wrong-value", "a finite JSON number"),
    Bad("1235A/hour", _hour(7, '{"pm25": [35], "co": 0.77}'), "pm25", "wrong-value", "pm25 is [35]"),
]
"""One value of each is refused; the carbon monoxide is good, 0.70 and the hours ago in hundredths."""

AHEAD = _hour(-1, '{"pm25": 35, "co": 0.69}')
"""An hour that ends with the next full hour: at most an hour ahead, and taken."""


@pytest.fixture(scope="module")
def letters(service: Service) -> Iterator[list[dict[str, Any]]]:
    """Publishes all of the above; what the API then says was refused, oldest first."""
    with Publisher(service.broker_port) as publisher:
        publisher.announce("1235A", kind="air-station", city="330200")
        for bad in (*WHOLE, *PARTLY):
            publisher.send(bad.topic, bad.payload)
        publisher.send("1235A/hour", AHEAD)
        service.wait_until_applied(len(WHOLE) + len(PARTLY) + 2)
        yield service.get("dead-letters", limit=100)["dead_letters"][::-1]


def test_everything_refused_is_listed_with_its_reason(letters: list[dict[str, Any]]) -> None:
    """In the order it came; the reason says what has which value and what would do."""
    assert [(letter["topic"], letter["item"], letter["code"]) for letter in letters] == [
        (f"qingchuan/{bad.topic}", bad.item, bad.code) for bad in (*WHOLE, *PARTLY)
    ]
    for letter, bad in zip(letters, (*WHOLE, *PARTLY), strict=True):
        assert bad.hint in letter["reason"], letter


def test_what_was_refused_is_kept_byte_for_byte(letters: list[dict[str, Any]], service: Service) -> None:
    """The journal has the payload under the number that the dead letter names."""
    reader = JournalReader(Places(service.data).journal)
    kept = {
        batch.sequence + offset: message.payload
        for batch in reader.read(0, limit=10_000)
        for offset, message in enumerate(batch.messages)
    }
    reader.close()
    assert [kept[letter["sequence"]] for letter in letters] == [bad.payload for bad in (*WHOLE, *PARTLY)]


def test_the_good_values_of_a_message_are_stored(letters: list[dict[str, Any]], service: Service) -> None:
    """A bad value costs itself; a message that was refused as a whole leaves nothing."""
    assert letters
    start, end = (NOW + timedelta(hours=hours) for hours in (-10, 1))
    hours = service.get("stations/1235A/hours", start=start.isoformat(), end=end.isoformat())["hours"]
    values = [{item: told["value"] for item, told in hour["items"].items() if told["valid"]} for hour in hours]
    assert values == [{"co": value} for value in (0.77, 0.76, 0.75, 0.74, 0.73, 0.72)] + [{"pm25": 35, "co": 0.69}]


def test_the_counts_add_up(letters: list[dict[str, Any]], service: Service) -> None:
    """Every message is applied, a duplicate, refused or waiting; single values are counted beside them."""
    assert service.get("dead-letters", limit=1)["total"] == {"messages": len(WHOLE), "values": len(PARTLY)}
    counts = service.counts()
    assert counts["received"] == len(WHOLE) + len(PARTLY) + 2
    assert (counts["applied"], counts["duplicate"]) == (len(PARTLY) + 2, 0)
    assert (counts["dead_letter"], counts["waiting"]) == (len(WHOLE), 0)
    assert len(letters) == len(WHOLE) + len(PARTLY)


def test_dead_letters_can_be_read_part_by_part(letters: list[dict[str, Any]], service: Service) -> None:
    """Newest first, those before a message."""
    newest = letters[::-1]
    first = service.get("dead-letters", limit=4)["dead_letters"]
    rest = service.get("dead-letters", limit=100, before=first[-1]["sequence"])["dead_letters"]
    assert first + rest == newest


def test_the_journal_verifies_and_the_service_is_well(letters: list[dict[str, Any]], service: Service) -> None:
    """After all that."""
    assert letters
    assert "whole" in service.command("verify").stdout
    assert service.client.get("/healthz").json()["status"] == "ok"
