"""Reports that were made, as answers tell them."""

from __future__ import annotations

from qingchuan.api.answering import iso_time
from qingchuan.api.parameters import Dates
from qingchuan.api.schemas.reports import KeptReport, ReportsAnswer
from qingchuan.api.services import Services
from qingchuan.store.reports import ReportKind, read_reports


def reports_answer(services: Services, kind: ReportKind, days: Dates) -> ReportsAnswer:
    """The reports of a kind on periods that start in `days`."""
    found = read_reports(services.state.engine, kind, *days.span)
    told = [KeptReport(iso_time(report.created // 1_000_000), report.body) for report in found]
    return ReportsAnswer(services.observations.sequence(), told)
