"""The live document of the water: the latest reading of each section and its last seven days."""

from __future__ import annotations

from qingchuan.api.changes import Changes
from qingchuan.api.parameters import Span
from qingchuan.api.queries.faults import open_faults
from qingchuan.api.queries.items import item_table
from qingchuan.api.queries.manual_only import manual_only
from qingchuan.api.queries.scales import class_scale
from qingchuan.api.queries.subjects import of_kind
from qingchuan.api.queries.water import SectionReadings, section_readings
from qingchuan.api.queries.water_answers import reading_answers, reading_briefs
from qingchuan.api.schemas.common import Clock
from qingchuan.api.schemas.faults import OpenFault
from qingchuan.api.schemas.water import LiveSection, Water
from qingchuan.api.services import Services
from qingchuan.processing.periods import DAY, natural_day
from qingchuan.store.subjects import Section

_DAYS = 7
_AHEAD = DAY
"""A reading that was taken in counts although its clock is ahead of ours; the collector says how far it may be. [s]"""


def live_water(services: Services, changes: Changes) -> Water:
    """The water as it is now."""
    sections = of_kind(services.state.subjects(as_of=changes.sequence), Section)
    span = Span(changes.now - _DAYS * DAY, changes.now + _AHEAD)
    found = section_readings(services.observations, sections, span, changes.sequence)
    faults = open_faults(services, changes.sequence)
    silent = [name for name in sections if not found[name].times.size]
    sampled = manual_only(services.observations, services.state, silent, span.end, changes.sequence)
    return Water(
        clock=Clock(services.clock_speed),
        sequence=changes.sequence,
        items=item_table("water"),
        scale=class_scale(natural_day(changes.now)),
        sections=[
            _section(name, section, found[name], faults.get(name, []), manual=name in sampled)
            for name, section in sections.items()
        ],
    )


def _section(
    name: str, section: Section, readings: SectionReadings, faults: list[OpenFault], *, manual: bool
) -> LiveSection:
    newest = reading_answers(readings.last())
    return LiveSection(
        subject=name,
        name=section.name,
        river=section.river,
        water_body=section.water_body,
        city=section.city,
        target_class=section.target_class,
        simulated=section.simulated,
        reading=newest[0] if newest else None,
        history=reading_briefs(readings),
        faults=faults,
        manual_only=manual,
    )
