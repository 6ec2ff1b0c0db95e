"""Backups: how long ago the last one was made. The disk of the data may fail at any time."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from qingchuan.processing.periods import BEIJING
from qingchuan.processing.standards import Text
from qingchuan.service.backup_note import read_note
from qingchuan.service.clock import SECOND
from qingchuan.service.doctor.finding import OPERATIONS, Check, Finding, NotTriedError, notice, ok
from qingchuan.service.doctor.patient import Patient

_WHERE = f"{OPERATIONS}: backup"
_ADVICE = Text(
    "每夜运行 qingchuan backup 目录 --keep 14（deploy/systemd 有定时器），最好备到另一台机器的磁盘",
    "run qingchuan backup TARGET --keep 14 each night (deploy/systemd has a timer), best to a disk of another machine",
)


def check_age(patient: Patient) -> Finding:
    """How long ago the last backup was made."""
    if not (patient.places.journal / "journal.sqlite").exists():
        raise NotTriedError(Text("还没有数据", "there are no data yet"))
    note = read_note(patient.places.last_backup)
    if note is None:
        return notice(Text("从未备份", "there never was a backup"), _ADVICE, _WHERE)
    age = datetime.fromtimestamp(patient.clock.now() / SECOND, UTC) - note.moment
    at = f"{note.moment.astimezone(BEIJING):%Y-%m-%d %H:%M}"
    days = patient.settings.backup.warn_after
    if age > timedelta(days=days):
        saw = Text(
            f"最近一次备份在 {age.days} 天前（{at}），超过 {days} 天",
            f"the last backup was made {age.days} days ago ({at}), more than {days}",
        )
        return notice(saw, _ADVICE, f"{_WHERE}, backup.warn_after")
    return ok(f"最近一次备份于 {at}，在 {note.folder}", f"the last backup was made at {at}, in {note.folder}")


CHECKS = (Check("backup-age", Text("备份", "backup"), check_age),)
