"""The pages that the server makes, without a browser: languages, links, what will not do."""

from __future__ import annotations

import re
from html import unescape
from pathlib import Path

import httpx
import pytest

from qingchuan.api.pages.frame import PAGES, WORK
from qingchuan.api.pages.words import vocabulary
from tests.api.reading_pages import PERIOD, fill_for_pages, words
from tests.api.serving import serving
from tests.api.world import CITY, GOOD_DAY, World

API = Path(__file__).parents[2] / "api"


@pytest.fixture
def world(world: World) -> World:
    """A world with something on every page."""
    fill_for_pages(world)
    return world


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("path", PAGES)
def test_every_page_answers_in_both_languages_and_says_what_is_simulated(
    client: httpx.Client, path: str, lang: str
) -> None:
    """With its title in both, the bar of links, and the banner over simulated data."""
    answer = client.get(f"{path}?lang={lang}")
    assert answer.status_code == 200
    assert f'<html lang="{lang}' in answer.text
    assert f'href="{path}?lang={lang}" aria-current="page"' in answer.text
    zh, en = vocabulary()[f"page.{path[1:]}"]
    assert (zh if lang == "zh" else en) in answer.text
    if path != "/explain":  # without a figure it shows none
        assert "模拟数据" in answer.text


@pytest.mark.parametrize("path", PAGES)
def test_every_page_answers_while_nobody_has_announced_himself(empty: World, path: str) -> None:
    """Nothing is shown, and the reason is told to a person."""
    with serving(empty.services) as client:
        answer = client.get(f"{path}?lang=zh")
    assert answer.status_code in {200, 404}
    assert "<h1" in answer.text


@pytest.mark.parametrize("path", ["/", *PAGES, *WORK])
def test_the_pages_lead_to_one_another(client: httpx.Client, path: str) -> None:
    """The bar of links is the same everywhere, in the live page too."""
    text = client.get(f"{path}?lang=en").text
    bar = re.search(r'<nav class="pages".*?</nav>', text, re.DOTALL)
    assert bar is not None
    addresses = [address.partition("?")[0] for address in re.findall(r'href="([^"]+)"', bar.group())]
    assert addresses == ["/", *PAGES, *WORK]


def test_the_language_goes_with_every_link(client: httpx.Client) -> None:
    """No link of a page forgets it, but those to the other language and to the API."""
    text = client.get(f"/ranking?lang=en&{PERIOD}").text
    links = [unescape(link) for link in re.findall(r'<a [^>]*href="(/[^"]+)"', text)]
    own = [link for link in links if not link.startswith("/api/")]
    assert len(own) > 10
    assert {link for link in own if "lang=en" not in link} == {f"/ranking?{PERIOD}&lang=zh"}


def test_what_will_not_do_is_said_on_a_page(client: httpx.Client) -> None:
    """With the reason, the status of the API, and a way back."""
    for address, status, reason in (
        ("/ranking?by=luck", 422, "parameter by has 'luck'; index or rate or improvement would do"),
        ("/ranking?month=2026-13", 422, "parameter month has '2026-13'; a month such as 2026-11 would do"),
        ("/ranking?from=2026-11-02&to=0001-01-01", 422, "parameter to has"),
        ("/ranking?from=2026-11-02&to=9999-12-31", 422, "parameter to has"),
        ("/ranking?from=yesterday&to=2026-11-10", 422, "parameter from has 'yesterday'"),
        ("/ranking?from=2026-11-10&to=2026-11-09", 422, "parameter to has '2026-11-09'; the same as from or later"),
        ("/ranking?from=2026-11-25", 422, "parameter from has '2026-11-25'; without to, a day that is over"),
        ("/ranking?from=2025-01-01&to=2026-01-02", 422, "from and to are 367 days, both included; at most 366"),
        ("/editions?from=2020-01-01&to=2026-01-01", 422, "at most 1098 would do"),
        ("/explain?of=luck", 422, "parameter of has 'luck'"),
        ("/explain?of=rank&city=999999", 404, "the city has the id '999999'"),
        ("/budget?target=101", 422, "parameter target has '101'; a number from 0 to 100 would do"),
        ("/budget?target=nan", 422, "parameter target has 'nan'"),
        ("/budget?heavy_target=1.5", 422, "parameter heavy_target has '1.5'; a whole number from 0 to 366 would do"),
        ("/what-if?gain=0", 422, "parameter gain has '0'; a number from 1 to 168 would do"),
        ("/downgrades?at=yesterday", 422, "parameter at has 'yesterday'"),
        ("/downgrades?as_of=x", 422, "parameter as_of has 'x'"),
        (f"/downgrades?as_of={'9' * 5000}", 422, "the number of a message, or a time with its offset"),
        ("/downgrades?as_of=99999", 422, "parameter as_of has 99999"),
    ):
        text = words(client, f"{address}&lang=zh", status)
        assert reason[1:] in text
        assert "不带参数打开本页" in text


def test_a_period_may_be_given_by_its_last_day_or_its_first(client: httpx.Client) -> None:
    """From 1 January of its year, as on the command line; or up to yesterday."""
    assert "2025年1月1日至5月1日" in words(client, "/editions?to=2025-05-01&lang=zh")
    assert "2026年11月20日至11月24日" in words(client, "/editions?from=2026-11-20&lang=zh")


def test_no_page_shows_a_longer_period_than_the_interface(client: httpx.Client) -> None:
    """The link to the same figures leads to them."""
    begins = {"/ranking?": "2025-11-24", "/budget?target=80&": "2025-11-24", "/editions?": "2023-11-23"}
    for path, first in begins.items():
        text = client.get(f"{path}from={first}&to=2026-11-24").text
        links = [unescape(link) for link in re.findall(r'href="(/api/v1/[^"]+)"', text)]
        assert links
        assert [client.get(link).status_code for link in links] == [200] * len(links)


def test_parameters_that_messengers_add_are_ignored(client: httpx.Client) -> None:
    """A link that was shared comes back with more than it had; the links of the page do not carry it on."""
    answer = client.get("/ranking?utm_source=chat&isappinstalled=0")
    assert answer.status_code == 200
    assert "utm_source" not in answer.text


@pytest.mark.parametrize("path", PAGES)
def test_a_parameter_that_a_page_does_not_take_is_refused(client: httpx.Client, path: str) -> None:
    """Mistyped, it must not look as if it had been heard."""
    text = words(client, f"{path}?form=2026-11-01&lang=zh", 422)
    assert "本页没有名为“form”的参数。" in text
    assert "as_of would do" in text


def test_what_is_wrong_is_said_in_the_language_of_the_page(client: httpx.Client) -> None:
    """Where the cause is known; the whole of it stands below in English."""
    for address, status, zh, en in (
        ("/explain?of=rank&city=999999", 404, "没有编号为“999999”的城市。", "There is no city with the id “999999”."),
        ("/ranking?by=luck", 422, "参数 by 不能是“luck”。", "The parameter by cannot be “luck”."),
    ):
        assert zh in words(client, f"{address}&lang=zh", status)
        assert en in words(client, f"{address}&lang=en", status)


@pytest.mark.parametrize("path", ["/", *PAGES])
def test_no_link_of_a_page_leads_to_what_is_not_answered(client: httpx.Client, path: str) -> None:
    """Parameters of one page never come along to another that does not take them."""
    page = client.get(f"{path}?lang=zh").text
    links = {unescape(link) for link in re.findall(r'href="(/[^"#]*)"', page)}
    assert len(links) > 5
    assert {link for link in links if client.get(link).status_code != 200} == set()


def test_who_looks_for_a_page_that_is_not_there_gets_one(client: httpx.Client) -> None:
    """A browser says that it takes HTML; a program gets the problem, and so does who asks the interface."""
    html = {"accept": "text/html,application/xhtml+xml"}
    answer = client.get("/nosuch?lang=zh", headers=html)
    assert (answer.status_code, answer.headers["content-type"]) == (404, "text/html; charset=utf-8")
    assert "没有这个页面。" in answer.text
    assert 'href="/?lang=zh"' in answer.text
    assert client.get("/nosuch").headers["content-type"] == "application/problem+json"
    assert client.get("/api/v1/nosuch", headers=html).headers["content-type"] == "application/problem+json"


def test_a_text_that_was_typed_cannot_become_a_tag(client: httpx.Client) -> None:
    """What a person typed is shown as text only."""
    text = client.get("/ranking", params={"by": "<script>alert(1)</script>"}).text
    assert "<script" not in text
    text = client.get("/ranking", params={'x"><script>': "1"}).text
    assert "<script" not in text


def test_no_page_needs_a_script_or_a_style_of_its_own(client: httpx.Client) -> None:
    """The content policy forbids them, and a bureau's browser may too."""
    for path in PAGES:
        text = client.get(path).text
        assert "<script" not in text
        assert not re.search(r"\sstyle=|<style", text)


def test_the_figures_as_they_were_after_an_earlier_message(world: World, client: httpx.Client) -> None:
    """A page shows what was known then, and its links stay there."""
    before = world.sequence
    world.day(CITY, "2026-11-10", GOOD_DAY | {"pm25": "200"})
    now = words(client, f"/ranking?{PERIOD}&lang=zh")
    then = client.get(f"/ranking?{PERIOD}&as_of={before}&lang=zh").text
    assert now != words(client, f"/ranking?{PERIOD}&as_of={before}&lang=zh")
    assert f"as_of={before}" in then
    assert f"{before:,}" in then


def test_every_word_of_the_pages_is_there_in_both_languages() -> None:
    """Each entry has both, and each key that a template or a page asks for exists."""
    known = vocabulary()
    assert {key for key, pair in known.items() if not all(pair)} == set()
    asked = set()
    for file in [*(API / "templates").glob("*.html"), *(API / "pages").glob("*.py")]:
        asked |= set(re.findall(r'\b(?:t|words|beside)\(\s*"([\w-]+\.[\w-]+)"(?! ~)', file.read_text(encoding="utf-8")))
    assert asked - known.keys() == set()


def test_the_live_page_has_words_for_the_links_to_all_pages() -> None:
    """The same as the pages have."""
    text = (API / "static" / "text.js").read_text(encoding="utf-8")
    for path in (*PAGES, *WORK):
        zh, en = vocabulary()[f"page.{path[1:]}"]
        assert f'page_{path[1:].replace("-", "_")}: ["{zh}", "{en}"]' in text


@pytest.mark.parametrize("path", ["/ranking?by=index", "/budget?target=90", "/what-if?gain=1", "/editions?lang=en"])
def test_a_page_says_which_revision_it_shows_and_leads_to_what_changed_since(client: httpx.Client, path: str) -> None:
    """The newest message behind its figures, and that nobody has audited them."""
    text = client.get(f"{path}&{PERIOD}&city={CITY}&lang=en").text
    found = re.search(r'href="(/api/v1/revisions\?from=\d+)">[\d,]+ <small>JSON</small></a> Provisional', text)
    assert found is not None
    assert client.get(unescape(found[1])).json()["figures"] == []
