"""The journal and what reads it: its head, how far behind the readers are, what was refused, how far back it goes."""

from __future__ import annotations

from collections import Counter

from qingchuan.processing.standards import Text
from qingchuan.service.clock import SECOND
from qingchuan.service.doctor.finding import OPERATIONS, Check, Finding, notice, ok, problem
from qingchuan.service.doctor.history import first_since, letters_since
from qingchuan.service.doctor.patient import Patient

_DAY = 86_400 * SECOND
"""[µs]"""
_BEHIND = 300 * SECOND
"""Messages that wait for longer than this are a problem. [µs]"""
_MANY = 0.01
"""A larger share of dead letters is a problem."""
_WHOLE_STATIONS = {"unknown-subject", "internal"}
"""Reasons for which nothing of a station is taken, or for which we are to blame."""
_TOP = 3
_GRACE = 2
"""Days that sealing may lag behind. [d]"""


def check_head(patient: Patient) -> Finding:
    """Whether the journal reaches as far as was acknowledged; ``qingchuan verify`` checks all of it."""
    journal = patient.journal
    acknowledged = journal.acknowledged()
    if journal.holds(acknowledged):
        last = journal.head().sequence
        return ok(f"到第 {last} 条，与链头文件一致", f"reaches message {last}, as the head file says")
    return problem(
        Text(
            f"第 {acknowledged.sequence} 条已确认，日志里却没有",
            f"message {acknowledged.sequence} was acknowledged and is not there",
        ),
        Text("从备份恢复；先运行 qingchuan verify", "restore it from a backup; run qingchuan verify first"),
        f"{OPERATIONS}: When it does not start",
    )


def check_waiting(patient: Patient) -> Finding:
    """Whether the store and the alerts keep up with the journal."""
    applied = {"observations": patient.observations.sequence(), **patient.state.cursors()}
    last = patient.journal.head().sequence
    name, sequence = min(applied.items(), key=lambda each: each[1])
    if ahead := [each for each, done in applied.items() if done > patient.journal.head().sequence]:
        return problem(
            Text(
                f"{ahead[0]} 走在日志前面：日志丢了一段", f"{ahead[0]} is ahead of the journal, which has lost its end"
            ),
            Text("从备份恢复日志", "restore the journal from a backup"),
            f"{OPERATIONS}: When it does not start",
        )
    waiting = max(0, last - sequence)
    if not waiting:
        return ok("都已处理", "all is applied")
    saw = Text(f"{name} 还有 {waiting} 条待处理", f"{waiting} messages wait for {name}")
    since = patient.clock.now() - patient.journal.rows(sequence, limit=1)[0].received
    if since <= _BEHIND:
        return Finding("ok", saw)
    return problem(
        Text(f"{saw.zh}，最早的等了 {since // SECOND} 秒", f"{saw.en}, the first for {since // SECOND} s"),
        Text(
            "看服务是否在运行、磁盘是否太慢、日志里的 store unavailable",
            "does it run, is the disk slow, what says the log?",
        ),
        f"{OPERATIONS}: qingchuan_messages_waiting",
    )


def check_letters(patient: Patient) -> Finding:
    """How much was refused within a day, and why."""
    since = patient.clock.now() - _DAY
    letters = letters_since(patient.state, since)
    if not letters:
        return ok("一天内没有拒收", "nothing was refused within a day")
    reasons = Counter(letter.code for letter in letters)
    told = ", ".join(f"{code} {count}" for code, count in reasons.most_common(_TOP))
    newest = next(letter for letter in letters if letter.code == reasons.most_common(1)[0][0])
    saw = Text(
        f"一天内拒收 {len(letters)}：{told}；如 {newest.topic}：{newest.reason}",
        f"{len(letters)} within a day: {told}; such as {newest.topic}: {newest.reason}",
    )
    advice = Text("改站点的报文；没自述的先自述", "mend what the stations send; who never announced itself must")
    received = patient.journal.head().sequence + 1 - first_since(patient.journal, since)
    many = len(letters) > _MANY * received or not _WHOLE_STATIONS.isdisjoint(reasons)
    return (problem if many else notice)(saw, advice, "docs/mqtt.md: What is refused")


def check_retention(patient: Patient) -> Finding:
    """How far back the raw records go, and whether older days are sealed."""
    journal, days = patient.journal, patient.settings.collector.recent_days
    head = journal.head().sequence
    first, newest = journal.rows(0, limit=1), journal.rows(head - 1, limit=1)
    if not first or not newest:
        return ok("还没有记录", "there are no records yet")
    reach = (newest[-1].received - first[0].received) / _DAY
    unsealed = (newest[-1].received - _first_unsealed(patient)) / _DAY
    saw = Text(
        f"原始记录 {reach:.0f} 天，从第 {first[0].sequence} 条起，不自动删除；数据库内 {unsealed:.0f} 天",
        f"{reach:.0f} days of raw records from message {first[0].sequence} on, none deleted; "
        f"{unsealed:.0f} in the database",
    )
    if first[0].sequence > 1:
        advice = Text("从备份补回：原始记录要保存五年", "put them back from a backup: raw records are kept five years")
        return problem(saw, advice, f"{OPERATIONS}: Backup")
    if unsealed <= days + _GRACE:
        return Finding("ok", saw)
    advice = Text("看日志里的 not sealed", "read the log for “not sealed”")
    return notice(saw, advice, f"{OPERATIONS}: not sealed")


def _first_unsealed(patient: Patient) -> int:
    """When the oldest row was received that lies in the database, in µs since 1970 UTC."""
    sealed = sorted((patient.places.journal / "sealed").glob("*.journal.gz"))
    last = int(sealed[-1].name.partition(".")[0].partition("-")[2]) if sealed else 0
    return patient.journal.rows(last, limit=1)[0].received


CHECKS = (
    Check("journal-head", Text("日志链头", "journal"), check_head),
    Check("journal-waiting", Text("待处理", "waiting"), check_waiting),
    Check("journal-letters", Text("死信", "dead letters"), check_letters),
    Check("journal-retention", Text("保存期", "retention"), check_retention),
)
