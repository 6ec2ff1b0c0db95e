"""Rivers and lakes over a period: status, main pollutants, change, and each of their sections."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from msgspec import UNSET

from qingchuan.api.queries.explanations import explanation_answer, text
from qingchuan.api.queries.section_classes import SectionClasses
from qingchuan.api.queries.section_periods import item_name, pollutants
from qingchuan.api.queries.trophic import trophic_state
from qingchuan.api.queries.water_answers import class_answer
from qingchuan.api.queries.water_changes import change_of_river
from qingchuan.api.schemas.water_periods import Trophic
from qingchuan.api.schemas.water_shares import Exceedance, JudgedSection, RiverStatus
from qingchuan.processing.explanation import Explanation
from qingchuan.processing.standards import Text
from qingchuan.processing.water import rivers
from qingchuan.processing.water.compliance import COMPLIES, NOT_EVALUATED, complies
from qingchuan.processing.water.lakes import LakeAssessment
from qingchuan.processing.water.means import Means, mean_of_means
from qingchuan.processing.water.rivers import NO_STATUS, RiverAssessment, judged_river
from qingchuan.processing.water.rivers_explained import explain_judged_lake, explain_judged_river
from qingchuan.processing.water.sections import SectionAssessment, assess_sections
from qingchuan.processing.water.shares import class_shares
from qingchuan.store.subjects import Name, Section, WaterBody


@dataclass(frozen=True, eq=False)
class _Water:
    """A river or lake with its sections.

    Attributes
    ----------
    name : Name
    water_body : {"river", "lake"}
    members : tuple of int
        Places of its sections among all.
    """

    name: Name
    water_body: WaterBody
    members: tuple[int, ...]


def river_states(
    found: SectionClasses, past: SectionClasses | None, sections: Mapping[str, Section], *, explain: bool = False
) -> list[RiverStatus]:
    """Each river and lake over the only period of `found`, with its change against that of `past`.

    Parameters
    ----------
    found : SectionClasses
        Of `sections`.
    past : SectionClasses or None
        Of the same sections over the period before.
    sections : mapping of str to Section
    explain : bool
        Whether each status is told with how it came about.

    Notes
    -----
    A section that names no river is a water of its own. Means over sections weigh each month of each section the same.
    """
    return [_told(water, found, past, sections, explain=explain) for water in _waters(sections)]


def exceedance_answers(found: Sequence[rivers.Exceedance]) -> list[Exceedance]:
    """Items that exceed class Ⅲ in sections, as answers tell them."""
    return [Exceedance(one.item, item_name(one.item), one.sections, one.rate) for one in found]


def _waters(sections: Mapping[str, Section]) -> list[_Water]:
    members: dict[tuple[str, WaterBody], list[int]] = {}
    names: dict[tuple[str, WaterBody], Name] = {}
    for place, section in enumerate(sections.values()):
        name = section.river or section.name
        names.setdefault((name.zh, section.water_body), name)
        members.setdefault((name.zh, section.water_body), []).append(place)
    return [_Water(name, key[1], tuple(members[key])) for key, name in names.items()]


def _told(
    water: _Water,
    found: SectionClasses,
    past: SectionClasses | None,
    sections: Mapping[str, Section],
    *,
    explain: bool,
) -> RiverStatus:
    rules, day = found.rules, found.periods[0].last
    over = _over(found, water)
    judged = _judged(found, water, over)
    mean = judged.mean
    change = None if past is None else change_of_river(_judged(past, water, _over(past, water)), judged, rules.measures)
    names = [text(one.name) for place, one in enumerate(sections.values()) if place in water.members]
    return RiverStatus(
        name=water.name,
        water_body=water.water_body,
        method=judged.method,
        status=None if judged.status is None else Name(judged.status.zh, judged.status.en),
        colour=judged.colour,
        class_=None if mean is None else class_answer(int(mean.section), day),
        evaluated=int(judged.shares.evaluated),
        good=_or_none(float(judged.shares.good)),
        worst=_or_none(float(judged.shares.worst)),
        main=[] if mean is None else pollutants(mean),
        exceedances=exceedance_answers(judged.main),
        trophic=_trophic(water, over, found, explain=explain),
        change=change,
        sections=_sections(found, water, sections),
        explanation=explanation_answer(_explained(found, water, judged, names)) if explain else UNSET,
    )


def _trophic(water: _Water, over: Means, found: SectionClasses, *, explain: bool) -> Trophic | None:
    if water.water_body != "lake":
        return None
    return trophic_state(over.values, found.means.items, found.periods[0].last, explain=explain)


def _over(found: SectionClasses, water: _Water) -> Means:
    """Means of the items over those sections that have one, from the samples, rounded once."""
    members = list(water.members)
    samples = found.means.samples[:, members, 0]
    known = ~np.isnan(found.means.means.values[:, members, 0])
    usable = np.where(known[..., np.newaxis, np.newaxis], samples, np.nan)
    items, _, months, most = samples.shape
    groups = usable.reshape(items, len(members) * months, most)
    return mean_of_means(groups, found.means.items, found.rules.rounding, 1)


def _judged(found: SectionClasses, water: _Water, over: Means) -> RiverAssessment:
    sections, rules = found.assessment(water.members, 0), found.rules
    if water.water_body == "river":
        return judged_river(sections, over, water.water_body, rules.classes, rules.measures)
    shares = class_shares(sections.section, rules.measures)
    if not shares.evaluated:
        return RiverAssessment("none", sections, shares, None, None, NO_STATUS, None, None, None, ())
    lake = _lake(found, over)
    status = rules.measures.classes.rows[int(lake.section) - 1]
    told = (status.number, status.status, status.colour_zh, status.colour)
    return RiverAssessment("mean", sections, shares, over, lake, *told, ())


def _lake(found: SectionClasses, over: Means) -> SectionAssessment:
    rules = found.rules
    judging = rules.measures.indicators.items
    return assess_sections(over.values, found.means.items, "lake", 0, judging, rules.classes, rules.measures)


def _explained(found: SectionClasses, water: _Water, judged: RiverAssessment, names: Sequence[Text]) -> Explanation:
    rules = found.rules
    if water.water_body == "lake" and judged.means is not None and judged.mean is not None:
        lake = LakeAssessment(judged.sections, judged.means, judged.mean)
        return explain_judged_lake(lake, names, rules.classes, rules.measures)
    return explain_judged_river(judged, names, water.water_body, rules.classes, rules.measures)


def _sections(found: SectionClasses, water: _Water, sections: Mapping[str, Section]) -> list[JudgedSection]:
    listed, day = list(sections.items()), found.periods[0].last
    told = []
    for place in water.members:
        (subject, section), judged = listed[place], found.assessment([place], 0)
        number = int(judged.section[0])
        met = int(complies(number, section.target_class or 0))
        told.append(
            JudgedSection(
                subject=subject,
                name=section.name,
                target_class=section.target_class,
                class_=class_answer(number, day),
                target_met=None if met == NOT_EVALUATED else met == COMPLIES,
                main=pollutants(judged, 0),
            )
        )
    return told


def _or_none(value: float) -> float | None:
    return None if np.isnan(value) else value
