"""The observation store: whether its server is there, is one that can serve, and keeps what it is given."""

from __future__ import annotations

from typing import TYPE_CHECKING

from qingchuan.processing.standards import Text
from qingchuan.service.doctor.finding import OPERATIONS, Check, Finding, NotTriedError, notice, ok, problem
from qingchuan.service.doctor.patient import Patient
from qingchuan.store.influx.errors import RefusedError, ServerAwayError, ServerError

if TYPE_CHECKING:
    from qingchuan.store.influx.observations import InfluxObservations

_DAY = 86400
_KEPT = 366
"""Figures of a year are compared with the one before. [d]"""
_WHERE = f"{OPERATIONS}: store"
_ADVICE = {
    ServerAwayError: Text("启动 InfluxDB，或改正 store.url", "start InfluxDB, or correct store.url"),
    RefusedError: Text("核对组织、存储桶和令牌", "check organisation, bucket and token"),
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


CHECKS = (Check("store-server", Text("观测数据库", "observation store"), check_server),)
