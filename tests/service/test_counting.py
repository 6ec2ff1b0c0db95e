"""What became of the messages adds up, in all and for every subject."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from qingchuan.service import counting as module
from qingchuan.service.counting import Counting, check_counts
from qingchuan.store import dead_letters
from qingchuan.store.messages import Message
from qingchuan.store.observations import Counts
from qingchuan.store.state import DeadLetter
from tests.support.again import try_again
from tests.support.applying import STATION, Bench, hour_of, station
from tests.support.ledger import sqlite


def _message(topic: str, payload: bytes) -> Message:
    return Message("mqtt", "c", f"qingchuan/{topic}", payload)


NOBODY = _message("nobody/hour", b"{}")


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Bench]:
    """Two stations: one told twice, corrected and sent nonsense, one only announced itself; a stranger spoke too."""
    made = Bench(tmp_path)
    made.take(station(), _message("1236A/station", STATION), NOBODY)
    made.take(hour_of("35", seq=1), hour_of("35", seq=2), hour_of("36", seq=3), _message("1235A/hour", b"pm25=35"))
    yield made
    made.close()


def _counting(bench: Bench) -> Counting:
    return Counting(bench.journal, bench.observations, bench.state)


def test_every_message_counts_once_at_the_subject_that_it_is_about(bench: Bench) -> None:
    """Messages about nobody who is known stand under an empty name."""
    assert _counting(bench).by_subject() == {
        "": Counts(1, 0, 0, 1, 0),
        "1235A": Counts(5, 3, 1, 1, 0),
        "1236A": Counts(1, 1, 0, 0, 0),
    }
    assert _counting(bench).in_all() == Counts(7, 4, 1, 2, 0)


def test_what_waits_is_counted_at_its_subject_too(bench: Bench) -> None:
    """It is in the journal, and the store has not taken it in."""
    bench.journal.append([hour_of("35", 1), hour_of("35", 2), NOBODY])
    found = _counting(bench).by_subject()
    assert found is not None
    assert {subject: counts.waiting for subject, counts in found.items()} == {"": 1, "1235A": 2, "1236A": 0}
    assert all(counts.received == sum(counts[1:]) for counts in found.values())
    assert _counting(bench).lags() == {"store": 3, "traces": 3}


def test_while_too_many_wait_it_is_not_looked_up_whom_they_are_about(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The counts of all are there all the same."""
    bench.journal.append([hour_of("35", 1), hour_of("35", 2)])
    monkeypatch.setattr(module, "_MOST_WAITING", 1)
    assert _counting(bench).by_subject() is None
    assert _counting(bench).in_all().waiting == 2


def test_the_check_says_that_the_counts_add_up(bench: Bench) -> None:
    """Also while something is waiting."""
    bench.journal.append([hour_of("35", 1)])
    with capture_logs() as logs:
        assert check_counts(_counting(bench)) == "8 messages add up"
    assert [entry["event"] for entry in logs] == ["counts add up"]


def test_a_message_that_is_not_accounted_for_is_reported(bench: Bench) -> None:
    """Here the store was tampered with."""
    with sqlite(bench.folder / "observations.sqlite") as database, database:
        database.execute("UPDATE progress SET applied = applied - 1")
    with capture_logs() as logs:
        assert check_counts(_counting(bench)) == "2 messages are not accounted for"
    assert [(entry["event"], entry["difference"]) for entry in logs] == [("counts do not add up", 2)]


@pytest.mark.parametrize(
    "statements",
    [
        ("UPDATE progress SET applied = applied - 1, duplicate = duplicate + 1",),
        ("UPDATE tally SET applied = applied - 1, duplicate = duplicate + 1 WHERE subject = '1235A'",),
        (
            "UPDATE progress SET applied = applied - 1, dead_letter = dead_letter + 1",
            "UPDATE tally SET applied = applied - 1, dead_letter = dead_letter + 1 WHERE subject = '1235A'",
        ),
        (
            "UPDATE tally SET dead_letter = dead_letter - 1, applied = applied + 1 WHERE subject = ''",
            "UPDATE tally SET dead_letter = dead_letter + 1, applied = applied - 1 WHERE subject = '1235A'",
        ),
        ("UPDATE tally SET applied = -1, duplicate = duplicate + 4 WHERE subject = '1235A'",),
    ],
)
def test_one_too_few_here_does_not_make_up_for_one_too_many_there(bench: Bench, statements: tuple[str, ...]) -> None:
    """The sum of all is right, and what became of the messages is not."""
    with sqlite(bench.folder / "observations.sqlite") as database, database:
        for statement in statements:
            database.execute(statement)
    assert _counting(bench).difference() > 0


def test_no_count_is_below_zero(bench: Bench) -> None:
    """Though sums, and the letters that are kept, agree."""
    with sqlite(bench.folder / "observations.sqlite") as database, database:
        for change in ("UPDATE progress SET {}", "UPDATE tally SET {} WHERE subject = '1236A'"):
            database.execute(change.format("applied = applied - 5, duplicate = duplicate + 5"))
    assert _counting(bench).difference() == 5


def test_a_letter_that_is_gone_is_missed(bench: Bench) -> None:
    """What was refused has to be found."""
    with sqlite(bench.folder / "state.sqlite") as database, database:
        database.execute("DELETE FROM dead_letter WHERE subject = ''")
    assert _counting(bench).difference() == 1


def test_what_waits_is_counted_by_itself(bench: Bench) -> None:
    """It is not what the other counts leave over."""
    bench.journal.append([hour_of("35", 1), hour_of("35", 2)])
    with sqlite(bench.folder / "observations.sqlite") as database, database:
        database.execute("UPDATE progress SET applied = applied - 1")
    assert _counting(bench).in_all() == Counts(9, 3, 1, 2, 2)


def test_letters_that_were_settled_do_not_count(bench: Bench) -> None:
    """Nor do those that a message settles that is not applied yet: the state is a step ahead after a crash."""
    bench.take(_message("nobody/station", STATION))
    assert try_again(bench) == 2
    assert _counting(bench).difference() == 0
    bench.journal.append([_message("strange/hour", b"{}")])
    letter = DeadLetter(bench.journal.head().sequence, None, 0, "qingchuan/strange/hour", "unknown-subject", "")
    bench.state.record([], [letter])
    dead_letters.put(bench.state.engine, [bench.state.dead_letters(9)[-1]._replace(settled=letter.sequence)])
    assert _counting(bench).difference() == 0
