"""Months that were published: documents that never change, each the payload of a message of kind ``publication``.

A document is canonical JSON (keys sorted, no blanks), so that the same figures give the same bytes. Its SHA-256 is of
all of its bytes. A later version names the hash of the one it replaces, so that neither can be exchanged.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final, NamedTuple

import msgspec
from sqlalchemy import Connection, Engine, select
from sqlalchemy.dialects.sqlite import insert

from qingchuan.store import tables
from qingchuan.store.journal_reader import JournalReader
from qingchuan.store.messages import Message
from qingchuan.store.subjects import AirStation, Subject

FORMAT: Final = 1
_TABLE = tables.publication
_MONTH: Final = re.compile(r"(19|20|21)\d\d-(0[1-9]|1[0-2])", re.ASCII)


class Replaced(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The version before.

    Attributes
    ----------
    version : int
    sequence : int
        The message that has it.
    sha256 : str
    """

    version: int
    sequence: int
    sha256: str


class Difference(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A figure that two versions tell differently.

    Attributes
    ----------
    figure : str
        Where it stands in the document, such as ``cities/330200/rates/good_air/rate``.
    before, after : object
        JSON values; None where it is not told.
    """

    figure: str
    before: Any
    after: Any


class Head(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What a document says of itself.

    Attributes
    ----------
    month : str
        Such as ``2018-08``.
    version : int
        From 1.
    sequence : int
        The message up to which its data reach.
    program : str
        Version of the program that computed it.
    by : str
        The person who published it.
    stated : str
        When, as the person says: ISO 8601, Beijing time.
    reason : str
        Why the version before was unlocked; empty for the first.
    replaces : Replaced or None
    """

    month: str
    version: int
    sequence: int
    program: str
    by: str
    stated: str
    reason: str = ""
    replaces: Replaced | None = None


class Document(Head, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A month as it was published.

    Attributes
    ----------
    format : int
    cities, sections : dict of str to object
        The figures of each, by id.
    water : object
        Those of all sections together.
    changes : list of Difference
        Against the version before.
    """

    format: int = FORMAT
    cities: dict[str, Any]
    sections: dict[str, Any]
    water: Any
    changes: list[Difference] = []


class Publication(NamedTuple):
    """A version of a month, and where it is.

    Attributes
    ----------
    month : str
    version : int
    sequence : int
        The message that has it, byte for byte.
    data_sequence : int
        The message up to which its data reach.
    sha256 : str
    program, person, reason : str
    stated : int
        [s since 1970-01-01 UTC]
    received : int
        [µs since 1970-01-01 UTC]
    """

    month: str
    version: int
    sequence: int
    data_sequence: int
    sha256: str
    program: str
    person: str
    reason: str
    stated: int
    received: int


class Fault(NamedTuple):
    """Something that is wrong with a publication.

    Attributes
    ----------
    publication : Publication
    reason : str
    """

    publication: Publication
    reason: str


_encoder = msgspec.json.Encoder(order="sorted")
_decoder = msgspec.json.Decoder(Document)


def encode(document: Document) -> bytes:
    """The canonical bytes of a document.

    Examples
    --------
    >>> encode(
    ...     Document(
    ...         month="2018-08",
    ...         version=1,
    ...         sequence=7,
    ...         program="0.1.0",
    ...         by="lin",
    ...         stated="2018-09-03T09:00:00+08:00",
    ...         cities={"b": 1, "a": 2},
    ...         sections={},
    ...         water=None,
    ...     )
    ... )[:30]
    b'{"by":"lin","changes":[],"citi'
    """
    return _encoder.encode(document)


def decode(payload: bytes) -> Document:
    """The document of a message.

    Raises
    ------
    msgspec.MsgspecError
        It is none.
    """
    return _decoder.decode(payload)


def sha256(payload: bytes) -> str:
    """The hash of a document, as sha256sum writes it."""
    return hashlib.sha256(payload).hexdigest()


def message_of(payload: bytes, month: str, source: str) -> Message:
    """The message that publishes a document; `source` is where it was said."""
    return Message("publication", source, month, payload)


def is_month(text: str) -> bool:
    """Whether a text names a month.

    Examples
    --------
    >>> is_month("2018-08"), is_month("2018-8"), is_month("2018-13")
    (True, False, False)
    """
    return _MONTH.fullmatch(text) is not None


def write(connection: Connection, publication: Publication, held: Iterable[str]) -> None:
    """Keep where a version is, and whose figures it holds, within a transaction; one that is there stays as it is."""
    connection.execute(insert(_TABLE).values(publication._asdict()).on_conflict_do_nothing())
    rows = [{"sequence": publication.sequence, "subject": subject} for subject in sorted(held)]
    if rows:
        connection.execute(insert(tables.publication_subject).on_conflict_do_nothing(), rows)


def held_by(document: Document, subjects: Mapping[str, Subject]) -> set[str]:
    """Whose figures a document holds: its cities and their stations, of the `subjects` then, and its sections."""
    stations = (name for name, one in subjects.items() if isinstance(one, AirStation) and one.city in document.cities)
    return {*document.cities, *document.sections, *stations}


def publications(
    engine: Engine, month: str | None = None, *, before: int | None = None, as_of: int | None = None
) -> list[Publication]:
    """The versions of a month, or of all months, the newest message last.

    Of messages earlier than `before`, up to `as_of`.
    """
    query = select(_TABLE).order_by(_TABLE.c.sequence)
    query = query if month is None else query.where(_TABLE.c.month == month)
    query = query if before is None else query.where(_TABLE.c.sequence < before)
    query = query if as_of is None else query.where(_TABLE.c.sequence <= as_of)
    with engine.connect() as connection:
        return [Publication(*row) for row in connection.execute(query)]


def newest(engine: Engine, month: str, before: int | None = None) -> Publication | None:
    """The newest version of a month; None where it was not published."""
    return max(publications(engine, month, before=before), key=lambda one: one.version, default=None)


def payload_of(journal: JournalReader, publication: Publication) -> bytes | None:
    """The bytes that were published; None where the journal does not hold them any more."""
    found = next(journal.messages([publication.sequence]), None)
    return None if found is None or found[2].kind != "publication" else found[2].payload


def faults(engine: Engine, journal: JournalReader) -> Iterator[Fault]:
    """What is wrong with the publications: bytes that are not those of the hash, or a version that names another."""
    for publication in publications(engine):
        payload = payload_of(journal, publication)
        if payload is None:
            yield Fault(publication, f"the journal does not hold message {publication.sequence}")
        elif sha256(payload) != publication.sha256:
            yield Fault(publication, f"its bytes have the hash {sha256(payload)}, not {publication.sha256}")
        else:
            yield from _of_replaced(engine, publication, decode(payload))


def differences(before: Document, after: Document) -> list[Difference]:
    """The figures that two documents tell differently, in the order of their places."""
    figures = (({"cities": one.cities, "sections": one.sections, "water": one.water}) for one in (before, after))
    old, new = (dict(_leaves(msgspec.to_builtins(told), "")) for told in figures)
    return [
        Difference(figure, old.get(figure), new.get(figure))
        for figure in sorted(old.keys() | new.keys())
        if (figure in old, old.get(figure)) != (figure in new, new.get(figure))
    ]


def _of_replaced(engine: Engine, publication: Publication, document: Document) -> Iterator[Fault]:
    replaced = document.replaces
    if replaced is None:
        return
    earlier = publications(engine, publication.month, before=publication.sequence)
    named = (replaced.version, replaced.sequence, replaced.sha256)
    if named not in [(one.version, one.sequence, one.sha256) for one in earlier]:
        yield Fault(publication, f"no version {replaced.version} has the hash {replaced.sha256} that it replaces")


def _leaves(told: Any, at: str) -> Iterator[tuple[str, Any]]:  # noqa: ANN401 - JSON
    """All that is no object, with its place."""
    if isinstance(told, Mapping):
        for key, value in told.items():
            yield from _leaves(value, f"{at}/{key}" if at else str(key))
    else:
        yield at, told
