"""The live page in a real browser, behind a real server, on real stores."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from selenium.webdriver import Chrome, Keys
from selenium.webdriver.common.by import By
from selenium.webdriver.support.wait import WebDriverWait

from qingchuan.alerts.engine import Engine
from qingchuan.alerts.rules import load_rules
from qingchuan.processing import standards
from qingchuan.processing.rounding import round_water
from qingchuan.processing.standards import AirQualityIndex, WaterStatus
from qingchuan.store.embedded import EmbeddedObservations
from tests.api.serving import PATIENCE, serving
from tests.api.world import CITY, CLEAN_READING, GOOD_DAY, GOOD_HOUR, SUBJECTS, World

STATIC = Path(__file__).parents[2] / "api" / "static"
NOW = "2026-11-25T08:00:00+08:00"
CLASS_V = CLEAN_READING | {"tp": "0.35"}
WORSE_THAN_V = CLEAN_READING | {"tp": "0.45"}


class Page:
    """The page in a browser.

    Parameters
    ----------
    browser : Chrome
    address : str
        Of the server.
    """

    def __init__(self, browser: Chrome, address: str) -> None:
        self.browser = browser
        self._address = address

    def open(self, query: str = "?lang=zh", width: int = 1440) -> None:
        """Open the page in a window `width` CSS pixels wide, and wait for the first data."""
        size = {"width": width, "height": 900, "deviceScaleFactor": 1, "mobile": width < 600}
        self.browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", size)
        self.browser.get(f"{self._address}/{query}")
        self.wait(lambda: self.all(".index, .index-none") and self.all(".tally"))

    def wait(self, condition: Callable[[], object]) -> None:
        """Wait until `condition` holds."""
        WebDriverWait(self.browser, PATIENCE, poll_frequency=0.05).until(lambda _: condition())

    def all(self, selector: str) -> list[str]:
        """Texts of all elements that `selector` finds, as they can be read in the page."""
        script = "return [...document.querySelectorAll(arguments[0])].map((element) => element.innerText)"
        return list(self.browser.execute_script(script, selector))

    def text(self, selector: str) -> str:
        """Text of the first element that `selector` finds; empty where there is none."""
        return next(iter(self.all(selector)), "")

    def run(self, script: str) -> Any:  # noqa: ANN401 - whatever the script returns
        """What `script` returns."""
        return self.browser.execute_script(script)

    def module(self, name: str, expression: str) -> Any:  # noqa: ANN401 - whatever the expression is
        """`expression` of `m`, the static module `name`."""
        script = f"import('/static/{name}').then((m) => arguments[0]({expression}))"
        return self.browser.execute_async_script(script)

    def complaints(self) -> list[str]:
        """What the browser has written to its console."""
        entries: list[dict[str, str]] = self.browser.get_log("browser")  # type: ignore[no-untyped-call]  # selenium's
        return [entry["message"] for entry in entries]


@pytest.fixture
def filled(world: World, tmp_path: Path) -> World:
    """A world with an hour of both stations, three days of the city, a good section and a bad one."""
    for station in ("1234A", "1235A"):
        world.hour(station, NOW, GOOD_HOUR | {"pm25": "40"})
    world.day(CITY, "2026-11-22", GOOD_DAY)
    world.day(CITY, "2026-11-24", GOOD_DAY | {"pm25": "90"})
    world.reading("dongqian", NOW, CLEAN_READING | {"tp": "0.02"})
    world.reading("yaojiang", NOW, CLASS_V)
    judge(world, tmp_path)
    return world


@pytest.fixture
def page(filled: World, chromium: Chrome) -> Iterator[Page]:
    """The page on a filled world; at the end the browser must have had nothing to complain about."""
    with serving(filled.services) as client:
        made = Page(chromium, str(client.base_url).rstrip("/"))
        yield made
        assert made.complaints() == []


def judge(world: World, folder: Path) -> None:
    """Let the alerts take in what has changed in the stores in `folder`."""
    observations = EmbeddedObservations(folder / "observations.sqlite", read_only=True)
    targets = ("webhook",)
    engine = Engine(observations, world.state, load_rules(), now=world.clock, notify_within=3600, targets=targets)
    while engine.step():
        pass
    observations.close()


def test_the_page_shows_the_air_the_water_and_the_alert(page: Page) -> None:
    """Index, level, primary pollutant, edition, classes by name, and the open alert with what decides it."""
    page.open()
    assert page.text(".index-value") == "60"
    assert "Ⅱ 级 · 良" in page.text(".index-level")
    assert "PM₂.₅" in page.text(".facts")
    assert "HJ 633—2026" in page.text(".facts")
    assert "2 / 2" in page.text(".facts")
    assert [row.split("\n")[0] for row in page.all(".section-sheet tbody tr")] == ["Ⅴ", "Ⅱ"]
    assert "中度污染" in page.text(".section-sheet tbody tr")
    assert "未达目标 Ⅲ 类" in page.text(".section-sheet tbody tr")
    alert = page.text(".alert")
    assert "姚江" in alert
    assert "总磷 0.35 mg/L" in alert
    assert "限值 0.3" in alert
    assert "webhook 待发" in alert


def test_simulated_data_say_so_at_the_top_and_at_each_subject(page: Page) -> None:
    """A banner in both languages, and a mark at the city, each station, each section and each alert."""
    page.open()
    assert "模拟数据 · Simulated data" in page.text("#simulated")
    places = ("#air-head", ".station-sheet .who", ".section-sheet .who", ".alert h3")
    marks = {place: all("模拟" in text for text in page.all(place)) for place in places}
    assert marks == dict.fromkeys(places, True)


def test_a_new_reading_appears_without_a_reload(page: Page, filled: World, tmp_path: Path) -> None:
    """An hour, a reading and the change of an alert arrive by events; the page stays the same document."""
    page.open()
    page.run("window.sameDocument = true")
    for station in ("1234A", "1235A"):
        filled.hour(station, NOW, GOOD_HOUR | {"pm25": "70"})
    filled.reading("yaojiang", "2026-11-25T08:02:00+08:00", WORSE_THAN_V)
    judge(filled, tmp_path)
    page.wait(lambda: page.text(".index-value") not in {"", "60"})
    page.wait(lambda: "劣" in page.text(".alert .class-badge"))
    assert page.text(".index-value") == "110"
    assert "轻度污染" in page.text(".index-level")
    assert "重度污染" in page.text(".section-sheet tbody tr")
    assert "告警变化：姚江 劣Ⅴ 类" in page.run("return document.getElementById('announcer').textContent")
    assert page.run("return window.sameDocument") is True


def test_the_page_speaks_both_languages_and_remembers_which(page: Page) -> None:
    """The switch works without a reload, and the next visit without ?lang= keeps to it."""
    page.open("?lang=zh")
    page.browser.find_element(By.CSS_SELECTOR, "[data-lang=en]").click()
    page.wait(lambda: page.text("#air-title").startswith("Air"))
    assert page.run("return document.documentElement.lang") == "en"
    assert "Level Ⅱ · Good" in page.text(".index-level")
    page.open("")
    assert page.text("#water-title").startswith("Surface water")
    assert "Total phosphorus 0.35 mg/L" in page.text(".alert")
    page.open("?lang=zh")
    assert page.text("#air-title").startswith("空气")


@pytest.mark.parametrize("width", [320, 390, 768, 1366, 1440])
def test_nobody_has_to_scroll_sideways(page: Page, width: int) -> None:
    """In neither language is the page wider than the screen, or a table wider than its panel."""
    wider = "[...document.querySelectorAll('.domain')].filter((panel) => panel.scrollWidth > panel.clientWidth)"
    for lang in ("zh", "en"):
        page.open(f"?lang={lang}", width)
        assert page.run("return document.documentElement.scrollWidth - document.documentElement.clientWidth") == 0
        assert page.run(f"return {wider}.length") == 0


def test_missing_is_shown_as_missing(page: Page, filled: World) -> None:
    """A value that is not there is a dash and a word, never 0; a missing day is hatched; no data comes last."""
    filled.announce({"silent": SUBJECTS["yaojiang"]})
    filled.hour("1234A", NOW, {"so2": "9"}, {"so2": 4})
    page.open()
    page.wait(lambda: len(page.all(".section-sheet tbody tr")) == 3)
    assert "缺测" in page.all(".section-sheet tbody tr")[-1]
    assert not re.search(r"\b0\b", page.all(".section-sheet tbody tr")[-1])
    assert page.run("return document.querySelector('[data-date=\"2026-11-23\"]').matches('.gap')") is True
    assert page.run("return document.querySelector('[data-date=\"2026-11-24\"]').matches('.gap')") is False
    page.wait(lambda: "无效" in page.text(".station-sheet [data-subject='1234A']"))


def test_an_index_that_may_not_be_published_says_why(page: Page, filled: World) -> None:
    """HJ 633—2026, 5.3.1: an item is missing and the index is not above 100."""
    for station in ("1234A", "1235A"):
        filled.hour(station, NOW, {"co": "0.7"}, {"co": 4})
    page.open()
    page.wait(lambda: page.all(".index-none"))
    assert "缺项，不发布" in page.text(".index-none")
    assert "HJ 633—2026 5.3.1" in page.text(".facts")


def test_a_day_of_the_calendar_can_be_read_and_reached_by_keys(page: Page) -> None:
    """The arrow keys go from day to day, and the day's figures are written out."""
    page.open()
    assert "11月24日 周二 · AQI 128 轻度污染 · 首要 PM₂.₅" in page.text(".calendar .readout")
    page.browser.find_element(By.CSS_SELECTOR, ".day.shown").send_keys(Keys.ARROW_LEFT)
    page.wait(lambda: "11月23日" in page.text(".calendar .readout"))
    assert "无有效数据" in page.text(".calendar .readout")
    assert page.run("return document.activeElement.dataset.date") == "2026-11-23"


def test_the_legend_is_that_of_the_standards(page: Page) -> None:
    """Levels and classes of the page are those of the editions in force, word for word."""
    page.open()
    air = standards.in_force("hj633", date(2026, 11, 25))
    assert isinstance(air, AirQualityIndex)
    levels = [[level.number, level.roman, level.zh, level.en, level.colour] for level in air.levels]
    assert page.module("levels.js", "m.LEVELS.map((l) => [l.number, l.roman, l.zh, l.en, l.colour])") == levels
    assert page.module("levels.js", "m.LEVELS.map((l) => l.to)") == [level.most or 500 for level in air.levels]
    water = standards.in_force("hb2011_22", date(2026, 11, 25))
    assert isinstance(water, WaterStatus)
    classes = [[row.number, row.name, row.colour] for row in water.classes.rows]
    assert page.module("levels.js", "m.CLASSES.map((c) => [c.number, c.name, c.colour])") == classes


def test_text_on_a_field_of_colour_can_be_read(page: Page) -> None:
    """Black on yellow, green and orange, white on purple and maroon."""
    page.open()
    inks = page.module("levels.js", "m.LEVELS.map((l) => m.ink(l.colour))")
    assert inks == ["#000", "#000", "#000", "#000", "#fff", "#fff"]


def test_numbers_are_rounded_as_the_standard_rounds(page: Page) -> None:
    """A tie goes to the even digit, and what would become 0 keeps a digit: as `round_water` does."""
    page.open()
    numbers = ["1.415", "1.425", "0.125", "0.135", "9.995", "9.985", "1.005", "2.5", "0.0004", "0", "7.7", "12.3456"]
    for places in (0, 1, 2, 3):
        shown = page.module("numbers.js", f"[{', '.join(numbers)}].map((number) => m.decimal(number, {places}))")
        assert shown == [str(round_water(number, places)) for number in numbers]


def test_every_word_is_there_in_both_languages(page: Page) -> None:
    """Each entry is a Chinese and an English text, and each key that a module or the template asks for exists."""
    page.open()
    words: dict[str, list[str]] = page.module("text.js", "m.WORDS")
    assert {key for key, pair in words.items() if len(pair) != 2 or not all(pair)} == set()
    template = (STATIC.parent / "templates" / "live.html").read_text(encoding="utf-8")
    asked = set(re.findall(r'data-(?:text|both|label)="(\w+)"', template))
    for module in STATIC.glob("*.js"):
        asked |= set(re.findall(r'\b(?:t|beside)\("(\w+)"', module.read_text(encoding="utf-8")))
    assert asked - words.keys() == set()


def test_a_lost_connection_is_said(filled: World, chromium: Chrome) -> None:
    """When the server has gone the page says so, and keeps what it knows."""
    with serving(filled.services) as client:
        page = Page(chromium, str(client.base_url).rstrip("/"))
        page.open()
        page.wait(lambda: page.text("#connection") == "实时")
    page.wait(lambda: "正在重连" in page.text("#connection"))
    assert "数据停在 08:00" in page.text("#connection")
    assert page.text(".index-value") == "60"
