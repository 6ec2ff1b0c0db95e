"""Importing a file: into the journal of a data directory, whether somebody collects there or not."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from threading import Event

import msgspec
from rich.console import Console

from qingchuan.collector.decoding import Decoding
from qingchuan.collector.importing.applying import take
from qingchuan.collector.importing.mapping import FileMapping
from qingchuan.collector.importing.parts import Reached, fingerprint, newest_run, parts, reached, waiting_parts
from qingchuan.collector.importing.problems import ImportFileError
from qingchuan.collector.importing.report import refused_cells
from qingchuan.collector.importing.rows import RowReader
from qingchuan.collector.importing.sending import Sender
from qingchuan.collector.importing.table import Table
from qingchuan.collector.importing.tables import digest_of, open_table
from qingchuan.service.clock import SECOND, clock_from
from qingchuan.service.lock import AlreadyCollectingError, check_alone, only_one
from qingchuan.service.places import Places, check_not_of_a_demo, make_folder
from qingchuan.service.prepare import prepare
from qingchuan.service.progress import progress_bar
from qingchuan.service.settings import Settings
from qingchuan.service.stores import open_observations
from qingchuan.store.import_messages import ImportedOrigin, RefusedCell, topic_of
from qingchuan.store.imports import import_file, letters_of
from qingchuan.store.journal import Journal
from qingchuan.store.state import State

_MEGABYTE = 1_000_000
_GLANCE = 0.1
"""How long to wait before looking again. [s]"""
_SELDOM = 2.0
"""How long what was seen of the collector holds. [s]"""
_PATIENCE = 300
"""So often nothing may have been applied before it is not waited for any longer."""


class AlreadyImportingError(Exception):
    """Another import works on the same data directory."""


@dataclass(frozen=True)
class Outcome:
    """What became of a file.

    Attributes
    ----------
    name : str
    rows : int
        Of the file that were read, those of earlier tries included. [-]
    refused : list of RefusedCell
    already : bool
        Whether it was imported before, and nothing was done.
    applied : bool
        Whether the messages are applied: only then it is known what of them was refused.
    digest : str
        Of the file and its mapping; empty of one that was only tried.
    sequence : int
        The message that carries the last of it; 0 of one that was only tried. [-]
    """

    name: str
    rows: int
    refused: list[RefusedCell]
    already: bool = False
    applied: bool = True
    digest: str = ""
    sequence: int = 0


@dataclass(frozen=True)
class Order:
    """What is to be imported, and how.

    Attributes
    ----------
    mapping : FileMapping
    by : str
        Who imports.
    again : bool
        Also what was imported before.
    """

    mapping: FileMapping
    by: str
    again: bool = False


def with_origin(mapping: FileMapping, origin: ImportedOrigin | None) -> FileMapping:
    """A mapping with another origin, where one is told.

    Raises
    ------
    ImportFileError
        It is one of published figures, which have one origin.
    """
    if origin is None or origin == mapping.origin:
        return mapping
    if mapping.published:
        raise ImportFileError(f"origin is {origin!r}; published figures are 'official'")
    return msgspec.structs.replace(mapping, origin=origin)


class Importer:
    """Imports files into one data directory.

    Parameters
    ----------
    settings : Settings
    console : Console
        Has the progress bars.
    stop : threading.Event
    """

    def __init__(self, settings: Settings, console: Console, stop: Event) -> None:
        self._places = prepare(settings.data, settings.store)
        self._now = clock_from(settings).now
        self._console = console
        self._stop = stop
        least_free = settings.collector.least_free * _MEGABYTE
        self.journal = Journal(self._places.journal, self._now, least_free=least_free)
        self._observations = open_observations(settings.store, self._places, read_only=True)
        self._state = State(self._places.state)
        self._looked, self._collecting = -_SELDOM, False

    def close(self) -> None:
        """Close the stores."""
        for opened in (self._observations, self._state, self.journal):
            opened.close()

    def collecting(self) -> bool:
        """Whether a collector applies what is in the journal.

        To find out, its lock is taken for a moment, in which none could start: it is looked at seldom.
        """
        if time.monotonic() - self._looked > _SELDOM:
            try:
                check_alone(self._places.lock)
                self._collecting = False
            except AlreadyCollectingError:
                self._collecting = True
            self._looked = time.monotonic()
        return self._collecting

    def import_file(self, path: Path, order: Order) -> Outcome:
        """Import the file at `path`: from where an earlier try has stopped.

        Raises
        ------
        ImportFileError
            It cannot be read, or does not fit the mapping.
        StoppedError
            It did not come to its end.
        """
        digest = digest_of(path, fingerprint(order.mapping))
        table = open_table(path, order.mapping.file)
        reader = RowReader(table, order.mapping, self._state.subjects())
        before = self._reached(digest)
        topic = topic_of(order.mapping.origin, digest, table.name)
        if before.finished and not order.again:
            return replace(self._outcome(table.name, topic, digest, before), already=True)
        after = 0 if before.finished else before.rows
        try:
            last = self._send(table, reader, order, digest, after) or before
        finally:
            table.close()
        if self.collecting():
            self._wait_until_applied(last.sequence)
        return self._outcome(table.name, topic, digest, last)

    def try_file(self, path: Path, mapping: FileMapping) -> Outcome:
        """What importing the file at `path` would come to; nothing is written.

        Raises
        ------
        ImportFileError
            It cannot be read, or does not fit the mapping.
        """
        subjects, latest = self._state.subjects(), self._latest()
        table = open_table(path, mapping.file)
        reader = RowReader(table, mapping, subjects)
        refused: list[RefusedCell] = []
        rows = 0
        with progress_bar(f"试读 Try {table.name}", table.total, self._console, stays=False) as done:
            for part in parts(table, reader, mapping, ""):
                refused += take(part, subjects, latest).refused
                rows = part.through
                done(rows)
        return Outcome(table.name, rows, sorted(refused, key=lambda cell: (cell.line, cell.item)))

    def _send(self, table: Table, reader: RowReader, order: Order, digest: str, after: int) -> Reached | None:
        sender = Sender(self.journal, order.by, self._behind, self.collecting, self._stop)
        last = None
        with progress_bar(f"导入 Import {table.name}", table.total, self._console) as done:
            for part in parts(table, reader, order.mapping, digest, after):
                last = Reached(part.through, part.last, sender.send(part))
                done(part.through)
        return last

    def _wait_until_applied(self, sequence: int) -> None:
        first = applied = self._observations.sequence()
        patience = _PATIENCE
        with progress_bar("入库 Apply", max(0, sequence - first), self._console, stays=False) as done:
            while applied < sequence and patience and not self._stop.wait(_GLANCE):
                here = self._observations.sequence()
                patience = _PATIENCE if here > applied else patience - 1
                applied = here
                done(applied - first)

    def _outcome(self, name: str, topic: str, digest: str, last: Reached) -> Outcome:
        applied = self._observations.sequence()
        waiting = newest_run(part for _, part in waiting_parts(self.journal, digest, applied))
        refused = [cell for part in waiting for cell in part.refused]
        if not waiting or waiting[0].before:
            refused = self._refused(topic, digest, applied) + refused
        return Outcome(
            name, last.rows, refused, applied=last.sequence <= applied, digest=digest, sequence=last.sequence
        )

    def _refused(self, topic: str, digest: str, applied: int) -> list[RefusedCell]:
        """What applying has refused of the newest run of a file."""
        known = import_file(self._state.engine, digest)
        letters = letters_of(self._state.engine, topic, known.begun if known else 0)
        return refused_cells((letter for letter in letters if letter.sequence <= applied), self.journal)

    def _reached(self, digest: str) -> Reached:
        # The store first: what is applied after this look is still found in the journal.
        applied = self._observations.sequence()
        return reached(self.journal, import_file(self._state.engine, digest), digest, applied)

    def _behind(self) -> int:
        return self.journal.head().sequence - self._observations.sequence()

    def _latest(self) -> int:
        """The latest time that is believed. [s since 1970-01-01 UTC]."""
        settings = self._state.decoding(self._observations.sequence())
        decoding = msgspec.json.decode(settings, type=Decoding) if settings else Decoding()
        return self._now() // SECOND + decoding.future_tolerance


@contextmanager
def importing(settings: Settings, console: Console, stop: Event) -> Iterator[Importer]:
    """An importer on the data directory of `settings`; there is one at a time.

    Raises
    ------
    AlreadyImportingError
        Another import works there.
    DataFolderError
        The directory holds the data of a demo, or cannot be made.
    JournalDamagedError, IncompatibleError
        The journal lost messages; a newer version wrote the data.
    """
    check_not_of_a_demo(settings.data)
    with trying(settings, console, stop) as importer:
        yield importer


@contextmanager
def trying(settings: Settings, console: Console, stop: Event) -> Iterator[Importer]:
    """As `importing`, for one that only tries files: beside the data of a demo, too.

    Raises
    ------
    AlreadyImportingError, DataFolderError, JournalDamagedError, IncompatibleError
    """
    make_folder(settings.data)
    with importing_here(settings, console, stop) as importer:
        yield importer


@contextmanager
def importing_here(settings: Settings, console: Console, stop: Event) -> Iterator[Importer]:
    """As `importing`, for the service that runs on the data directory, which may be that of a demo."""
    with _alone(Places(settings.data).import_lock):
        importer = Importer(settings, console, stop)
        try:
            yield importer
        finally:
            importer.close()


@contextmanager
def _alone(path: Path) -> Iterator[None]:
    try:
        with only_one(path):
            yield
    except AlreadyCollectingError as error:
        message = f"another import works on {path.parent}; wait until it is done, or stop it: the next one goes on"
        raise AlreadyImportingError(message) from error
