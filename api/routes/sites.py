"""Sites: parks and enterprises, building sites, outfalls, weather stations."""

from __future__ import annotations

from typing import Final

import msgspec
from fastapi import APIRouter
from starlette.responses import Response

from qingchuan.api.answering import json_answer
from qingchuan.api.openapi import answers
from qingchuan.api.parameters import AsOf, Given, InstantFrom, InstantTo, SubjectPath, instants, moment
from qingchuan.api.queries.sites import site_hours, site_items, site_readings
from qingchuan.api.queries.subjects import find, of_kind
from qingchuan.api.schemas import subjects as schemas
from qingchuan.api.schemas.sites import SiteHoursAnswer, SiteReadingsAnswer, SitesAnswer
from qingchuan.store.subjects import Site

router = APIRouter(tags=["sites"])

_MOST_DAYS: Final = 366
_BY_PARTS: Final = "ask for one part after the other"


@router.get("/sites", responses=answers(SitesAnswer, 422))
def sites(services: Given, as_of: AsOf = None) -> Response:
    """Sites (监控点位), as they announced themselves."""
    at = moment(services, as_of)
    found = of_kind(services.state.subjects(as_of=at), Site)
    told = [schemas.Site(subject=name, **msgspec.structs.asdict(site)) for name, site in found.items()]
    return json_answer(SitesAnswer(at, told))


@router.get("/sites/{subject}/hours", responses=answers(SiteHoursAnswer, 404, 422))
def hours_of_site(
    services: Given, subject: SubjectPath, start: InstantFrom, end: InstantTo, as_of: AsOf = None
) -> Response:
    """Hours of a site that start in ``[start, end)``; those about which nothing was told are left out."""
    span, at = instants(start, end, _MOST_DAYS, _BY_PARTS), moment(services, as_of)
    site, _ = find(services, subject, Site, at)
    items = site_items(site, "hour")
    told = site_hours(services.observations, subject, tuple(items), span, at)
    return json_answer(SiteHoursAnswer(subject, site.name, site.purpose, site.simulated, at, items, told))


@router.get("/sites/{subject}/readings", responses=answers(SiteReadingsAnswer, 404, 422))
def readings_of_site(
    services: Given, subject: SubjectPath, start: InstantFrom, end: InstantTo, as_of: AsOf = None
) -> Response:
    """Readings of a site in ``[start, end)``."""
    span, at = instants(start, end, _MOST_DAYS, _BY_PARTS), moment(services, as_of)
    site, _ = find(services, subject, Site, at)
    items = site_items(site, "instant")
    told = site_readings(services.observations, subject, tuple(items), span, at)
    return json_answer(SiteReadingsAnswer(subject, site.name, site.purpose, site.simulated, at, items, told))
