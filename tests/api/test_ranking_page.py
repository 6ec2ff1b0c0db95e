"""The page of the ranking: what it says of cities that share a rank."""

from __future__ import annotations

import httpx
import pytest

from qingchuan.store.subjects import City, Name
from tests.api.reading_pages import PERIOD, fill_for_pages, words
from tests.api.serving import serving
from tests.api.world import GOOD_DAY, World


@pytest.fixture
def world(world: World) -> World:
    """A world in which the good-air rate of two cities of three is the same."""
    fill_for_pages(world)
    return world


def test_who_shares_a_rank_is_told_with_whom(client: httpx.Client) -> None:
    """In both languages; who has one for itself shares it with nobody."""
    assert "列 并列第 1 位 （与杭州相同）。" in words(client, f"/ranking?by=rate&{PERIOD}&lang=zh")
    assert "joint number 1 of 3 , level with Hangzhou." in words(client, f"/ranking?by=rate&{PERIOD}&lang=en")
    assert "并列第" not in words(client, f"/ranking?by=index&{PERIOD}&lang=zh")


def test_of_many_that_share_a_rank_three_are_named(world: World) -> None:
    """And the others counted."""
    more = {"320100": "南京", "320500": "苏州", "330400": "嘉兴", "330500": "湖州"}
    world.announce({code: City(Name(name, name), simulated=True) for code, name in more.items()})
    for code in more:
        for day in range(1, 11):
            world.day(code, f"2026-11-{day:02d}", GOOD_DAY)
    with serving(world.services) as client:
        text = words(client, f"/ranking?by=rate&{PERIOD}&lang=zh")
    assert "（与南京、苏州、杭州等相同，另有 2 个）" in text


def test_what_leads_to_data_says_so(client: httpx.Client) -> None:
    """The revision in the footer is no page."""
    assert "JSON 未审核" in words(client, f"/ranking?{PERIOD}&lang=zh")
