"""The journal: durable, chained, in one order."""

from __future__ import annotations

import multiprocessing
import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from qingchuan.store import journal_reader
from qingchuan.store.chain import JournalDamagedError, Row
from qingchuan.store.head import Head, HeadFile
from qingchuan.store.journal import Journal, JournalUnavailableError, Known
from qingchuan.store.messages import Message
from qingchuan.store.sqlite import IncompatibleError
from qingchuan.store.verify import verify

_OPENED: list[Journal] = []


@pytest.fixture(autouse=True)
def _close_all() -> Iterator[None]:
    """Whatever a test opened is closed behind it."""
    yield
    while _OPENED:
        _OPENED.pop().close()


def _message(payload: bytes, source: str = "c") -> Message:
    return Message("mqtt", source, "qingchuan/1235A/hour", payload)


def _journal(folder: Path, now: Callable[[], int] = lambda: 0, *, accept_loss: bool = False) -> Journal:
    _OPENED.append(Journal(folder, now, accept_loss=accept_loss))
    return _OPENED[-1]


def test_messages_come_back_in_order_with_their_numbers(tmp_path: Path) -> None:
    """Numbers count on from 1, over batches and over a restart."""
    journal = _journal(tmp_path)
    journal.append([_message(b"1"), _message(b"2")])
    journal.close()
    journal = _journal(tmp_path)
    assert journal.append([_message(b"3")]).sequence == 3
    assert [batch.sequence for batch in journal.read(0)] == [1, 3]
    assert [message.payload for batch in journal.read(0) for message in batch.messages] == [b"1", b"2", b"3"]


def test_reading_after_a_message_inside_a_batch_leaves_it_out(tmp_path: Path) -> None:
    """A cursor may stand in the middle of a batch."""
    journal = _journal(tmp_path)
    journal.append([_message(b"1"), _message(b"2"), _message(b"3")])
    (batch,) = journal.read(2)
    assert (batch.sequence, [message.payload for message in batch.messages]) == (3, [b"3"])
    assert journal.read(3) == []


def test_no_batch_follows_the_one_that_reaches_what_is_enough(tmp_path: Path) -> None:
    """Whoever works in steps reads no more than a step takes, but always the next batch, however long it is."""
    journal = _journal(tmp_path)
    for size in (3, 2, 5, 1):
        journal.append([_message(b"1")] * size)
    assert [batch.sequence for batch in journal.read(0, enough=5)] == [1, 4]
    assert [batch.sequence for batch in journal.read(5, enough=1)] == [6]
    assert [batch.sequence for batch in journal.read(1, enough=1)] == [2]
    assert [batch.sequence for batch in journal.read(0)] == [1, 4, 6, 11]


def test_the_next_batch_is_read_behind_numbers_that_were_lost(tmp_path: Path) -> None:
    """A start that goes on without lost messages skips their numbers, which may be more than is enough."""
    journal = _journal(tmp_path)
    journal.append([_message(b"1")])
    journal.close()
    _OPENED.append(Journal(tmp_path, lambda: 0, Known(100, 100), accept_loss=True))
    assert [batch.sequence for batch in _OPENED[-1].read(1, enough=5)] == [101]


def test_the_time_of_receipt_never_decreases(tmp_path: Path) -> None:
    """A clock that is set back does not set the journal back."""
    times = iter([100, 50, 200])
    journal = _journal(tmp_path, lambda: next(times))
    assert [journal.append([_message(b"")]).received for _ in range(3)] == [100, 100, 200]


def test_a_journal_without_its_last_row_does_not_start(tmp_path: Path) -> None:
    """The head file remembers what was acknowledged."""
    journal = _journal(tmp_path)
    journal.append([_message(b"1")])
    journal.append([_message(b"2")])
    journal.close()
    _execute(tmp_path, "DELETE FROM batch WHERE sequence = 2")
    with pytest.raises(JournalDamagedError, match="ends with message 1, but message 2 had been acknowledged"):
        _journal(tmp_path)


def test_accepting_a_loss_records_it_and_uses_no_number_twice(tmp_path: Path) -> None:
    """The lost numbers stay lost, and the journal says so itself."""
    journal = _journal(tmp_path)
    journal.append([_message(b"1")])
    journal.append([_message(b"2")])
    journal.close()
    _execute(tmp_path, "DELETE FROM batch WHERE sequence = 2")
    journal = _journal(tmp_path, accept_loss=True)
    (loss,) = journal.read(1)
    assert (loss.sequence, loss.messages[0].kind) == (3, "loss")
    assert verify(journal).damage == ()


def test_a_journal_that_is_older_than_its_store_does_not_start(tmp_path: Path) -> None:
    """A backup was put back: its numbers must not be used twice."""
    journal = _journal(tmp_path)
    journal.append([_message(b"1")])
    journal.close()
    with pytest.raises(JournalDamagedError, match="ends with message 1, but message 7 had been applied"):
        Journal(tmp_path, lambda: 0, Known(7, 5))
    journal = Journal(tmp_path, lambda: 0, Known(7, 5), accept_loss=True)
    assert (journal.head().sequence, journal.from_stations()) == (8, 5)
    assert journal.append([_message(b"2")]).sequence == 9
    assert journal.from_stations() == 6
    assert verify(journal).damage == ()
    journal.close()


def test_a_journal_whose_head_file_was_cut_does_not_start(tmp_path: Path) -> None:
    """A forger would begin with it."""
    journal = _journal(tmp_path)
    for payload in (b"1", b"2"):
        journal.append([_message(payload)])
    journal.close()
    (tmp_path / "head").unlink()
    with pytest.raises(JournalDamagedError, match="its head file ends: that was cut or replaced"):
        _journal(tmp_path)
    journal = _journal(tmp_path, accept_loss=True)
    assert (journal.head().sequence, journal.acknowledged().sequence) == (3, 3)
    journal.close()


def test_a_crash_between_the_row_and_the_head_file_is_no_damage(tmp_path: Path) -> None:
    """One row may be there that was never acknowledged."""
    journal = _journal(tmp_path)
    journal.append([_message(b"1")])
    journal.close()
    (tmp_path / "head").unlink()
    journal = _journal(tmp_path)
    assert journal.append([_message(b"2")]).sequence == 2
    journal.close()


def test_a_row_that_is_there_although_writing_it_failed_is_acknowledged(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The outcome of a failed write is unknown: it is looked up."""
    journal = _journal(tmp_path)
    insert = journal._insert

    def insert_and_fail(row: Row) -> None:
        insert(row)
        raise sqlite3.OperationalError("disk I/O error")

    monkeypatch.setattr(journal, "_insert", insert_and_fail)
    assert journal.append([_message(b"1")]).sequence == 1
    assert journal.acknowledged().sequence == 1
    journal.close()


def test_nothing_is_no_row(tmp_path: Path) -> None:
    """An empty row would take a number that is not its own."""
    journal = _journal(tmp_path)
    with pytest.raises(ValueError, match="nothing to append"):
        journal.append([])
    journal.close()


def test_a_changed_payload_breaks_the_chain(tmp_path: Path) -> None:
    """Nobody can change what was received without it being seen."""
    journal = _journal(tmp_path)
    journal.append([_message(b"35")])
    journal.append([_message(b"36")])
    journal.close()
    _execute(tmp_path, "UPDATE batch SET body = CAST(replace(body, '35', '34') AS BLOB) WHERE sequence = 1")
    assert "messages 1 to 1: content or order" in verify(_journal(tmp_path)).damage[0]


def test_a_journal_that_was_forged_whole_does_not_hold_an_older_head(tmp_path: Path) -> None:
    """A head that left the machine is what a forger cannot change."""
    journal = _journal(tmp_path / "true")
    journal.append([_message(b"35")])
    told = Head.parse(str(journal.head()))
    forged = _journal(tmp_path / "forged")
    forged.append([_message(b"34")])
    assert verify(journal, [told]).damage == ()
    assert "cut or rewritten" in verify(forged, [told]).damage[0]


def test_a_torn_head_file_keeps_the_older_head(tmp_path: Path) -> None:
    """The two lines of the head file are written in turn."""
    file = HeadFile(tmp_path / "head")
    file.write(Head(1, bytes(32)))
    file.write(Head(2, bytes(32)))
    content = bytearray((tmp_path / "head").read_bytes())
    content[130:140] = b"x" * 10
    (tmp_path / "head").write_bytes(content)
    assert file.read().sequence == 1
    file.close()


def test_a_newer_journal_is_refused(tmp_path: Path) -> None:
    """An older program does not touch what it does not know."""
    _journal(tmp_path).close()
    _execute(tmp_path, "PRAGMA user_version = 99")
    with pytest.raises(IncompatibleError, match="version 99; this program reads versions up to 1"):
        _journal(tmp_path)


def test_a_row_that_cannot_be_written_is_not_there(tmp_path: Path) -> None:
    """A failed append leaves no half, and the next one goes on."""
    journal = _journal(tmp_path)
    _execute(tmp_path, "CREATE TRIGGER full BEFORE INSERT ON batch BEGIN SELECT RAISE(ABORT, 'disk is full'); END")
    with pytest.raises(JournalUnavailableError, match="disk is full"):
        journal.append([_message(b"1")])
    _execute(tmp_path, "DROP TRIGGER full")
    assert journal.append([_message(b"1")]).sequence == 1
    assert verify(journal).damage == ()


def test_the_tail_of_a_source_is_looked_for_so_far_back_and_no_further(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """By the numbers of messages, however they lie in batches: each reading of a journal comes to the same."""
    monkeypatch.setattr(journal_reader, "FARTHEST", 4)
    journal = _journal(tmp_path)
    journal.append([_message(b"1"), _message(b"2"), _message(b"3")])
    journal.append([_message(b"4"), _message(b"5", "another")])
    journal.append([_message(b"6", "another")])
    assert [number for number, _ in journal.tail("c", 7, 1000)] == [3, 4]
    assert [number for number, _ in journal.tail("c", 6, 1000)] == [2, 3, 4]
    assert [number for number, _ in journal.tail("c", 3, 1000)] == [1, 2]
    assert journal.tail("c", 9, 1000) == []


def test_several_processes_append_in_one_order(tmp_path: Path) -> None:
    """What people do is appended by other processes than the collector."""
    _journal(tmp_path).close()
    context = multiprocessing.get_context("spawn")
    processes = [context.Process(target=_append_many, args=(tmp_path, name)) for name in "ab"]
    for process in processes:
        process.start()
    for process in processes:
        process.join(60)
        assert process.exitcode == 0
    journal = _journal(tmp_path)
    verdict = verify(journal)
    assert (verdict.messages, verdict.head.sequence, verdict.damage) == (100, 100, ())
    for name in "ab":
        said = [message.payload for _, message in journal.tail(name, 101, 1000)]
        assert said == [str(number).encode() for number in range(50)]


def _append_many(folder: Path, source: str) -> None:
    journal = _journal(folder)
    for number in range(50):
        journal.append([_message(str(number).encode(), source)])


def _execute(folder: Path, statement: str) -> None:
    database = sqlite3.connect(folder / "journal.sqlite")
    database.execute(statement)
    database.commit()
    database.close()
