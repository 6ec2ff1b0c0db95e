"""Checks that stations make of themselves: judged, kept, and what they say of earlier values."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest

from qingchuan.collector.decoding import Decoding
from qingchuan.collector.devices import Device, Format
from qingchuan.processing.flags import BAD, GOOD, SUSPECT
from qingchuan.processing.periods import to_beijing
from qingchuan.store import station_checks
from qingchuan.store.messages import Message
from qingchuan.store.station_checks import Check
from tests.support.applying import START, Bench, connection, nothing_waits
from tests.support.hj212_frames import told

HOUR, DAY = 3600, 86_400
_BY_STEP = 'INSERT INTO "written"'
"""Where to look for what a step wrote; the same steps are not taken again."""

MN = "A330200_0001"
SECTION = b'{"kind":"section","name":{"zh":"\xe5\x9d\x9d","en":"Dazha"},"water_body":"river"}'
GATE = b'{"kind":"site","name":{"zh":"\xe5\x8f\xa3","en":"Gate"},"purpose":"outfall"}'
SETTINGS = Decoding(
    devices=(Device(MN, "dazha", dialect="cnemc"), Device("A330200_0002", "gate", dialect="hj212-2025")),
    formats=(Format("loggers/#", "hj212"),),
)


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Bench]:
    """A bench that knows the section and its logger."""
    made = _bench(tmp_path / "lived")
    yield made
    made.close()


def _bench(folder: Path) -> Bench:
    folder.mkdir()
    made = Bench(folder)
    made.received = (START + 30 * DAY) * 1_000_000
    made.take(
        Message("settings", "c", "", msgspec.json.encode(SETTINGS)),
        Message("mqtt", "c", "qingchuan/dazha/station", SECTION),
        Message("mqtt", "c", "qingchuan/gate/station", GATE),
    )
    return made


def reading(hours: int, value: str, flag: int | None = None, item: str = "nh3n") -> Message:
    """A reading of the section, so many hours after the beginning."""
    time, flags = _label(hours), f',"flags":{{"{item}":{flag}}}' if flag else ""
    payload = f'{{"time":"{time}","values":{{"{item}":{value}}}{flags}}}'
    return Message("mqtt", "c", "qingchuan/dazha/reading", payload.encode())


def check(hours: float, measured: str, standard: str = "0", kind: int = 2065, more: str = "", mn: str = MN) -> Message:
    """A zero check of ammonia nitrogen, so many hours after the beginning; 0.2 mg/L of deviation pass."""
    moment = to_beijing(START + int(hours * HOUR)).strftime("%Y%m%d%H%M%S")
    data = f"DataTime={moment};w21003-Check={measured},w21003-StandardValue={standard}{more}"
    return Message("hj212", "gateway", mn, told(data, f"CN={kind};MN={mn};Flag=9"))


def _label(hours: float) -> str:
    return to_beijing(START + int(hours * HOUR)).isoformat()


def flags(bench: Bench, item: str = "nh3n", as_of: int | None = None) -> dict[int, int]:
    """The flags of the readings, by hours after the beginning."""
    found = bench.observations.readings(["dazha"], [item], START - 30 * DAY, START + 30 * DAY, as_of)
    hours = (found.times.astype("int64") - START) // HOUR
    return dict(zip(hours.tolist(), found.flags[0].tolist(), strict=True))


def checks(bench: Bench) -> list[Check]:
    """What is kept of checks, the oldest first."""
    return station_checks.between(bench.state.engine, 0, 2**40, 100, 2**40)[::-1]


def _dump(path: Path) -> list[str]:
    database = sqlite3.connect(path)
    lines = list(database.iterdump())
    database.close()
    return [line for line in lines if not line.startswith(_BY_STEP)]


def test_a_failed_check_makes_the_values_bad_back_to_the_last_good_one(bench: Bench) -> None:
    """After the good check, and up to the failed one; not those before, not those after, not other items."""
    bench.take(check(4, "0.1"), *(reading(hour, "0.5") for hour in (0, 4, 8, 12, 16)), reading(8, "0.1", item="tp"))
    bench.take(check(12, "0.21"))
    assert flags(bench) == {0: 1, 4: 1, 8: BAD, 12: BAD, 16: 1}
    assert flags(bench, "tp")[8] == GOOD
    good, failed = checks(bench)
    assert (good.passed, good.flagged) == (True, None)
    assert (failed.passed, failed.flagged) == (False, START + 4 * HOUR)
    assert msgspec.json.decode(failed.told) == {"code": "w21003", "measured": "0.21", "standard": "0", "unit": "mg/L"}
    assert {(mark.item, mark.by) for mark in bench.observations.marks(["dazha"], "instant", 0, 2**40)} == {
        ("nh3n", "check:zero")
    }


def test_without_a_good_check_the_last_24_hours_are_bad(bench: Bench) -> None:
    """Also where the last good one is older than a week, or of another kind."""
    bench.take(check(-8 * 24, "0"), check(20, "2", "2", 2066), *(reading(hour, "0.5") for hour in (-4, 0, 4, 8)))
    bench.take(check(24, "0.5"))
    assert flags(bench) == {-4: 1, 0: 1, 4: BAD, 8: BAD}


def test_what_the_values_were_before_can_still_be_asked_for(bench: Bench) -> None:
    """The marks are revisions, with the sequence of the check; the values are as they were sent."""
    bench.take(reading(8, "0.50"))
    before = bench.journal.head().sequence
    bench.take(check(12, "0.5"))
    assert flags(bench, as_of=before) == {8: GOOD}
    assert flags(bench) == {8: BAD}
    [stored] = bench.observations.reported("dazha", "instant", START, START + DAY)
    assert stored.values == '{"nh3n":0.50}'


def test_a_flag_of_the_device_that_is_as_bad_stays(bench: Bench) -> None:
    """A worse one takes the place of a suspect one."""
    bench.take(reading(4, "0.5", BAD), reading(8, "0.5", SUSPECT), check(12, "0.5"))
    assert flags(bench) == {4: BAD, 8: BAD}
    assert [mark.start for mark in bench.observations.marks(["dazha"], "instant", 0, 2**40)] == [START + 8 * HOUR]


def test_the_mark_stays_whatever_is_told_of_that_time_later(bench: Bench) -> None:
    """A value sent again, corrected or late; what is told of the time after the check is not marked."""
    bench.take(reading(8, "0.5"), check(12, "0.5"))
    bench.take(reading(8, "0.5"), reading(8, "0.4"), reading(10, "0.4"), reading(13, "0.4"))
    assert flags(bench) == {8: BAD, 10: BAD, 13: GOOD}
    bench.restart()
    bench.take(reading(8, "0.3"), reading(11, "0.4"))
    assert flags(bench) == {8: BAD, 10: BAD, 11: BAD, 13: GOOD}


def test_a_check_that_passes_takes_no_mark_back(bench: Bench) -> None:
    """Not of its time, and not of an earlier one."""
    bench.take(reading(8, "0.5"), check(12, "0.5"), check(13, "0.1"), check(12, "0.1"), reading(8, "0.5"))
    assert flags(bench) == {8: BAD}


def test_a_check_that_was_told_again_is_a_duplicate(bench: Bench) -> None:
    """It is kept once; one with other numbers is another."""
    bench.take(check(12, "0.5"))
    before = bench.observations.tally()
    bench.take(check(12, "0.5"), check(12, "0.6"))
    after = bench.observations.tally()
    assert (after.applied - before.applied, after.duplicate - before.duplicate) == (1, 1)
    assert [msgspec.json.decode(found.told)["measured"] for found in checks(bench)] == ["0.5", "0.6"]


def test_what_no_limit_judges_the_station_judges_itself_or_nobody(bench: Bench) -> None:
    """Parallel samples of water stations, and everything of an outfall."""
    bench.take(check(4, "0.5", kind=2064, more=",w21003-Water=0.1"))
    for hour, more in ((5, ",w21003-ResultType=0"), (6, ",w21003-ResultType=1"), (7, "")):
        frame = check(hour, "9", "2", 2062, more, "A330200_0002")
        bench.take(Message("mqtt", "c", "loggers/2", frame.payload))
    assert [(found.subject, found.kind, found.passed) for found in checks(bench)] == [
        ("dazha", "parallel", None),
        ("gate", "standard", False),
        ("gate", "standard", True),
        ("gate", "standard", None),
    ]


def test_a_check_of_an_instrument_at_fault_says_nothing(bench: Bench) -> None:
    """Neither good nor failed: its number is no measurement."""
    bench.take(reading(8, "0.5"), check(12, "0.5", more=",w21003-Flag=D"), check(13, "0.1", more=",w21003-Flag=D"))
    assert [found.passed for found in checks(bench)] == [None, None]
    assert flags(bench) == {8: GOOD}


def test_a_check_of_an_unknown_sender_or_item_is_a_dead_letter(bench: Bench) -> None:
    """As a value is."""
    bench.take(check(12, "0.5", mn="nobody"))
    payload = told("DataTime=20260301120000;x1-Check=1;w21003-Check=1", f"CN=2065;MN={MN};Flag=9")
    bench.take(Message("hj212", "gateway", MN, payload))
    found = bench.state.dead_letters(10)
    assert {(letter.item, letter.code) for letter in found} == {
        (None, "unknown-subject"),
        ("w21003", "unknown-subject"),
        ("x1", "unknown-item"),
    }
    assert nothing_waits(bench)


def test_a_check_over_mqtt_is_one_also_where_the_settings_that_say_so_came_together_with_it(bench: Bench) -> None:
    """The values before it in the batch are marked, those after it are not."""
    frame = check(12, "0.5").payload
    formats = (*SETTINGS.formats, Format("frames/#", "hj212"))
    bench.take(
        reading(4, "0.5"),
        Message("settings", "c", "", msgspec.json.encode(msgspec.structs.replace(SETTINGS, formats=formats))),
        reading(8, "0.5"),
        Message("mqtt", "c", "frames/1", frame),
        reading(16, "0.5"),
    )
    assert flags(bench) == {4: BAD, 8: BAD, 16: GOOD}


def test_every_message_counts_once(bench: Bench) -> None:
    """Those that mark, those that mark nothing, and those in one batch with others."""
    start = sum(bench.observations.tally())
    bench.take(reading(8, "0.5"), check(12, "0.5"), check(13, "0.1"), reading(12, "0.5"), check(14, "0.1", kind=2064))
    assert sum(bench.observations.tally()) - start == 5
    assert bench.observations.tallies()[1]["dazha"].applied == 6


def test_a_kill_between_a_check_and_what_was_held_with_it_makes_no_repeat_news(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is settled up to the check was known to be a repeat, also of messages after it."""
    bench.take(connection(), reading(8, "0.5"), reading(8, "0.7"))
    before = bench.observations.tally()
    bench.journal.append([connection(), check(12, "0.1"), reading(8, "0.5"), reading(8, "0.7"), reading(16, "0.5")])
    apply = bench.observations.apply

    def killed(writes: object, up_to: int, others: object) -> None:
        if up_to == bench.journal.head().sequence:
            raise OSError
        apply(writes, up_to, others)  # type: ignore[arg-type]

    monkeypatch.setattr(bench.observations, "apply", killed)
    with pytest.raises(OSError):  # noqa: PT011 - it is ours
        bench.applier.step()
    assert bench.observations.sequence() == bench.journal.head().sequence - 3
    bench.restart()
    while bench.applier.step():
        pass
    after = bench.observations.tally()
    assert (after.applied - before.applied, after.duplicate - before.duplicate) == (2, 2)
    assert flags(bench, as_of=bench.journal.head().sequence) == {8: 1, 16: 1}


@pytest.mark.parametrize("size", [1, 2, 3, 50])
def test_the_journal_gives_the_same_whatever_came_together_and_with_every_start(tmp_path: Path, size: int) -> None:
    """Steps of other sizes, and a start between any two of them; repeats of a broker among them."""
    messages = [
        check(4, "0.1"),
        *(reading(hour, "0.5") for hour in (0, 4, 8)),
        connection(),
        reading(4, "0.5"),
        check(9, "0.4"),
        reading(8, "0.5"),
        reading(12, "0.5"),
        check(12, "0.9", "2", 2066),
        reading(8, "0.7"),
        check(13, "0.1"),
        reading(16, "0.7"),
        check(17, "0.9"),
    ]
    lived = _bench(tmp_path / "lived")
    for place in range(0, len(messages), size):
        lived.take(*messages[place : place + size])
        lived.restart()
    lived.close()
    (tmp_path / "again").mkdir()
    shutil.copytree(tmp_path / "lived" / "journal", tmp_path / "again" / "journal")
    rebuilt = Bench(tmp_path / "again")
    while rebuilt.applier.step():
        pass
    assert flags(rebuilt)[8] == BAD
    rebuilt.close()
    for name in ("observations.sqlite", "state.sqlite"):
        assert _dump(tmp_path / "again" / name) == _dump(tmp_path / "lived" / name)
