"""Answers about the service itself: what became of messages, what was refused, whether it is well."""

from __future__ import annotations

from typing import Annotated

import msgspec
from msgspec import Meta

from qingchuan.api.schemas.common import Sequence, Time


class DeadLetterTotal(msgspec.Struct, frozen=True):
    """How much was refused."""

    messages: Annotated[int, Meta(description="Refused as a whole")]
    values: Annotated[int, Meta(description="Single values; the rest of their messages was taken")]


class DeadLetter(msgspec.Struct, frozen=True):
    """A message, or one value of it, that was refused. Its payload is in the journal."""

    sequence: Annotated[int, Meta(description="Number of the message")]
    item: Annotated[str | None, Meta(description="The value that was refused; null: the whole message was")]
    received: Time
    topic: Annotated[str, Meta(examples=["qingchuan/1235A/hour"])]
    code: Annotated[str, Meta(examples=["unknown-item"])]
    reason: Annotated[str, Meta(description="For the person who can mend it")]


class DeadLettersAnswer(msgspec.Struct, frozen=True):
    """The newest of what was refused."""

    total: DeadLetterTotal
    dead_letters: list[DeadLetter]


class CollectorAnswer(msgspec.Struct, frozen=True):
    """What became of the messages: received = applied + duplicate + dead_letter + waiting."""

    sequence: Sequence
    received: int
    applied: int
    duplicate: int
    dead_letter: int
    waiting: int


class SubjectCounts(msgspec.Struct, frozen=True):
    """What became of the messages about a subject: received = applied + duplicate + dead_letter + waiting."""

    subject: Annotated[str | None, Meta(description="null: messages about no subject that was announced")]
    received: int
    applied: int
    duplicate: int
    dead_letter: int
    waiting: int


class SubjectCountsAnswer(msgspec.Struct, frozen=True):
    """What became of the messages, by the subject that they are about."""

    sequence: Sequence
    subjects: Annotated[list[SubjectCounts] | None, Meta(description="null while very many messages wait")]


class Health(msgspec.Struct, frozen=True):
    """That the service is well."""

    status: str
    sequence: Sequence
