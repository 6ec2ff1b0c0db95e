"""Answers about the service itself: what became of messages, whether it is well."""

from __future__ import annotations

from typing import Annotated

import msgspec
from msgspec import Meta

from qingchuan.api.schemas.common import Sequence


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
