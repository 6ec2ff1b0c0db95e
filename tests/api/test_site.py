"""Stations, the OpenAPI document, the page and its files, without a browser."""

from __future__ import annotations

import httpx
import pytest

from tests.api.world import CITY, World


def test_stations_are_listed_as_they_announced_themselves(world: World, client: httpx.Client) -> None:
    """With their id and kind."""
    answer = client.get("/api/v1/stations").json()
    assert answer["sequence"] == world.sequence
    by_id = {entry["subject"]: entry for entry in answer["stations"]}
    assert list(by_id) == ["1234A", "1235A", CITY, "dongqian", "yaojiang"]
    assert by_id["1235A"] == {
        "kind": "air-station",
        "subject": "1235A",
        "name": {"zh": "万里学院", "en": "Wanli College"},
        "city": CITY,
        "longitude": 121.56,
        "latitude": 29.8208,
        "level_of_control": "national",
        "evaluated": True,
        "simulated": True,
    }
    assert (by_id["yaojiang"]["kind"], by_id["yaojiang"]["water_body"]) == ("section", "river")


def test_stations_can_be_asked_for_by_kind_and_as_of_a_message(client: httpx.Client) -> None:
    """The city was the first to announce itself."""
    sections = client.get("/api/v1/stations?kind=section").json()["stations"]
    assert [entry["subject"] for entry in sections] == ["dongqian", "yaojiang"]
    assert [entry["subject"] for entry in client.get("/api/v1/stations?as_of=1").json()["stations"]] == [CITY]


def test_every_path_is_in_the_openapi_document_with_its_schema(client: httpx.Client) -> None:
    """And every schema that is referred to is there."""
    document = client.get("/api/v1/openapi.json").json()
    expected = {
        "/api/v1/stations": "StationsAnswer",
        "/api/v1/air/live": "Air",
        "/api/v1/water/live": "Water",
        "/api/v1/stations/{subject}/hours": "HoursAnswer",
        "/api/v1/sites": "SitesAnswer",
        "/api/v1/sites/{subject}/hours": "SiteHoursAnswer",
        "/api/v1/sites/{subject}/readings": "SiteReadingsAnswer",
        "/api/v1/cities/{code}/hours": "HoursAnswer",
        "/api/v1/cities/{code}/days": "DaysAnswer",
        "/api/v1/cities/{code}/good-air-rate": "RateAnswer",
        "/api/v1/cities/{code}/statistics": "StatisticsAnswer",
        "/api/v1/cities/{code}/editions": "EditionsAnswer",
        "/api/v1/cities/{code}/contributions": "ContributionsAnswer",
        "/api/v1/cities/{code}/today": "TodayAnswer",
        "/api/v1/cities/{code}/budget": "CityBudgetAnswer",
        "/api/v1/cities/{code}/what-if": "WhatIfAnswer",
        "/api/v1/ranking": "RankingAnswer",
        "/api/v1/sections/{subject}/classes": "ClassesAnswer",
        "/api/v1/sections/{subject}/samples": "SamplesAnswer",
        "/api/v1/sections/{subject}/periods": "PeriodsAnswer",
        "/api/v1/sections/{subject}/budget": "BudgetAnswer",
        "/api/v1/sections/{subject}/explain": "ReadingExplainedAnswer",
        "/api/v1/sections/changes": "ChangesAnswer",
        "/api/v1/water/shares": "SharesAnswer",
        "/api/v1/alerts": "Alerts",
        "/api/v1/dead-letters": "DeadLettersAnswer",
        "/api/v1/dead-letters/{sequence}": "DeadLetterMessage",
        "/api/v1/collector/subjects": "SubjectCountsAnswer",
        "/api/v1/collector": "CollectorAnswer",
        "/api/v1/collector/gaps": "GapsAnswer",
        "/api/v1/collector/windows": "WindowsAnswer",
        "/api/v1/collector/clocks": "ClocksAnswer",
        "/api/v1/stations/{subject}/completeness": "CompletenessAnswer",
        "/api/v1/sections/{subject}/completeness": "CompletenessAnswer",
        "/api/v1/sites/{subject}/completeness": "CompletenessAnswer",
        "/api/v1/cities/{code}/completeness": "CompletenessAnswer",
        "/api/v1/checks": "ChecksAnswer",
        "/api/v1/faults": "FaultsAnswer",
        "/api/v1/imports": "ImportsAnswer",
        "/api/v1/published": "PublishedAnswer",
        "/api/v1/schedule": "ScheduleAnswer",
        "/api/v1/reports": "ReportsAnswer",
        "/api/v1/revisions": "RevisionsAnswer",
        "/api/v1/audit": "AuditAnswer",
        "/api/v1/audit/{subject}/day": "AuditDay",
        "/api/v1/publications": "PublicationsAnswer",
        "/api/v1/publications/{month}/difference": "DifferenceAnswer",
        "/api/v1/publications/{month}/{version}": "Document",
        "/healthz": "Health",
    }
    for path, name in expected.items():
        content = document["paths"][path]["get"]["responses"]["200"]["content"]
        assert content["application/json"]["schema"] == {"$ref": f"#/components/schemas/{name}"}
        assert name in document["components"]["schemas"]
    writing = document["paths"]["/api/v1/dead-letters/again"]["post"]
    assert writing["requestBody"]["content"]["application/json"]["schema"] == {"$ref": "#/components/schemas/AgainBody"}
    assert "AgainBody" in document["components"]["schemas"]
    others = {"/api/v1/events", "/metrics", "/api/v1/dead-letters/again", "/api/v1/dead-letters/export"}
    assert set(document["paths"]) == {*expected, *others}
    assert "[s]" in document["components"]["schemas"]["WaterItem"]["properties"]["age"]["description"]


@pytest.mark.parametrize("path", ["/docs", "/redoc", "/openapi.json"])
def test_nothing_is_loaded_from_elsewhere(client: httpx.Client, path: str) -> None:
    """FastAPI's own pages come from a CDN, which an intranet does not have."""
    assert client.get(path).status_code == 404


@pytest.mark.parametrize(
    ("query", "accepted", "language"),
    [
        ("", "", "zh"),
        ("", "en-GB,en;q=0.9", "en"),
        ("", "zh-CN,en;q=0.9", "zh"),
        ("?lang=en", "zh-CN", "en"),
        ("?lang=zh", "en", "zh"),
    ],
)
def test_the_page_is_in_the_language_that_is_asked_for(
    client: httpx.Client, query: str, accepted: str, language: str
) -> None:
    """By the query first, then by the browser, else in Chinese."""
    answer = client.get(f"/{query}", headers={"accept-language": accepted})
    assert answer.status_code == 200
    assert f'<html lang="{language}' in answer.text


def test_a_file_of_the_page_is_asked_for_again_and_not_sent_again(client: httpx.Client) -> None:
    """So that no page mixes files of two versions."""
    first = client.get("/static/live.css")
    assert (first.status_code, first.headers["cache-control"]) == (200, "no-cache")
    again = client.get("/static/live.css", headers={"if-none-match": first.headers["etag"]})
    assert (again.status_code, again.headers["cache-control"]) == (304, "no-cache")
