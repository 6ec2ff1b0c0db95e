"""What every test may ask for.

Fixtures: `reference_data`, `mosquitto`, `chromium`, `free_port`. What is larger lives in `tests/support/` and is
imported as `tests.support.<module>`: the folders of tests are no packages (`--import-mode=importlib`), and the
checkout itself is on the path (`pythonpath = ["."]` in `pyproject.toml`), so that mypy and pytest call a module by
the same name.

A part that is absent (a broker, a browser, data) skips the test with a reason. With `QINGCHUAN_CI` set the run fails
if a test skips for another reason than those in `tests/support/skips.py`.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings
from selenium.webdriver import Chrome

from tests.support.browser import open_chromium
from tests.support.mosquitto import Mosquitto
from tests.support.ports import unused_port
from tests.support.skips import SkipGuard
from tests.support.verdict_plugin import VerdictPlugin

ROOT = Path(__file__).resolve().parent.parent


# A busy machine is no reason to fail.
settings.register_profile("qingchuan", deadline=None)
settings.load_profile("qingchuan")


def pytest_configure(config: pytest.Config) -> None:
    """Collect the verdict of chaos, and let no test skip without a good reason where CI asks for that."""
    config.pluginmanager.register(VerdictPlugin(config))
    if os.environ.get("QINGCHUAN_CI"):
        config.pluginmanager.register(SkipGuard())


@pytest.fixture(scope="session")
def reference_data() -> Path:
    """Folder of real monitoring data: `QINGCHUAN_REFERENCE_DATA`, or `../shared/data` beside the project."""
    place = Path(os.environ.get("QINGCHUAN_REFERENCE_DATA") or ROOT.parent / "shared" / "data")
    if not place.is_dir():
        pytest.skip(f"reference data are not here: {place} is no folder; set QINGCHUAN_REFERENCE_DATA to theirs")
    return place


@pytest.fixture
def mosquitto(tmp_path: Path) -> Iterator[Mosquitto]:
    """A running Mosquitto of this test alone, at `127.0.0.1:mosquitto.port`."""
    with Mosquitto(tmp_path / "mosquitto") as broker:
        yield broker


@pytest.fixture
def chromium(tmp_path: Path) -> Iterator[Chrome]:
    """A headless Chromium with a profile of its own."""
    browser = open_chromium(tmp_path / "chromium")
    yield browser
    browser.quit()


@pytest.fixture
def free_port() -> int:
    """A TCP port of 127.0.0.1 that nothing listens on; for more than one, call `tests.support.ports.unused_port`."""
    return unused_port()
