"""What is said to a request that will not do."""

from __future__ import annotations

import httpx
import pytest

HOURS = "/api/v1/stations/1235A/hours"


def problem(client: httpx.Client, url: str, status: int) -> str:
    """The detail of the problem that `url` is answered with."""
    answer = client.get(url)
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    found = answer.json()
    assert set(found) == {"type", "title", "status", "detail"}
    assert found["status"] == status
    detail: str = found["detail"]
    return detail


@pytest.mark.parametrize(
    ("url", "kind"),
    [
        ("/api/v1/stations/9999X/hours?start=2026-11-24&end=2026-11-25", "air-station"),
        ("/api/v1/cities/990000/days?start=2026-11-24&end=2026-11-25", "city"),
        ("/api/v1/cities/990000/hours?start=2026-11-24&end=2026-11-25", "city"),
        ("/api/v1/cities/990000/good-air-rate?start=2026-11-24&end=2026-11-25", "city"),
        ("/api/v1/sections/nowhere/classes?start=2026-11-24&end=2026-11-25", "section"),
    ],
)
def test_an_unknown_subject_is_told_what_would_do(client: httpx.Client, url: str, kind: str) -> None:
    """With some ids, and where all of them are listed."""
    detail = problem(client, url, 404)
    assert f"/api/v1/stations?kind={kind}" in detail


def test_an_unknown_station_is_told_which_are_known(client: httpx.Client) -> None:
    """As long as they are few."""
    assert "known are 1234A, 1235A;" in problem(
        client, f"{HOURS.replace('1235A', 'X')}?start=2026-11-24&end=2026-11-25", 404
    )


def test_a_subject_of_another_kind_is_told_who_answers_about_it(client: httpx.Client) -> None:
    """A section has no hours."""
    detail = problem(client, "/api/v1/stations/yaojiang/hours?start=2026-11-24&end=2026-11-25", 404)
    assert "'yaojiang' is no air-station but a section; /api/v1/sections/yaojiang/classes" in detail


def test_a_subject_is_unknown_as_of_a_message_before_its_announcement(client: httpx.Client) -> None:
    """The station announced itself with the third message."""
    problem(client, f"{HOURS}?start=2026-11-24&end=2026-11-25&as_of=2", 404)
    assert client.get(f"{HOURS}?start=2026-11-24&end=2026-11-25&as_of=3").status_code == 200


@pytest.mark.parametrize(
    ("query", "name"),
    [
        ("start=yesterday&end=2026-11-25", "start"),
        ("start=2026-11-24&end=2026-13-01", "end"),
        ("start=2026-11-24T08:00:00&end=2026-11-25", "start"),
        ("start=2026-11-24&end=2026-11-23", "end"),
        ("start=2026-11-24", "end"),
        ("start=2026-11-24&end=2026-11-25&as_of=soon", "as_of"),
        ("start=2026-11-24&end=2026-11-25&as_of=-1", "as_of"),
        ("start=2026-11-24&end=2026-11-25&as_of=900", "as_of"),
        ("start=2026-11-24&end=2026-11-25&edition=HJ 633-2030", "edition"),
    ],
)
def test_a_wrong_parameter_is_named(client: httpx.Client, query: str, name: str) -> None:
    """And what would do."""
    assert problem(client, f"{HOURS}?{query}", 422).startswith(f"parameter {name} ")


def test_an_edition_that_does_not_exist_is_told_which_do(client: httpx.Client) -> None:
    """By their documents."""
    detail = problem(client, f"{HOURS}?start=2026-11-24&end=2026-11-25&edition=HJ 633-2030", 422)
    assert "HJ 633—2012 or HJ 633—2026" in detail


def test_a_plus_that_was_not_encoded_is_understood(client: httpx.Client) -> None:
    """In a query it arrives as a space."""
    query = "start=2026-11-24T08:00:00+08:00&end=2026-11-24T09:00:00+08:00"
    assert client.get(f"{HOURS}?{query}").status_code == 200


@pytest.mark.parametrize(("end", "status"), [("2026-01-04", 200), ("2026-01-06", 422)])
def test_more_than_five_years_of_hours_are_too_many(client: httpx.Client, end: str, status: int) -> None:
    """Parts of the range would do."""
    answer = client.get(f"{HOURS}?start=2021-01-01&end={end}")
    assert answer.status_code == status
    assert status == 200 or "at most 1830 days would do" in answer.json()["detail"]


def test_an_unknown_path_and_a_wrong_method_are_problems_too(client: httpx.Client) -> None:
    """The list of paths is in the OpenAPI document."""
    assert "/api/v1/openapi.json" in problem(client, "/api/v1/nothing", 404)
    answer = client.post("/api/v1/stations", json={})
    assert (answer.status_code, answer.headers["content-type"]) == (405, "application/problem+json")


@pytest.mark.parametrize("query", ["limit=0", "limit=1001", "limit=many", "state=ajar"])
def test_a_wrong_choice_is_a_problem(client: httpx.Client, query: str) -> None:
    """Both sides of the limit."""
    assert problem(client, f"/api/v1/alerts?{query}", 422).startswith(
        f"parameter {query.split('=', maxsplit=1)[0]} has "
    )


@pytest.mark.parametrize("path", ["/api/v1/alerts", "/api/v1/dead-letters"])
def test_an_entry_beyond_the_numbers_of_the_store_is_a_problem(client: httpx.Client, path: str) -> None:
    """Both sides of the limit, and below nothing."""
    assert client.get(f"{path}?before={2**63 - 1}").status_code == 200
    for before in (2**63, 10**40, -1):
        assert problem(client, f"{path}?before={before}", 422).startswith("parameter before has ")


@pytest.mark.parametrize(
    ("start", "end", "status"),
    [
        ("1900-01-01", "1900-01-01", 200),
        ("2200-01-01T00:00:00+08:00", "2200-01-01", 200),
        ("1899-12-31T23:59:59+08:00", "1900-01-01", 422),
        ("9999-12-31T20:00:00-12:00", "9999-12-31T20:00:00-12:00", 422),
        ("0001-01-01T00:00:00+14:00", "0001-01-01T00:00:00+14:00", 422),
        ("9999-12-31", "9999-12-31", 422),
    ],
)
def test_times_outside_of_three_centuries_are_refused(client: httpx.Client, start: str, end: str, status: int) -> None:
    """Both sides of each limit."""
    answer = client.get(HOURS, params={"start": start, "end": end})
    assert answer.status_code == status, answer.text
    assert status == 200 or "a time from 1900-01-01 up to 2200-01-01 would do" in answer.json()["detail"]


@pytest.mark.parametrize(
    ("url", "known"),
    [
        (f"{HOURS}?start=2026-11-24&end=2026-11-25&asof=3", "only start, end, edition, explain, as_of would do"),
        ("/api/v1/cities/330200/days?from=2026-11-24&to=2026-11-25", "only start, end, explain, as_of would do"),
        ("/api/v1/stations?Kind=city", "only kind, as_of would do"),
        ("/api/v1/alerts?stat=open", "only state, subject, limit, before would do"),
        ("/api/v1/air/live?last=3", "none would do"),
        ("/api/v1/events?last=3", "none would do"),
        ("/healthz?verbose=1", "none would do"),
    ],
)
def test_a_parameter_that_is_not_known_is_refused(client: httpx.Client, url: str, known: str) -> None:
    """A mistyped one must not be answered as if it had not been there."""
    assert known in problem(client, url, 422)


def test_the_page_takes_any_parameter(client: httpx.Client) -> None:
    """Messengers add their own to a link that is sent on."""
    assert client.get("/?lang=en&from=singlemessage").status_code == 200
