"""Going on without damaged rows of the journal: they are named and put aside, and all else stays as it was."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from qingchuan.store.chain import JournalDamagedError
from qingchuan.store.journal import Journal, Known
from qingchuan.store.messages import Message
from qingchuan.store.verify import verify

_ALL = 1 << 40
_NOTHING = Known()
_PAGE = 4096


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A journal of five rows with two messages each."""
    with closing(Journal(tmp_path, lambda: 0)) as journal:
        for row in range(5):
            journal.append([Message("mqtt", "c", "qingchuan/1235A/hour", b"%d" % number) for number in (row, -row)])
    return tmp_path


def _execute(folder: Path, statement: str) -> None:
    with closing(sqlite3.connect(folder / "journal.sqlite")) as database:
        database.execute(statement)
        database.commit()


def _refused(folder: Path) -> str:
    with pytest.raises(JournalDamagedError) as refused:
        Journal(folder, lambda: 0, checked=_ALL)
    return str(refused.value)


def _accepted(folder: Path, known: Known = _NOTHING) -> Journal:
    return Journal(folder, lambda: 0, known, accept_loss=True, checked=_ALL)


def _numbers(journal: Journal) -> list[int]:
    batches = journal.read(0)
    return [number for batch in batches for number in range(batch.sequence, batch.last + 1)]


@pytest.fixture(
    params=[
        "UPDATE batch SET body = zeroblob(8) WHERE sequence = 5",
        "UPDATE batch SET body = 'text' WHERE sequence = 5",
        "UPDATE batch SET received = received + 1 WHERE sequence = 5",
        "UPDATE batch SET hash = zeroblob(32) WHERE sequence = 5",
        "DELETE FROM batch WHERE sequence = 5",
    ]
)
def damaged(folder: Path, request: pytest.FixtureRequest) -> Path:
    """The journal with messages 5 and 6 damaged, or gone."""
    _execute(folder, request.param)
    return folder


def test_a_start_refuses_and_names_the_messages(damaged: Path) -> None:
    """Nothing is touched by that."""
    assert "messages 5 to 6: " in _refused(damaged)
    assert "messages 5 to 6: " in _refused(damaged)


def test_it_goes_on_without_them_and_keeps_all_others(damaged: Path) -> None:
    """The loss is a message of the journal, and `verify` knows of it."""
    journal = _accepted(damaged)
    assert _numbers(journal) == [1, 2, 3, 4, 7, 8, 9, 10, 11]
    assert journal.read(10)[0].messages[0].kind == "loss"
    assert verify(journal).damage == ()
    journal.close()
    Journal(damaged, lambda: 0, checked=_ALL).close()


@pytest.mark.parametrize(("applied", "received"), [(Known(4, 4), 8), (Known(6, 6), 10), (Known(10, 10), 10)])
def test_what_was_applied_before_it_was_lost_stays_counted(damaged: Path, applied: Known, received: int) -> None:
    """What was not was never received; so the counts add up either way."""
    journal = _accepted(damaged, applied)
    assert journal.from_stations() == received
    assert journal.from_stations_up_to(10) == received
    assert verify(journal).damage == ()
    journal.close()


def test_a_wrong_count_of_messages_is_noticed(folder: Path) -> None:
    """The chain does not cover it, and the counts would not add up."""
    _execute(folder, "UPDATE batch SET from_stations = from_stations + 64 WHERE sequence = 5")
    assert "messages 5 to 6: they are not counted as what they are" in _refused(folder)


def test_a_damaged_row_is_put_aside(folder: Path) -> None:
    """Somebody may still read it."""
    _execute(folder, "UPDATE batch SET body = x'00ff' WHERE sequence = 5")
    _accepted(folder).close()
    assert [path.read_bytes() for path in (folder / "damaged").iterdir()] == [b"\x00\xff"]


def test_two_losses_one_after_the_other_are_both_known(folder: Path) -> None:
    """Each start tells of what is new to it."""
    for statement in ("DELETE FROM batch WHERE sequence = 3", "DELETE FROM batch WHERE sequence = 5"):
        _execute(folder, statement)
        _accepted(folder).close()
    journal = Journal(folder, lambda: 0, checked=_ALL)
    assert verify(journal).damage == ()
    journal.close()


def test_only_the_newest_rows_are_looked_at_where_little_is_to_be_checked(folder: Path) -> None:
    """A start must not take as long as `verify`."""
    _execute(folder, "UPDATE batch SET received = received + 1 WHERE sequence = 1")
    Journal(folder, lambda: 0, checked=1).close()
    assert "messages 1 to 2: " in _refused(folder)


def test_a_database_that_cannot_be_read_is_copied_as_far_as_it_can(tmp_path: Path) -> None:
    """A page in its midst is gone; the file stays beside the new one."""
    with closing(Journal(tmp_path, lambda: 0)) as journal:
        for number in range(40):
            journal.append([Message("mqtt", "c", "qingchuan/1235A/hour", b"%d" % number * 500)])
    path = tmp_path / "journal.sqlite"
    content = bytearray(path.read_bytes())
    middle = len(content) // 2 // _PAGE * _PAGE
    content[middle : middle + _PAGE] = bytes(_PAGE)
    path.write_bytes(content)
    assert "cannot be read" in _refused(tmp_path)
    journal = _accepted(tmp_path)
    assert 30 < len(_numbers(journal)) < 41
    assert verify(journal).damage == ()
    journal.close()
    assert (tmp_path / "journal.damaged-1").exists()
