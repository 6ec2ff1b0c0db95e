"""A demo does not mix simulated stations with real ones."""

from __future__ import annotations

from pathlib import Path

import pytest
from typer.testing import CliRunner

from qingchuan.service.main import app
from qingchuan.service.prepare import prepare
from qingchuan.store.state import Announcement, State
from tests.support.ports import unused_port

REAL = '{"kind":"city","name":{"zh":"宁波","en":"Ningbo"}}'


def _demo(tmp_path: Path, **environment: str) -> tuple[int, str]:
    named = {
        "QINGCHUAN_DATA": str(tmp_path / "data"),
        "QINGCHUAN_BROKER__LISTEN": f"127.0.0.1:{unused_port()}",
        "QINGCHUAN_API__LISTEN": f"127.0.0.1:{unused_port()}",
        **environment,
    }
    result = CliRunner().invoke(app, ["demo"], env=named)
    return result.exit_code, result.output.replace("\n", "")


@pytest.mark.parametrize(
    "environment",
    [{"QINGCHUAN_BROKER__HOST": "192.0.2.1"}, {"QINGCHUAN_BROKER__PORT": "1999"}, {"QINGCHUAN_BROKER__USERNAME": "me"}],
)
def test_a_demo_does_not_publish_to_the_broker_of_the_service(tmp_path: Path, environment: dict[str, str]) -> None:
    """Its stations have the codes of real ones."""
    code, said = _demo(tmp_path, **environment)
    assert code == 1
    assert "a demo has a broker of its own" in said


def test_a_demo_does_not_write_into_the_data_of_the_service(tmp_path: Path) -> None:
    """Simulated readings would revise real ones."""
    places = prepare(tmp_path / "data")
    state = State(places.state)
    state.record([Announcement(1, "330200", REAL)], [])
    state.close()
    code, said = _demo(tmp_path)
    assert code == 1
    assert "holds readings that are not simulated (of 330200)" in said
