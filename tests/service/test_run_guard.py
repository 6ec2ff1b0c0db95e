"""The service does not go on with the data of a demo."""

from __future__ import annotations

from pathlib import Path

from typer.testing import CliRunner

from qingchuan.service.main import app
from tests.support.ports import unused_port


def test_the_service_refuses_the_folder_of_a_demo(tmp_path: Path) -> None:
    """Simulated readings would pass for real ones once a station announces itself as real."""
    (tmp_path / "demo.json").write_text("{}", encoding="utf-8")
    named = {"QINGCHUAN_DATA": str(tmp_path), "QINGCHUAN_API__LISTEN": f"127.0.0.1:{unused_port()}"}
    result = CliRunner().invoke(app, ["run"], env=named)
    assert result.exit_code == 1
    assert "holds the simulated data of a demo" in result.output.replace("\n", "")
