"""Dead letters: which are wanted, how many there are of them, and what became of those that were tried again."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from operator import attrgetter
from typing import Any, NamedTuple

import msgspec
from sqlalchemy import ColumnElement, Engine, Row, Select, and_, func, or_, select
from sqlalchemy.dialects.sqlite import insert

from qingchuan.store import tables
from qingchuan.store.state import Announcement, DeadLetter, writing

_PAGE = 500
_TABLE = tables.dead_letter
_NEWS = ("code", "reason", "subject", "start", "tried", "settled")
"""What trying again tells anew of a letter."""

OTHERS = "…"
"""What a letter calls its value that stands for all of a message without a letter of their own."""

Range = tuple[int, int]
"""First and last of consecutive messages."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which dead letters are wanted; what is None, or an empty text, leaves nothing out.

    Attributes
    ----------
    subject : str or None
        Whom they are about; an empty text stands for nobody who is known.
    topic, reason : str
        A text that is contained, whatever its capital letters are.
    code : str or None
    since, until : int or None
        They were received in ``[since, until)``. [µs since 1970-01-01 UTC]
    settled : bool or None
        Whether they were applied after all.
    messages : tuple of Range or None
        Of which messages they are.
    """

    subject: str | None = None
    topic: str = ""
    code: str | None = None
    reason: str = ""
    since: int | None = None
    until: int | None = None
    settled: bool | None = None
    messages: tuple[Range, ...] | None = None

    def condition(self) -> ColumnElement[bool]:
        """What a row of the table has to fulfil."""
        column = _TABLE.c
        given: list[ColumnElement[bool]] = []
        given += [column.subject == self.subject] if self.subject is not None else []
        given += [column.code == self.code] if self.code is not None else []
        given += [column.topic.contains(self.topic, autoescape=True)] if self.topic else []
        given += [column.reason.contains(self.reason, autoescape=True)] if self.reason else []
        given += [column.received >= self.since] if self.since is not None else []
        given += [column.received < self.until] if self.until is not None else []
        given += [column.settled.is_not(None) if self.settled else column.settled.is_(None)] * (
            self.settled is not None
        )
        given += [_within(self.messages)] if self.messages is not None else []
        return and_(True, *given)  # noqa: FBT003 - how SQLAlchemy spells a condition that always holds


class CodeTotal(NamedTuple):
    """How many letters have a code.

    Attributes
    ----------
    code : str
    messages : int
        Refused as a whole.
    values : int
        Single values.
    """

    code: str
    messages: int
    values: int


def totals(engine: Engine, wanted: Wanted) -> list[CodeTotal]:
    """How many of the letters that are wanted have each code, the most frequent first."""
    whole = func.count().filter(_TABLE.c.item == "")
    query = select(_TABLE.c.code, whole, func.count() - whole).where(wanted.condition()).group_by(_TABLE.c.code)
    with engine.connect() as connection:
        found = [CodeTotal(*row) for row in connection.execute(query)]
    return sorted(found, key=lambda total: (-total.messages - total.values, total.code))


def of_message(engine: Engine, sequence: int) -> list[DeadLetter]:
    """The letters of one message."""
    query = select(_TABLE).where(_TABLE.c.sequence == sequence).order_by(_TABLE.c.item)
    with engine.connect() as connection:
        return [_letter(row) for row in connection.execute(query)]


def in_order(engine: Engine, wanted: Wanted) -> Iterator[list[DeadLetter]]:
    """All letters that are wanted, the oldest first, in portions of whole messages: a few hundred letters each."""
    after = 0
    query = select(_TABLE).where(wanted.condition()).order_by(_TABLE.c.sequence, _TABLE.c.item)
    while portion := _portion(engine, query, after):
        yield portion
        after = portion[-1].sequence


def named(engine: Engine, wanted: Wanted) -> list[int]:
    """The messages with letters that are wanted and not settled: announcements first, then the newest first."""
    announces = _TABLE.c.topic.endswith("/station") & (_TABLE.c.item == "")
    query = select(_TABLE.c.sequence).where(wanted.condition(), _TABLE.c.settled.is_(None)).group_by(_TABLE.c.sequence)
    with engine.connect() as connection:
        found = connection.execute(query.order_by(func.max(announces).desc(), _TABLE.c.sequence.desc()))
        return list(found.scalars())


def unsettled(engine: Engine, messages: Sequence[Range], at: int, most: int) -> dict[int, list[DeadLetter]]:
    """The letters of `messages` that were not settled before message `at`, by message: of the `most` newest of them."""
    open_then = or_(_TABLE.c.settled.is_(None), _TABLE.c.settled >= at)
    query = select(_TABLE).where(_within(messages), _TABLE.c.sequence < at, open_then)
    with engine.connect() as connection:
        found = connection.execute(query.order_by(_TABLE.c.sequence.desc(), _TABLE.c.item))
        by_message = groupby(found, key=attrgetter("sequence"))
        return {sequence: [_letter(row) for row in rows] for (sequence, rows), _ in zip(by_message, range(most))}  # noqa: B905 - the first of them


def whole_by_subject(engine: Engine, at: int) -> dict[str, int]:
    """How many messages up to message `at` were refused as a whole and not settled by then, by subject."""
    open_then = or_(_TABLE.c.settled.is_(None), _TABLE.c.settled > at)
    query = select(_TABLE.c.subject, func.count()).where(_TABLE.c.item == "", _TABLE.c.sequence <= at, open_then)
    with engine.connect() as connection:
        return {row[0]: row[1] for row in connection.execute(query.group_by(_TABLE.c.subject))}


def put(engine: Engine, letters: Sequence[DeadLetter]) -> None:
    """Keep `letters` as they are after they were tried again."""
    if not letters:
        return
    rows = [{**letter._asdict(), "item": letter.item or ""} for letter in letters]
    new = insert(_TABLE)
    news = {name: new.excluded[name] for name in _NEWS}
    with writing(engine).begin() as connection:
        connection.execute(new.on_conflict_do_update(index_elements=["sequence", "item"], set_=news), rows)


def announced_by(engine: Engine, sequence: int) -> list[Announcement]:
    """What subjects announced by message `sequence`: by one that applied others again it may be several."""
    table = tables.subject
    query = select(table.c.sequence, table.c.subject, table.c.announcement).where(table.c.sequence == sequence)
    with engine.connect() as connection:
        return [Announcement(*row) for row in connection.execute(query.order_by(table.c.subject))]


def last_announced(engine: Engine, before: int) -> dict[str, int]:
    """The newest message before message `before` by which each subject announced itself."""
    table = tables.subject
    query = select(table.c.subject, func.max(table.c.sequence)).where(table.c.sequence < before)
    with engine.connect() as connection:
        return {row[0]: row[1] for row in connection.execute(query.group_by(table.c.subject))}


def ranges_of(sequences: Iterable[int]) -> list[Range]:
    """Numbers as ranges.

    Examples
    --------
    >>> ranges_of([7, 3, 4, 5, 9, 8])
    [(3, 5), (7, 9)]
    """
    found: list[Range] = []
    for sequence in sorted(set(sequences)):
        if found and found[-1][1] == sequence - 1:
            found[-1] = found[-1][0], sequence
        else:
            found.append((sequence, sequence))
    return found


def joined(ranges: Iterable[Range]) -> list[Range]:
    """Ranges without what overlaps, in order; one that ends before it begins is none.

    Examples
    --------
    >>> joined([(7, 9), (1, 3), (2, 5), (8, 6)])
    [(1, 5), (7, 9)]
    """
    found: list[Range] = []
    for first, last in sorted(ranges):
        if first > last:
            continue
        if found and first <= found[-1][1] + 1:
            found[-1] = found[-1][0], max(last, found[-1][1])
        else:
            found.append((first, last))
    return found


def _portion(engine: Engine, query: Select[Any], after: int) -> list[DeadLetter]:
    with engine.connect() as connection:
        found = list(connection.execute(query.where(_TABLE.c.sequence > after).limit(_PAGE)))
        if len(found) == _PAGE:
            last = found[-1].sequence
            found = [row for row in found if row.sequence != last]
            found += connection.execute(query.where(_TABLE.c.sequence == last))
    return [_letter(row) for row in found]


def _within(messages: Sequence[Range]) -> ColumnElement[bool]:
    """Whether a letter is of one of `messages`; by one parameter, however many they are."""
    wanted = func.json_each(msgspec.json.encode(joined(messages)).decode()).table_valued("value")
    first, last = func.json_extract(wanted.c.value, "$[0]"), func.json_extract(wanted.c.value, "$[1]")
    other = _TABLE.alias("named")
    return _TABLE.c.sequence.in_(
        select(other.c.sequence).select_from(wanted.join(other, other.c.sequence.between(first, last)))
    )


def _letter(row: Row[Any]) -> DeadLetter:
    return DeadLetter._make(row)._replace(item=row.item or None)
