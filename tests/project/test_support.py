"""The fixtures that other tests stand on."""

from __future__ import annotations

import socket
from pathlib import Path

import paho.mqtt.client as mqtt
import pytest
from paho.mqtt.enums import CallbackAPIVersion
from selenium.webdriver import Chrome

from tests.support.mosquitto import Mosquitto
from tests.support.skips import SkipGuard, skip_reason

pytest_plugins = ["pytester"]


def _client(broker: Mosquitto) -> mqtt.Client:
    client = mqtt.Client(CallbackAPIVersion.VERSION2)
    client.connect(broker.host, broker.port)
    client.loop_start()
    return client


def _close(client: mqtt.Client) -> None:
    client.disconnect()
    client.loop_stop()


def test_a_retained_message_outlives_a_stop_of_mosquitto(mosquitto: Mosquitto) -> None:
    """The broker saves on a clean stop and is back at the same port with what it had saved."""
    sender = _client(mosquitto)
    sender.publish("there", b"still", qos=1, retain=True).wait_for_publish(10)
    _close(sender)
    mosquitto.stop()
    mosquitto.start()
    store = mosquitto.folder / "mosquitto.db"
    assert b"still" in store.read_bytes()


def test_a_killed_mosquitto_no_longer_listens(mosquitto: Mosquitto) -> None:
    """After kill() the port refuses a connection."""
    mosquitto.kill()
    with socket.socket() as probe:
        assert probe.connect_ex((mosquitto.host, mosquitto.port)) != 0


def test_chromium_shows_a_page(chromium: Chrome, tmp_path: Path) -> None:
    """The browser loads a page and runs its script."""
    page = tmp_path / "page.html"
    page.write_text("<title>before</title><script>document.title = '晴川'</script>", encoding="utf-8")
    chromium.get(page.as_uri())
    assert chromium.title == "晴川"


def test_a_free_port_can_be_bound(free_port: int) -> None:
    """Nothing listens on the port that the fixture gives."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", free_port))


@pytest.mark.parametrize(
    ("reason", "failed"),
    [("InfluxDB server is not here", False), ("reference data are not here", False), ("no browser", True)],
)
def test_ci_refuses_a_skip_for_another_reason(pytester: pytest.Pytester, reason: str, *, failed: bool) -> None:
    """A run with a skip ends well only if the reason is one of the two that CI knows."""
    pytester.makepyfile(f"import pytest\ndef test_it(): pytest.skip({reason!r})")
    guard = SkipGuard()
    result = pytester.runpytest_inprocess("-p", "no:cacheprovider", plugins=[guard])
    assert (result.ret != 0, len(guard.refused)) == (failed, failed)


def test_ci_refuses_a_module_that_skips_as_a_whole(pytester: pytest.Pytester) -> None:
    """A skip at the level of a module counts as well."""
    pytester.makepyfile("import pytest\npytest.skip('no broker', allow_module_level=True)")
    guard = SkipGuard()
    pytester.runpytest_inprocess("-p", "no:cacheprovider", plugins=[guard])
    assert guard.refused == ["test_ci_refuses_a_module_that_skips_as_a_whole.py: no broker"]


def test_an_expected_failure_is_no_skip(pytester: pytest.Pytester) -> None:
    """An xfail is reported as skipped by pytest, and is none."""
    pytester.makepyfile("import pytest\n@pytest.mark.xfail\ndef test_it(): assert False")
    guard = SkipGuard()
    pytester.runpytest_inprocess("-p", "no:cacheprovider", plugins=[guard])
    assert guard.refused == []


def test_the_reason_of_a_skip_is_given_without_pytests_word() -> None:
    """`Skipped: ` is cut off."""
    report = pytest.CollectReport("a.py", "skipped", ("a.py", 1, "Skipped: no broker"), [])
    assert skip_reason(report) == "no broker"
