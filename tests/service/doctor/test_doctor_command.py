"""``qingchuan doctor`` as it is typed, and what is written about it."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from typer.testing import CliRunner

from qingchuan.service.doctor.checks import CHECKS
from qingchuan.service.main import app
from tests.support.mosquitto import Mosquitto
from tests.support.ports import unused_port

ROOT = Path(__file__).resolve().parents[3]
SOURCES = "\n".join(path.read_text(encoding="utf-8") for path in (ROOT / "service" / "doctor").glob("*.py"))


def _run(data: Path, port: int, *arguments: str) -> tuple[int, str]:
    environment = {"QINGCHUAN_BROKER__PORT": str(port), "QINGCHUAN_API__LISTEN": f"127.0.0.1:{unused_port()}"}
    result = CliRunner(env=environment).invoke(app, ["--data", str(data), "doctor", *arguments])
    return result.exit_code, result.stdout


def test_a_problem_is_shown_with_what_to_do_and_ends_with_1(tmp_path: Path) -> None:
    """In Chinese and in English; what could not be looked at is said too."""
    code, said = _run(tmp_path / "data", unused_port())
    assert code == 1
    for words in ("问题", "problem", "代理连接", "broker connection", "→start the broker", "deploy/config.toml"):
        assert words in said
    assert "未查 Not looked at:" in said
    assert "1 个问题 problems" in said


def test_without_a_problem_it_ends_with_0(tmp_path: Path, mosquitto: Mosquitto) -> None:
    """Notices do not count."""
    code, said = _run(tmp_path / "data", mosquitto.port)
    assert code == 0
    assert "0 个问题 problems" in said
    assert not (tmp_path / "data").exists()


def test_the_lines_fit_a_terminal_of_80_columns(tmp_path: Path, mosquitto: Mosquitto) -> None:
    """A Chinese character takes two; what was not looked at is left to the terminal to wrap."""
    _, said = _run(tmp_path / "data", mosquitto.port)
    table = said.partition("未查")[0]
    assert max(len(line) for line in table.splitlines()) <= 80


def test_json_has_every_check_once(tmp_path: Path, mosquitto: Mosquitto) -> None:
    """As a finding, or as one that was not tried and why."""
    code, said = _run(tmp_path / "data", mosquitto.port, "--json")
    answer = json.loads(said)
    assert code == 0
    told = [entry["check"] for entry in answer["findings"] + answer["not_tried"]]
    assert sorted(told) == sorted(check.key for check in CHECKS)
    for finding in answer["findings"]:
        assert finding["saw"].keys() == {"zh", "en"}
        assert (finding["advice"] is None) == (finding["verdict"] == "ok")
        assert bool(finding["written"]) == (finding["verdict"] != "ok")
    assert {tuple(entry["because"]) for entry in answer["not_tried"]} == {("zh", "en")}


def test_a_file_of_settings_that_is_wrong_is_said_before_anything_is_tried(tmp_path: Path) -> None:
    """As by every command."""
    config = tmp_path / "wrong.toml"
    config.write_text("[broker]\nprt = 1\n", encoding="utf-8")
    result = CliRunner().invoke(app, ["--config", str(config), "doctor"])
    assert result.exit_code == 1
    assert "broker.prt" in result.output


def test_help_names_what_is_looked_at_and_what_is_left_alone() -> None:
    """It is worth reading."""
    said = " ".join(CliRunner().invoke(app, ["doctor", "--help"]).output.split())
    for words in ("broker, clock, disk", "PREFIX/doctor/", "only read", "exit status is 1", "--mosquitto-conf"):
        assert words in said


def test_each_check_has_a_name_of_its_own() -> None:
    """For programs and for people, in both languages."""
    assert len({check.key for check in CHECKS}) == len(CHECKS)
    assert all(check.title.zh and check.title.en for check in CHECKS)


@pytest.mark.parametrize("group", sorted({check.key.partition("-")[0] for check in CHECKS}))
def test_each_group_of_checks_is_explained(group: str) -> None:
    """In `docs/operations.md`."""
    assert f"`{group}-`" in (ROOT / "docs" / "operations.md").read_text(encoding="utf-8")


def _named() -> set[tuple[str, str]]:
    """Files that findings refer to, with what they are to hold."""
    constants = dict(re.findall(r'^(_?[A-Z]+) = "([a-z]+/[^"]+)"$', SOURCES, re.MULTILINE))
    plain = set(re.findall(r'"((?:docs|deploy)/[^":]+?)(?:: ([^"]+))?"', SOURCES))
    named = {(constants[name], word) for name, word in re.findall(r'f"\{([A-Z_]+)\}: ([^"{]+)"', SOURCES)}
    return plain | named


def test_where_it_is_written_it_is_written() -> None:
    """Each file that a finding names is there, and holds the word that it names."""
    assert len(_named()) > 15
    for name, word in _named():
        text = (ROOT / name).read_text(encoding="utf-8")
        assert word.lower() in text.lower(), f"{name} says nothing of {word}"
