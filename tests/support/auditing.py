"""What auditors say of station 1235A, as messages."""

from __future__ import annotations

from qingchuan.store.audit_messages import Act, Action, Audit, message_of
from qingchuan.store.messages import Message
from tests.support.applying import START

HOUR = 3600
DAY = 86_400
MIDNIGHT = START - 8 * HOUR
"""The natural day that `START` lies in begins."""


def audit_of(
    *acts: Act, step: str = "station", by: str = "lin", reason: str = "filter torn", stated: int = START
) -> Message:
    """A message of one person."""
    return message_of(Audit(by, step, reason, stated, acts), "command")


def act(action: Action, hour: int = 0, hours: int = 1, *, value: str = "", subject: str = "1235A") -> Act:
    """An action on PM2.5 of some hours."""
    start = START + hour * HOUR
    return Act(action, subject, start, start + hours * HOUR, "hour", ("pm25",), value)


def confirm(days: int = 1, subject: str = "1235A") -> Act:
    """The confirmation of the natural day of `START`, and of those that follow."""
    return Act("confirm", subject, MIDNIGHT, MIDNIGHT + days * DAY, "day")
