"""Whether another client has the id of our collector: the broker then ends the connection of one for the other."""

from __future__ import annotations

import msgspec

from qingchuan.collector.takeovers import OFTEN, WITHIN, is_often
from qingchuan.collector.traces import Ended
from qingchuan.processing.standards import Text
from qingchuan.service.clock import SECOND
from qingchuan.service.doctor.finding import OPERATIONS, Check, Finding, ok, problem
from qingchuan.service.doctor.history import first_since
from qingchuan.service.doctor.patient import Patient
from qingchuan.store.messages import Message

_HOUR = 3600 * SECOND
"""[µs]"""


def check_takeovers(patient: Patient) -> Finding:
    """Whether the broker ended our connection again and again within the last hour."""
    ends = _ends(patient, patient.clock.now() - _HOUR)
    if not is_often(ends):
        return ok(f"一小时内断开 {len(ends)} 次", f"lost {len(ends)} times within an hour")
    name, minutes = patient.broker.client_id, WITHIN // 60
    return problem(
        Text(
            f"一小时内断开 {len(ends)} 次，{minutes} 分钟内就有 {OFTEN} 次：可能另有采集也用 {name}，各得一部分消息",
            f"lost {len(ends)} times within an hour, {OFTEN} of them in {minutes} min: another collector may use "
            f"{name}, and each has a part of the messages",
        ),
        Text("各用各的 broker.client_id，或让一个待命", "give each its own broker.client_id, or let one stand by"),
        f"{OPERATIONS}: Standby",
    )


def _ends(patient: Patient, since: int) -> list[float]:
    """When connections ended that the broker had accepted, from `since` on, in s since 1970 UTC."""
    found: list[float] = []
    after = first_since(patient.journal, since) - 1
    while batches := patient.journal.read(after):
        after = batches[-1].last
        found += [batch.received / SECOND for batch in batches for message in batch.messages if _is_end(message)]
    return found


def _is_end(message: Message) -> bool:
    return message.kind == "disconnection" and msgspec.json.decode(message.payload, type=Ended).cause == "broker"


CHECKS = (Check("broker-takeovers", Text("客户端标识", "client id"), check_takeovers),)
