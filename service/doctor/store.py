"""The observation store: whether its server is there, can serve, and keeps what it is given; and its analysis copy."""

from __future__ import annotations

from typing import TYPE_CHECKING

from qingchuan.processing.standards import Text
from qingchuan.service.doctor.finding import OPERATIONS, Check, Finding, NotTriedError, notice, ok, problem
from qingchuan.service.doctor.patient import Patient
from qingchuan.store.cube.cube import Cube
from qingchuan.store.cube.files import DamagedError
from qingchuan.store.influx.errors import RefusedError, ServerAwayError, ServerError, UntrustedError

if TYPE_CHECKING:
    from qingchuan.store.influx.observations import InfluxObservations

_DAY = 86400
_KEPT = 366
"""Figures of a year are compared with the one before. [d]"""
_FAR = 1_000_000
"""So many messages are caught up with in some minutes."""
_SERVES = Text("启动服务即自动补齐或重建", "start the service: it catches up, or makes it anew, by itself")
_WHERE = f"{OPERATIONS}: store"
_ADVICE = {
    ServerAwayError: Text("启动 InfluxDB，或改正 store.url", "start InfluxDB, or correct store.url"),
    RefusedError: Text("核对组织、存储桶和令牌", "check organisation, bucket and token"),
    UntrustedError: Text("核对 store.ca_file 与证书", "check store.ca_file and the certificate"),
}
_ELSE = Text("换成 InfluxDB 2.7 或更新的 2.x", "use InfluxDB 2.7 or a later 2.x")


def check_server(patient: Patient) -> Finding:
    """Whether InfluxDB is there, can serve, and has the bucket that was written."""
    settings = patient.settings.store
    if settings.kind == "embedded":
        raise NotTriedError(Text("观测数据在本机文件里", "observations lie in a file of ours"))
    observations: InfluxObservations = patient.observations  # type: ignore[assignment]  # of this kind
    try:
        version, keeps = observations.check()
    except ServerError as error:
        return problem(Text(f"不可用：{error}", str(error)), _ADVICE.get(type(error), _ELSE), _WHERE)
    days = keeps // _DAY
    if keeps and days < _KEPT:
        return notice(
            Text(f"存储桶只保留 {days} 天", f"the bucket keeps its points for {days} days only"),
            Text("改为永久保留（0）", "let it keep them for ever (0)"),
            _WHERE,
        )
    kept = Text(f"保留 {days} 天", f"kept for {days} days") if keeps else Text("永久保留", "kept for ever")
    return ok(
        f"InfluxDB {version}，{settings.url} {settings.bucket}，{kept.zh}",
        f"InfluxDB {version} at {settings.url}, {settings.bucket}, {kept.en}",
    )


def check_cube(patient: Patient) -> Finding:
    """Whether the analysis copy, from which long periods are read, keeps up with the store."""
    if not patient.places.cube.exists():
        raise NotTriedError(Text("还没有分析副本", "there is no analysis copy yet"))
    try:
        known, last = Cube(patient.places.cube).sequence(), patient.observations.sequence()
    except DamagedError as error:
        return notice(Text(f"损坏：{error}", str(error)), _SERVES, _WHERE)
    if last - known > _FAR:
        behind = Text(
            f"落后 {last - known} 条，长时段查询较慢", f"{last - known} messages behind: long periods are slow"
        )
        return notice(behind, _SERVES, _WHERE)
    return ok(f"到第 {known} 条", f"reaches message {known}")


CHECKS = (
    Check("store-server", Text("观测数据库", "observation store"), check_server),
    Check("store-cube", Text("分析副本", "analysis copy"), check_cube),
)
