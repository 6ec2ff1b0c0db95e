"""The other key cities: their daily results, and the messages that tell them."""

from __future__ import annotations

from datetime import date

import msgspec
import numpy as np
import pytest

from qingchuan.collector.codecs.native import decode_announcement, decode_observation
from qingchuan.collector.topics import parse_topic
from qingchuan.processing.air import key_cities
from qingchuan.processing.periods import day_start, parse_instant
from qingchuan.processing.scaled import MISSING, Scaled
from qingchuan.simulators.country import RankedCity, regions, week_days
from qingchuan.simulators.country_feed import CountryFeed
from qingchuan.simulators.days import ITEMS
from qingchuan.simulators.noise import weeks_between
from qingchuan.store.subjects import City, Name

NOW = parse_instant("2026-11-25T09:08:20+08:00")
DAY = 86_400
SHANGHAI, BEIJING = RankedCity("310000", "长三角"), RankedCity("110000", "京津冀及周边")
FEED = CountryFeed(
    {
        SHANGHAI: City(Name("上海", "Shanghai"), simulated=True),
        BEIJING: City(Name("北京", "Beijing"), simulated=True),
    }
)


def _year(cities: list[RankedCity]) -> Scaled:
    weeks = weeks_between(day_start(date(2025, 1, 1)), day_start(date(2026, 1, 1)))
    return np.concatenate([week_days(5, week, cities)[1] for week in weeks], axis=1)


@pytest.fixture(scope="module")
def year() -> dict[str, Scaled]:
    """A year of all key cities by region, each of shape (6, days, cities)."""
    cities = [RankedCity(city.code, city.region.zh) for city in key_cities.on(date(2018, 7, 1)) if city.region]
    values = _year(cities)
    return {name: values[:, :, [city.region == name for city in cities]] for name in regions()}


def _mean(values: Scaled, item: str) -> float:
    of_item = values[ITEMS.index(item)]
    return float(of_item[of_item != MISSING].mean())


def test_every_region_of_the_key_cities_has_an_air() -> None:
    """A city of a region that nobody described could not be simulated."""
    assert {city.region.zh for city in key_cities.on(date(2018, 7, 1)) if city.region} == set(regions())


def test_regions_differ_as_they_do(year: dict[str, Scaled]) -> None:
    """Fine particles are highest in the north, lowest in the south; PM2.5 is always below PM10."""
    fine = {name: _mean(values, "pm25") for name, values in year.items()}
    assert max(fine, key=fine.__getitem__) in {"京津冀及周边", "汾渭平原"}
    assert min(fine, key=fine.__getitem__) == "珠三角"
    for values in year.values():
        pm25, pm10 = values[ITEMS.index("pm25")], values[ITEMS.index("pm10")]
        both = (pm25 != MISSING) & (pm10 != MISSING)
        assert (pm25 <= pm10)[both].all()


def test_ozone_is_highest_in_summer_and_fine_particles_in_winter(year: dict[str, Scaled]) -> None:
    """Of the north; days 0 to 59 are winter, 150 to 209 summer."""
    north = year["京津冀及周边"]
    winter, summer = north[:, :60], north[:, 150:210]
    assert _mean(summer, "o3_8h") > 1.5 * _mean(winter, "o3_8h")
    assert _mean(winter, "pm25") > 1.5 * _mean(summer, "pm25")


def test_little_is_missing(year: dict[str, Scaled]) -> None:
    """But something is, so that a ranking meets days that are not complete."""
    missing = np.mean([(values == MISSING).mean() for values in year.values()])
    assert 0.001 < missing < 0.004


def test_a_week_does_not_depend_on_which_was_asked_before() -> None:
    """The same week twice is the same to the bit, another seed is another."""
    assert np.array_equal(week_days(5, 2950, [SHANGHAI])[1], week_days(5, 2950, [SHANGHAI])[1])
    assert not np.array_equal(week_days(5, 2950, [SHANGHAI])[1], week_days(6, 2950, [SHANGHAI])[1])


def test_an_unknown_region_is_refused() -> None:
    """With those that would do."""
    with pytest.raises(LookupError, match="000000 has the region '月球'; known are 京津冀及周边"):
        week_days(5, 2950, [RankedCity("000000", "月球")])


def test_the_collector_takes_every_message() -> None:
    """Announcements are retained and say that they are simulated; of the days no value is refused."""
    for message in FEED.announcements():
        assert message.retain
        assert decode_announcement(message.payload).simulated
    count, messages = FEED.history(NOW - 60 * DAY, NOW)
    listed = list(messages)
    assert len(listed) == count == 2 * 60
    for message in listed:
        _, refused = decode_observation(message.payload, parse_topic(message.topic, "qingchuan"), latest=NOW)
        assert not refused


def test_history_and_what_is_due_join_without_gap_and_without_repetition() -> None:
    """Asked for in parts it is the same as at once."""
    _, at_once = FEED.history(NOW - 3 * DAY, NOW)
    _, before = FEED.history(NOW - 3 * DAY, NOW - DAY)
    by_minute = [
        due.message
        for minute in range(24 * 60)
        for due in FEED.due(NOW - DAY + 60 * minute, NOW - DAY + 60 * (minute + 1))
    ]
    assert [*before, *by_minute] == list(at_once)


def test_yesterday_is_out_at_two_in_the_morning() -> None:
    """Not a second before, and Beijing's ten seconds after Shanghai's."""
    two = parse_instant("2026-11-25T02:00:00+08:00")
    assert FEED.due(two - DAY + 3600, two - 1) == []
    due = FEED.due(two - 1, two + 10)
    assert [each.time - two for each in due] == [0, 10]
    assert msgspec.json.decode(due[0].message.payload)["end"] == "2026-11-25T00:00:00+08:00"
