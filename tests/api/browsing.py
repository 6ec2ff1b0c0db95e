"""The live page in a browser, and a world that has something to show."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from selenium.webdriver import Chrome
from selenium.webdriver.support.wait import WebDriverWait

from qingchuan.alerts.engine import Engine
from qingchuan.alerts.rules import load_rules
from qingchuan.store.embedded import EmbeddedObservations
from tests.api.serving import PATIENCE
from tests.api.world import CITY, CLEAN_READING, GOOD_DAY, GOOD_HOUR, World

NOW = "2026-11-25T08:00:00+08:00"
CLASS_V = CLEAN_READING | {"tp": "0.35"}


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
        self.address = address

    def open(self, query: str = "?lang=zh", width: int = 1440) -> None:
        """Open the page in a window `width` CSS pixels wide, and wait for the first data."""
        size = {"width": width, "height": 900, "deviceScaleFactor": 1, "mobile": width < 600}
        self.browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", size)
        self.browser.get(f"{self.address}/{query}")
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


def fill(world: World) -> None:
    """Give `world` an hour of both stations, three days of the city, a good section and a bad one."""
    for station in ("1234A", "1235A"):
        world.hour(station, NOW, GOOD_HOUR | {"pm25": "40"})
    world.day(CITY, "2026-11-22", GOOD_DAY)
    world.day(CITY, "2026-11-24", GOOD_DAY | {"pm25": "90"})
    world.reading("dongqian", NOW, CLEAN_READING | {"tp": "0.02"})
    world.reading("yaojiang", NOW, CLASS_V)
    judge(world)


def judge(world: World) -> None:
    """Let the alerts take in what has changed in the stores."""
    observations = EmbeddedObservations(world.folder / "observations.sqlite", read_only=True)
    targets = ("webhook",)
    engine = Engine(observations, world.state, load_rules(), now=world.clock, notify_within=3600, targets=targets)
    while engine.step():
        pass
    observations.close()
