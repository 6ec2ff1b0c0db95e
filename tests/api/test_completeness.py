"""What is missing, and why: days and months made by hand, with one cause at a time and both sides of its limits."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Mapping
from typing import Any

import httpx
import pytest

from qingchuan.processing.completeness import CAUSES
from qingchuan.processing.periods import parse_instant
from qingchuan.store import traces
from qingchuan.store.observations import Observation, Period
from qingchuan.store.state import DeadLetter
from qingchuan.store.subjects import AirStation, City, Name, Section, Site, Subject
from qingchuan.store.traces import Gap, GapState, Kept, Trace, Window, WindowKind
from tests.api.test_collector import metrics
from tests.api.world import CITY, GOOD_HOUR, World

HOUR, DAY = 3600, 86_400
BEGIN = parse_instant("2026-11-10T00:00:00+08:00")
STATION, SECTION, SITE = "1299A", "xikou", "CJ09"
_HOURS = 15 * 24 + 7
"""Those of which a value was due at 8:05 of the 25th: the last ended at 7:00."""
READING = {"ph": "7.5", "do": "8", "codmn": "1.5", "nh3n": "0.1"}
ANALYSERS = ("codmn", "nh3n")
SUBJECTS: dict[str, Subject] = {
    STATION: AirStation(Name("新站", "New station"), CITY, evaluated=False),
    SECTION: Section(Name("溪口", "Xikou"), "river"),
    SITE: Site(Name("厂界", "Boundary"), "voc"),
}


@pytest.fixture(autouse=True)
def _announced(world: World) -> None:
    now, world.clock.time = world.clock.time, "2026-11-10T00:10:00+08:00"
    world.announce(SUBJECTS)
    world.clock.time = now


def fill(
    world: World,
    hours: Iterable[int],
    values: Mapping[str, str] = GOOD_HOUR,
    subject: str = STATION,
    period: Period = "hour",
    flags: Mapping[str, int] | None = None,
    by: Mapping[str, str] | None = None,
) -> None:
    """Let a subject tell the same values of so many hours after `BEGIN`."""
    items = {item: (value, (flags or {}).get(item, 2)) for item, value in values.items()}
    world.write([Observation.of(subject, period, BEGIN + hour * HOUR, "reported", items, by) for hour in hours])


def ask(
    client: httpx.Client,
    path: str = f"stations/{STATION}",
    start: str = "2026-11-10",
    end: str = "2026-11-26",
) -> dict[str, Any]:
    """The completeness of a subject."""
    answer = client.get(f"/api/v1/{path}/completeness", params={"start": start, "end": end})
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


def missing(client: httpx.Client, path: str = f"stations/{STATION}") -> dict[str, int]:
    """Why values of the month are missing."""
    (month,) = ask(client, path)["months"]
    assert month["expected"] == month["there"] + sum(month["missing"].values())
    found: dict[str, int] = month["missing"]
    return found


def window(kind: WindowKind, begin: float, end: float | None, number: int = 1, source: str = "c") -> Window:
    """A window from so many hours after `BEGIN` to so many."""
    begins, ends = (None if hour is None else round((BEGIN + hour * HOUR) * 1_000_000) for hour in (begin, end))
    return Window(number, kind, source, begins or 0, ends)


def keep(world: World, *found: Window | Gap | Trace) -> None:
    """What messages left behind."""
    kept = Kept(
        traces=[one for one in found if isinstance(one, Trace)],
        gaps=[one for one in found if isinstance(one, Gap)],
        windows=[one for one in found if isinstance(one, Window)],
    )
    traces.save(world.state.engine, kept)


def refuse(world: World, received: float, start: float | None, item: str | None = None, **more: str) -> None:
    """A dead letter that was received so many hours after `BEGIN`, and names the hour that begins so many after it."""
    told = {"subject": STATION, "topic": f"qingchuan/{STATION}/hour", "code": "wrong-value", **more}
    named = None if start is None else int(BEGIN + start * HOUR)
    came = round((BEGIN + received * HOUR) * 1_000_000)
    letter = DeadLetter(1, item, came, told["topic"], told["code"], "because", told["subject"], named)
    world.state.record([], [letter])


def test_a_station_that_tells_all_is_complete(world: World, client: httpx.Client) -> None:
    """By day and month; the hour that ended less than an hour ago may still come."""
    fill(world, range(_HOURS))
    answer = ask(client)
    days, (month,) = answer["days"], answer["months"]
    assert (days[0]["date"], days[-1]["date"], len(days)) == ("2026-11-10", "2026-11-25", 16)
    assert [(day["expected"], day["there"], day["completeness"]) for day in days] == [(144, 144, 100)] * 15 + [
        (42, 42, 100)
    ]
    assert month == {"month": "2026-11", "expected": 2202, "there": 2202, "missing": {}, "completeness": 100}
    assert answer["items"] == list(GOOD_HOUR)
    assert [entry["cause"] for entry in answer["causes"]] == list(CAUSES)
    assert (answer["kind"], answer["name"]["zh"], answer["simulated"]) == ("air-station", "新站", False)
    world.clock.time = "2026-11-25T08:59:59+08:00"
    assert ask(client)["days"][-1]["expected"] == 42
    world.clock.time = "2026-11-25T09:00:00+08:00"
    assert ask(client)["days"][-1]["expected"] == 48


def test_nothing_is_expected_before_the_announcement(world: World, client: httpx.Client) -> None:
    """Or before the first value, where that is earlier; then there is no share either."""
    assert [day["expected"] for day in ask(client, start="2026-11-09", end="2026-11-11")["days"]] == [0, 144]
    assert ask(client, start="2026-11-09", end="2026-11-10")["days"][0]["completeness"] is None
    fill(world, [-3])
    assert [day["expected"] for day in ask(client, start="2026-11-09", end="2026-11-11")["days"]] == [18, 144]


def test_a_day_is_the_same_however_much_is_asked_for(world: World, client: httpx.Client) -> None:
    """And its month is told whole."""
    fill(world, set(range(_HOURS)) - {30, 31, 100})
    day = ask(client, start="2026-11-11", end="2026-11-12")
    whole = ask(client)
    assert day["days"] == [whole["days"][1]]
    assert day["months"] == whole["months"]
    assert day["days"][0]["completeness"] == 91.7
    assert ask(client, start="2026-11-11", end="2026-11-11")["days"] == []


def test_what_a_station_does_not_send_while_it_is_heard_of_is_not_sent(world: World, client: httpx.Client) -> None:
    """An item, or up to two hours in a row; three are a station that is offline."""
    fill(world, set(range(_HOURS)) - {5, 6, 20, 21, 22})
    fill(world, [5, 6], {item: value for item, value in GOOD_HOUR.items() if item != "co"})
    assert missing(client) == {"not-sent": 2, "offline": 18}
    fill(world, [21], {"co": "0.7"})
    assert missing(client) == {"not-sent": 2 + 17}


def test_a_station_that_has_told_nothing_is_offline(client: httpx.Client) -> None:
    """All six items are missing since its announcement."""
    assert missing(client) == {"offline": _HOURS * 6}


def test_a_value_with_a_bad_flag_is_flagged_or_calibrating(world: World, client: httpx.Client) -> None:
    """By what set its flag; a window or a dead letter makes no difference to what is there."""
    fill(world, set(range(_HOURS)) - {5, 6})
    fill(world, [5], flags={"co": 4, "o3": 3, "so2": 4, "no2": 1}, by={"co": "device:M", "so2": "spike"})
    fill(world, [6], flags={"co": 4}, by={"co": "device:C"})
    keep(world, window("service-away", 5, 9))
    refuse(world, 6.1, 5)
    assert missing(client) == {"calibrating": 2, "flagged": 2}


def test_a_refused_message_is_the_cause_of_the_hour_that_it_names(world: World, client: httpx.Client) -> None:
    """Of all its items, whenever it came, before any window."""
    fill(world, set(range(_HOURS)) - {5, 6})
    refuse(world, 100, 5)
    keep(world, window("service-away", 5, 9))
    assert missing(client) == {"refused": 6, "service-away": 6}


@pytest.mark.parametrize(
    ("received", "found"), [(6, "refused"), (6.99, "refused"), (5.99, "not-sent"), (7, "not-sent")]
)
def test_a_refused_message_that_names_no_hour_is_that_of_the_hour_that_was_due(
    world: World, client: httpx.Client, received: float, found: str
) -> None:
    """An hour is told in the one that follows it."""
    fill(world, set(range(_HOURS)) - {5})
    refuse(world, received, None)
    assert missing(client) == {found: 6}


def test_a_message_of_the_future_is_that_of_the_hour_that_was_due(world: World, client: httpx.Client) -> None:
    """What it names is what is wrong with it."""
    fill(world, set(range(_HOURS)) - {5})
    refuse(world, 6.1, 13, code="future")
    assert missing(client) == {"refused": 6}


@pytest.mark.parametrize(
    ("item", "more", "found"),
    [
        ("co", {}, {"refused": 1, "not-sent": 5}),
        ("a21005", {}, {"refused": 1, "not-sent": 5}),
        ("a99999", {}, {"not-sent": 6}),
        (None, {"topic": f"qingchuan/{STATION}/minute"}, {"not-sent": 6}),
        (None, {"topic": "A330200_0001"}, {"refused": 6}),
        (None, {"subject": "1235A"}, {"not-sent": 6}),
    ],
)
def test_a_refused_value_is_a_cause_for_itself_only(
    world: World, client: httpx.Client, item: str | None, more: dict[str, str], found: dict[str, int]
) -> None:
    """By our name of the item or by its code; of the hour's own message, and of its own station."""
    fill(world, set(range(_HOURS)) - {5})
    refuse(world, 6.1, 5, item, **more)
    assert missing(client) == found


@pytest.mark.parametrize("kind", ["service-away", "broker-away"])
@pytest.mark.parametrize(
    ("begin", "end", "holds"),
    [
        (5.5, 6, False),
        (5.5, 6.01, True),
        (6.99, 8, True),
        (7, 8, False),
        (6.5, 6.5 + 59 / 3600, False),
        (6.5, 6.52, True),
    ],
)
def test_who_was_away_when_an_hour_was_due_is_its_cause(
    world: World,
    client: httpx.Client,
    kind: WindowKind,
    begin: float,
    end: float,
    holds: bool,  # noqa: FBT001
) -> None:
    """For a minute at least; shorter absences are bridged by those who send."""
    fill(world, set(range(_HOURS)) - {5})
    keep(world, window(kind, begin, end))
    assert missing(client) == {kind if holds else "not-sent": 6}


def test_a_broker_that_is_away_still_is_the_cause_up_to_now(world: World, client: httpx.Client) -> None:
    """And the service comes before it, if that was away too."""
    fill(world, range(_HOURS - 4))
    keep(world, window("broker-away", _HOURS - 3, None), window("service-away", _HOURS - 1, _HOURS + 0.5, 2))
    assert missing(client) == {"broker-away": 12, "service-away": 12}


def test_a_broker_is_no_cause_for_those_whom_another_client_receives(world: World, client: httpx.Client) -> None:
    """A logger that speaks to the gateway does not need it."""
    fill(world, set(range(_HOURS)) - {5})
    keep(world, window("broker-away", 5, 8), Trace(STATION, source="gateway"))
    assert missing(client) == {"not-sent": 6}
    keep(world, Trace(STATION, source="c"))
    assert missing(client) == {"broker-away": 6}


def test_a_session_that_was_lost_lost_what_was_due_meanwhile(world: World, client: httpx.Client) -> None:
    """However short it was."""
    fill(world, set(range(_HOURS)) - {5, 6, 7})
    keep(world, window("no-session", 6.5, 6.501))
    assert missing(client) == {"lost": 6, "offline": 12}


def gap(first: int, last: int, since: int, until: int, number: int = 9, state: GapState = "open") -> Gap:
    """Numbers that are missing between the hours that end so many hours after `BEGIN`."""
    lacking = [[first, last]]
    return Gap(number, STATION, first, last, BEGIN + since * HOUR, BEGIN + until * HOUR, 0, lacking, state)


def test_hours_whose_numbers_are_missing_were_lost_on_the_way(world: World, client: httpx.Client) -> None:
    """As many as numbers are missing; the others between them were not sent."""
    fill(world, set(range(_HOURS)) - {5, 6, 7, 50, 51})
    keep(world, gap(6, 7, 5, 9), gap(40, 40, 50, 53, 10))
    assert missing(client) == {"lost": 12 + 6, "offline": 6, "not-sent": 6}


def test_numbers_that_came_late_lost_nothing(world: World, client: httpx.Client) -> None:
    """Given up they stay lost; a refused message between them was not."""
    fill(world, set(range(_HOURS)) - {5, 6})
    keep(world, gap(6, 7, 5, 8, state="late"))
    assert missing(client) == {"not-sent": 12}
    keep(world, gap(6, 6, 5, 8, state="lost"))
    refuse(world, 6.1, 5)
    assert missing(client) == {"refused": 6, "lost": 6}


def test_a_section_is_expected_to_tell_by_the_cycle_of_each_item(world: World, client: httpx.Client) -> None:
    """Analysers every four hours, the five parameters every hour, from the first reading on."""
    path = f"sections/{SECTION}"
    assert ask(client, path)["months"][0]["expected"] == 0
    fill(world, range(24, _HOURS + 1), {"ph": "7.5", "do": "8"}, SECTION, "instant")
    fill(world, range(24, _HOURS + 1, 4), READING, SECTION, "instant")
    answer = ask(client, path)
    assert [day["expected"] for day in answer["days"][:3]] == [0, 2 * 24 + 2 * 6, 2 * 24 + 2 * 6]
    assert answer["months"][0]["completeness"] == 100
    assert answer["days"][-1]["expected"] == 2 * 7 + 2 * 1
    assert set(answer["items"]) == set(READING)


def test_a_reading_a_little_before_the_full_hour_is_that_of_the_hour(world: World, client: httpx.Client) -> None:
    """Ten minutes, not more."""
    path = f"sections/{SECTION}"
    start = BEGIN + 24 * HOUR
    items = {"codmn": ("1.5", 2)}

    def tell(early: int) -> None:
        told = range(start - early, start - early + 12 * HOUR, 4 * HOUR)
        world.write([Observation.of(SECTION, "instant", time, "reported", items) for time in told])

    tell(600)
    assert [day["there"] for day in ask(client, path)["days"][:2]] == [0, 3]
    tell(601)
    assert [day["there"] for day in ask(client, path)["days"][:2]] == [1, 3]


@pytest.mark.parametrize(("silent", "found"), [(2, {"not-sent": 2}), (3, {"offline": 3})])
def test_a_section_with_analysers_only_is_offline_after_three_cycles(
    world: World, client: httpx.Client, silent: int, found: dict[str, int]
) -> None:
    """Twelve hours, for it is heard of every four."""
    without = {96 + 4 * place for place in range(silent)}
    fill(world, set(range(0, _HOURS, 4)) - without, {"codmn": "1.5"}, SECTION, "instant")
    assert missing(client, f"sections/{SECTION}") == found


def test_a_flagged_analyser_and_one_that_was_lost_are_told_apart(world: World, client: httpx.Client) -> None:
    """In the slot of four hours; a dead letter in its time is a cause, too."""
    hours = set(range(0, _HOURS, 4))
    fill(world, hours - {8, 16, 40}, {"codmn": "1.5", "nh3n": "0.1"}, SECTION, "instant")
    fill(
        world, [8], {"codmn": "1.5", "nh3n": "0.1"}, SECTION, "instant", {"codmn": 4, "nh3n": 3}, {"codmn": "device:M"}
    )
    lost = Gap(9, SECTION, 4, 4, BEGIN + 12 * HOUR, BEGIN + 20 * HOUR, 0, [[4, 4]])
    keep(world, lost)
    refuse(world, 43.9, None, subject=SECTION, topic=f"qingchuan/{SECTION}/reading")
    assert missing(client, f"sections/{SECTION}") == {"calibrating": 1, "flagged": 1, "lost": 2, "refused": 2}


def test_a_message_that_was_lost_before_a_silence_was_lost_once(world: World, client: httpx.Client) -> None:
    """One number is missing: the first of five silent hours is lost; the slot of the analysers is not a second one."""
    hours = set(range(_HOURS)) - set(range(97, 102))
    fill(world, hours, {"ph": "7.5", "do": "8"}, SECTION, "instant")
    fill(world, {hour for hour in hours if hour % 4 == 0}, {"codmn": "1.5"}, SECTION, "instant")
    keep(world, Gap(9, SECTION, 4, 4, BEGIN + 96 * HOUR, BEGIN + 102 * HOUR, 0, [[4, 4]]))
    assert missing(client, f"sections/{SECTION}") == {"lost": 2, "offline": 8, "not-sent": 1}


def test_a_message_that_was_lost_with_a_run_of_analysers_lost_both(world: World, client: httpx.Client) -> None:
    """They were told by the same message."""
    hours = set(range(_HOURS)) - {96}
    fill(world, hours, {"ph": "7.5", "do": "8"}, SECTION, "instant")
    fill(world, {hour for hour in hours if hour % 4 == 0}, {"codmn": "1.5"}, SECTION, "instant")
    keep(world, Gap(9, SECTION, 4, 4, BEGIN + 95 * HOUR, BEGIN + 97 * HOUR, 0, [[4, 4]]))
    assert missing(client, f"sections/{SECTION}") == {"lost": 3}


def test_a_site_is_expected_to_tell_what_it_has_begun_to_tell(world: World, client: httpx.Client) -> None:
    """From the first value of each item on, and not what it may tell besides."""
    path = f"sites/{SITE}"
    fill(world, range(_HOURS), {"nmhc": "0.4"}, SITE)
    fill(world, range(48, _HOURS), {"benzene": "1.7"}, SITE)
    answer = ask(client, path)
    assert answer["items"] == ["nmhc", "benzene"]
    assert [day["expected"] for day in answer["days"][:3]] == [24, 24, 48]
    assert answer["months"][0]["completeness"] == 100


def test_who_has_fallen_silent_is_still_expected_to_tell_what_it_used_to(world: World, client: httpx.Client) -> None:
    """An item that was left out for a month and the one before is not, while others come."""
    path = f"sites/{SITE}"
    fill(world, range(24), {"nmhc": "0.4", "benzene": "1.7"}, SITE)
    world.clock.time = "2027-03-02T00:00:00+08:00"
    assert [month["expected"] for month in ask(client, path, "2027-02-01", "2027-02-02")["months"]] == [2 * 24 * 28]
    assert missing_of(ask(client, path, "2027-02-01", "2027-02-02")) == {"offline": 2 * 24 * 28}
    fill(world, range(24 * 100, 24 * 101), {"nmhc": "0.4"}, SITE)
    assert ask(client, path, "2027-02-01", "2027-02-02")["items"] == ["nmhc"]


def missing_of(answer: dict[str, Any]) -> dict[str, int]:
    """The causes of its first month."""
    found: dict[str, int] = answer["months"][0]["missing"]
    return found


@pytest.mark.parametrize("path", [f"sections/{STATION}", "stations/nobody", f"sites/{SECTION}"])
def test_who_is_of_another_kind_has_an_answer_elsewhere(client: httpx.Client, path: str) -> None:
    """The problem says where."""
    answer = client.get(f"/api/v1/{path}/completeness", params={"start": "2026-11-10", "end": "2026-11-11"})
    assert (answer.status_code, answer.json()["type"].rpartition("/")[2]) == (404, "unknown-subject")


def test_more_than_a_year_is_asked_for_in_parts(client: httpx.Client) -> None:
    """And an end lies after its start."""
    query = {"start": "2025-01-01", "end": "2026-01-03"}
    assert client.get(f"/api/v1/stations/{STATION}/completeness", params=query).status_code == 422
    query = {"start": "2026-01-02", "end": "2026-01-01"}
    assert client.get(f"/api/v1/stations/{STATION}/completeness", params=query).status_code == 422


def test_gaps_are_told_newest_first_with_what_is_still_missing(world: World, client: httpx.Client) -> None:
    """By subject, by state, and page by page."""
    other = Gap(12, "1235A", 1, 3, BEGIN, BEGIN + HOUR, 0, [[1, 1], [3, 3]])
    keep(world, gap(6, 7, 5, 9, 10, state="lost"), gap(9, 9, 9, 12, 11, state="late"), other)
    answer = client.get("/api/v1/collector/gaps").json()
    assert answer["total"] == {"open": 1, "late": 1, "lost": 1}
    assert [entry["sequence"] for entry in answer["gaps"]] == [12, 11, 10]
    assert answer["gaps"][0] == {
        "sequence": 12,
        "subject": "1235A",
        "numbers": {"first": 1, "last": 3},
        "state": "open",
        "missing": [{"first": 1, "last": 1}, {"first": 3, "last": 3}],
        "since": "2026-11-10T00:00:00+08:00",
        "until": "2026-11-10T01:00:00+08:00",
        "received": "1970-01-01T08:00:00+08:00",
    }

    def numbers(query: str) -> list[int]:
        return [entry["sequence"] for entry in client.get(f"/api/v1/collector/gaps?{query}").json()["gaps"]]

    assert numbers(f"subject={STATION}") == [11, 10]
    assert numbers("state=lost") == [10]
    assert numbers("limit=1") == [12]
    assert numbers("limit=1&before=12") == [11]
    assert client.get("/api/v1/collector/gaps?state=gone").status_code == 422
    assert metrics(client)["qingchuan_gaps_open",] == 1


def test_windows_are_told_newest_first(world: World, client: httpx.Client) -> None:
    """One that lasts has no end."""
    keep(world, window("no-session", 1, 2, 3), window("broker-away", 3, None, 7, "collector"))
    answer = client.get("/api/v1/collector/windows").json()
    assert answer["sequence"] == world.sequence
    assert [(entry["sequence"], entry["kind"], entry["end"]) for entry in answer["windows"]] == [
        (7, "broker-away", None),
        (3, "no-session", "2026-11-10T02:00:00+08:00"),
    ]
    assert answer["windows"][0]["name"] == {"zh": "消息代理中断", "en": "The broker was away"}
    assert len(client.get("/api/v1/collector/windows?limit=1&before=7").json()["windows"]) == 1


def test_clocks_are_told_with_what_is_wrong_with_them(world: World, client: httpx.Client) -> None:
    """A metric has the largest offset; without any it is not there."""
    assert ("qingchuan_clock_offset_seconds",) not in metrics(client)
    keep(
        world,
        Trace("1234A", moment=BEGIN, delays=deque([400, 240, 300])),
        Trace("1235A", moment=BEGIN, delays=deque([8 * HOUR + 60])),
        Trace("1236A"),
    )
    clocks = client.get("/api/v1/collector/clocks").json()["clocks"]
    assert [(clock["subject"], clock["offset"], clock["verdict"], clock["hours"]) for clock in clocks] == [
        ("1234A", 240, "right", None),
        ("1235A", 28_860, "time-zone", 8),
        ("1236A", None, None, None),
    ]
    assert (clocks[0]["messages"], clocks[0]["latest"], clocks[2]["latest"]) == (3, "2026-11-10T00:00:00+08:00", None)
    assert metrics(client)["qingchuan_clock_offset_seconds",] == 28_860


def test_a_city_is_the_sum_of_the_stations_that_are_evaluated_for_it(world: World, client: httpx.Client) -> None:
    """One that is not evaluated, or of another city, does not count."""
    other = AirStation(Name("他城", "Elsewhere"), "330100")
    world.announce({"2001A": other})
    fill(world, range(_HOURS), subject="1234A")
    fill(world, range(_HOURS - 6), subject="1235A")
    fill(world, range(3), subject="2001A")
    answer = ask(client, f"cities/{CITY}")
    of_each = [ask(client, f"stations/{station}") for station in ("1234A", "1235A")]
    assert (answer["subject"], answer["kind"], answer["simulated"]) == (CITY, "city", True)
    assert answer["items"] == list(GOOD_HOUR)
    for part in ("days", "months"):
        for whole, *stations in zip(answer[part], *(each[part] for each in of_each), strict=True):
            for count in ("expected", "there"):
                assert whole[count] == sum(each[count] for each in stations)
            causes = {cause for each in stations for cause in each["missing"]}
            assert whole["missing"] == {
                cause: sum(each["missing"].get(cause, 0) for each in stations) for cause in CAUSES if cause in causes
            }
    (month,) = answer["months"]
    assert month["missing"] == {"offline": 36}
    assert month["completeness"] == round(100 * month["there"] / month["expected"], 1)


def test_a_city_without_stations_has_nothing_to_be_complete(world: World, client: httpx.Client) -> None:
    """It is a city all the same; what is none is not found."""
    world.announce({"330100": City(Name("杭州", "Hangzhou"))})
    answer = ask(client, "cities/330100")
    assert (answer["days"], answer["months"], answer["items"]) == ([], [], [])
    assert client.get("/api/v1/cities/330199/completeness?start=2026-11-10&end=2026-11-11").status_code == 404
