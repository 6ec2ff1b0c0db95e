"""Whether the service runs: the collector by its lock, the pages by their answer."""

from __future__ import annotations

import http.client
from pathlib import Path

from qingchuan.processing.standards import Text
from qingchuan.service.doctor.finding import OPERATIONS, Check, Finding, notice, ok, problem
from qingchuan.service.doctor.patient import Patient
from qingchuan.service.lock import holders

_PATIENCE = 3.0
"""[s]"""
_WHERE = f"{OPERATIONS}: processes"


def check_collector(patient: Patient) -> Finding:
    """Whether a collector works on the data directory."""
    if (pid := collector_pid(patient.places.lock)) is not None:
        waiting = len(holders(patient.places.standby))
        zh, en = (f"；{waiting} 个待命", f"; {waiting} standing by") if waiting else ("", "")
        return ok(f"在运行，进程 {pid}{zh}", f"runs, as process {pid}{en}")
    return notice(
        Text("没有在运行：代理替它留着消息", "does not run: the broker keeps what arrives"),
        Text("启动 qingchuan run", "start qingchuan run"),
        _WHERE,
    )


def collector_pid(lock: Path) -> int | None:
    """The process that holds the lock of a data directory; None if none does, or the system does not tell."""
    return next(iter(holders(lock)), None)


def check_pages(patient: Patient) -> Finding:
    """Whether pages and interface answer, and say that they are well."""
    address = patient.settings.api.address
    connection = http.client.HTTPConnection(address.host, address.port, timeout=_PATIENCE)
    try:
        connection.request("GET", "/healthz")
        answer = connection.getresponse()
        status, said = answer.status, answer.read().decode(errors="replace")
    except (OSError, http.client.HTTPException):
        return notice(
            Text(f"{address} 没有回答：页面、告警没有在运行", f"{address} does not answer: no pages, no alerts"),
            Text("启动 qingchuan run", "start qingchuan run"),
            _WHERE,
        )
    finally:
        connection.close()
    if status == http.HTTPStatus.OK:
        return ok(f"{address} 正常", f"{address} is well")
    return problem(
        Text(f"{address} 回答 {status}：{said[:200]}", f"{address} answers {status}: {said[:200]}"),
        Text("看它说的原因和日志", "read what it says, and the log"),
        f"{OPERATIONS}: health",
    )


def check_gateway(patient: Patient) -> Finding:
    """Whether the gateway listens, where it is to and a collector runs."""
    listen = patient.settings.gateway.listen
    if listen is None:
        return ok("未启用", "is not to listen")
    if (pid := collector_pid(patient.places.gateway_lock)) is not None:
        return ok(f"在 {listen} 监听，进程 {pid}", f"listens at {listen}, as process {pid}")
    if collector_pid(patient.places.lock) is None:
        return notice(
            Text("采集进程没有运行，数采仪无法连接", "no collector runs, so loggers cannot connect"),
            Text("启动 qingchuan run", "start qingchuan run"),
            _WHERE,
        )
    return problem(
        Text(f"采集进程在运行，但没有在 {listen} 监听", f"a collector runs, but nobody listens at {listen}"),
        Text("看日志中 gateway 的原因", "read what the log says of the gateway"),
        f"{OPERATIONS}: logs",
    )


CHECKS = (
    Check("service-collector", Text("采集进程", "collector"), check_collector),
    Check("service-gateway", Text("HJ 212 网关", "gateway of HJ 212"), check_gateway),
    Check("service-pages", Text("页面与告警", "pages and alerts"), check_pages),
)
