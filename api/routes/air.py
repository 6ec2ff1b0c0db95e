"""The air: hours of stations and cities, days and good-air rates of cities."""

from __future__ import annotations

from typing import Final

from fastapi import APIRouter
from msgspec import UNSET
from starlette.responses import Response

from qingchuan.api.answering import json_answer
from qingchuan.api.openapi import answers
from qingchuan.api.parameters import (
    AsOf,
    CityPath,
    DateFrom,
    Dates,
    DateTo,
    EditionName,
    Explain,
    Given,
    InstantFrom,
    InstantTo,
    SubjectPath,
    dates,
    instants,
    moment,
)
from qingchuan.api.queries.air import city_periods, station_hours, told_hours_of_city
from qingchuan.api.queries.air_answers import day_answers, hour_answers
from qingchuan.api.queries.air_explained import aqi_explained, city_aqi_explained, station_names
from qingchuan.api.queries.day_values import told_days
from qingchuan.api.queries.days import city_days, finished
from qingchuan.api.queries.editions import named_edition
from qingchuan.api.queries.official import with_official
from qingchuan.api.queries.rates import rate, rate_explained
from qingchuan.api.queries.revision import air_revision, states_of_times
from qingchuan.api.queries.subjects import evaluated_for, find, is_simulated
from qingchuan.api.schemas.air import DaysAnswer, HoursAnswer, RateAnswer
from qingchuan.processing import catalogue
from qingchuan.processing.periods import natural_days
from qingchuan.store.subjects import AirStation, City

router = APIRouter(tags=["air"])

_MOST_STATION_DAYS: Final = 5 * 366
_MOST_CITY_DAYS: Final = 366
_MOST_DAYS: Final = 20 * 366
_MOST_EXPLAINED: Final = 31
_BY_PARTS: Final = "ask for one part after the other"


@router.get("/stations/{subject}/hours", responses=answers(HoursAnswer, 404, 422))
def hours_of_station(
    services: Given,
    subject: SubjectPath,
    start: InstantFrom,
    end: InstantTo,
    *,
    edition: EditionName = None,
    explain: Explain = False,
    as_of: AsOf = None,
) -> Response:
    """Hours of an air station that start in ``[start, end)``; those about which nothing was told are left out."""
    span = instants(start, end, _MOST_EXPLAINED if explain else _MOST_STATION_DAYS, _BY_PARTS)
    standard, at = named_edition(edition), moment(services, as_of)
    station, _ = find(services, subject, AirStation, at)
    hours = station_hours(services.observations, [subject], span, at, standard)[0].known()
    states = states_of_times(services, [subject], hours.items, hours.times, hours.sequence, at)
    told = hour_answers(hours, aqi_explained(hours, "hour") if explain else None, states)
    return json_answer(HoursAnswer(subject, station.name, station.simulated, at, told))


@router.get("/cities/{code}/hours", responses=answers(HoursAnswer, 404, 422))
def hours_of_city(
    services: Given,
    code: CityPath,
    start: InstantFrom,
    end: InstantTo,
    *,
    edition: EditionName = None,
    explain: Explain = False,
    as_of: AsOf = None,
) -> Response:
    """Hours of a city that start in ``[start, end)``: mean concentrations over its stations, and their index."""
    span = instants(start, end, _MOST_EXPLAINED if explain else _MOST_CITY_DAYS, _BY_PARTS)
    standard, at = named_edition(edition), moment(services, as_of)
    city, subjects = find(services, code, City, at)
    stations = evaluated_for(subjects, code)
    told = told_hours_of_city(services.observations, code, stations, span, at)
    hours = with_official(services.observations, code, city_periods(*told, "hour", standard), "hour", at).known()
    trees = city_aqi_explained(hours, "hour", told, station_names(subjects, stations)) if explain else None
    simulated = is_simulated(subjects, code)
    states = states_of_times(services, [code, *stations], hours.items, hours.times, hours.sequence, at)
    return json_answer(HoursAnswer(code, city.name, simulated, at, hour_answers(hours, trees, states)))


@router.get("/cities/{code}/days", responses=answers(DaysAnswer, 404, 422))
def days_of_city(
    services: Given, code: CityPath, start: DateFrom, end: DateTo, *, explain: Explain = False, as_of: AsOf = None
) -> Response:
    """Days of a city in ``[start, end)`` that are over: as sent, or else derived from the hours of its stations."""
    period = dates(start, end, _MOST_EXPLAINED if explain else _MOST_DAYS, _BY_PARTS)
    at = moment(services, as_of)
    city, subjects = find(services, code, City, at)
    over = finished(services, period, as_of)
    stations = evaluated_for(subjects, code)
    told = told_days(services.observations, {code: stations}, over, at)[code]
    days = with_official(services.observations, code, city_periods(*told, "day"), "day", at).known()
    trees = city_aqi_explained(days, "day", told, station_names(subjects, stations)) if explain else None
    simulated = is_simulated(subjects, code)
    states = states_of_times(services, [code, *stations], catalogue.told("hour"), days.times, days.sequence, at)
    return json_answer(DaysAnswer(code, city.name, simulated, at, day_answers(days, trees, states)))


@router.get("/cities/{code}/good-air-rate", responses=answers(RateAnswer, 404, 422))
def good_air_rate(
    services: Given, code: CityPath, start: DateFrom, end: DateTo, *, explain: Explain = False, as_of: AsOf = None
) -> Response:
    """Share of good days (优良率) of a city in ``[start, end)``, each day by the edition in force on its date."""
    period, at = _period(start, end), moment(services, as_of)
    city, subjects = find(services, code, City, at)
    over = finished(services, period, as_of)
    stations = evaluated_for(subjects, code)
    days = city_days(services.observations, code, stations, over, at)
    explanation = rate_explained(days, period) if explain else UNSET
    rests_on = air_revision(services, [code, *stations], natural_days(days.times), days.sequence, at)
    simulated, told = is_simulated(subjects, code), rate(days, period)
    return json_answer(RateAnswer(code, city.name, simulated, at, told, rests_on, explanation))


def _period(start: str, end: str) -> Dates:
    return dates(start, end, _MOST_DAYS, _BY_PARTS)
