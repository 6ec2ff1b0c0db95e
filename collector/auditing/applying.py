"""Applies what auditors say: values under the number of their message, and the trail of who did what and why.

Everything is looked at once more as it was before the message applied: what it rests on may have changed since it was
checked before it was appended. What is not taken then stands in the trail with the reason.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

import msgspec
import structlog

from qingchuan.collector.decoded import Decoded
from qingchuan.collector.decoding import Decoding
from qingchuan.store import audit
from qingchuan.store.audit import AuditedValue, Done
from qingchuan.store.audit_messages import Audit, decode
from qingchuan.store.auditing import Auditing, Judged
from qingchuan.store.flag_texts import Mark
from qingchuan.store.messages import Message
from qingchuan.store.observations import Observations, Write
from qingchuan.store.state import State
from qingchuan.store.tallies import NONE

_SECOND = 1_000_000


class Audits:
    """Applies messages of kind ``audit``.

    Parameters
    ----------
    state : State
    observations : Observations
        Both know all of the messages before the one that is applied.
    """

    def __init__(self, state: State, observations: Observations) -> None:
        self._state = state
        self._observations = observations
        self._log = structlog.get_logger("collector")

    def apply(self, sequence: int, received: int, message: Message, into: Decoded) -> None:
        """Judge what `message` says, keep the trail, and add to `into` the values that follow."""
        try:
            said = decode(message.payload)
        except (msgspec.MsgspecError, UnicodeDecodeError) as error:
            self._log.error("audit not understood", sequence=sequence, error=str(error))
            return
        settings = self._state.decoding(sequence)
        decoding = msgspec.json.decode(settings, type=Decoding) if settings else Decoding()
        auditing = Auditing(
            self._state.engine,
            self._observations,
            self._state.subjects(as_of=sequence),
            decoding.audit_steps,
            received // _SECOND + decoding.future_tolerance,
            sequence,
        )
        judged = auditing.judge(said)
        done = [_done(sequence, received, number, one, said) for number, one in enumerate(judged)]
        values = [value for number, one in enumerate(judged) for value in _values(sequence, number, one)]
        self._state.record([], [], within=[partial(audit.write, done=done, values=values)])
        into.writes += [Write(sequence, told, message=NONE) for one in judged for told in one.observations()]
        self._tell(sequence, said, done)

    def _tell(self, sequence: int, said: Audit, done: Sequence[Done]) -> None:
        refused = [one.refused for one in done if one.refused]
        self._log.info("audit applied", sequence=sequence, by=said.by, actions=len(done) - len(refused))
        for reason in refused:
            self._log.warning("audit action not taken", sequence=sequence, by=said.by, reason=reason)


def _done(sequence: int, received: int, number: int, judged: Judged, said: Audit) -> Done:
    act = judged.act
    return Done(
        sequence=sequence,
        number=number,
        action=act.action,
        subject=act.subject,
        period=act.period,
        start=act.start,
        end=act.end,
        items=act.items,
        value=act.value,
        step=said.step,
        person=said.by,
        reason=said.reason,
        stated=said.stated,
        received=received,
        refused=judged.refused,
    )


def _values(sequence: int, number: int, judged: Judged) -> list[AuditedValue]:
    act = judged.act
    return [
        AuditedValue(
            act.subject,
            act.period,
            change.start,
            change.item,
            sequence,
            number,
            _text(change.before),
            _text(change.after),
        )
        for change in judged.changes
    ]


def _text(told: tuple[str, Mark] | None) -> str:
    """Number, flag and what set it, as JSON."""
    known = None if told is None else (msgspec.Raw(told[0].encode()), told[1].flag, told[1].by)
    return msgspec.json.encode(known).decode()
