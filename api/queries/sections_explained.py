"""How the class of a section over a period came about: limits, means, months, and where the samples come from."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from qingchuan.api.queries.section_classes import SectionClasses
from qingchuan.processing.explanation import Explanation
from qingchuan.processing.standards import Text
from qingchuan.processing.water.means_explained import explain_mean_of_means, explain_period_mean
from qingchuan.processing.water.monthly import AUTOMATIC, MANUAL
from qingchuan.processing.water.sections_explained import explain_section_class
from qingchuan.store.subjects import Section

_SOURCES = {AUTOMATIC: Text("自动监测", "automatic"), MANUAL: Text("手工监测", "manual")}


def explain_section_classes(found: SectionClasses, place: int, number: int, section: Section) -> Explanation:
    """How the class of one section over one period came about.

    Parameters
    ----------
    found : SectionClasses
    place, number : int
        Of the section, and of the period.
    section : Section

    Returns
    -------
    Explanation
        Its parts are the items that judge and have samples, each with its mean, and that with its months.
    """
    means, rules = found.means, found.rules
    judging = [
        item
        for item, sources in zip(means.items, means.sources[:, place, number], strict=True)
        if item in rules.measures.indicators.items and sources.any()
    ]
    rows = [means.items.index(item) for item in judging]
    values = means.means.values[rows, place, number]
    told = explain_section_class(
        values, judging, section.water_body, section.target_class or 0, judging, rules.classes, rules.measures
    )
    parts = tuple(
        replace(part, parts=(_explain_mean(found, row, place, number),))
        for part, row in zip(told.parts, rows, strict=True)
    )
    return replace(told, expected=len(rules.measures.indicators.items), parts=parts)


def _explain_mean(found: SectionClasses, row: int, place: int, number: int) -> Explanation:
    """How the mean of one item came about, with the source of each month."""
    means, rounding, period = found.means, found.rules.rounding, found.periods[number]
    item, samples, below = means.items[row], means.samples[row, place, number], means.below[row, place, number]
    sources, needed = means.sources[row, place, number].tolist(), int(means.needed[row, place, number])
    if not period.by_month:
        [only], [source] = samples, sources
        there = ~np.isnan(only)
        told = explain_period_mean(only[there], item, rounding, needed, below[0, there])
        return replace(told, expected=None, rule=_with_source(told.rule, source))
    first = np.datetime64(period.whole.start, "M")
    told = explain_mean_of_means(samples, item, rounding, needed, below)
    parts = tuple(
        replace(part, name=_month(first + month), expected=None, rule=_with_source(part.rule, source))
        for month, (part, source) in enumerate(zip(told.parts, sources, strict=True))
    )
    return replace(told, parts=parts)


def _with_source(rule: Text, source: int) -> Text:
    if source not in _SOURCES:
        return rule
    return Text(f"{_SOURCES[source].zh}：{rule.zh}", f"{_SOURCES[source].en}: {rule.en}")


def _month(month: np.datetime64) -> Text:
    year, number = str(month).split("-")
    return Text(f"{year}年{int(number)}月", f"{year}-{number}")
