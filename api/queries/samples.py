"""All that was told of a section's water: also items that no class judges, such as those of GB 3838 table 3."""

from __future__ import annotations

import numpy as np

from qingchuan.api.answering import iso_times, numbers
from qingchuan.api.parameters import Span
from qingchuan.api.queries.items import told_item
from qingchuan.api.schemas.common import Item
from qingchuan.api.schemas.samples import Sample, SampledBy, SampleValue
from qingchuan.processing import catalogue
from qingchuan.processing.flags import MISSING, valid
from qingchuan.processing.water.classes import counting
from qingchuan.store.arrays import Readings
from qingchuan.store.observations import Observations
from qingchuan.store.subjects import Section, domains_of


def section_samples_told(
    observations: Observations, subject: str, section: Section, sampled: SampledBy, span: Span, at: int
) -> tuple[dict[str, Item], list[Sample]]:
    """The items that samples of a section tell, and the samples in `span`, in order of time.

    Parameters
    ----------
    observations : Observations
    subject : str
    section : Section
    sampled : {"manual", "automatic"}
        By a laboratory, or by the station.
    span : Span
    at : int
        As it was after this message.
    """
    items = catalogue.tellable("instant", domains_of(section))
    automatic, manual = observations.samples([subject], items, *span, at)
    samples = _samples(manual if sampled == "manual" else automatic)
    told = {item for sample in samples for item in sample.items}
    return {item: told_item(catalogue.item(item)) for item in items if item in told}, samples


def _samples(found: Readings) -> list[Sample]:
    counts = valid(found.flags) & ~np.isnan(counting(found.values, found.items))
    columns = [
        map(SampleValue, numbers(values), below, flags, counted)
        for values, below, flags, counted in zip(
            found.values, found.below.tolist(), found.flags.tolist(), counts.tolist(), strict=True
        )
    ]
    items = [
        {item: told for item, told in zip(found.items, row, strict=True) if told.flag != MISSING}
        for row in zip(*columns, strict=True)
    ]
    return list(map(Sample, iso_times(found.times), items, found.sequence.tolist()))
