"""The page of the audit: a day is looked through, values are picked and marked, the day is confirmed."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from selenium.webdriver import Chrome, Keys
from selenium.webdriver.common.by import By

from qingchuan.store.audit import trail
from qingchuan.store.messages import Message
from tests.api.browsing import Page
from tests.api.serving import serving
from tests.api.test_pages_browser import WIDER, visit
from tests.api.world import World
from tests.support.applying import settings_of
from tests.support.month import BEGIN, CITY, SECTION, STATION, Stores, announcements, hour, reading

DAY = "2018-08-02"
FIRST = BEGIN + 86_400
FORM = {
    "subject": STATION,
    "day": DAY,
    "period": "hour",
    "by": "林工",
    "step": "station",
    "reason": "滤膜破损",
    "lang": "en",
}
BROKEN = """
return [...document.querySelectorAll(".audit-sheet td b, .audit-sheet thead small")]
  .filter((one) => one.getClientRects().length > 1 || one.scrollWidth > Math.max(one.clientWidth, one.offsetWidth))
  .map((one) => one.outerHTML)
"""
"""Numbers and units that do not fit on one line."""


@pytest.fixture
def stores(tmp_path: Path) -> Iterator[Stores]:
    """Three days of a station and of a section."""
    made = Stores(tmp_path / "stores")
    made.take(settings_of(), *announcements(), *(hour(n) for n in range(72)), *(reading(n) for n in range(18)))
    yield made
    made.close()


@pytest.fixture
def client(stores: Stores, empty: World) -> Iterator[httpx.Client]:
    """A client of the application on them."""
    with serving(stores.services(empty.services)) as made:
        yield made


@pytest.fixture
def page(client: httpx.Client, chromium: Chrome) -> Iterator[Page]:
    """The page in a browser, which must have had nothing to complain about."""
    made = Page(chromium, str(client.base_url).rstrip("/"))
    yield made
    assert made.complaints() == []


def _page(client: httpx.Client, **query: str) -> str:
    answer = client.get("/audit", params={"lang": "en", "day": DAY, **query})
    assert answer.status_code == 200, answer.text
    return answer.text


def _post(client: httpx.Client, stores: Stores, *cells: str, **changes: str) -> httpx.Response:
    answer = client.post("/audit?lang=en", data={**FORM, **changes, "cell": list(cells)})
    stores.apply()
    return answer


def _cells(*hours: int, item: str = "pm25") -> list[str]:
    return [f"{item}@{FIRST + hour * 3600}" for hour in hours]


def test_a_day_is_shown_in_both_languages(client: httpx.Client) -> None:
    """The first station where none is named; sections by their instants, cities by their day."""
    assert "Wanli" in _page(client)
    assert "万里学院" in _page(client, lang="zh")
    assert 'value="pm25@1533139200"' in _page(client, subject=STATION)
    assert "08:00" in _page(client, subject=SECTION)
    assert "Ningbo" in _page(client, subject=CITY)
    assert "There is nothing of this day." in _page(client, subject=SECTION, day="2018-08-20")
    assert client.get("/audit?subject=nobody").status_code == 404
    assert client.get("/audit?day=noon").status_code == 422


def test_picked_values_are_marked_as_few_actions_and_shown_so(client: httpx.Client, stores: Stores) -> None:
    """The form leads to the day, which says what was done."""
    answer = _post(client, stores, *_cells(3, 4, 7), *_cells(3, 4, item="pm10"), action="mark_invalid")
    assert answer.status_code == 303
    address = urlsplit(answer.headers["location"])
    assert parse_qs(address.query)["done"] == ["5"]
    assert [(one.items, (one.end - one.start) // 3600) for one in trail(stores.state.engine, 9)] == [
        (("pm10", "pm25"), 2),
        (("pm25",), 1),
    ]
    text = client.get(answer.headers["location"]).text
    assert "It has been applied." in text
    assert text.count('class="bad"') >= 5
    assert "滤膜破损" in text


def test_a_value_is_corrected_and_a_day_confirmed(client: httpx.Client, stores: Stores) -> None:
    """What the station told stands beside it."""
    _post(client, stores, *_cells(5), action="correct", value="33.50")
    for step in ("station", "city", "province"):
        assert _post(client, stores, action="confirm", step=step).status_code == 303
    text = _page(client)
    assert "<b>33.50</b>" in text
    assert '<li class="result confirmed">' in text


@pytest.mark.parametrize(
    ("changes", "cells", "words"),
    [
        ({"action": "mark_invalid"}, [], "No value is picked"),
        ({"action": "mark_invalid", "reason": " "}, _cells(3), "reason has 0 characters"),
        ({"action": "restore"}, _cells(3), "nothing of &#39;1235A&#39; there was marked"),
        ({"action": "correct", "value": "x"}, _cells(3), "a number such as 35"),
        ({"action": "burn"}, _cells(3), "Action is none of"),
        ({"action": "mark_invalid"}, ["pm25@noon"], "A cell is"),
    ],
)
def test_what_cannot_be_done_is_said(
    client: httpx.Client, stores: Stores, changes: dict[str, str], cells: list[str], words: str
) -> None:
    """On a page with the reason, and nothing is appended."""
    answer = _post(client, stores, *cells, **changes)
    assert answer.status_code == 422
    assert words in answer.text
    assert trail(stores.state.engine, 9) == []


def test_who_asks_from_elsewhere_only_looks(client: httpx.Client, stores: Stores) -> None:
    """No form is shown, and none is taken."""
    text = client.get("/audit", params={"lang": "en", "day": DAY}, headers={"via": "proxy"}).text
    assert '<form method="post"' not in text
    assert "qingchuan audit" in text
    assert client.post("/audit", data=FORM, headers={"via": "proxy"}).status_code == 403
    assert trail(stores.state.engine, 9) == []


def test_values_are_picked_and_marked_with_the_keys_alone(page: Page, stores: Stores) -> None:
    """Arrows move, space picks, Shift with an arrow picks a stretch; the count is told."""
    visit(page, f"/audit?lang=en&day={DAY}&subject={STATION}")
    first = page.browser.find_element(By.CSS_SELECTOR, "input[value^='pm10@']")
    first.send_keys(Keys.SPACE)
    page.browser.switch_to.active_element.send_keys(Keys.ARROW_DOWN)
    page.browser.switch_to.active_element.send_keys(Keys.SHIFT, Keys.ARROW_RIGHT)
    page.wait(lambda: page.text(".picked") == "3")
    page.browser.find_element(By.CSS_SELECTOR, ".audit-act [name=by]").send_keys("lin")
    page.browser.find_element(By.CSS_SELECTOR, ".audit-act [name=reason]").send_keys("torn", Keys.ENTER)
    page.wait(lambda: "In the journal" in page.text(".told"))
    assert "Reload" not in page.text(".told")
    stores.apply()
    page.wait(lambda: "It has been applied." in page.text(".told"))
    assert sum(len(one.items) * (one.end - one.start) // 3600 for one in trail(stores.state.engine, 9)) == 3


def test_a_heading_picks_its_column_and_the_right_value_is_asked_for_where_one_is_told(page: Page) -> None:
    """As long as nothing is picked there is nothing to fill in."""
    visit(page, f"/audit?lang=zh&day={DAY}&subject={STATION}")
    assert not page.browser.find_element(By.CSS_SELECTOR, ".audit-act").is_displayed()
    page.browser.find_element(By.CSS_SELECTOR, "th[data-item=o3] button").click()
    assert page.text(".picked") == "24 个"
    value = page.browser.find_element(By.CSS_SELECTOR, ".audit-act [name=value]")
    assert not value.is_displayed()
    page.browser.find_element(By.CSS_SELECTOR, ".acts input[value=correct] + span").click()
    assert value.is_displayed()


@pytest.mark.parametrize("width", [320, 390, 1440])
def test_nobody_has_to_scroll_sideways(page: Page, width: int) -> None:
    """Stations and sections, in both languages."""
    for subject in (STATION, SECTION):
        for lang in ("zh", "en"):
            visit(page, f"/audit?lang={lang}&day={DAY}&subject={subject}", width)
            assert page.run("return document.documentElement.scrollWidth - document.documentElement.clientWidth") == 0
            assert page.run(WIDER) == []
            assert page.run(BROKEN) == []


def test_a_table_that_is_wider_than_a_telephone_scrolls_and_its_hours_stay(page: Page, stores: Stores) -> None:
    """By itself, in both directions; the first column and the heading stay in sight."""
    nine = ("temperature", "ph", "do", "conductivity", "turbidity", "codmn", "nh3n", "tp", "tn")
    told = {"time": "2018-08-02T01:00:00+08:00", "values": dict.fromkeys(nine, 1.2345)}
    stores.take(Message("mqtt", "c", f"qingchuan/{SECTION}/reading", json.dumps(told).encode()))
    visit(page, f"/audit?lang=zh&day={DAY}&subject={SECTION}", 390)
    page.run("document.querySelector('.sheet-scroll').scrollTo(9999, 0)")
    place = "const {left, right} = document.querySelector(arguments[0]).getBoundingClientRect(); return [left, right]"
    scroll, first, last = (
        page.browser.execute_script(place, one) for one in (".sheet-scroll", "tbody th", "tbody tr td:last-child")
    )
    assert page.run("return document.querySelector('.sheet-scroll').scrollLeft") > 0
    assert first[0] == pytest.approx(scroll[0], abs=1)
    assert last[1] <= scroll[1] + 1


def test_hours_are_named_by_both_ends_in_the_table_and_in_what_was_done(client: httpx.Client, stores: Stores) -> None:
    """So that nobody takes an end for a beginning."""
    _post(client, stores, *_cells(7, 8), action="mark_invalid")
    text = _page(client)
    assert '<th scope="row">07–08</th>' in text
    assert '<th scope="row">23–24</th>' in text
    assert "08-02 07–09" in text
    assert "07–08: " in text


def test_on_paper_nothing_is_left_to_fill_in(page: Page) -> None:
    """The table and what was done stay."""
    visit(page, f"/audit?lang=zh&day={DAY}&subject={STATION}")
    page.browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": "print"})
    try:
        shown = "return [...document.querySelectorAll('input, select, button:not(th button)')]"
        assert page.run(f"{shown}.filter((one) => one.checkVisibility()).length") == 0
        assert page.run("return document.querySelector('.audit-sheet').checkVisibility()")
    finally:
        page.browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": ""})
