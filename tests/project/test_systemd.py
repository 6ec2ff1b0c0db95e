"""The units of `deploy/systemd`: systemd takes them, they shut out what is not needed, and name what there is."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
from pathlib import Path

import pytest

from qingchuan.service.main import COMMANDS, load_command
from qingchuan.service.setting_sources import CONFIG_NAME, read_environment
from qingchuan.service.settings import Settings

ROOT = Path(__file__).resolve().parents[2]
UNITS = ROOT / "deploy" / "systemd"
SERVICES = ("qingchuan.service", "qingchuan-backup.service")
PROGRAM = "/opt/qingchuan/bin/qingchuan"
_OPEN = 15
"""The most exposure that a service may have, in tenths; one without any protection has 96."""


def _systemd(program: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    if shutil.which(program) is None:
        pytest.skip(f"{program} is not in PATH; the units can be checked only where systemd is installed")
    return subprocess.run([program, *arguments], capture_output=True, text=True, timeout=60, check=False)


@pytest.fixture
def installed(tmp_path: Path) -> Path:
    """The units with a program that every machine has."""
    for path in UNITS.glob("*.*"):
        text = path.read_text(encoding="utf-8").replace(PROGRAM, "/bin/true")
        (tmp_path / path.name).write_text(text, encoding="utf-8")
    return tmp_path


def lines_of(name: str) -> list[tuple[str, str]]:
    """Key and value of each line of a unit."""
    text = (UNITS / name).read_text(encoding="utf-8")
    return [(found[1], found[2]) for found in re.finditer(r"^(\w+)=(.*)$", text, re.MULTILINE)]


def commands_of(name: str) -> list[list[str]]:
    """The arguments of our commands in a unit."""
    started = [shlex.split(value) for key, value in lines_of(name) if key.startswith("Exec")]
    assert all(words[0] == PROGRAM for words in started)
    return [words[1:] for words in started]


def test_systemd_finds_nothing_to_object_to(installed: Path) -> None:
    """Neither a key that it does not know nor a value that it cannot read."""
    units = [str(installed / name) for name in (*SERVICES, "qingchuan-backup.timer")]
    done = _systemd("systemd-analyze", "verify", "--man=no", *units)
    told = [line for line in (done.stdout + done.stderr).splitlines() if "qingchuan" in line]
    assert (done.returncode, told) == (0, [])


@pytest.mark.parametrize("name", SERVICES)
def test_a_service_is_closed_to_what_it_does_not_need(installed: Path, name: str) -> None:
    """As systemd itself judges it."""
    arguments = ("security", "--offline=true", f"--threshold={_OPEN}", "--no-pager", str(installed / name))
    done = _systemd("systemd-analyze", *arguments)
    assert done.returncode == 0, done.stdout + done.stderr


def test_a_backup_is_made_each_night_of_beijing() -> None:
    """Also where the machine has another time zone."""
    (when,) = (value for key, value in lines_of("qingchuan-backup.timer") if key == "OnCalendar")
    done = _systemd("systemd-analyze", "calendar", "--base-time=2026-11-25 00:00:00 UTC", when)
    assert done.returncode == 0, done.stderr
    assert "(in UTC): Wed 2026-11-25 19:20:00 UTC" in done.stdout or "Next elapse: Wed 2026-11-25 19:20" in done.stdout


def test_user_and_folders_are_made(tmp_path: Path) -> None:
    """With rights by which the service writes its data and nobody else reads them."""
    if os.geteuid() != 0:
        pytest.skip("systemd makes users and folders for root only")
    (tmp_path / "etc").mkdir()
    _systemd("systemd-sysusers", f"--root={tmp_path}", str(UNITS / "qingchuan.sysusers"))
    done = _systemd("systemd-tmpfiles", "--create", f"--root={tmp_path}", str(UNITS / "qingchuan.tmpfiles"))
    assert done.returncode == 0, done.stderr
    user = re.search(r"^qingchuan:x:(\d+):(\d+):", (tmp_path / "etc/passwd").read_text(encoding="utf-8"), re.MULTILINE)
    assert user is not None
    for folder, owner in {
        "etc/qingchuan": 0,
        "var/lib/qingchuan": int(user[1]),
        "var/backups/qingchuan": int(user[1]),
    }.items():
        found = (tmp_path / folder).stat()
        assert (found.st_uid, found.st_gid, found.st_mode & 0o777) == (owner, int(user[2]), 0o750), folder


@pytest.mark.parametrize("name", SERVICES)
def test_commands_and_their_options_are_there(name: str) -> None:
    """As the command line takes them today."""
    for command, *arguments in commands_of(name):
        assert command in COMMANDS
        load_command(command).make_context(command, arguments)


@pytest.mark.parametrize("name", SERVICES)
def test_settings_that_are_named_are_there(name: str) -> None:
    """An unknown one would stop the start."""
    given = dict(value.split("=", 1) for key, value in lines_of(name) if key == "Environment")
    assert given[CONFIG_NAME] == "/etc/qingchuan/config.toml"
    assert read_environment(Settings, given) == {"data": "/var/lib/qingchuan"}


def test_folders_are_the_same_in_all_files() -> None:
    """What one makes, the others use."""
    made = {
        line.split()[1]
        for line in (UNITS / "qingchuan.tmpfiles").read_text(encoding="utf-8").splitlines()
        if line[0] == "d"
    }
    text = "".join((UNITS / name).read_text(encoding="utf-8") for name in SERVICES)
    used = set(re.findall(r"/(?:etc|var/lib|var/backups)/qingchuan", text))
    assert used == made


def test_the_readme_installs_every_file() -> None:
    """At the place that its first lines name, where they name one."""
    text = (UNITS / "README.md").read_text(encoding="utf-8")
    for path in UNITS.iterdir():
        if path.name != "README.md":
            assert f"deploy/systemd/{path.name}" in text
            place = re.search(r"as (/etc/[\w./-]+)", path.read_text(encoding="utf-8"))
            assert place is not None
            assert str(Path(place[1]).parent) in text
