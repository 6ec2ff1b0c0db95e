"""Classes of many sections over a period: shares that sum to 100, compliance, each river and lake, the change."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

import numpy as np
from msgspec import UNSET
from numpy.typing import NDArray

from qingchuan.api.parameters import Dates
from qingchuan.api.problems import wrong_parameter
from qingchuan.api.queries.calendar import period_before
from qingchuan.api.queries.explanations import explanation_answer, text
from qingchuan.api.queries.revision import SampleRevisions
from qingchuan.api.queries.revision import revision as revision_of
from qingchuan.api.queries.river_states import exceedance_answers, river_states
from qingchuan.api.queries.section_classes import SectionClasses, section_classes, targets
from qingchuan.api.queries.section_periods import over_until
from qingchuan.api.queries.section_samples import section_samples
from qingchuan.api.queries.subjects import of_kind
from qingchuan.api.queries.water_answers import class_answer
from qingchuan.api.queries.water_changes import change_of_shares
from qingchuan.api.queries.water_rules import WaterPeriod, part_over, rules_of
from qingchuan.api.schemas.common import Revision
from qingchuan.api.schemas.explanation import Explanation
from qingchuan.api.schemas.water_shares import ClassShare, Compliance, Shares, SharesAnswer
from qingchuan.api.services import Services
from qingchuan.processing.standards import Text
from qingchuan.processing.water.bulletin import bulletin_shares, shares_sentence
from qingchuan.processing.water.compliance import compliance_rates
from qingchuan.processing.water.compliance_explained import explain_compliance_rate, explain_good_share
from qingchuan.processing.water.rivers import exceedance_rates
from qingchuan.processing.water.sections import SectionAssessment
from qingchuan.processing.water.shares import class_shares
from qingchuan.store.subjects import Section

_NOTHING_OVER = Text("无断面参加评价。", "No section was judged.")


def shares_answer(
    services: Services,
    days: Dates,
    at: int,
    as_of: int | None = None,
    *,
    city: str | None = None,
    river: str | None = None,
    explain: bool = False,
) -> SharesAnswer:
    """Classes of the sections over `days`, as far as these are over.

    Parameters
    ----------
    services : Services
    days : Dates
        At least one.
    at : int
        As it was after this message.
    as_of : int or None
        None: the days that are over now; else those that were over when this message was received.
    city, river : str or None
        Only sections of this city, and of this river by its Chinese or English name.
    explain : bool
        Whether rates and rivers are told with how they came about.

    Raises
    ------
    ProblemError
        No section is of this city, or of this river.
    """
    sections = _chosen(of_kind(services.state.subjects(as_of=at), Section), city, river)
    over = over_until(services, days, as_of)
    period, earlier = part_over(days, over), part_over(period_before(days), over)
    (now, revision), (past, _) = (_judged(services, sections, one, at) for one in (period, earlier))
    shares, shares_before = _shares(now, sections, period), _shares(past, sections, earlier)
    rules = None if now is None else now.rules
    return SharesAnswer(
        start=days.start.isoformat(),
        end=days.end.isoformat(),
        over=period.is_over,
        city=city,
        river=river,
        simulated=any(section.simulated for section in sections.values()),
        sequence=at,
        revision=revision,
        editions=[] if rules is None else rules.documents,
        shares=shares,
        exceedances=[] if now is None else exceedance_answers(exceedance_rates(_only(now), now.rules.measures)),
        before=shares_before,
        change=None if rules is None else change_of_shares(shares_before, shares, rules.measures),
        rivers=[] if now is None else river_states(now, past, sections, explain=explain),
        explanations=UNSET if not explain else _explanations(now, sections),
    )


def _chosen(sections: Mapping[str, Section], city: str | None, river: str | None) -> dict[str, Section]:
    found = {name: one for name, one in sections.items() if city is None or one.city == city}
    if city is not None and not found:
        known = sorted({one.city for one in sections.values() if one.city is not None})
        raise wrong_parameter("city", city, " or ".join(known) or "none, as no section has a city,")
    if river is None:
        return found
    chosen = {
        name: one for name, one in found.items() if one.river is not None and river in (one.river.zh, one.river.en)
    }
    if not chosen:
        rivers = sorted({one.river.zh for one in found.values() if one.river is not None})
        raise wrong_parameter("river", river, " or ".join(rivers) or "none, as no section has a river,")
    return chosen


def _judged(
    services: Services, sections: Mapping[str, Section], period: WaterPeriod, at: int
) -> tuple[SectionClasses | None, Revision]:
    """The sections judged; None where no day is over, no edition covers it, or there is no section."""
    rules = rules_of(period.last) if period.over.days and sections else None
    if rules is None:
        return None, revision_of(0, "provisional")
    samples = section_samples(services.observations, list(sections), period.over.span, at)
    judged = section_classes(samples, list(sections.values()), [period], rules)
    return judged, SampleRevisions(services, list(sections), samples, at).of()


def _shares(found: SectionClasses | None, sections: Mapping[str, Section], period: WaterPeriod) -> Shares:
    start, end = (day.isoformat() for day in period.over)
    if found is None:
        return Shares(start, end, len(sections), 0, [], None, None, Compliance(0, 0, None), _NOTHING_OVER)
    measures, classes = found.rules.measures, found.judged.section[:, 0]
    shares, decimals = class_shares(classes, measures), found.rules.measures.shares.decimals
    reached = compliance_rates(classes, targets(list(sections.values())), [""] * len(sections), measures)
    return Shares(
        start=start,
        end=end,
        sections=len(sections),
        evaluated=int(shares.evaluated),
        classes=_class_shares(shares.counts, decimals, period.last),
        good=_or_none(shares.good),
        worst=_or_none(shares.worst),
        compliance=Compliance(int(reached.complying[0]), int(reached.evaluated[0]), _or_none(reached.rate[0])),
        sentence=shares_sentence(shares.counts.tolist(), decimals, measures),
    )


def _class_shares(counts: NDArray[np.int64], decimals: int, day: dt.date) -> list[ClassShare]:
    """The shares of the classes in whole units of their last decimal, which sum to 100."""
    units = bulletin_shares(counts, decimals).reshape(-1).tolist()
    named = [(class_answer(number, day), count) for number, count in enumerate(counts.tolist(), 1)]
    return [
        ClassShare(name, count, None if share < 0 else share / 10**decimals)
        for (name, count), share in zip(named, units, strict=True)
        if name is not None
    ]


def _explanations(found: SectionClasses | None, sections: Mapping[str, Section]) -> list[Explanation]:
    if found is None:
        return []
    listed, measures, classes = list(sections.values()), found.rules.measures, found.judged.section[:, 0]
    names = [text(section.name) for section in listed]
    told = (
        explain_good_share(classes, names, measures),
        explain_compliance_rate(classes, targets(listed), names, measures),
    )
    return [explanation_answer(one) for one in told]


def _only(found: SectionClasses) -> SectionAssessment:
    """The sections over the only period."""
    return found.assessment(range(found.judged.section.shape[0]), 0)


def _or_none(value: NDArray[np.float64]) -> float | None:
    return None if np.isnan(value) else float(value)
