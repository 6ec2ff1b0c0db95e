"""Older days of the journal in files of their own."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from qingchuan.store.chain import JournalDamagedError
from qingchuan.store.journal import Journal
from qingchuan.store.journal_reader import JournalReader
from qingchuan.store.messages import Message
from qingchuan.store.verify import verify

DAY = 86_400_000_000


def _journal(folder: Path, days: int = 4, per_day: int = 3) -> Journal:
    """Two messages a row, `per_day` rows a day; the messages count on from 1."""
    times = iter([day * DAY + row for day in range(days) for row in range(per_day)] + [days * DAY] * 100)
    journal = Journal(folder, lambda: next(times))
    for number in range(1, 2 * days * per_day + 1, 2):
        journal.append([Message("mqtt", "c", "t", str(each).encode()) for each in (number, number + 1)])
    return journal


def _seal_all(journal: Journal) -> int:
    files = 0
    while journal.seal(100 * DAY):
        files += 1
    return files


def _payloads(journal: JournalReader, after: int = 0) -> list[int]:
    """All messages after `after`, as somebody reads who follows the journal."""
    found: list[int] = []
    while batches := journal.read(after, limit=2):
        found += [int(message.payload) for batch in batches for message in batch.messages]
        after = batches[-1].last
    return found


def test_a_sealed_journal_reads_as_before(tmp_path: Path) -> None:
    """From the beginning and from the middle of a row, over the borders of the files."""
    journal = _journal(tmp_path)
    head = journal.head()
    assert _seal_all(journal) == 4
    assert _payloads(journal) == list(range(1, 25))
    for after in range(25):
        assert _payloads(journal, after) == list(range(after + 1, 25))
    assert journal.head() == head
    assert verify(journal, [head]).damage == ()
    journal.close()


def test_of_a_sealed_day_too_no_more_is_read_than_is_enough(tmp_path: Path) -> None:
    """A rebuild works in steps, and a day may have millions of messages."""
    journal = _journal(tmp_path)
    _seal_all(journal)
    assert [batch.sequence for batch in journal.read(0, enough=3)] == [1, 3]
    assert [batch.sequence for batch in journal.read(1, enough=1)] == [2]
    journal.close()


def test_the_newest_row_is_never_sealed(tmp_path: Path) -> None:
    """The next one is chained to it."""
    journal = _journal(tmp_path)
    _seal_all(journal)
    assert journal.append([Message("mqtt", "c", "t", b"25")]).sequence == 25
    assert verify(journal).damage == ()
    journal.close()


def test_heads_of_sealed_days_still_hold(tmp_path: Path) -> None:
    """A report of years ago carries one."""
    journal = _journal(tmp_path)
    heads = [row.head() for row in journal.rows()]
    _seal_all(journal)
    assert verify(journal, heads).damage == ()
    journal.close()


def test_the_tail_of_a_client_reaches_into_sealed_days(tmp_path: Path) -> None:
    """A collector that was away for long is sent old messages again."""
    journal = _journal(tmp_path)
    before = journal.tail("c", 24, 20)
    _seal_all(journal)
    assert journal.tail("c", 24, 20) == before
    journal.close()


def test_a_crash_before_the_rows_are_deleted_repeats_and_loses_nothing(tmp_path: Path) -> None:
    """The file is there and the rows too."""
    journal = _journal(tmp_path)
    _execute(tmp_path, "CREATE TRIGGER crash BEFORE DELETE ON batch BEGIN SELECT RAISE(ABORT, 'crash'); END")
    with pytest.raises(sqlite3.IntegrityError, match="crash"):
        journal.seal(100 * DAY)
    assert _payloads(journal) == list(range(1, 25))
    _execute(tmp_path, "DROP TRIGGER crash")
    _seal_all(journal)
    assert _payloads(journal) == list(range(1, 25))
    assert len(list((tmp_path / "sealed").iterdir())) == 4
    journal.close()


def test_files_that_a_later_one_covers_go(tmp_path: Path) -> None:
    """The crash came between file and deletion, and the day went on."""
    journal = _journal(tmp_path, days=1)
    _execute(tmp_path, "CREATE TRIGGER crash BEFORE DELETE ON batch BEGIN SELECT RAISE(ABORT, 'crash'); END")
    with pytest.raises(sqlite3.IntegrityError, match="crash"):
        journal.seal(100 * DAY)
    journal.append([Message("mqtt", "c", "t", b"7"), Message("mqtt", "c", "t", b"8")])
    _execute(tmp_path, "DROP TRIGGER crash")
    _seal_all(journal)
    assert len(list((tmp_path / "sealed").iterdir())) == 1
    assert [row.sequence for row in journal._backwards(100)] == [7, 5, 3, 1]
    journal.close()


def test_a_journal_that_lost_its_database_goes_on_behind_its_sealed_days(tmp_path: Path) -> None:
    """The chain is not begun anew."""
    journal = _journal(tmp_path)
    _seal_all(journal)
    journal.close()
    for path in tmp_path.glob("journal.sqlite*"):
        path.unlink()
    journal = Journal(tmp_path, lambda: 5 * DAY, accept_loss=True)
    assert journal.head().sequence == 25
    assert verify(journal).damage == ()
    journal.close()


def test_a_damaged_file_is_told_and_named(tmp_path: Path) -> None:
    """By whoever verifies, and by whoever reads it."""
    journal = _journal(tmp_path)
    _seal_all(journal)
    journal.close()
    path = min((tmp_path / "sealed").iterdir())
    path.write_bytes(path.read_bytes()[:-20])
    reader = JournalReader(tmp_path)
    assert path.name in verify(reader).damage[0]
    with pytest.raises(JournalDamagedError, match="restore it from a backup"):
        reader.rows()
    reader.close()


def test_a_file_that_is_gone_breaks_the_chain(tmp_path: Path) -> None:
    """A day cannot vanish without a trace."""
    journal = _journal(tmp_path)
    _seal_all(journal)
    sorted((tmp_path / "sealed").iterdir())[1].unlink()
    assert verify(journal).damage[0] == "messages 7 to 12: they are not there"
    journal.close()


def _execute(folder: Path, statement: str) -> None:
    database = sqlite3.connect(folder / "journal.sqlite")
    database.execute(statement)
    database.commit()
    database.close()
