"""The engine against a real observation store and a real state database."""

from __future__ import annotations

import msgspec
import pytest

from qingchuan.alerts.queries import episodes
from qingchuan.store.observations import Observation, Write
from qingchuan.store.state import Announcement
from tests.alerts.support import HOUR, RULE, T0, Place, position, run


def test_a_class_v_reading_opens_an_episode_with_a_notice(place: Place) -> None:
    """Cursor, episode and notice are there after one step."""
    place.read(0, tp="0.35", ph="7")
    assert place.engine().step() == 1
    assert place.spans() == [(0, None, 5, 5)]
    assert place.told() == ["opened"]
    assert position(place) == 1


@pytest.mark.parametrize(
    ("value", "found"), [("0.3", []), ("0.3000001", [(0, None, 5, 5)]), ("0.5", [(0, None, 6, 6)])]
)
def test_class_iv_raises_no_alert(place: Place, value: str, found: list[tuple[float, float | None, int, int]]) -> None:
    """Both sides of the limit of 0.3 mg/L, and worse than Ⅴ."""
    place.read(0, tp=value)
    run(place.engine())
    assert place.spans() == found


def test_an_episode_lives_through_readings_one_by_one(place: Place) -> None:
    """It opens, gets worse, is held while the item is missing, gets better and closes."""
    engine = place.engine()
    for hour, items in enumerate([{"tp": "0.35"}, {"tp": "0.5"}, {"ph": "7"}, {"tp": "0.35"}, {"tp": "0.1"}]):
        place.clock.seconds = T0 + hour * HOUR
        place.read(hour, **items)
        run(engine)
    assert place.spans() == [(0, 4, 5, 6)]
    assert place.told() == ["opened", "rose", "fell", "closed"]


@pytest.mark.parametrize("flag", [3, 4])
def test_a_doubtful_value_neither_opens_nor_closes(place: Place, flag: int) -> None:
    """Suspect and bad values never count."""
    engine = place.engine()
    place.read(0, tp=("0.5", flag))
    run(engine)
    assert place.spans() == []
    place.read(1, tp="0.5")
    place.read(2, tp=("0.1", flag))
    run(engine)
    assert place.spans() == [(1, None, 6, 6)]


def test_a_corrected_value_retracts_its_episode(place: Place) -> None:
    """The episode stays on record as retracted, and people are told."""
    engine = place.engine()
    place.read(0, tp="0.5")
    run(engine)
    place.read(0, tp="0.05")
    run(engine)
    assert place.spans() == []
    assert place.told() == ["opened", "retracted"]
    assert [alert.state for alert in episodes(place.state.engine, limit=9)] == ["retracted"]


def test_what_was_taken_back_does_not_come_back(place: Place) -> None:
    """A bad value after a retraction opens an episode of its own."""
    engine = place.engine()
    for hour, value in ((0, "0.5"), (0, "0.05"), (1, "0.5")):
        place.read(hour, tp=value)
        run(engine)
    assert place.spans() == [(1, None, 6, 6)]
    assert place.told() == ["opened", "retracted", "opened"]
    assert [alert.state for alert in episodes(place.state.engine, limit=9)] == ["open", "retracted"]


def test_a_late_good_value_splits_an_episode(place: Place) -> None:
    """Bad at 0 and at 2; good at 1 comes last."""
    engine = place.engine()
    for hour, value in ((0, "0.5"), (2, "0.5"), (1, "0.1")):
        place.read(hour, tp=value)
        run(engine)
    assert place.spans() == [(0, 1, 6, 6), (2, None, 6, 6)]
    assert place.told() == ["opened", "closed", "split"]


def test_a_late_bad_value_moves_the_beginning(place: Place) -> None:
    """Also where the engine was started in between and knows nothing of later readings."""
    place.read(2, tp="0.5")
    run(place.engine())
    place.read(1, tp="0.35")
    run(place.engine())
    assert place.spans() == [(1, None, 6, 6)]
    assert place.told() == ["opened", "moved"]


def test_late_evidence_is_shown_without_a_notice(place: Place) -> None:
    """Ammonia measured before the episode opened is part of what was known then."""
    engine = place.engine()
    place.read(1, tp="0.5")
    run(engine)
    place.read(0, nh3n="0.1")
    run(engine)
    (alert,) = place.alerts()
    assert [measured.item for measured in alert.episode.moment.measured] == ["nh3n", "tp"]
    assert place.told() == ["opened"]


def test_a_value_that_is_taken_back_leaves_the_one_before(place: Place) -> None:
    """劣Ⅴ at 1 was wrong and becomes bad by its flag: what remains is Ⅴ at 0."""
    engine = place.engine()
    for hour, value in ((0, ("0.35", 2)), (1, ("0.5", 2)), (1, ("0.5", 4))):
        place.read(hour, tp=value)
        run(engine)
    (alert,) = place.alerts()
    assert place.spans() == [(0, None, 5, 5)]
    assert [measured.time for measured in alert.episode.holding] == [T0]
    assert place.told() == ["opened", "rose", "fell"]


def test_a_correction_of_what_closed_it_opens_it_again(place: Place) -> None:
    """The instant at which it closed belongs to what can change it."""
    engine = place.engine()
    for hour, value in ((0, "0.5"), (1, "0.1"), (1, "0.35")):
        place.read(hour, tp=value)
        run(engine)
    assert place.spans() == [(0, None, 5, 6)]
    assert place.told() == ["opened", "closed", "extended"]


def test_sections_are_judged_by_their_kind_of_water(place: Place) -> None:
    """0.15 mg/L is Ⅴ in the lake only; two episodes never mix."""
    place.read(0, "dazha", tp="0.15")
    place.read(0, "hu", tp="0.15")
    run(place.engine())
    assert (place.spans("dazha"), place.spans("hu")) == ([], [(0, None, 5, 5)])


def test_a_section_that_is_announced_anew_is_judged_by_its_new_kind(place: Place) -> None:
    """The engine runs on while metadata change."""
    engine = place.engine()
    place.read(0, tp="0.15")
    run(engine)
    place.announce("dazha", "lake")
    place.read(1, tp="0.15")
    run(engine)
    assert place.spans() == [(1, None, 5, 5)]


@pytest.mark.parametrize("restarts", [False, True])
def test_a_reading_is_judged_by_the_announcement_of_its_own_time(place: Place, *, restarts: bool) -> None:
    """Ⅴ in a lake stays Ⅴ when the lake becomes a river, also where a late reading makes the engine look again."""
    engine = place.engine()
    place.read(1, "hu", tp="0.15")
    run(engine)
    place.announce("hu", "river")
    place.read(0, "hu", tp="0.15")
    run(place.engine() if restarts else engine)
    assert place.spans("hu") == [(1, None, 5, 5)]
    assert place.told() == ["opened"]


def test_a_subject_that_becomes_a_section_is_judged_from_then_on(place: Place) -> None:
    """What came before, when it was announced as a city, is no reading of a section."""
    city = '{"kind":"city","name":{"zh":"宁波","en":"Ningbo"}}'
    place.state.record([Announcement(0, "new", city)], [])
    place.read(0, "new", tp="0.5")
    place.announce("new", "river")
    place.read(1, "new", tp="0.5")
    place.read(2, "new", tp="0.5")
    run(place.engine())
    assert place.spans("new") == [(1, None, 6, 6)]


def test_a_second_rule_has_episodes_of_its_own(place: Place) -> None:
    """Class Ⅳ or worse, and Ⅴ or worse, on the same readings."""
    fourth = msgspec.structs.replace(RULE, name="section-class-iv", at_least=4)
    place.read(0, tp="0.25")
    place.read(1, tp="0.5")
    run(place.engine(rules=(RULE, fourth)))
    found = {alert.rule: (alert.episode.opened - T0) // HOUR for alert in place.alerts()}
    assert found == {"section-class-v": 1, "section-class-iv": 0}


def test_unknown_subjects_and_other_periods_are_passed_over(place: Place, caplog: pytest.LogCaptureFixture) -> None:
    """An unknown one is noted once; hours of air stations are no concern."""
    engine = place.engine()
    for hours in (0, 1):
        place.read(hours, "nobody", tp="0.5")
        run(engine)
    place.state.record([Announcement(1, "330200", '{"kind":"city","name":{"zh":"宁波","en":"Ningbo"}}')], [])
    place.read(0, "330200", tp="0.5")
    hour = Observation.of("dazha", "hour", T0, "reported", {"tp": ("0.5", 2)})
    place.observations.apply([Write(9, hour)], 9)
    run(engine)
    assert (place.alerts(), position(place)) == ([], 9)
    assert [record.message.split(" ")[0] for record in caplog.records] == ["nobody"]


def test_stepping_again_changes_nothing(place: Place) -> None:
    """Nothing has changed, nothing is done; a new engine goes on from the cursor."""
    place.read(0, tp="0.5")
    run(place.engine())
    before = place.alerts()
    assert place.engine().step() == 0
    assert place.alerts() == before
