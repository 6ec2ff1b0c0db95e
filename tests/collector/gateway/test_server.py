"""The gateway over real connections: answered only when the journal has it, and nobody can take it down."""

from __future__ import annotations

import asyncio
import socket
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from threading import Event, Thread

import pytest

from qingchuan.collector.devices import Device
from qingchuan.collector.gateway import server
from qingchuan.collector.gateway.asking import Stretch
from qingchuan.collector.gateway.loggers import Logger as Known
from qingchuan.collector.gateway.repeats import Repeats
from qingchuan.collector.gateway.server import Gateway, Limits
from qingchuan.store.journal import Journal, JournalUnavailableError
from qingchuan.store.messages import Message
from tests.support.logger import MN, Logger, upload
from tests.support.ports import unused_port, wait_for_listener

HOUR = upload("DataTime=20260301090000;w01001-Avg=7.25,w01001-Flag=N")


class Running:
    """A gateway in a thread of its own."""

    def __init__(self, folder: Path, limits: Limits, gaps: Callable[[Device], list[Stretch]]) -> None:
        self.port = unused_port()
        self.journal = Journal(folder / "journal", lambda: time.time_ns() // 1000)
        loggers = {mn: Known(Device(mn, "dazha", dialect="cnemc"), "123456") for mn in (MN, "A330200_0002")}
        gateway = Gateway(loggers, self.journal, Repeats(), "gateway", lambda: time.time_ns() // 1000, gaps, limits)
        self._stop = Event()
        serve = gateway.serve("127.0.0.1", self.port, self._stop)
        self._thread = Thread(target=asyncio.run, args=(serve,), daemon=True)
        self._thread.start()
        wait_for_listener(self.port)

    def kept(self) -> list[Message]:
        """What is in the journal."""
        return [message for batch in self.journal.read(0) for message in batch.messages]

    def close(self) -> None:
        """Stop it; open connections are ended."""
        self._stop.set()
        self._thread.join(10)
        assert not self._thread.is_alive()
        self.journal.close()


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Callable[..., Running]]:
    """Starts a gateway, and stops it in the end."""
    started: list[Running] = []

    def make(limits: Limits | None = None, gaps: Callable[[Device], list[Stretch]] = lambda _device: []) -> Running:
        started.append(Running(tmp_path, limits or Limits(), gaps))
        return started[-1]

    yield make
    for running in started:
        running.close()


def test_an_hour_is_answered_when_the_journal_has_it(start: Callable[..., Running]) -> None:
    """And only then."""
    running = start()
    with Logger(running.port) as logger:
        logger.say(HOUR + b"\r\n")
        answer = logger.hear()
    assert answer is not None
    assert (answer.cn, answer.qn) == (9014, "20260301093000000")
    assert [message.payload for message in running.kept()] == [HOUR]


def test_a_frame_in_pieces_and_two_in_one_are_the_same(start: Callable[..., Running]) -> None:
    """TCP knows no messages."""
    running = start()
    second = upload("DataTime=20260301100000;w01001-Avg=7.5", qn="20260301103000000")
    told = HOUR + b"\r\n" + second + b"\r\n"
    with Logger(running.port) as logger:
        for begin in range(0, len(told), 50):
            logger.say(told[begin : begin + 50])
        answers = [logger.hear(), logger.hear()]
    assert [answer.qn for answer in answers if answer] == ["20260301093000000", "20260301103000000"]
    assert [message.payload for message in running.kept()] == [HOUR, second]


def test_what_is_sent_again_is_answered_again_and_kept_once(start: Callable[..., Running]) -> None:
    """Also over a new connection."""
    running = start()
    for _ in range(2):
        with Logger(running.port) as logger:
            logger.say(HOUR)
            assert logger.hear() is not None
    assert len(running.kept()) == 1


@pytest.mark.parametrize("error", [JournalUnavailableError("no space left on device"), ValueError("a fault of ours")])
def test_nothing_is_answered_that_the_journal_could_not_take(
    start: Callable[..., Running], monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    """The connection is ended, whatever the reason is; the logger sends it again, and then it is there."""
    running = start()

    def fail(_messages: object) -> None:
        raise error

    monkeypatch.setattr(running.journal, "append", fail)
    with Logger(running.port) as logger:
        logger.say(HOUR)
        assert logger.hear() is None
    monkeypatch.undo()
    with Logger(running.port) as logger:
        logger.say(HOUR)
        assert logger.hear() is not None
    assert len(running.kept()) == 1


def test_who_sends_noise_is_sent_away_and_disturbs_nobody(start: Callable[..., Running]) -> None:
    """Twenty refusals in a row are enough."""
    running = start()
    with Logger(running.port) as logger, Logger(running.port) as vandal:
        vandal.say((b"##0010QN=xxxxxx&&0000" + b"\r\n") * 30)
        assert vandal.hear() is None
        logger.say(HOUR)
        assert logger.hear() is not None
    assert [message.kind for message in running.kept()].count("hj212") == 1


def test_a_connection_without_a_word_is_ended(start: Callable[..., Running], monkeypatch: pytest.MonkeyPatch) -> None:
    """A half-open one must not stay for ever; one that speaks stays."""
    monkeypatch.setattr(server, "_TICK", 0.05)
    running = start(Limits(idle=0.5))
    with Logger(running.port) as silent, Logger(running.port) as logger:
        for number in range(5):
            logger.say(upload("", cn=9015, qn=f"2026030109300000{number}"))
            assert logger.hear() is not None
            time.sleep(0.2)
        assert silent.hear() is None


def test_more_connections_than_allowed_are_sent_away_until_one_ends(start: Callable[..., Running]) -> None:
    """The others go on."""
    running = start(Limits(connections=1))
    with _admitted(running.port) as logger:
        with Logger(running.port) as late:
            assert late.hear() is None
        logger.say(upload("", cn=9015))
        assert logger.hear() is not None
    with _admitted(running.port):
        pass


def _admitted(port: int) -> Logger:
    """A connection that the gateway answers; it may take a moment until it knows that another has ended."""
    deadline = time.monotonic() + 10
    while time.monotonic() < deadline:
        logger = Logger(port)
        logger.say(HOUR)
        if logger.hear() is not None:
            return logger
        logger.close()
    raise AssertionError("the gateway admits nobody")


def test_hours_that_are_missing_are_asked_for_and_what_comes_is_kept(
    start: Callable[..., Running], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The whole dialogue: request, 9011, data and 9014, 9012."""
    monkeypatch.setattr(server, "_TICK", 0.05)
    running = start(gaps=lambda device: [Stretch("hour", 1772326800, 1772330400)] if device.id == MN else [])
    with Logger(running.port) as logger:
        logger.say(HOUR)
        said = [logger.hear(), logger.hear()]
        request = next(segment for segment in said if segment and segment.cn == 2061)
        assert request.data == "BeginTime=20260301090000;EndTime=20260301100000"
        logger.say(upload("QnRtn=1", cn=9011, st="91", flag=8, qn=request.qn))
        late = upload("DataTime=20260301100000;w01001-Avg=7.5", qn="20260301103000000")
        logger.say(late)
        answer = logger.hear()
        assert answer is not None
        assert answer.qn == "20260301103000000"
        logger.say(upload("ExeRtn=1", cn=9012, st="91", flag=8, qn=request.qn))
        assert logger.hears_nothing()
    assert [message.payload for message in running.kept()] == [HOUR, late]


def test_a_logger_that_never_reads_is_ended(start: Callable[..., Running], monkeypatch: pytest.MonkeyPatch) -> None:
    """Its answers would fill the memory."""
    monkeypatch.setattr(server, "_PATIENCE", 0.3)
    running = start()
    beats = b"".join(upload("", cn=9015, qn=f"{number:017d}") for number in range(2000))
    with socket.create_connection(("127.0.0.1", running.port), timeout=20) as mute:
        mute.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        with pytest.raises((ConnectionResetError, BrokenPipeError)):
            mute.sendall(beats * 400)
