"""The pages that the server makes, in a real browser: widths, keys, languages, paper."""

from __future__ import annotations

import pytest
from selenium.webdriver import Keys
from selenium.webdriver.common.by import By

from qingchuan.api.pages.frame import PAGES
from tests.api.browsing import Page

WIDER = """
const seen = (element) => element.checkVisibility() && !element.closest(".spoken, thead, .sheet-scroll");
const wide = (element) =>
  element.scrollWidth > element.clientWidth + 1 || element.getBoundingClientRect().right > innerWidth + 1;
return [...document.querySelectorAll("main, section, table, figure, td, th, form, nav, p, dl, ul")]
  .filter((element) => seen(element) && wide(element)).map((element) => element.outerHTML.slice(0, 160))
"""
ROWS = """
return [...document.querySelectorAll(".segments")]
  .map((bar) => new Set([...bar.children].map((one) => one.getBoundingClientRect().top)).size)
"""
FOLDED = """
return [...document.querySelectorAll(".tree li")].filter((one) => !one.checkVisibility()).length
"""


def visit(page: Page, address: str, width: int = 1440) -> None:
    """Open a page that needs no data of its own to load."""
    size = {"width": width, "height": 900, "deviceScaleFactor": 1, "mobile": width < 600}
    page.browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", size)
    page.browser.get(f"{page.address}{address}")
    page.wait(lambda: page.all("h1"))


@pytest.mark.parametrize(
    "path",
    [
        *PAGES,
        "/downgrades?all=1",
        "/explain?of=statistics",
        "/explain?of=reading",
        "/editions?from=2025-11-01&to=2026-11-24",
        "/budget?target=80&pm25_target=30&heavy_target=1",
        "/ranking?by=improvement",
    ],
)
@pytest.mark.parametrize("width", [320, 768, 1440])
def test_nobody_has_to_scroll_sideways(page: Page, path: str, width: int) -> None:
    """In neither language is anything wider than the screen, or wider than its place."""
    for lang in ("zh", "en"):
        visit(page, f"{path}{'&' if '?' in path else '?'}lang={lang}", width)
        assert page.run("return document.documentElement.scrollWidth - document.documentElement.clientWidth") == 0
        assert page.run(WIDER) == []


@pytest.mark.parametrize("path", ["/ranking", "/budget", "/what-if", "/editions"])
@pytest.mark.parametrize("width", [320, 390])
def test_what_can_be_chosen_stands_on_one_row(page: Page, path: str, width: int) -> None:
    """No button of a telephone is alone on a second one, in the longer language either."""
    visit(page, f"{path}?lang=en", width)
    assert set(page.run(ROWS)) == {1}


def test_stations_keep_all_columns_in_the_longer_language(page: Page) -> None:
    """With two columns of the page on a small screen the last 24 hours are still there, and the bar is one line."""
    page.open("?lang=en", 1440)
    strips = "return [...document.querySelectorAll('.station-sheet .strip-cell')].map((one) => one.checkVisibility())"
    assert page.run(strips) == [True, True]
    assert page.run(WIDER) == []
    tops = "return new Set([...document.querySelectorAll('nav.pages a')].map((one) => one.offsetTop)).size"
    assert page.run(tops) == 1


def test_the_live_page_leads_to_the_pages_in_its_language(page: Page) -> None:
    """The bar is there, and what the switch has changed goes along."""
    page.open("?lang=en")
    page.browser.find_element(By.CSS_SELECTOR, "nav.pages a[data-page='/downgrades']").click()
    page.wait(lambda: page.text("h1").startswith("Sections whose class changed"))
    page.browser.find_element(By.CSS_SELECTOR, "nav.pages a").click()
    page.wait(lambda: page.text("#air-title").startswith("Air"))


def test_a_period_can_be_chosen_with_the_keys_alone(page: Page) -> None:
    """The form of another period opens, is filled in and sent without a mouse."""
    visit(page, "/ranking?lang=en&by=rate")
    page.browser.find_element(By.CSS_SELECTOR, ".other summary").send_keys(Keys.ENTER)
    first = page.browser.find_element(By.NAME, "from")
    first.send_keys("11222026", Keys.TAB, Keys.TAB, "11232026", Keys.ENTER)
    page.wait(lambda: "22 November to 23 November 2026" in page.text(".answer"))
    assert page.run("return new URLSearchParams(location.search).get('by')") == "rate"


def test_a_branch_of_an_explanation_opens_and_closes(page: Page) -> None:
    """Without any script of ours."""
    visit(page, "/explain?of=statistics&lang=zh")
    closed = "return document.querySelectorAll('.tree details:not([open])').length"
    before = page.run(closed)
    page.browser.find_element(By.CSS_SELECTOR, ".tree summary").send_keys(Keys.SPACE)
    page.wait(lambda: page.run(closed) == before + 1)


def test_a_page_is_read_without_scripts(page: Page) -> None:
    """A form and its answer work where a browser runs none."""
    page.browser.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": True})
    try:
        page.browser.get(f"{page.address}/downgrades?all=1&lang=zh")
        assert "姚江" in page.browser.find_element(By.TAG_NAME, "main").text
    finally:
        page.browser.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": False})


def test_on_paper_nothing_is_left_to_click(page: Page) -> None:
    """No links, no forms; what was folded is open."""
    visit(page, "/explain?of=statistics&lang=zh")
    page.browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": "print"})
    try:
        shown = "return [...document.querySelectorAll('nav, form')].filter((one) => one.checkVisibility()).length"
        assert page.run(shown) == 0
        assert page.run(FOLDED) == 0
    finally:
        page.browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": ""})
