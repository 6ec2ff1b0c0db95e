"""What auditors did, as the command line shows it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from rich.table import Table
from rich.text import Text

from qingchuan.api.schemas.audit import AuditChange, AuditDone, AuditValue
from qingchuan.service.audit_reach import items_in_words
from qingchuan.service.tables import NONE, ids_column, table_of, words_column
from qingchuan.store.audit_messages import Action
from qingchuan.store.subjects import Subject

_SHOWN_FOR: Final = len("2026-11-25T08:00")
_LISTED: Final = 3

WORDS: Final[dict[Action, str]] = {
    "mark_invalid": "标记无效\nmarked invalid",
    "correct": "修正\ncorrected",
    "restore": "恢复\nrestored",
    "dust": "沙尘\ndust",
    "confirm": "确认\nconfirmed",
    "object": "异议\nobjected to",
}
"""What was done, in both languages."""

FLAGS: Final = "[1] 有效 good  [2] 未检验 not evaluated  [3] 可疑 suspect  [4] 无效 bad  [9] 缺测 missing"
"""What the numbers in brackets mean that stand behind values."""


def trail_table(actions: Sequence[AuditDone], subjects: Mapping[str, Subject]) -> Table:
    """A row an action: when, on what, what it changed, who and why; `subjects` are those that are announced."""
    table = table_of(
        ids_column("序号\nmessage"),
        words_column("时间\ntime"),
        words_column("对象、时段\nsubject, span"),
        words_column("动作\naction"),
        words_column("何人、理由\nwho, why"),
    )
    for one in actions:
        span = f"{one.subject}\n{_moment(one.start)}\n{_moment(one.end)}\n{items_in_words(one, subjects)}"
        why = f"{one.by} ({one.step}): {one.reason}"
        lines = [WORDS[one.action], *([one.value] if one.value else []), *map(_change, one.changes[:_LISTED])]
        more = len(one.changes) - _LISTED
        lines += [f"+{more} …"] if more > 0 else []
        refused = f"\n× {one.refused}" if one.refused else ""
        time = _moment(one.stated).replace(" ", "\n")
        table.add_row(str(one.sequence), time, Text(span), Text("\n".join(lines)), Text(why + refused))
    return table


def _change(change: AuditChange) -> str:
    return f"{change.item} {_number(change.before)} → {_number(change.after)}"


def _number(value: AuditValue | None) -> str:
    return NONE if value is None else f"{bytes(value.value).decode()}[{value.flag}]"


def _moment(text: str) -> str:
    return text[:_SHOWN_FOR].replace("T", " ")
