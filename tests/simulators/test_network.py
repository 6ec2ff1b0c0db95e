"""The simulated network: real stations, made-up readings."""

from __future__ import annotations

import msgspec

from qingchuan.simulators.network import ningbo
from qingchuan.store.subjects import AirStation, City, Section, parse_subject


def test_ningbo_has_its_eight_stations_and_nine_sections() -> None:
    """Codes of the national air stations, and ids that a topic can carry."""
    network = ningbo()
    assert [station.id for station in network.air] == [
        *("1234A", "1235A", "1236A", "1237A"),
        *("1239A", "1240A", "1241A", "2871A"),
    ]
    assert len(network.sections) == 9
    assert not any(set(subject) & set("/+#") for subject in network.subjects())


def test_every_subject_says_that_it_is_simulated() -> None:
    """City, stations and sections alike."""
    subjects = ningbo().subjects()
    assert len(subjects) == 18
    assert all(subject.simulated for subject in subjects.values())


def test_announcements_are_read_back_as_they_are() -> None:
    """The decoder of the store takes each of them."""
    for subject in ningbo().subjects().values():
        assert parse_subject(msgspec.json.encode(subject)) == subject


def test_what_is_not_known_is_left_out() -> None:
    """Sections have no coordinates, and two of them no river."""
    sections = [subject for subject in ningbo().subjects().values() if isinstance(subject, Section)]
    assert all(section.longitude is None for section in sections)
    assert [section.name.zh for section in sections if section.river is None] == ["水车", "梁桥"]


def test_every_section_is_held_to_a_target() -> None:
    """So that a demo can show one that is missed."""
    assert {section.target_class for section in ningbo().sections} == {2, 3}


def test_only_the_centre_of_the_north_lake_is_a_lake() -> None:
    """The kind of water body is metadata."""
    lakes = [section.name.zh for section in ningbo().sections if section.water_body == "lake"]
    assert lakes == ["北湖中心"]


def test_stations_belong_to_the_city_and_have_a_place() -> None:
    """All of them are in Ningbo, within half a degree of its centre."""
    subjects = ningbo().subjects()
    assert isinstance(subjects["330200"], City)
    stations = [subject for subject in subjects.values() if isinstance(subject, AirStation)]
    for station in stations:
        assert station.city == "330200"
        assert abs((station.longitude or 0) - 121.6) < 0.5
        assert abs((station.latitude or 0) - 29.9) < 0.5
