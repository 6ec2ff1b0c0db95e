"""Instruments that look faulty: marked in the live documents and on the live page, and explained on a page."""

from __future__ import annotations

import httpx
import pytest
from selenium.webdriver import Keys
from selenium.webdriver.common.by import By

from qingchuan.processing.periods import parse_instant
from qingchuan.processing.quality.codes import QualityTest
from qingchuan.store import faults
from qingchuan.store.faults import FaultRuns, Run
from tests.api.browsing import Page
from tests.api.reading_pages import words
from tests.api.serving import serving
from tests.api.world import GOOD_HOUR, World

OPENED = "2026-11-25T03:00:00+08:00"
MARK = ".fault-mark"


def find(
    world: World, subject: str, item: str, test: str = "constant", *, closed: bool = False, period: str = "instant"
) -> None:
    """Let a fault be found that opens at `OPENED`, or be over."""
    opened = parse_instant(OPENED)
    run = Run(test, opened, opened + 7200, opened + 10800 if closed else None)
    with world.state.engine.begin() as connection:
        faults.take(connection, [FaultRuns(subject, period, item, world.sequence, opened, (run,))])


def live(client: httpx.Client, domain: str, subject: str) -> list[tuple[str, str]]:
    """Items and tests of the faults of a subject in a live document."""
    answer = client.get(f"/api/v1/{domain}/live").json()
    [told] = [each for each in answer[{"air": "stations", "water": "sections"}[domain]] if each["subject"] == subject]
    return [(fault["item"], fault["test"]) for fault in told["faults"]]


def test_the_live_documents_tell_what_looks_faulty(filled: World) -> None:
    """Of stations and sections; what is over is not told."""
    find(filled, "1234A", "pm25", "flat_line", period="hour")
    find(filled, "yaojiang", "nh3n")
    find(filled, "yaojiang", "tp", closed=True)
    with serving(filled.services) as client:
        assert live(client, "air", "1234A") == [("pm25", "flat_line")]
        assert live(client, "air", "1235A") == []
        assert live(client, "water", "yaojiang") == [("nh3n", "constant")]
        [section] = [one for one in client.get("/api/v1/water/live").json()["sections"] if one["faults"]]
    assert section["faults"] == [
        {
            "item": "nh3n",
            "symbol": "NH₃-N",
            "test": "constant",
            "name": {"zh": "恒值检验", "en": "constant value test"},
            "opened": OPENED,
        }
    ]


def test_a_fault_of_a_message_that_is_not_applied_yet_is_not_told(filled: World) -> None:
    """State comes before the observations: what it has of a later message is left out."""
    opened = parse_instant(OPENED)
    with filled.state.engine.begin() as connection:
        run = Run("constant", opened, opened, None)
        faults.take(connection, [FaultRuns("yaojiang", "instant", "tp", filled.sequence + 1, opened, (run,))])
    with serving(filled.services) as client:
        assert live(client, "water", "yaojiang") == []


def test_a_mark_comes_and_goes_without_a_reload(page: Page, filled: World) -> None:
    """By itself, without a new reading; with the items, and in words for who cannot see it."""
    page.open()
    page.run("window.sameDocument = true")
    assert page.all(MARK) == []
    find(filled, "yaojiang", "nh3n")
    find(filled, "yaojiang", "turbidity", "flat_line")
    find(filled, "1234A", "pm25", period="hour")
    page.wait(lambda: len(page.all(MARK)) == 2)
    told = page.run(f"return document.querySelector('.section-sheet {MARK}').textContent")
    assert "仪器疑似故障" in told
    assert "NH₃-N、浊度" in told
    title = page.run(f"return document.querySelector('.section-sheet {MARK}').title")
    assert "NH₃-N：恒值检验，11-25 03:00 起" in title
    assert "PM₂.₅" in page.text(f".station-sheet [data-subject='1234A'] {MARK}")
    find(filled, "yaojiang", "nh3n", closed=True)
    find(filled, "yaojiang", "turbidity", "flat_line", closed=True)
    page.wait(lambda: len(page.all(MARK)) == 1)
    assert page.run("return window.sameDocument") is True


def test_a_mark_leads_to_what_explains_it_by_keys_too(page: Page, filled: World) -> None:
    """A link that the tabulator reaches; the page is about that section, in the language spoken."""
    find(filled, "yaojiang", "nh3n")
    page.open("?lang=en")
    page.wait(lambda: page.all(MARK))
    page.browser.execute_script(f"document.querySelector('{MARK}').focus()")
    focused = page.browser.switch_to.active_element
    assert focused.get_attribute("class") == "fault-mark"
    focused.send_keys(Keys.ENTER)
    page.wait(lambda: "/faults" in page.browser.current_url)
    assert "subject=yaojiang" in page.browser.current_url
    told = page.browser.find_element(By.TAG_NAME, "main").text
    assert "Instruments that look faulty" in told
    assert "Ammonia nitrogen" in told
    assert "the same value in cycle after cycle" in told


@pytest.mark.parametrize("width", [320, 390, 768, 1440])
def test_nobody_has_to_scroll_sideways_for_many_marks(page: Page, filled: World, width: int) -> None:
    """All items of a section at once; on paper the mark stays."""
    for item in ("temperature", "ph", "do", "conductivity", "turbidity", "codmn", "nh3n", "tp", "tn"):
        find(filled, "yaojiang", item)
    for item in GOOD_HOUR:
        find(filled, "1234A", item, period="hour")
    wider = "[...document.querySelectorAll('.domain')].filter((panel) => panel.scrollWidth > panel.clientWidth)"
    for lang in ("zh", "en"):
        page.open(f"?lang={lang}", width)
        page.wait(lambda: len(page.all(MARK)) == 2)
        assert page.run("return document.documentElement.scrollWidth - document.documentElement.clientWidth") == 0
        assert page.run(f"return {wider}.length") == 0
    page.browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": "print"})
    try:
        assert page.run(f"return getComputedStyle(document.querySelector('{MARK}')).display") != "none"
    finally:
        page.browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": ""})


def test_the_page_says_whose_since_when_and_which_test(world: World, client: httpx.Client) -> None:
    """Those that last, and all of them; of one subject, or of everybody."""
    find(world, "1234A", "pm25", "flat_line", period="hour")
    find(world, "yaojiang", "tp", "logic", closed=True)
    told = words(client, "/faults?lang=zh")
    assert "区环保大楼" in told
    assert "平直线检验 长时间几乎不变 自 2026-11-25 03:00" in told
    assert "姚江" not in told
    both = words(client, "/faults?lang=en&state=all")
    assert "Yao River gate" in both
    assert "over at 2026-11-25 06:00" in both
    one = words(client, "/faults?lang=en&state=all&subject=yaojiang")
    assert "District building" not in one
    assert "All stations and sections" in one
    assert "没有记录" in words(client, "/faults?lang=zh&state=all&subject=nobody")
    assert words(client, "/faults?state=never", 422)


def test_every_test_that_finds_faults_is_explained(world: World, client: httpx.Client) -> None:
    """In both languages; a test that only finds what stands out is none."""
    items = {
        "zero": "ph",
        "constant": "do",
        "flat_line": "tp",
        "logic": "tn",
        "negative": "codmn",
        "gross_range": "nh3n",
    }
    tests = [test for test in QualityTest if test.key in items]
    for test in tests:
        find(world, "yaojiang", items[test.key], test.key)
    told = {lang: words(client, f"/faults?lang={lang}") for lang in ("zh", "en")}
    for test in tests:
        assert test.label.zh in told["zh"]
        assert test.label.en in told["en"]
    assert "与另一项目矛盾" in told["zh"]
    assert "more negative than zero drift may be" in told["en"]
