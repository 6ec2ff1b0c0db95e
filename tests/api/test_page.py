"""The live page in a real browser, behind a real server, on real stores."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from selenium.webdriver import Chrome, Keys
from selenium.webdriver.common.by import By

from tests.api.browsing import NOW, Page, judge
from tests.api.serving import serving
from tests.api.world import CITY, CLEAN_READING, GOOD_DAY, GOOD_HOUR, SUBJECTS, World

STATIC = Path(__file__).parents[2] / "api" / "static"
WORSE_THAN_V = CLEAN_READING | {"tp": "0.45"}


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


def test_a_new_reading_appears_without_a_reload(page: Page, filled: World) -> None:
    """An hour, a reading and the change of an alert arrive by events; the page stays the same document."""
    page.open()
    page.run("window.sameDocument = true")
    for station in ("1234A", "1235A"):
        filled.hour(station, NOW, GOOD_HOUR | {"pm25": "70"})
    filled.reading("yaojiang", "2026-11-25T08:02:00+08:00", WORSE_THAN_V)
    judge(filled)
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


def test_a_section_that_only_a_laboratory_samples_is_not_missing(page: Page, filled: World) -> None:
    """It says so in both languages."""
    filled.announce({"sampled": SUBJECTS["yaojiang"]})
    filled.laboratory("sampled", "2026-11-03T10:00:00+08:00", CLEAN_READING)
    for lang, word, missing in (("zh", "手工监测", "缺测"), ("en", "manual only", "missing")):
        page.open(f"?lang={lang}")
        page.wait(lambda: len(page.all(".section-sheet tbody tr")) == 3)
        row = page.text(".section-sheet [data-subject='sampled']")
        assert (word in row, missing in row) == (True, False)


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


def test_a_stream_that_falls_silent_is_begun_anew(page: Page) -> None:
    """A cable that was pulled gives no error; the server sends a beat every 15 seconds, the page waits for 40."""
    page.open()
    told = page.browser.execute_async_script(
        """
        const [quiet, done] = arguments, states = [], opened = [], Real = window.EventSource;
        window.EventSource = class extends EventTarget {
          constructor(url) { super(); this.url = url; this.readyState = 1; opened.push(this); }
          close() { this.readyState = 2; }
        };
        import('/static/events.js').then(({ LiveEvents }) => {
          new LiveEvents({ url: '/e', kinds: ['air'], onDocument() {}, onState: (s) => states.push(s), quiet }).start();
          opened[0].dispatchEvent(new Event('beat'));
          const look = setInterval(() => {
            if (opened.length < 2) { return; }
            clearInterval(look);
            const closed = opened[0].readyState;
            opened[1].dispatchEvent(new Event('beat'));
            window.EventSource = Real;
            done({ states, closed });
          }, 10);
        });
        """,
        300,
    )
    assert told == {"states": ["live", "lost", "live"], "closed": 2}


def test_a_day_of_the_calendar_can_be_read_and_reached_by_keys(page: Page) -> None:
    """The arrow keys go from day to day, and the day's figures are written out."""
    page.open()
    assert "11月24日 周二 · AQI 128 轻度污染 · 首要 PM₂.₅" in page.text(".calendar .readout")
    page.browser.find_element(By.CSS_SELECTOR, ".day.shown").send_keys(Keys.ARROW_LEFT)
    page.wait(lambda: "11月23日" in page.text(".calendar .readout"))
    assert "无有效数据" in page.text(".calendar .readout")
    assert page.run("return document.activeElement.dataset.date") == "2026-11-23"


def test_a_day_that_does_not_count_is_marked_and_says_what_is_missing(world: World, page: Page) -> None:
    """By HJ 633—2012 it has an index and the colour of a good day, by HJ 633—2026 it has none."""
    for day in ("2026-02-25", "2026-11-20"):
        world.day(CITY, day, {item: value for item, value in GOOD_DAY.items() if item != "so2"})
    page.open()
    page.wait(lambda: len(page.all(".calendar .day.apart")) == 2)
    titles = page.run("return [...document.querySelectorAll('.calendar .day.apart')].map((cell) => cell.title)")
    assert titles == ["2月25日 周三 · AQI 55 良 · 首要 PM₁₀ · 缺 SO₂，不计入", "11月20日 周五 · 缺 SO₂，无 AQI，不计入"]
    assert "缺项，不计入" in page.all(".calendar .legend li")


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
