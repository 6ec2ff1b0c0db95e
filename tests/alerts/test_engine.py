"""The engine against a real observation store and a real state database."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select

from qingchuan.alerts.engine import Engine
from qingchuan.alerts.queries import episodes
from qingchuan.store.embedded import EmbeddedObservations
from qingchuan.store.observations import Observation, Readings, Write
from qingchuan.store.state import Announcement
from qingchuan.store.tables import cursor, notice
from tests.alerts.support import HOUR, RULE, T0, Place, run


def bodies(place: Place) -> list[dict[str, Any]]:
    """The bodies of all notices."""
    with place.state.engine.connect() as connection:
        return list(connection.execute(select(notice.c.body).order_by(notice.c.id)).scalars())


def position(place: Place) -> int | None:
    """Where the cursor stands."""
    with place.state.engine.connect() as connection:
        return connection.execute(select(cursor.c.sequence).where(cursor.c.name == "alerts")).scalar_one_or_none()


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


def test_history_makes_episodes_and_no_notices(place: Place) -> None:
    """One second more than the hour within which people are told."""
    place.clock.seconds = T0 + HOUR + 1
    place.read(0, tp="0.5")
    run(place.engine())
    (alert,) = place.alerts()
    assert (alert.history, alert.notices) == (True, ())


def test_an_event_of_just_an_hour_ago_is_told(place: Place) -> None:
    """The other side of the limit."""
    place.clock.seconds = T0 + HOUR
    place.read(0, tp="0.5")
    run(place.engine())
    (alert,) = place.alerts()
    assert (alert.history, len(alert.notices)) == (False, 1)


def test_what_people_were_told_about_is_told_to_its_end(place: Place) -> None:
    """The reading that closes it came a day late; who was alarmed hears of it all the same."""
    engine = place.engine()
    place.read(0, tp="0.5")
    run(engine)
    place.clock.seconds = T0 + 24 * HOUR
    place.read(1, tp="0.1")
    run(engine)
    assert place.told() == ["opened", "closed"]


def test_an_episode_of_history_that_gets_worse_now_is_told(place: Place) -> None:
    """It is history no longer."""
    place.clock.seconds = T0 + 24 * HOUR
    engine = place.engine()
    place.read(0, tp="0.35")
    run(engine)
    place.read(24, tp="0.5")
    run(engine)
    (alert,) = place.alerts()
    assert (alert.history, place.told()) == (False, ["rose"])


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


def test_each_target_gets_each_notice(place: Place) -> None:
    """And without a target there is none, but the episode is no history."""
    place.read(0, tp="0.5")
    run(place.engine(targets=("duty", "bureau")))
    assert place.told() == ["opened", "opened"]
    place.read(0, "hu", tp="0.5")
    run(place.engine(targets=()))
    assert len(place.told()) == 2
    assert [alert.history for alert in place.alerts()] == [False, False]


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
    place.read(0, "nobody", tp="0.5")
    place.read(1, "nobody", tp="0.5")
    place.state.record([Announcement(1, "330200", '{"kind":"city","name":{"zh":"宁波","en":"Ningbo"}}')], [])
    place.read(0, "330200", tp="0.5")
    hour = Observation("dazha", "hour", T0, "reported", {"tp": ("0.5", 2)})
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


def test_all_is_written_or_nothing(place: Place) -> None:
    """A step that breaks in its transaction is done again from the start, without leaving a trace."""
    place.read(0, tp="0.5")

    def broken() -> str:
        raise OSError("the head cannot be read")

    engine = Engine(
        place.observations, place.state, (RULE,), now=place.clock, notify_within=HOUR, targets=("duty",), head=broken
    )
    with pytest.raises(OSError, match="the head cannot be read"):
        engine.step()
    assert (position(place), place.alerts()) == (None, [])
    run(place.engine())
    assert (position(place), place.told()) == (1, ["opened"])


def test_an_engine_that_was_away_knows_of_no_later_readings(place: Place) -> None:
    """Another one judged the reading at 2 in the meantime; the late one at 1 still belongs to its episode."""
    first = place.engine()
    place.read(0, tp="0.1")
    run(first)
    place.read(2, tp="0.5")
    run(place.engine())
    place.read(1, tp="0.35")
    run(first)
    assert place.spans() == [(1, None, 6, 6)]


class Interrupted(EmbeddedObservations):
    """Observations during whose reading something else happens."""

    happens: Callable[[], object]

    def readings(
        self, subjects: Sequence[str], items: Sequence[str], start: int, end: int, as_of: int | None = None
    ) -> Readings:
        """The readings, after what happens."""
        self.happens()
        return super().readings(subjects, items, start, end, as_of)


def test_of_two_engines_one_does_the_work(place: Place, tmp_path: Path) -> None:
    """The slower one finds the cursor moved and writes nothing; afterwards it goes on."""
    place.read(0, tp="0.5")
    observations = Interrupted(tmp_path / "observations.sqlite3", read_only=True)
    observations.happens = place.engine().step
    slow = Engine(observations, place.state, (RULE,), now=place.clock, notify_within=HOUR, targets=("duty",))
    assert slow.step() == 1
    assert place.told() == ["opened"]
    place.read(1, tp="0.1")
    observations.happens = int
    run(slow)
    assert place.told() == ["opened", "closed"]
    observations.close()


def test_the_notice_carries_what_its_reader_needs(place: Place) -> None:
    """Names, classes, values with limits, edition, times in Beijing time."""
    place.read(0, tp="0.45", ph="7.2")
    run(place.engine())
    (body,) = bodies(place)
    assert body["title"] == {
        "zh": "【模拟】大闸：劣Ⅴ类（告警开始）",
        "en": "[simulated] Dazha: class worse than Ⅴ (opened)",
    }
    assert body["time"] == "2026-11-25T08:00:00+08:00"
    assert body["class"] == {"number": 6, "zh": "劣Ⅴ", "en": "worse than Ⅴ"}
    assert [(found["item"], found["value"], found["limit"], found["unit"]) for found in body["deciding"]] == [
        ("tp", 0.45, 0.4, "mg/L")
    ]
    assert body["subject"]["name"] == {"zh": "大闸", "en": "Dazha"}
    assert (body["edition"], body["sequence"], body["simulated"]) == ("GB 3838—2002", 1, True)


# One reading of an hour: which value of phosphorus and of oxygen, as text with a flag, if any.
values = st.sampled_from([("0.1", 2), ("0.35", 2), ("0.5", 1), ("0.5", 3)])
oxygen = st.sampled_from([("8", 2), ("2.5", 2), ("1", 4)])
reading = st.tuples(st.integers(0, 7), st.fixed_dictionaries({}, optional={"tp": values, "do": oxygen}))
Reading = tuple[int, dict[str, tuple[str, int]]]


def outcome(readings: Sequence[Reading], steps: set[int], *, limit: int, restarts: bool) -> list[dict[str, Any]]:
    """The episodes without ids and sequence numbers, after the readings came in this order."""
    with tempfile.TemporaryDirectory() as folder:
        place = Place(Path(folder))
        engine = place.engine(limit=limit)
        for index, (hour, items) in enumerate(readings):
            place.read(hour, **items)
            if index in steps:
                engine.step()
                engine = place.engine(limit=limit) if restarts else engine
        run(engine)
        found = [_without_sequence(msgspec.to_builtins(alert.episode)) for alert in place.alerts()]
        place.close()
        return found


def _without_sequence(episode: dict[str, Any]) -> dict[str, Any]:
    moment = {key: value for key, value in episode["moment"].items() if key != "sequence"}
    return {**{key: value for key, value in episode.items() if key != "sequence"}, "moment": moment}


@settings(max_examples=40, deadline=None)
@given(st.data())
def test_any_order_of_arrival_ends_in_the_same_episodes(data: st.DataObject) -> None:
    """Late, doubled and shuffled readings, judged in any batches, with restarts, as if they had come in order."""
    told = data.draw(st.dictionaries(*_parts(), max_size=8), label="readings")
    in_order = sorted(told.items())
    doubled = in_order + data.draw(st.lists(st.sampled_from(in_order), max_size=3) if in_order else st.just([]))
    shuffled = data.draw(st.permutations(doubled), label="arrival")
    steps = data.draw(st.sets(st.integers(0, 10)), label="steps after")
    limit = data.draw(st.integers(1, 4), label="limit")
    restarts = data.draw(st.booleans(), label="restarts")
    assert outcome(shuffled, steps, limit=limit, restarts=restarts) == outcome(
        in_order, set(), limit=64, restarts=False
    )


def _parts() -> tuple[st.SearchStrategy[int], st.SearchStrategy[dict[str, tuple[str, int]]]]:
    return st.integers(0, 9), st.fixed_dictionaries({}, optional={"tp": values, "do": oxygen})


@settings(max_examples=40, deadline=None)
@given(st.lists(reading, max_size=10), st.sets(st.integers(0, 10)), st.booleans())
def test_corrections_end_in_the_episodes_of_the_corrected_readings(
    readings: list[Reading],
    steps: set[int],
    restarts: bool,  # noqa: FBT001  # drawn by hypothesis
) -> None:
    """What is corrected step by step ends as if only the last values had ever come."""
    final: dict[int, dict[str, tuple[str, int]]] = {}
    for hour, items in readings:
        final[hour] = {**final.get(hour, {}), **items}
    corrected = outcome(readings, steps, limit=2, restarts=restarts)
    assert corrected == outcome(sorted(final.items()), set(), limit=64, restarts=False)


def test_notices_are_counted_once_for_each_transition(place: Place) -> None:
    """A batch that tells the same reading twice makes one notice."""
    place.read(0, tp="0.5")
    place.read(0, tp="0.50")
    run(place.engine())
    with place.state.engine.connect() as connection:
        assert connection.execute(select(func.count()).select_from(notice)).scalar_one() == 1
