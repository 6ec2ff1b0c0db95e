"""The pages tell what the API tells: the same figures, in sentences, tables and pictures."""

from __future__ import annotations

import re
from html import unescape

import httpx
import pytest

from tests.api.reading_pages import HANGZHOU, PERIOD, SHANGHAI, SPAN, fill_for_pages, words
from tests.api.world import CITY, GOOD_DAY, World


@pytest.fixture
def world(world: World) -> World:
    """A world with something on every page."""
    fill_for_pages(world)
    return world


def test_the_ranking_tells_what_the_interface_tells(client: httpx.Client) -> None:
    """Rank, index and gap of the own city, and all cities in the same order."""
    answer = client.get(f"/api/v1/ranking?{SPAN}&by=index").json()
    own = next(city for city in answer["cities"] if city["code"] == CITY)
    text = words(client, f"/ranking?{PERIOD}&lang=zh")
    assert f"2026年11月1日至11月10日，宁波综合指数为 {own['index']:.2f}" in text.replace(" ，", "，")
    assert f"第 {own['rank']} 位" in text
    assert f"差 {own['ahead']['gap']:.2f}" in text
    table = text.partition("全部城市")[2]
    names = [city["name"]["zh"] for city in answer["cities"]]
    assert len(names) == 3
    places = [re.search(rf"\b{city['rank']} {city['name']['zh']}", table) for city in answer["cities"]]
    assert [match.start() for match in places if match] == sorted(match.start() for match in places if match)
    assert all(places)


def test_cities_without_a_rank_are_listed_with_the_reason(client: httpx.Client) -> None:
    """Most key cities have sent nothing in this world."""
    answer = client.get(f"/api/v1/ranking?{SPAN}&by=index").json()
    text = words(client, f"/ranking?{PERIOD}&lang=en").partition("Without a rank")[2]
    assert len(answer["unranked"]) == 165
    assert answer["unranked"][0]["reason"]["en"] in text


def test_a_ranking_by_the_rate_names_its_figure_and_unit(client: httpx.Client) -> None:
    """Nine of ten days are good in Shanghai."""
    text = words(client, f"/ranking?{PERIOD}&by=rate&city={SHANGHAI}&lang=en")
    assert "1 November to 10 November 2026: with a good-air rate of 90.0 %" in text
    assert "Shanghai is number 3 of 3" in text
    assert "behind" not in text.partition("Next to it")[0]


def test_a_budget_is_told_in_a_sentence_with_the_figures_of_the_interface(client: httpx.Client) -> None:
    """November with ten days over: what the other twenty may be."""
    address = f"/api/v1/cities/{SHANGHAI}/budget?start=2026-11-01&end=2026-12-01&target=80&pm25_target=40"
    answer = client.get(f"{address}&heavy_target=1").json()
    rate, mean, heavy = answer["rate"], answer["pm25"], answer["heavy"]
    assert rate["state"] == "open"
    query = f"city={SHANGHAI}&month=2026-11&target=80&pm25_target=40&heavy_target=1"
    text = words(client, f"/budget?{query}&lang=zh")
    assert f"有效 {rate['counted']} 天，其中优良 {rate['good']} 天" in text
    assert f"至多 {rate['bad_allowed']} 天超标" in text
    assert f"至少 {rate['good_needed']} 天优良（{rate['share_needed']:.1f}%）" in text
    assert f"均值不高于 {mean['largest_mean']:.1f} µg/m³" in text
    assert f"至多再有 {heavy['allowed']} 天" in text


def test_the_target_of_a_budget_is_last_years_rate_unless_it_is_given(world: World, client: httpx.Client) -> None:
    """Three of four days were good; without a last year a target is asked for."""
    assert "请在上面填写一个目标" in words(client, "/budget?lang=zh")
    for day in range(1, 5):
        world.day(CITY, f"2025-12-{day:02d}", GOOD_DAY | {"pm25": "30" if day < 4 else "120"})
    page = client.get("/budget?lang=en").text
    assert 'name="target" min="0" max="100" step="0.1" value="75.0"' in page
    assert "To reach 75.0%" in page


def test_a_budget_without_hope_and_one_without_doubt_say_so(client: httpx.Client) -> None:
    """In the words of the interface."""
    for target, state in ((100, "out-of-reach"), (50, "safe")):
        address = f"/api/v1/cities/{SHANGHAI}/budget?start=2026-11-01&end=2026-11-12&target={target}"
        rate = client.get(address).json()["rate"]
        text = words(client, f"/budget?city={SHANGHAI}&from=2026-11-01&to=2026-11-11&target={target}&lang=en")
        assert rate["state"] == state
        assert f"To reach {target:.1f}%" in text
        assert rate["state_name"]["en"] in text


def test_the_days_of_a_budget_fill_the_bar(client: httpx.Client) -> None:
    """The pieces are as wide as the period."""
    page = client.get(f"/budget?city={SHANGHAI}&month=2026-11&target=80&lang=zh").text
    picture = re.search(r'<svg class="picture bar".*?</svg>', page, re.DOTALL)
    assert picture is not None
    widths = [float(width) for width in re.findall(r'<rect [^>]*width="([\d.]+)%"', picture.group())]
    assert sum(widths) == pytest.approx(100, abs=0.01)


def test_what_if_tells_each_pollutant_as_the_interface_does(client: httpx.Client) -> None:
    """One place to gain for Ningbo: what the whole period and the rest must be."""
    address = f"/api/v1/cities/{CITY}/what-if?start=2026-11-01&end=2026-12-01&gain=1"
    answer = client.get(address).json()
    assert answer["needs"]
    text = words(client, f"/what-if?city={CITY}&month=2026-11&gain=1&lang=en")
    assert f"To gain 1 and be number {answer['goal']}" in text
    assert f"at most {answer['target']:.2f} , that of {answer['ahead'][0]['en']}" in text
    for need in answer["needs"]:
        item = answer["items"][need["item"]]
        row = text.partition(f"{item['symbol']} {need['statistic']['en']}")[2]
        assert row.startswith(f" {item['unit']} {need['so_far']:.{item['decimals']}f} {need['single']:.2f}")
        if need["reason"] is not None:
            assert f"out of reach : {need['reason']['en']}" in row


def test_the_first_city_has_no_place_to_gain(client: httpx.Client) -> None:
    """The reason is told."""
    text = words(client, f"/what-if?city={HANGZHOU}&month=2026-11&lang=zh")
    assert "目前排名第1位，至多前进0位" in text


def test_the_editions_stand_side_by_side_as_in_the_interface(client: httpx.Client) -> None:
    """Good days of each, those that are lost, and the items that cost them."""
    answer = client.get(f"/api/v1/cities/{SHANGHAI}/editions?{SPAN}").json()
    text = words(client, f"/editions?city={SHANGHAI}&{PERIOD}&lang=en")
    assert f"by HJ 633—2012 there are {answer['first']['good']} d good" in text
    assert f"of these {answer['lost_by_second']['kept']} d stay good" in text
    for column in ("first", "second", "limits", "own"):
        found = answer[column]
        assert f"{found['rate']:.1f} % " in text
        assert f"{found['good']} good of {found['counted']} d" in text
    for lost in (answer["lost_by_second"], answer["lost_by_limits"]):
        assert f"{lost['lost']} good days lost" in text


def test_each_day_of_the_comparison_is_drawn_and_told(client: httpx.Client) -> None:
    """Ten days, three bands each; the row ends with the good days of all three."""
    answer = client.get(f"/api/v1/cities/{SHANGHAI}/editions?{SPAN}").json()
    page = client.get(f"/editions?city={SHANGHAI}&{PERIOD}&lang=zh").text
    picture = re.search(r'<svg class="picture month".*?</svg>', page, re.DOTALL)
    assert picture is not None
    assert picture.group().count("<title>") == len(answer["days"]) == 10
    first = answer["days"][0]
    assert f"<title>2026年11月1日：AQI {first['first']} / {first['second']}；超过限值</title>" in picture.group()
    goods = [sum(day[f"{column}_good"] is True for day in answer["days"]) for column in ("first", "second", "limits")]
    assert f'<td class="number">{" / ".join(map(str, goods))}</td>' in page


def test_a_section_that_got_worse_is_shown_with_the_item_that_caused_it(client: httpx.Client) -> None:
    """Total phosphorus of the Yao River went from Ⅱ to Ⅳ, beyond its target Ⅲ; the lake stayed as it was."""
    text = words(client, "/downgrades?lang=zh")
    assert "2026年11月24日，2 个断面中 1 个类别下降" in text
    assert "1 个有目标的断面中 1 个未达目标" in text
    assert "姚江" in text
    assert "总磷 Ⅱ→Ⅳ" in text
    assert "东钱湖" not in text
    assert "东钱湖" in words(client, "/downgrades?all=1&lang=zh")


def test_a_day_without_changes_says_so(client: httpx.Client) -> None:
    """An empty table would leave the reader in doubt."""
    text = words(client, "/downgrades?at=2026-11-20&lang=en")
    assert "20 November 2026: of 2 sections none changed" in text


def test_a_day_that_is_not_over_is_refused(client: httpx.Client) -> None:
    """As the API does."""
    assert "2026-11-24" in words(client, "/downgrades?at=2026-11-25&lang=en", 422)


def test_an_explanation_shows_every_clause_and_every_part(client: httpx.Client) -> None:
    """The whole tree of the API is on the page, in the language that is spoken."""
    answer = client.get(f"/api/v1/ranking?{SPAN}&by=index&explain_city={CITY}").json()
    page = client.get(f"/explain?of=rank&by=index&city={CITY}&{PERIOD}&lang=en").text
    text = unescape(re.sub(r"\s+", " ", page))
    nodes = [answer["explanation"]]
    for node in nodes:
        nodes += node["parts"]
    assert len(nodes) > 20
    assert {node["name"]["en"] for node in nodes if node["name"]["en"] not in text} == set()
    assert {node["rule"]["en"] for node in nodes if re.sub(r"\s+", " ", node["rule"]["en"]) not in text} == set()
    cited = {node["source"]["document"] for node in nodes if node["source"]}
    assert cited
    assert {document for document in cited if document not in text} == set()


@pytest.mark.parametrize(("lang", "word", "other"), [("zh", "有效", "valid"), ("en", "valid", "有效")])
def test_a_word_of_an_explanation_is_in_the_language_of_the_page(
    client: httpx.Client, lang: str, word: str, other: str
) -> None:
    """Whether a statistic is valid is a word, which the interface tells in both."""
    page = client.get(f"/explain?of=rank&by=index&city={CITY}&{PERIOD}&lang={lang}").text
    figures = re.findall(r'class="figure-value"><b>([^<]+)</b>', page)
    assert word in figures
    assert other not in figures


def test_figures_of_a_page_lead_to_their_explanation(client: httpx.Client) -> None:
    """The links of the ranking and of the changes open."""
    for path, pattern in ((f"/ranking?{PERIOD}", "of=rank"), ("/downgrades", "of=change")):
        page = client.get(f"{path}{'&' if '?' in path else '?'}lang=zh").text
        links = {unescape(link) for link in re.findall(r'href="(/explain\?[^"]+)"', page) if pattern in link}
        assert links
        for link in links:
            assert "这个数怎么来的" in words(client, link)
