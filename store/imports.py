"""What was imported: how far each file has come, and the figures that others published."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from sqlalchemy import Connection, Engine, func, select
from sqlalchemy.dialects.sqlite import insert

from qingchuan.store import tables
from qingchuan.store.state import DeadLetter


class Part(NamedTuple):
    """Some rows of a file or a request, as one message brought them.

    Attributes
    ----------
    digest : str
        Of the file and its mapping.
    name, origin : str
        Of the file; of what it tells.
    before, through : int
        Rows of the file before the part, and up to its end. [-]
    refused : int
        Rows and values of the part that were refused. [-]
    last : bool
        Whether the file ends with it.
    sequence : int
        The message.
    received : int
        When the journal took it. [µs since 1970-01-01 UTC]
    """

    digest: str
    name: str
    origin: str
    before: int
    through: int
    refused: int
    last: bool
    sequence: int
    received: int


class ImportFile(NamedTuple):
    """How far a file has come.

    Attributes
    ----------
    digest : str
        Of the file and its mapping.
    name, origin : str
        Of the file; of what it tells.
    rows : int
        Rows of the file that are in the journal and applied. [-]
    refused : int
        Rows and values that were refused. [-]
    sequence : int
        Newest message that carries some of it.
    begun : int
        [µs since 1970-01-01 UTC]
    finished : int or None
        None while more is to come. [µs since 1970-01-01 UTC]
    """

    digest: str
    name: str
    origin: str
    rows: int
    refused: int
    sequence: int
    begun: int
    finished: int | None


class Published(NamedTuple):
    """A figure that somebody else published.

    Attributes
    ----------
    subject : str
        Whom it is about: a city by its six digits.
    figure : str
        Such as ``rank_composite``.
    period : str
        A month such as ``2025-10``, or first and last month: ``2025-01/2025-10``.
    sequence : int
        The message that brought it.
    value : str
        As it was published.
    source : str
        Who published it, and where.
    """

    subject: str
    figure: str
    period: str
    sequence: int
    value: str
    source: str


def record_parts(connection: Connection, parts: Iterable[Part]) -> None:
    """Note how far files have come; a part that was noted changes nothing, and a first one begins anew."""
    table = tables.import_file
    for part in parts:
        row = {
            "digest": part.digest,
            "name": part.name,
            "origin": part.origin,
            "rows": part.through,
            "refused": part.refused,
            "sequence": part.sequence,
            "begun": part.received,
            "finished": part.received if part.last else None,
        }
        new = insert(table).values(row)
        changes: dict[str, object] = {key: new.excluded[key] for key in row if key not in ("digest", "begun")}
        if part.before:
            changes["refused"] = table.c.refused + new.excluded.refused
        else:
            changes["begun"] = new.excluded.begun
        newer = table.c.sequence < new.excluded.sequence
        connection.execute(new.on_conflict_do_update(index_elements=["digest"], set_=changes, where=newer))


def record_published(connection: Connection, figures: Sequence[Published]) -> None:
    """Keep published figures; what says another thing than before stands beside that, under its own sequence."""
    for figure in figures:
        if _told_before(connection, figure) != (figure.value, figure.source):
            connection.execute(insert(tables.published).values(figure._asdict()).on_conflict_do_nothing())


def _told_before(connection: Connection, figure: Published) -> tuple[str, str] | None:
    """What was told of a figure by the message before that of `figure`."""
    table = tables.published
    same = [getattr(table.c, key) == getattr(figure, key) for key in ("subject", "figure", "period")]
    query = select(table.c.value, table.c.source).where(*same, table.c.sequence < figure.sequence)
    found = connection.execute(query.order_by(table.c.sequence.desc()).limit(1)).first()
    return (found.value, found.source) if found else None


def import_files(engine: Engine, limit: int) -> list[ImportFile]:
    """The files and requests that were imported, the newest first."""
    query = select(tables.import_file).order_by(tables.import_file.c.sequence.desc()).limit(limit)
    with engine.connect() as connection:
        return [ImportFile(*row) for row in connection.execute(query)]


def import_file(engine: Engine, digest: str) -> ImportFile | None:
    """How far the file with a `digest` has come; None if nothing of it was applied."""
    query = select(tables.import_file).where(tables.import_file.c.digest == digest)
    with engine.connect() as connection:
        found = connection.execute(query).first()
    return ImportFile(*found) if found else None


def letters_of(engine: Engine, topic: str, begun: int = 0) -> list[DeadLetter]:
    """What is still refused of the messages with a `topic` received since `begun` [µs since 1970-01-01 UTC], in order.

    What was applied again and taken after all is not among it.
    """
    table = tables.dead_letter
    query = select(table).where(table.c.topic == topic, table.c.received >= begun, table.c.settled.is_(None))
    with engine.connect() as connection:
        found = connection.execute(query.order_by(table.c.sequence, table.c.item))
        return [DeadLetter(row.sequence, row.item or None, *row[2:]) for row in found]


def published(
    engine: Engine,
    subjects: Sequence[str] | None = None,
    *,
    figure: str | None = None,
    period: str | None = None,
    as_of: int | None = None,
) -> list[Published]:
    """The published figures as they were after message `as_of` (None: now), by subject, figure and period.

    Parameters
    ----------
    engine : Engine
    subjects : sequence of str or None
        None: of all.
    figure, period : str or None
        None: all.
    as_of : int or None
    """
    table = tables.published
    wanted = [table.c.sequence <= as_of] if as_of is not None else []
    wanted += [table.c.subject.in_(subjects)] if subjects is not None else []
    wanted += [table.c.figure == figure] if figure is not None else []
    wanted += [table.c.period == period] if period is not None else []
    key = (table.c.subject, table.c.figure, table.c.period)
    newest = select(*key, func.max(table.c.sequence).label("sequence")).where(*wanted).group_by(*key).subquery()
    same = [column == newest.c[column.name] for column in (*key, table.c.sequence)]
    query = select(table).join(newest, same[0] & same[1] & same[2] & same[3]).order_by(*key)
    with engine.connect() as connection:
        return [Published(*row) for row in connection.execute(query)]
