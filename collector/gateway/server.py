"""The TCP server of the gateway: it holds the connections, appends what loggers send to the journal, then answers."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Callable, Mapping, Sequence
from threading import Event
from typing import NamedTuple

import structlog

from qingchuan.collector.devices import Device
from qingchuan.collector.gateway.asking import Stretch
from qingchuan.collector.gateway.loggers import Logger
from qingchuan.collector.gateway.repeats import Repeats
from qingchuan.collector.gateway.session import Heard, Session, Taken
from qingchuan.store.journal import Journal, JournalUnavailableError
from qingchuan.store.messages import Message

_CHUNK = 65536
_TICK = 1.0
"""How often to look whether something is to be asked or a connection is idle. [s]"""
_PATIENCE = 10.0
"""How long a logger may take to read an answer. [s]"""
_BUFFER = 65536
"""Answers that a logger has not read yet, at most. [bytes]"""
_BATCH = 2000
_HOUR = 3600.0
"""How often to look for gaps. [s]"""


class Limits(NamedTuple):
    """What a gateway bears.

    Attributes
    ----------
    connections : int
        At the same time.
    idle : float
        After how long without a byte a connection ends. [s]
    """

    connections: int = 2000
    idle: float = 900.0


class Gateway:
    """Listens to loggers.

    Parameters
    ----------
    loggers : mapping of str to Logger
        By their MN.
    journal : Journal
        Of its own: one object is used by one thread.
    repeats : Repeats
    name : str
        The source of its messages.
    now : callable
        [µs since 1970-01-01 UTC]
    gaps : callable
        The stretches that are missing of a device; called in a thread of its own.
    limits : Limits
    """

    def __init__(
        self,
        loggers: Mapping[str, Logger],
        journal: Journal,
        repeats: Repeats,
        name: str,
        now: Callable[[], int],
        gaps: Callable[[Device], Sequence[Stretch]],
        limits: Limits,
    ) -> None:
        self._loggers = loggers
        self._journal = journal
        self._repeats = repeats
        self._name = name
        self._now = now
        self._gaps = gaps
        self._limits = limits
        self._waiting: list[tuple[list[Message], asyncio.Future[None]]] = []
        self._open = 0
        self._log = structlog.get_logger("gateway")

    async def serve(self, host: str, port: int, stop: Event, listening: Callable[[], object] = lambda: None) -> None:
        """Listen until `stop` is set; `listening` is called as soon as it does.

        Raises
        ------
        OSError
            The address cannot be listened at.
        """
        server = await asyncio.start_server(self._handle, host, port, limit=_CHUNK)
        listening()
        self._log.info("listening", address=f"{host}:{port}", loggers=len(self._loggers))
        async with server:
            while not stop.is_set():  # noqa: ASYNC110 - the event is one of threads
                await asyncio.sleep(_TICK / 5)
            server.close()
            for task in asyncio.all_tasks() - {asyncio.current_task()}:
                task.cancel()

    async def _handle(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        log = self._log.bind(peer=_peer(writer))
        if self._open >= self._limits.connections:
            log.warning("too many connections", limit=self._limits.connections)
            writer.close()
            return
        self._open += 1
        try:
            await self._talk(reader, writer, log)
        except JournalUnavailableError as error:
            log.warning("not kept, not answered", error=str(error), then="the logger sends it again")
        except TimeoutError:
            log.warning("logger does not read its answers", then="the connection is ended")
            writer.transport.abort()
        except OSError as error:
            log.info("logger gone", error=str(error))
        except Exception:  # it costs this connection and no other
            log.exception("connection failed", then="it is ended; the logger connects again")
        finally:
            self._open -= 1
            writer.close()

    async def _talk(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, log: structlog.stdlib.BoundLogger
    ) -> None:
        _keep_alive(writer)
        session = Session(self._loggers, self._repeats, self._name, self._now)
        clock = asyncio.get_running_loop().time
        last, looked = clock(), -_HOUR
        while clock() - last < self._limits.idle:
            data = await _read(reader)
            if data == b"":
                break
            if data is not None:
                last = clock()
                if await self._hear(session, session.feed(data), writer, log):
                    break
            if session.asking is not None:
                if clock() - looked >= _HOUR:
                    looked = clock()
                    await self._look_for_gaps(session)
                await _send(writer, session.asking.due(self._now()))
        log.info("connection ended", logger=_name(session))

    async def _hear(
        self, session: Session, heard: Heard, writer: asyncio.StreamWriter, log: structlog.stdlib.BoundLogger
    ) -> bool:
        """Keep what was heard, then answer it; whether the connection is to end."""
        for refused in heard.refused:
            log.warning("frame refused", logger=_name(session), code=refused.code, reason=refused.reason)
        await _send(writer, b"".join(heard.say))
        await self._keep(heard.taken)
        await _send(writer, b"".join(taken.answer for taken in heard.taken if taken.answer))
        return heard.over

    async def _keep(self, taken: Sequence[Taken]) -> None:
        """Wait until what was taken is in the journal; what several loggers send meanwhile goes in together."""
        messages = [one.message for one in taken if one.message is not None]
        if not messages:
            return
        loop = asyncio.get_running_loop()
        done: asyncio.Future[None] = loop.create_future()
        if not self._waiting:
            loop.call_soon(self._append)
        self._waiting.append((messages, done))
        await done
        for message in messages:
            self._repeats.remember(message.payload)

    def _append(self) -> None:
        waiting, self._waiting = self._waiting, []
        messages = [message for some, _ in waiting for message in some]
        try:
            for first in range(0, len(messages), _BATCH):
                self._journal.append(messages[first : first + _BATCH])
        except Exception as error:  # noqa: BLE001 - whatever it is, those who wait have to hear of it
            for _, done in waiting:
                if not done.done():
                    done.set_exception(error)
        else:
            for _, done in waiting:
                if not done.done():
                    done.set_result(None)

    async def _look_for_gaps(self, session: Session) -> None:
        if session.logger is not None and session.asking is not None:
            session.asking.want(await asyncio.to_thread(self._gaps, session.logger.device))


async def _read(reader: asyncio.StreamReader) -> bytes | None:
    """What has come; None where nothing came for a while, empty at the end."""
    try:
        return await asyncio.wait_for(reader.read(_CHUNK), _TICK)
    except TimeoutError:
        return None


async def _send(writer: asyncio.StreamWriter, data: bytes | None) -> None:
    if data:
        writer.write(data)
        await asyncio.wait_for(writer.drain(), _PATIENCE)


def _keep_alive(writer: asyncio.StreamWriter) -> None:
    """Let the system notice a logger that went without a word, and hold few answers for one that does not read."""
    connection = writer.get_extra_info("socket")
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
    writer.transport.set_write_buffer_limits(high=_BUFFER)


def _peer(writer: asyncio.StreamWriter) -> str:
    host, port, *_ = writer.get_extra_info("peername") or ("?", 0)
    return f"{host}:{port}"


def _name(session: Session) -> str | None:
    return session.logger.device.id if session.logger else None
