"""The pages tell what the API tells: the same figures, in sentences, tables and pictures."""

from __future__ import annotations

import re
from html import unescape

import httpx
import pytest

from qingchuan.store.subjects import City, Name
from tests.api.reading_pages import HANGZHOU, PERIOD, SHANGHAI, SPAN, fill_for_pages, words
from tests.api.world import CITY, GOOD_DAY, GOOD_HOUR, World


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


@pytest.mark.parametrize("path", ["/ranking", "/editions"])
def test_of_a_period_to_come_nothing_is_told_but_that(client: httpx.Client, path: str) -> None:
    """No table without rows, and no city that is said to lack days."""
    text = words(client, f"{path}?month=2027-02&lang=en")
    assert "February 2027: no day of it is over yet." in text
    for nothing in ("— ,", "0 d", "Without a rank", "missing", "All cities", "()"):
        assert nothing not in text.partition("over yet.")[2]
    assert "2027年2月：还没有已结束的日。" in words(client, f"{path}?month=2027-02&lang=zh")


def test_a_region_narrows_the_table_and_leaves_the_own_city_among_all(world: World, client: httpx.Client) -> None:
    """Chengdu lies in no region and is just before Ningbo; with another region chosen Ningbo is a key city still."""
    for day in range(1, 11):
        world.day("510100", f"2026-11-{day:02d}", GOOD_DAY | {"pm25": "34"})
    world.announce({"510100": City(Name("成都", "Chengdu"), simulated=True)})
    for region, listed in (("长三角", True), ("汾渭平原", False)):
        whole, _, table = words(client, f"/ranking?{PERIOD}&region={region}&lang=en").partition("All cities")
        assert "Ningbo is number 3 of 4" in whole
        assert "Chengdu is ahead by 0.03" in whole
        assert re.search(r"2 Chengdu .* 3 Ningbo .* 4 Shanghai", whole)
        assert ("3 Ningbo" in table) == listed
        assert "Chengdu" not in table


def test_cities_without_a_rank_are_listed_with_the_reason(client: httpx.Client) -> None:
    """Most key cities have sent nothing in this world."""
    answer = client.get(f"/api/v1/ranking?{SPAN}&by=index").json()
    text = words(client, f"/ranking?{PERIOD}&lang=en").partition("Without a rank")[2]
    assert len(answer["unranked"]) == 165
    assert answer["unranked"][0]["reason"]["en"][1:] in text


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
    assert "To reach 75.0\u00a0%" in page  # on one line


def test_a_budget_without_hope_and_one_without_doubt_say_so(client: httpx.Client) -> None:
    """In the words of the interface."""
    for target, state in ((100, "out-of-reach"), (50, "safe")):
        address = f"/api/v1/cities/{SHANGHAI}/budget?start=2026-11-01&end=2026-11-12&target={target}"
        rate = client.get(address).json()["rate"]
        text = words(client, f"/budget?city={SHANGHAI}&from=2026-11-01&to=2026-11-11&target={target}&lang=en")
        assert rate["state"] == state
        assert f"To reach {target:.1f} %" in text
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


def test_a_day_that_does_not_count_has_a_dot_and_names_what_is_missing(world: World, client: httpx.Client) -> None:
    """By both editions; the legend says what the dot means."""
    world.day(CITY, "2026-11-12", {item: value for item, value in GOOD_DAY.items() if item != "so2"})
    page = client.get("/editions?from=2026-11-10&to=2026-11-13&lang=zh").text
    [picture] = re.findall(r'<svg class="picture month".*?</svg>', page, re.DOTALL)
    assert picture.count('class="dot"') == 2
    assert "；缺 SO₂</title>" in picture
    assert "缺项，不计入" in page


def test_a_section_that_got_worse_is_shown_with_the_item_that_caused_it(client: httpx.Client) -> None:
    """Total phosphorus of the Yao River went from Ⅱ to Ⅳ, beyond its target Ⅲ; the lake stayed as it was."""
    text = words(client, "/downgrades?lang=zh")
    assert "2026年11月24日，2 个断面中 1 个类别下降" in text
    assert "1 个可对照目标的断面中 1 个未达目标" in text
    assert "姚江" in text
    assert "总磷 Ⅱ→Ⅳ" in text
    assert "东钱湖" not in text
    assert "东钱湖" in words(client, "/downgrades?all=1&lang=zh")


def test_an_early_warning_says_for_where_it_is(world: World, client: httpx.Client) -> None:
    """In the language of the page, and once; without a warning nothing is said about it."""
    assert "预警办法适用于" not in words(client, "/downgrades?lang=zh")
    for year, tp in ((2025, "0.2"), (2026, "2.0")):
        for month in range(1, 12):
            world.reading("yaojiang", f"{year}-{month:02}-05T08:00:00+08:00", {"tp": tp})
    text = words(client, "/downgrades?lang=zh")
    assert "二级预警" in text
    assert text.count("预警办法适用于长江流域") == 1
    assert "its basin is not known" in words(client, "/downgrades?lang=en")


def test_a_day_without_changes_says_so(client: httpx.Client) -> None:
    """An empty table would leave the reader in doubt: of the 20th nothing is known, on the 23rd nothing changed."""
    text = words(client, "/downgrades?at=2026-11-20&lang=en")
    assert "20 November 2026: no section has a class on that day (2 are known)" in text
    assert "2 sections have no class on that day" in text
    assert "Yao River gate" in text
    still = words(client, "/downgrades?at=2026-11-23&lang=en")
    assert "none of the 2 sections that have a class changed, and the one that can be held to a target meets" in still
    assert "for want of" not in still


def test_a_day_that_is_not_over_is_refused(client: httpx.Client) -> None:
    """As the API does."""
    assert "2026-11-24" in words(client, "/downgrades?at=2026-11-25&lang=en", 422)


def test_a_section_without_a_target_is_not_offered_one(client: httpx.Client) -> None:
    """The lake has none; the river has Ⅲ."""
    for section, offered in (("dongqian", 0), ("yaojiang", 2)):
        page = client.get(f"/explain?of=reading&section={section}&lang=zh").text
        assert len(set(re.findall(r"against=target_of_(day|month)", page))) == offered


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


def test_a_ranking_on_thin_data_says_so_before_anything_else(client: httpx.Client) -> None:
    """Ten of 24 days are there, of three cities; with ten days asked for, nothing is missing but the other cities."""
    text = words(client, "/ranking?month=2026-11&lang=en")
    assert "Data are incomplete: 3 of the 3 ranked have fewer valid days than 90 % of the 24" in text
    assert "Ningbo has 10 valid." in text
    assert "Of 168 key cities only 3 can be ranked" in text
    assert "Best 20" not in text
    whole = words(client, f"/ranking?{PERIOD}&lang=zh")
    assert "数据尚不完整" not in whole
    assert "168 个重点城市中只有 3 个有名次" in whole
    assert "有效天数" in whole


def test_cities_without_a_rank_are_told_by_their_reason(client: httpx.Client) -> None:
    """A reason that holds for 165 cities is told once."""
    text = words(client, f"/ranking?{PERIOD}&lang=zh")
    assert text.count("系统中没有该城市") == 1


@pytest.mark.parametrize(
    ("query", "route", "found"),
    [
        (f"of=rate&{PERIOD}", f"good-air-rate?{SPAN}&explain=true", "90.0"),
        ("of=day&at=2026-11-01", "days?start=2026-11-01&end=2026-11-02&explain=true", "128"),
        ("of=budget&month=2026-11&target=80", "budget?start=2026-11-01&end=2026-12-01&target=80&explain=true", "80"),
    ],
)
def test_more_of_a_city_can_be_explained(client: httpx.Client, query: str, route: str, found: str) -> None:
    """Of any city that is known; the same as the interface tells."""
    text = words(client, f"/explain?{query}&city={SHANGHAI}&lang=zh")
    assert client.get(f"/api/v1/cities/{SHANGHAI}/{route}").status_code == 200
    assert "上海" in text
    assert found in text
    assert f"cities/{SHANGHAI}/" in client.get(f"/explain?{query}&city={SHANGHAI}").text


def test_the_latest_hour_can_be_explained(world: World, client: httpx.Client) -> None:
    """Where there is none, that is said."""
    assert "无结果" in words(client, "/explain?of=hour&lang=zh")
    world.hour("1235A", "2026-11-25T07:00:00+08:00", GOOD_HOUR | {"pm25": "40"})
    world.hour("1234A", "2026-11-25T07:00:00+08:00", GOOD_HOUR | {"pm25": "40"})
    text = words(client, "/explain?of=hour&lang=zh")
    assert "2026年11月25日 07:00" in text
    assert "空气质量指数（AQI） 60" in text


def test_a_day_that_is_not_over_is_not_explained(client: httpx.Client) -> None:
    """It has no result yet."""
    assert "2026-11-24" in words(client, "/explain?of=day&at=2026-11-25&lang=zh", 422)
