"""Parts go into the journal no faster than they are applied, and not onto a full disk."""

from __future__ import annotations

from pathlib import Path
from threading import Event

import pytest

from qingchuan.collector.importing.sending import Sender, StoppedError
from qingchuan.store.import_messages import Import
from qingchuan.store.journal import JournalUnavailableError
from tests.support.applying import Bench

PART = Import("a.csv", "0f", "manual", 0, 0, last=True)


class _Backlog:
    """Messages that wait, fewer with each look."""

    def __init__(self, waiting: int) -> None:
        self.waiting = waiting
        self.looks = 0

    def __call__(self) -> int:
        self.looks += 1
        self.waiting -= 50
        return self.waiting


def test_it_waits_while_somebody_applies_and_too_much_waits(tmp_path: Path) -> None:
    """Until few enough are left; where nobody applies there is nobody to wait for."""
    bench, backlog = Bench(tmp_path), _Backlog(500)
    assert Sender(bench.journal, "lin", backlog, lambda: True, Event()).send(PART) == 1
    assert backlog.waiting <= 200
    alone = _Backlog(500)
    Sender(bench.journal, "lin", alone, lambda: False, Event()).send(PART)
    assert alone.looks == 1


def test_an_applier_that_stands_still_is_not_waited_for_forever(tmp_path: Path) -> None:
    """The journal takes it all the same."""
    bench = Bench(tmp_path)
    assert Sender(bench.journal, "lin", lambda: 10_000, lambda: True, Event(), patience=0.1).send(PART) == 1


def test_a_full_disk_and_a_signal_stop_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each says why, and nothing is appended."""
    bench, stop = Bench(tmp_path), Event()
    sender = Sender(bench.journal, "lin", lambda: 0, lambda: False, stop, patience=0.0)
    with monkeypatch.context() as patch:
        patch.setattr(bench.journal, "has_room", lambda: False)
        with pytest.raises(StoppedError, match="no room is left"):
            sender.send(PART)
    with monkeypatch.context() as patch:
        patch.setattr(bench.journal, "append", _fail)
        with pytest.raises(StoppedError, match="could not be written"):
            sender.send(PART)
    stop.set()
    with pytest.raises(StoppedError, match="told to stop"):
        sender.send(PART)
    assert bench.journal.head().sequence == 0


def _fail(_messages: object) -> None:
    raise JournalUnavailableError("journal could not be written")
