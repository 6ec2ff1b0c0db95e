"""The audit (审核): what a person asks for is checked and appended, and what was done is told."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence

import msgspec
from msgspec import UnsetType

from qingchuan.api.answering import iso_time
from qingchuan.api.parameters import instant
from qingchuan.api.problems import ProblemError
from qingchuan.api.schemas import audit as schemas
from qingchuan.api.services import Services
from qingchuan.store import audit
from qingchuan.store.audit import AuditedValue, Done
from qingchuan.store.audit_messages import Act, Audit, message_of, steps_of
from qingchuan.store.auditing import Auditing
from qingchuan.store.chain import JournalDamagedError
from qingchuan.store.journal import JournalUnavailableError

_SECOND = 1_000_000
_EVER = 2**62


def audit_of(services: Services, body: schemas.AuditBody) -> Audit:
    """What a body says, with its times.

    Raises
    ------
    ProblemError
        A time is none.
    """
    stated = services.now() // _SECOND if body.stated is None else instant("stated", body.stated)
    return Audit(body.by.strip(), body.step, body.reason.strip(), stated, tuple(map(_act, body.acts)))


def take_audit(services: Services, said: Audit, source: str = "web") -> schemas.AuditTaken:
    """Append what a person did, if all of it can be done as things stand.

    Parameters
    ----------
    services : Services
    said : Audit
    source : str
        Where it was said: ``command`` or ``web``.

    Raises
    ------
    ProblemError
        Something of it cannot be done, and why; or the journal takes nothing.
    """
    judged = auditing(services).judge(said)
    refused = [f"{number}: {one.refused}" for number, one in enumerate(judged, 1) if one.refused]
    if refused or not judged:
        raise ProblemError(422, "audit-refused", "; ".join(refused) or "acts is empty; at least one action would do")
    try:
        sequence = services.append([message_of(said, source)])
    except (JournalUnavailableError, JournalDamagedError, sqlite3.Error, OSError) as error:
        raise ProblemError(503, "journal-unavailable", str(error)) from error
    return schemas.AuditTaken(len(judged), sum(len(one.changes) for one in judged), sequence)


def auditing(services: Services) -> Auditing:
    """What judges an audit by all that is applied by now."""
    return Auditing(
        services.state.engine,
        services.observations,
        services.state.subjects(),
        steps(services),
        services.now() // _SECOND,
        _EVER,
    )


def steps(services: Services, as_of: int | None = None) -> tuple[str, ...]:
    """The steps of the audit, the first one first."""
    return steps_of(services.state.decoding(_EVER if as_of is None else as_of))


def trail_answer(
    services: Services,
    subject: str | None,
    start: int | None,
    end: int | None,
    limit: int,
    *,
    before: int | None,
    as_of: int,
) -> schemas.AuditAnswer:
    """What auditors did, the newest first: about one subject, on values of a stretch of time."""
    subjects = None if subject is None else [subject]
    found = audit.trail(
        services.state.engine, limit, subjects=subjects, start=start, end=end, before=before, as_of=as_of
    )
    return schemas.AuditAnswer(as_of, list(steps(services, as_of)), done_answers(services, found))


def done_answers(services: Services, found: Sequence[Done]) -> list[schemas.AuditDone]:
    """Actions as answers tell them, with what they did to values."""
    values = audit.values_of(services.state.engine, sorted({one.sequence for one in found}))
    changes: dict[tuple[int, int], list[AuditedValue]] = {}
    for value in values:
        changes.setdefault((value.sequence, value.number), []).append(value)
    return [_done(one, changes.get((one.sequence, one.number), [])) for one in found]


def _done(one: Done, values: Sequence[AuditedValue]) -> schemas.AuditDone:
    return schemas.AuditDone(
        sequence=one.sequence,
        number=one.number,
        action=one.action,
        subject=one.subject,
        period=one.period,
        start=iso_time(one.start),
        end=iso_time(one.end),
        items=list(one.items),
        value=one.value,
        step=one.step,
        by=one.person,
        reason=one.reason,
        stated=iso_time(one.stated),
        received=iso_time(one.received // _SECOND),
        refused=one.refused,
        changes=[
            schemas.AuditChange(iso_time(value.start), value.item, _value(value.before), _value(value.after))
            for value in values
        ],
    )


def _value(text: str) -> schemas.AuditValue | None:
    told = msgspec.json.decode(text, type=tuple[msgspec.Raw, int, str] | None)
    return None if told is None else schemas.AuditValue(*told)


def _act(told: schemas.AuditAct) -> Act:
    start, end = instant("start", told.start), instant("end", told.end)
    value = "" if isinstance(told.value, UnsetType) else bytes(told.value).decode()
    return Act(told.action, told.subject, start, end, told.period, tuple(told.items), value)
