"""Starting the collector on what is there."""

from __future__ import annotations

import fcntl
from pathlib import Path
from threading import Event

import pytest

from qingchuan.service.collect import StateLostError, collect
from qingchuan.service.lock import AlreadyCollectingError
from qingchuan.service.prepare import prepare
from qingchuan.service.settings import Settings
from qingchuan.store.chain import JournalDamagedError
from qingchuan.store.embedded import EmbeddedObservations
from qingchuan.store.journal import Journal
from qingchuan.store.messages import Message


def _stopped() -> Event:
    stop = Event()
    stop.set()
    return stop


def _start(data: Path, *, accept_loss: bool = False) -> None:
    """A start, and at once a clean stop; no broker is needed for that."""
    collect(Settings(data=data, broker={"port": 1}), _stopped(), accept_loss=accept_loss)  # type: ignore[arg-type]  # pydantic makes the section


def _applied(data: Path, upto: int) -> None:
    observations = EmbeddedObservations(data / "observations.sqlite")
    observations.apply([], upto)
    observations.close()


def test_a_start_tells_what_decoding_depends_on(tmp_path: Path) -> None:
    """So that the journal alone gives the store."""
    _start(tmp_path)
    journal = Journal(tmp_path / "journal", lambda: 0)
    ((settings,),) = (batch.messages for batch in journal.read(0))
    assert settings.kind == "settings"
    assert b"future_tolerance" in settings.payload
    journal.close()


def test_a_store_without_its_state_is_not_gone_on_with(tmp_path: Path) -> None:
    """All that comes would be refused."""
    _start(tmp_path)
    _start(tmp_path)
    (tmp_path / "state.sqlite").unlink()
    with pytest.raises(StateLostError, match="they are made again from the journal"):
        _start(tmp_path)
    (tmp_path / "observations.sqlite").unlink()
    _start(tmp_path)


def test_a_journal_that_is_older_than_the_store_is_not_gone_on_with(tmp_path: Path) -> None:
    """Unless that is accepted; numbers are not used twice even then."""
    _start(tmp_path)
    _start(tmp_path)
    _applied(tmp_path, 40)
    with pytest.raises(JournalDamagedError, match="message 40 had been applied"):
        _start(tmp_path)
    _start(tmp_path, accept_loss=True)
    journal = Journal(tmp_path / "journal", lambda: 0)
    assert journal.head().sequence > 41
    assert journal.append([Message("mqtt", "c", "t", b"")]).sequence > 41
    journal.close()


def test_two_collectors_do_not_work_on_one_directory(tmp_path: Path) -> None:
    """The second says so, and what would do."""
    places = prepare(tmp_path)
    with places.lock.open("w") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        with pytest.raises(AlreadyCollectingError, match="give this one a directory of its own"):
            _start(tmp_path)
