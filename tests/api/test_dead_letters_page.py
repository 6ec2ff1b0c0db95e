"""The page of dead letters: looked for, shown, applied again."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import get_args
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from selenium.webdriver import Chrome
from selenium.webdriver.common.by import By

from qingchuan.api.pages.words import vocabulary
from qingchuan.collector.refusal import Code
from qingchuan.store.messages import Message
from tests.api.browsing import Page
from tests.api.serving import serving
from tests.api.test_dead_letters import HOUR, Place, services_on
from tests.api.test_pages_browser import WIDER, visit
from tests.api.world import World
from tests.support.applying import Bench, hour_of, station

FORM = {"by": "林工", "reason": "announced"}


@pytest.fixture
def place(empty: World, tmp_path: Path) -> Iterator[Place]:
    """Letters of several kinds, with long words and markup in them."""
    (tmp_path / "bench").mkdir()
    bench = Bench(tmp_path / "bench")
    partly = b'{"start":"2026-03-01T00:00:00Z","values":{"co":1,"pm26":2,"pm25":-9999}}'
    bench.take(
        hour_of("35"),
        Message("mqtt", "c", HOUR, b"<script>alert(1)</script>" + b"x" * 400),
        station(),
        Message("mqtt", "c", "qingchuan/1235A/hour", partly),
        Message("mqtt", "c", "qingchuan/" + "y" * 150, b"\xff"),
    )
    with serving(services_on(empty, bench)) as client:
        yield Place(bench, client)
    bench.close()


def _page(client: httpx.Client, **query: str) -> str:
    answer = client.get("/dead-letters", params={"lang": "en", **query})
    assert answer.status_code == 200, answer.text
    return answer.text


def test_the_page_tells_what_is_open_and_why(place: Place) -> None:
    """In both languages."""
    text = _page(place.client)
    assert "Open: 3 messages and 2 values." in text
    assert "publish its announcement, retained, on qingchuan/1235A/station" in text
    assert "未处理：3 条消息、2 个数值。" in _page(place.client, lang="zh")
    assert "No dead letter fits." in _page(place.client, state="settled")


def test_the_page_is_filtered_as_the_interface_is(place: Place) -> None:
    """And leads to the same as a file."""
    text = _page(place.client, code="unknown-subject", topic="1235A")
    assert "Open: 1 messages and 0 values." in text
    assert "/api/v1/dead-letters/export?format=csv&amp;topic=1235A&amp;code=unknown-subject&amp;settled=false" in text
    assert place.client.get("/dead-letters?start=noon").status_code == 422
    assert place.client.get("/dead-letters?colour=red").status_code == 422


def test_a_message_is_shown_and_nothing_in_it_is_markup(place: Place) -> None:
    """Whoever publishes decides what is in it."""
    text = _page(place.client, message="2")
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in text
    assert "<script>alert" not in text
    assert place.client.get("/dead-letters?message=99").status_code == 404


def test_each_kind_of_reason_has_a_name_in_both_languages() -> None:
    """The codes of the interface mean nothing to most people."""
    assert {key.removeprefix("code.") for key in vocabulary() if key.startswith("code.")} == set(get_args(Code))


def test_the_name_of_a_kind_stands_before_its_code(place: Place) -> None:
    """In the list, in the choice, and in the counts."""
    text = _page(place.client, lang="zh")
    assert '<b>对象未知</b> <span class="code">unknown-subject</span>' in text
    assert re.search(r">对象未知 unknown-subject \(\d\)</option>", text)
    assert "<b>Nobody who is known</b>" in _page(place.client)


def test_a_reason_of_a_message_that_is_shown_is_told_once(place: Place) -> None:
    """The row in the list leads to it."""
    reason = "publish its announcement, retained, on qingchuan/1235A/station"
    text = _page(place.client, message="1")
    assert text.count(reason) == 1
    assert "see above" in text


def test_a_form_has_them_applied_again(place: Place) -> None:
    """And leads to a page that says so."""
    answer = place.client.post("/dead-letters", data={**FORM, "topic": "1235A", "lang": "en"})
    assert answer.status_code == 303
    address = urlsplit(answer.headers["location"])
    assert parse_qs(address.query) == {"topic": ["1235A"], "lang": ["en"], "named": ["2"], "last": ["6"]}
    assert "Reload in a moment" in place.client.get(answer.headers["location"]).text
    place.bench.applier.step()
    text = place.client.get(answer.headers["location"]).text
    assert "They have been applied." in text
    assert "applied again by message 6, and refused again" in text
    assert place.bench.pm25() == [35.0]


@pytest.mark.parametrize(
    ("form", "headers", "status"),
    [
        ({"topic": "1235A"}, {}, 422),
        ({**FORM, "topic": "nowhere"}, {}, 404),
        (FORM, {"origin": "http://evil.example"}, 403),
        (FORM, {"origin": "null"}, 403),
        (FORM, {"sec-fetch-site": "cross-site"}, 403),
        (FORM, {"x-forwarded-for": "192.0.2.7"}, 403),
    ],
)
def test_a_form_that_will_not_do_says_why(
    place: Place, form: dict[str, str], headers: dict[str, str], status: int
) -> None:
    """As a page; nothing is appended."""
    answer = place.client.post("/dead-letters", data=form, headers=headers)
    assert answer.status_code == status
    assert "text/html" in answer.headers["content-type"]
    assert place.bench.journal.head().sequence == 5


def test_our_own_form_is_taken_although_it_tells_no_referrer(place: Place) -> None:
    """A browser then says Origin: null, and that it is of the same origin."""
    headers = {"origin": "null", "sec-fetch-site": "same-origin"}
    assert place.client.post("/dead-letters", data=FORM, headers=headers).status_code == 303


def test_who_may_not_write_sees_no_form(place: Place) -> None:
    """But what to do."""
    text = place.client.get("/dead-letters?lang=en", headers={"x-forwarded-for": "192.0.2.7"}).text
    assert 'method="post"' not in text
    assert "qingchuan dead-letters again" in text


@pytest.mark.parametrize("width", [320, 390, 1440])
def test_nobody_has_to_scroll_sideways(place: Place, chromium: Chrome, width: int) -> None:
    """In neither language, however long a topic is."""
    page = Page(chromium, str(place.client.base_url).rstrip("/"))
    for lang in ("zh", "en"):
        visit(page, f"/dead-letters?lang={lang}&message=2", width)
        assert page.run("return document.documentElement.scrollWidth - document.documentElement.clientWidth") == 0
        assert page.run(WIDER) == []
    assert page.complaints() == []


def test_a_person_applies_them_again_in_a_browser(place: Place, chromium: Chrome) -> None:
    """With the headers that a real one sends."""
    page = Page(chromium, str(place.client.base_url).rstrip("/"))
    visit(page, "/dead-letters?lang=en&code=unknown-subject")
    page.browser.find_element(By.NAME, "by").send_keys("Lin")
    page.browser.find_element(By.NAME, "reason").send_keys("announced")
    page.browser.find_element(By.CSS_SELECTOR, ".again-form button").click()
    page.wait(lambda: "In the journal: 2 messages are named" in page.text(".told"))
    place.bench.applier.step()
    page.wait(lambda: "They have been applied." in page.text(".told"))
    assert place.bench.pm25() == [35.0]
    assert page.complaints() == []
