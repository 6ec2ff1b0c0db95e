"""Answers about what was refused, and what is asked for to apply it again."""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from qingchuan.api.schemas.common import Sequence, SubjectId, Time
from qingchuan.store.again import LONGEST

MessageNumber = Annotated[int, Meta(description="Number of the message", examples=[1042])]
MessageTopic = Annotated[str, Meta(description="MQTT topic, or MN number", examples=["qingchuan/1235A/hour"])]
Code = Annotated[str, Meta(description="Kind of the reason", examples=["unknown-item"])]
Reason = Annotated[str, Meta(description="What was mended, for those who ask later", min_length=1, max_length=LONGEST)]
By = Annotated[str, Meta(description="The person who says so", min_length=1, max_length=LONGEST)]


class DeadLetterTotal(msgspec.Struct, frozen=True):
    """How much was refused."""

    messages: Annotated[int, Meta(description="Refused as a whole")]
    values: Annotated[int, Meta(description="Single values; the rest of their messages was taken")]


class DeadLetterCode(DeadLetterTotal, frozen=True):
    """How much was refused for one kind of reason."""

    code: Code


class DeadLetter(msgspec.Struct, frozen=True):
    """A message, or one value of it, that was refused. Its payload is in the journal."""

    sequence: MessageNumber
    item: Annotated[str | None, Meta(description="The value that was refused; null: the whole message was")]
    received: Time
    topic: MessageTopic
    code: Code
    reason: Annotated[str, Meta(description="For the person who can mend it")]
    subject: Annotated[str | None, Meta(description="Whom it is about; null: nobody who was known", examples=["1235A"])]
    time: Annotated[str | None, Meta(description="Start of the period, or the instant, that it names; null: none")]
    tried: Annotated[int | None, Meta(description="Number of the newest message that said to apply it again")]
    settled: Annotated[int | None, Meta(description="Number of the message by which it was applied after all")]


class DeadLettersAnswer(msgspec.Struct, frozen=True):
    """Those that are asked for, the newest first."""

    sequence: Sequence
    total: DeadLetterTotal
    codes: Annotated[list[DeadLetterCode], Meta(description="The total by kind of the reason, most frequent first")]
    dead_letters: list[DeadLetter]


class AppliedAgain(msgspec.Struct, frozen=True):
    """The newest message that said to apply a dead letter again."""

    sequence: MessageNumber
    received: Time
    by: str
    reason: str


class DeadLetterMessage(msgspec.Struct, frozen=True):
    """A message of which something was refused, with its payload as it arrived."""

    sequence: MessageNumber
    kind: Annotated[str, Meta(description="How it came: mqtt, hj212, import, or refused by the gateway")]
    source: Annotated[str, Meta(description="Who received it: the MQTT client id, the gateway, or whoever imported it")]
    received: Time
    topic: MessageTopic
    retained: bool
    qos: int
    size: Annotated[int, Meta(description="Of the payload [bytes]")]
    encoding: Annotated[Literal["text", "base64"], Meta(description="How `payload` is written: base64 if not UTF-8")]
    payload: str
    again: AppliedAgain | None
    dead_letters: list[DeadLetter]


class ToApply(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Which dead letters are to be applied again; what is left out leaves none out. Settled ones are never applied."""

    subject: SubjectId | None = None
    topic: Annotated[str, Meta(description="A text that the topic contains")] = ""
    code: Code | None = None
    text: Annotated[str, Meta(description="A text that the reason contains")] = ""
    start: Annotated[str | None, Meta(description="Received at this time or later, ISO 8601, or a natural day")] = None
    end: Annotated[str | None, Meta(description="Received before this time")] = None


class AgainBody(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What is to be applied again, who says so, and why: by a filter or by numbers of messages."""

    by: By
    reason: Reason
    filter: ToApply | None = None
    sequences: Annotated[
        list[tuple[int, int]] | None,
        Meta(description="First and last of consecutive messages", examples=[[[1042, 1050], [1077, 1077]]]),
    ] = None


class AgainAnswer(msgspec.Struct, frozen=True):
    """That it is in the journal; the collector applies it in its turn."""

    messages: Annotated[int, Meta(description="How many messages are named")]
    sequence: Annotated[int, Meta(description="Number of the last message that names them; they are applied by then")]
