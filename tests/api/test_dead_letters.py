"""Dead letters over the interface: looked for, shown with their payload, exported, applied again."""

from __future__ import annotations

import base64
import csv
import dataclasses
import json
from collections.abc import Iterable, Iterator
from io import StringIO
from pathlib import Path
from typing import Any, NamedTuple

import httpx
import pytest

from qingchuan.collector.refusal import RefusedError, refusal_of
from qingchuan.store.journal import Journal, JournalUnavailableError
from qingchuan.store.journal_reader import JournalReader
from qingchuan.store.messages import Message
from tests.api.serving import serving
from tests.api.world import World
from tests.support.applying import Bench, hour_of, station

AGAIN = "/api/v1/dead-letters/again"
HOUR = "qingchuan/1236A/hour"
DAY = 86_400_000_000  # [µs]
SAID = {"by": "林工", "reason": "announced"}


class Place(NamedTuple):
    """Stores with what was refused, and a client of the application on them."""

    bench: Bench
    client: httpx.Client

    def numbers(self, **query: str) -> list[int]:
        """The messages of the letters that a query finds."""
        return [letter["sequence"] for letter in self.get(**query)["dead_letters"]]

    def get(self, **query: str) -> dict[str, Any]:
        """What a query is answered."""
        answer = self.client.get("/api/v1/dead-letters", params=query)
        assert answer.status_code == 200, answer.text
        found: dict[str, Any] = answer.json()
        return found


def services_on(world: World, bench: Bench) -> Any:  # noqa: ANN401 - of Services
    """The services of `world`, on the stores of `bench`."""
    folder = bench.folder / "journal"

    def append(messages: Iterable[Message]) -> int:
        journal = Journal(folder, lambda: bench.received)
        last = [journal.append([message]).last for message in messages]
        journal.close()
        return last[-1]

    return dataclasses.replace(
        world.services,
        state=bench.state,
        observations=bench.observations,
        open_journal=lambda: JournalReader(folder),
        append=append,
    )


@pytest.fixture
def place(empty: World, tmp_path: Path) -> Iterator[Place]:
    """Four messages that were refused, one of which a value was, on two days."""
    (tmp_path / "bench").mkdir()
    bench = Bench(tmp_path / "bench")
    partly = b'{"start":"2026-03-01T00:00:00Z","values":{"co":1,"pm26":2}}'
    bench.take(hour_of("35"), Message("mqtt", "c", HOUR, b"\xff=1"), station())
    bench.received += DAY
    bench.take(Message("mqtt", "c", "qingchuan/1235A/hour", partly), Message("mqtt", "c", "qingchuan/x", b"=1+1"))
    with serving(services_on(empty, bench)) as client:
        yield Place(bench, client)
    bench.close()


def test_letters_are_found_by_what_they_are_about(place: Place) -> None:
    """Each filter for itself, and together."""
    assert place.numbers() == [5, 4, 2, 1]
    assert place.numbers(topic="1236a") == [2]
    assert place.numbers(code="unknown-item") == [4]
    assert place.numbers(subject="1235A") == [4]
    assert place.numbers(subject="") == [5, 2, 1]
    assert place.numbers(text="PUBLISH ITS") == [2, 1]
    assert place.numbers(text="publish its", topic="1235A") == [1]
    assert place.numbers(topic="%") == []


def test_letters_are_found_by_when_they_were_received(place: Place) -> None:
    """The end is not included."""
    assert place.numbers(end="2026-03-02") == [2, 1]
    assert place.numbers(start="2026-03-02T01:00:00Z") == [5, 4]
    assert place.numbers(start="2026-03-01T01:00:00Z", end="2026-03-02T01:00:00Z") == [2, 1]
    assert place.client.get("/api/v1/dead-letters?start=noon").status_code == 422


def test_the_totals_are_of_all_that_a_query_finds(place: Place) -> None:
    """Also where a page shows one of them."""
    answer = place.get(limit="1")
    assert answer["total"] == {"messages": 3, "values": 1}
    assert [(one["code"], one["messages"], one["values"]) for one in answer["codes"]] == [
        ("unknown-subject", 2, 0),
        ("unknown-item", 0, 1),
        ("unknown-topic", 1, 0),
    ]
    assert place.get(code="unknown-item")["total"] == {"messages": 0, "values": 1}


def test_a_filter_goes_on_over_pages(place: Place) -> None:
    """And a mistyped one does not go unnoticed."""
    assert place.numbers(subject="", limit="2") == [5, 2]
    assert place.numbers(subject="", limit="2", before="2") == [1]
    assert place.client.get("/api/v1/dead-letters?reson=x").status_code == 422


def test_a_message_is_shown_with_its_payload(place: Place) -> None:
    """As text where it is one, else as base64."""
    found = place.client.get("/api/v1/dead-letters/1").json()
    assert (found["encoding"], found["payload"]) == ("text", hour_of("35").payload.decode())
    assert (found["topic"], found["source"], found["again"]) == ("qingchuan/1235A/hour", "c", None)
    assert [letter["code"] for letter in found["dead_letters"]] == ["unknown-subject"]
    found = place.client.get("/api/v1/dead-letters/2").json()
    assert (found["encoding"], base64.b64decode(found["payload"]), found["size"]) == ("base64", b"\xff=1", 3)
    assert place.client.get("/api/v1/dead-letters/3").status_code == 404


def test_what_the_gateway_refused_is_shown_as_it_arrived(place: Place) -> None:
    """Not as the journal wraps it."""
    place.bench.take(refusal_of("gateway", RefusedError("wrong-frame", "no frame"), b"##noise"))
    found = place.client.get("/api/v1/dead-letters/6").json()
    assert (found["kind"], found["payload"]) == ("refused", "##noise")


def test_a_spreadsheet_gets_every_letter_with_its_payload_and_no_formula(place: Place) -> None:
    """UTF-8 with a byte order mark, the oldest first."""
    answer = place.client.get("/api/v1/dead-letters/export")
    assert answer.headers["content-type"].startswith("text/csv")
    assert 'filename="dead-letters.csv"' in answer.headers["content-disposition"]
    assert answer.content.startswith(b"\xef\xbb\xbf")
    rows = list(csv.DictReader(StringIO(answer.content.decode("utf-8-sig"))))
    assert [row["sequence"] for row in rows] == ["1", "2", "4", "5"]
    assert rows[0]["payload"] == hour_of("35").payload.decode()
    assert rows[1]["encoding"] == "base64"
    assert rows[3]["payload"] == "'=1+1"


def test_programs_get_a_line_of_json_a_letter(place: Place) -> None:
    """With the same filters."""
    answer = place.client.get("/api/v1/dead-letters/export", params={"format": "jsonl", "topic": "qingchuan/x"})
    (line,) = answer.text.splitlines()
    assert json.loads(line)["payload"] == "=1+1"
    assert json.loads(line)["code"] == "unknown-topic"


def test_thousands_are_exported(place: Place) -> None:
    """Portion by portion, none twice and none left out."""
    place.bench.take(*(Message("mqtt", "c", "qingchuan/x", str(number).encode()) for number in range(1200)))
    lines = place.client.get("/api/v1/dead-letters/export?format=jsonl").text.splitlines()
    assert [json.loads(line)["sequence"] for line in lines] == [1, 2, *range(4, 1206)]


def test_what_was_mended_is_applied_again(place: Place) -> None:
    """It is in the journal then, with who says so and why, and applied in its turn."""
    answer = place.client.post(AGAIN, json={**SAID, "filter": {"topic": "1235A", "code": "unknown-subject"}})
    assert answer.json() == {"messages": 1, "sequence": 6}
    assert place.bench.pm25() == [None]
    place.bench.applier.step()
    assert place.bench.pm25() == [35.0]
    assert place.numbers(settled="true") == [1]
    assert place.numbers(settled="false") == [5, 4, 2]
    told = place.client.get("/api/v1/dead-letters/1").json()
    assert (told["again"]["by"], told["again"]["reason"], told["again"]["sequence"]) == ("林工", "announced", 6)


def test_messages_may_be_named_by_their_numbers(place: Place) -> None:
    """As ranges; what is named besides is no matter."""
    answer = place.client.post(AGAIN, json={**SAID, "sequences": [[1, 3], [3, 3], [9, 8]]})
    assert answer.json() == {"messages": 2, "sequence": 6}


@pytest.mark.parametrize(
    ("body", "status", "kind"),
    [
        ({**SAID, "filter": {"topic": "nowhere"}}, 404, "no-dead-letter"),
        ({**SAID}, 422, "wrong-body"),
        ({**SAID, "filter": {}, "sequences": [[1, 1]]}, 422, "wrong-body"),
        ({**SAID, "filter": {"tpoic": "x"}}, 422, "wrong-body"),
        ({"by": "林工", "filter": {}}, 422, "wrong-body"),
        ({"by": "林工", "reason": " ", "filter": {}}, 422, "wrong-body"),
        ({"by": "林工", "reason": "x" * 501, "filter": {}}, 422, "wrong-body"),
        ({**SAID, "sequences": [[-1, 1]]}, 422, "wrong-body"),
        ({**SAID, "filter": {"start": "noon"}}, 422, "wrong-parameter"),
    ],
)
def test_what_cannot_be_applied_again_is_said(place: Place, body: dict[str, Any], status: int, kind: str) -> None:
    """And nothing is appended."""
    answer = place.client.post(AGAIN, json=body)
    assert (answer.status_code, answer.json()["type"]) == (status, f"/problems/{kind}"), answer.text
    assert place.bench.journal.head().sequence == 5


@pytest.mark.parametrize(
    "headers",
    [
        {"origin": "http://evil.example"},
        {"origin": "null"},
        {"sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "same-site"},
        {"x-forwarded-for": "192.0.2.7"},
        {"forwarded": "for=192.0.2.7"},
    ],
)
def test_another_site_or_another_machine_may_not_write(place: Place, headers: dict[str, str]) -> None:
    """There is no login yet: what the browser and a proxy say decides."""
    answer = place.client.post(AGAIN, json={**SAID, "filter": {}}, headers=headers)
    assert answer.status_code == 403
    assert place.bench.journal.head().sequence == 5


def test_a_form_of_another_site_cannot_pass_for_json(place: Place) -> None:
    """A browser asks before it sends JSON elsewhere, and sends a form without asking."""
    answer = place.client.post(
        AGAIN, content=json.dumps({**SAID, "filter": {}}), headers={"content-type": "text/plain"}
    )
    assert answer.status_code == 415


def test_a_journal_that_takes_nothing_is_said(place: Place, empty: World) -> None:
    """The disk is full."""

    def full(_: object) -> int:
        raise JournalUnavailableError("journal: 3 MB are left on its disk")

    with serving(dataclasses.replace(services_on(empty, place.bench), append=full)) as client:
        answer = client.post(AGAIN, json={**SAID, "filter": {}})
    assert answer.status_code == 503
    assert "3 MB are left" in answer.json()["detail"]
