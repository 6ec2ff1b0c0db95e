"""The service does not go on with the data of a demo."""

from __future__ import annotations

from pathlib import Path

import pytest
from typer.testing import CliRunner

from qingchuan.service.lock import only_one
from qingchuan.service.main import app
from qingchuan.service.places import Places
from tests.support.ports import unused_port


@pytest.mark.parametrize("command", ["run", "demo", "collect", "serve"])
def test_a_folder_that_cannot_be_made_is_named(tmp_path: Path, command: str) -> None:
    """Before anything is started."""
    (tmp_path / "file").write_text("", encoding="utf-8")
    environment = {"QINGCHUAN_DATA": str(tmp_path / "file" / "data")}
    environment |= {
        name: f"127.0.0.1:{unused_port()}" for name in ("QINGCHUAN_API__LISTEN", "QINGCHUAN_BROKER__LISTEN")
    }
    result = CliRunner().invoke(app, [command], env=environment)
    assert result.exit_code == 1
    assert "Not a directory; a folder that this user may write would do" in result.output.replace("\n", "")


def test_the_service_refuses_the_folder_of_a_demo(tmp_path: Path) -> None:
    """Simulated readings would pass for real ones once a station announces itself as real."""
    (tmp_path / "demo.json").write_text("{}", encoding="utf-8")
    named = {"QINGCHUAN_DATA": str(tmp_path), "QINGCHUAN_API__LISTEN": f"127.0.0.1:{unused_port()}"}
    result = CliRunner().invoke(app, ["run"], env=named)
    assert result.exit_code == 1
    assert "holds the simulated data of a demo" in result.output.replace("\n", "")


@pytest.mark.parametrize("command", ["run", "demo"])
def test_a_folder_that_a_collector_works_on_is_refused(tmp_path: Path, command: str) -> None:
    """At once, and not by a collector that is started three times."""
    names = ("QINGCHUAN_API__LISTEN", "QINGCHUAN_BROKER__LISTEN")
    environment = {"QINGCHUAN_DATA": str(tmp_path), **{name: f"127.0.0.1:{unused_port()}" for name in names}}
    with only_one(Places(tmp_path).lock):
        result = CliRunner().invoke(app, [command], env=environment)
    assert result.exit_code == 1
    assert "another collector works on" in result.output.replace("\n", "")
