"""What sections were announced as, and from which message on: a reading is judged by the announcement of its time."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Connection, Engine, func, select

from qingchuan.store import tables
from qingchuan.store.subjects import Section, Subject, parse_subject

_log = logging.getLogger(__name__)


class Announced:
    """What one section was announced as.

    Parameters
    ----------
    revisions : sequence of (int, Subject)
        Sequence number of each announcement and what it told, in order; at least one told of a section.

    Attributes
    ----------
    section : Section
        The newest that was told.

    Examples
    --------
    >>> from qingchuan.store.subjects import Name
    >>> name = Name("东钱湖", "Dongqian Lake")
    >>> announced = Announced([(3, Section(name, "lake")), (8, Section(name, "river"))])
    >>> announced.water_bodies(np.array([2, 3, 7, 8])).tolist()
    ['', 'lake', 'lake', 'river']
    """

    def __init__(self, revisions: Sequence[tuple[int, Subject]]) -> None:
        sections = [subject if isinstance(subject, Section) else None for _, subject in revisions]
        self.section = [section for section in sections if section][-1]
        self._sequences = np.array([sequence for sequence, _ in revisions], np.int64)
        self._bodies = np.array(["", *(section.water_body if section else "" for section in sections)])

    def water_bodies(self, sequence: NDArray[np.int64]) -> NDArray[np.str_]:
        """Kind of water body by which each message is judged; empty where the subject was no section then."""
        return self._bodies[np.searchsorted(self._sequences, sequence, side="right")]


class Announcements:
    """The announcements in the state database, read again when there are new ones.

    Parameters
    ----------
    engine : Engine
        Of the state database.
    """

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._count = 0
        self._known: dict[str, Announced | None] = {}
        self._unknown: set[str] = set()

    def sections(self, subjects: Iterable[str]) -> dict[str, Announced]:
        """What those of `subjects` were announced as that are or were sections; one never announced is noted once."""
        wanted = set(subjects)
        if wanted:
            self._load(wanted)
        for subject in sorted(wanted - self._known.keys() - self._unknown):
            self._unknown.add(subject)
            _log.warning("%s is not announced; its readings raise no alerts until it is", subject)
        return {subject: announced for subject in wanted if (announced := self._known.get(subject))}

    def _load(self, subjects: set[str]) -> None:
        with self._engine.connect() as connection:
            count = _count(connection)
            if count != self._count:
                self._count = count
                self._known.clear()
            self._known.update(_read(connection, subjects - self._known.keys()))


def _count(connection: Connection) -> int:
    """How many announcements there are; they are only ever added."""
    return connection.execute(select(func.count()).select_from(tables.subject)).scalar_one()


def _read(connection: Connection, subjects: set[str]) -> Mapping[str, Announced | None]:
    """Those of `subjects` that were announced; None for one that never was a section."""
    table = tables.subject
    query = select(table).where(table.c.subject.in_(subjects)).order_by(table.c.sequence)
    revisions: dict[str, list[tuple[int, Subject]]] = {}
    for row in connection.execute(query) if subjects else ():
        revisions.setdefault(row.subject, []).append((row.sequence, parse_subject(row.announcement.encode())))
    ever = {subject: any(isinstance(told, Section) for _, told in all_told) for subject, all_told in revisions.items()}
    return {subject: Announced(told) if ever[subject] else None for subject, told in revisions.items()}
