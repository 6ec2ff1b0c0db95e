"""What the pages that the server makes are tested on, and how they are read."""

from __future__ import annotations

import re
from html import unescape

import httpx

from qingchuan.store.subjects import City, Name
from tests.api.world import CITY, CLEAN_READING, GOOD_DAY, World

HANGZHOU, SHANGHAI = "330100", "310000"
OTHERS = {
    HANGZHOU: City(Name("杭州", "Hangzhou"), simulated=True),
    SHANGHAI: City(Name("上海", "Shanghai"), simulated=True),
}
PERIOD = "from=2026-11-01&to=2026-11-10"
SPAN = "start=2026-11-01&end=2026-11-11"


def fill_for_pages(world: World) -> None:
    """Give `world` three cities with ten days each, and two sections with two days of readings."""
    world.announce(OTHERS)
    for day in range(1, 11):
        for code, pm25 in ((CITY, "35"), (HANGZHOU, "20"), (SHANGHAI, "90" if day == 1 else "30")):
            world.day(code, f"2026-11-{day:02d}", GOOD_DAY | {"pm25": pm25})
    for hour in range(0, 24, 4):
        for day, tp in ((23, "0.05"), (24, "0.25")):
            world.reading("yaojiang", f"2026-11-{day}T{hour:02d}:00:00+08:00", CLEAN_READING | {"tp": tp})
            world.reading("dongqian", f"2026-11-{day}T{hour:02d}:00:00+08:00", CLEAN_READING | {"tp": "0.02"})


def words(client: httpx.Client, address: str, status: int = 200) -> str:
    """What can be read of a page, without tags, in one line."""
    answer = client.get(address)
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"].startswith("text/html")
    body = answer.text.partition("<body")[2].partition(">")[2]
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]*>", "\n", body)))
