"""Classes of sections over periods, by the means of their items."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from qingchuan.api.queries.section_means import SectionMeans, section_means
from qingchuan.api.queries.section_samples import SectionSamples
from qingchuan.api.queries.water_rules import WaterPeriod, WaterRules
from qingchuan.processing.water.monthly import automatic_only
from qingchuan.processing.water.sections import SectionAssessment, assess_sections, reference_classes
from qingchuan.store.subjects import Section

_ARRAYS = tuple(field.name for field in dataclasses.fields(SectionAssessment) if field.name != "items")


@dataclass(frozen=True, eq=False)
class SectionClasses:
    """Several sections over several periods, judged.

    Attributes
    ----------
    periods : tuple of WaterPeriod
    rules : WaterRules
    means : SectionMeans
    judged : SectionAssessment
        Its arrays have the shape (items, sections, periods), or (sections, periods).
    reference : ndarray of uint8, shape (items, sections, periods)
        Classes of the items of reference, which decide nothing; 0 elsewhere.
    automatic_only : ndarray of bool, shape (sections, periods)
        Whether the class rests on automatic items alone.
    """

    periods: tuple[WaterPeriod, ...]
    rules: WaterRules
    means: SectionMeans
    judged: SectionAssessment
    reference: NDArray[np.uint8]
    automatic_only: NDArray[np.bool_]

    def assessment(self, sections: Sequence[int], period: int) -> SectionAssessment:
        """Some of the sections over one of the periods; its arrays have the shape (items, sections), or (sections,)."""
        arrays = {name: getattr(self.judged, name)[..., list(sections), period] for name in _ARRAYS}
        return SectionAssessment(items=self.judged.items, **arrays)


def section_classes(
    samples: SectionSamples, sections: Sequence[Section], periods: Sequence[WaterPeriod], rules: WaterRules
) -> SectionClasses:
    """Classes of `sections` over `periods`.

    Parameters
    ----------
    samples : SectionSamples
        Of these sections, in this order.
    sections : sequence of Section
    periods : sequence of WaterPeriod
        All of one kind, ascending, without overlap; at least one.
    rules : WaterRules
    """
    means = section_means(samples, len(sections), periods, rules)
    judged, reference = _judged(means, sections, rules)
    sources = means.sources.max(axis=-1)  # manual where any month is
    return SectionClasses(tuple(periods), rules, means, judged, reference, automatic_only(sources, judged.classes))


def targets(sections: Sequence[Section]) -> NDArray[np.int64]:
    """Target class of each section; 0 where it has none."""
    return np.array([section.target_class or 0 for section in sections], np.int64)


def _judged(
    means: SectionMeans, sections: Sequence[Section], rules: WaterRules
) -> tuple[SectionAssessment, NDArray[np.uint8]]:
    """The sections judged, those of rivers and those of lakes each by their own limits, and the items of reference."""
    items, measures, limits = means.items, rules.measures, rules.classes
    goals, parts, references = targets(sections), [], []
    bodies = [section.water_body for section in sections]
    order = [place for body in ("river", "lake") for place, one in enumerate(bodies) if one == body]
    for body in ("river", "lake"):
        chosen = [place for place, one in enumerate(bodies) if one == body]
        values, goal = means.means.values[:, chosen], goals[chosen, np.newaxis]
        parts.append(assess_sections(values, items, body, goal, measures.indicators.items, limits, measures))
        references.append(reference_classes(values, items, body, limits, measures))
    back = np.argsort(order)
    arrays = {name: np.concatenate([getattr(part, name) for part in parts], axis=-2)[..., back, :] for name in _ARRAYS}
    return SectionAssessment(items=items, **arrays), np.concatenate(references, axis=-2)[..., back, :]
