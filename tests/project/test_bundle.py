"""The offline bundle: what its installer does, tried with a bundle of two small wheels.

`make bundle` builds the real one and tries it: whether wheels are missing for any machine and Python, and whether it
installs without a network.
"""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest

from tests.support.tiny_bundle import install, make

ROOT = Path(__file__).resolve().parents[2]
BUNDLE = ROOT / "deploy" / "bundle"


def _program(prefix: Path) -> str:
    done = subprocess.run([prefix / "bin" / "qingchuan"], capture_output=True, text=True, timeout=60, check=True)
    return done.stdout.strip()


def test_it_installs_without_a_network_and_a_newer_version_goes_beside_the_older(tmp_path: Path) -> None:
    """The link leads to the one that was installed last; the way back is to set it anew."""
    prefix = tmp_path / "opt" / "qingchuan"
    prefix.parent.mkdir()
    done = install(make(tmp_path / "first"), prefix)
    assert done.returncode == 0, done.stdout + done.stderr
    assert _program(prefix) == "qingchuan 1.0 0.1.0"
    done = install(make(tmp_path / "second", "0.2.0"), prefix)
    assert done.returncode == 0, done.stdout + done.stderr
    assert _program(prefix) == "qingchuan 1.0 0.2.0"
    assert _program(prefix.with_name("qingchuan-0.1.0")) == "qingchuan 1.0 0.1.0"
    assert f"已安装 installed: {prefix}" in done.stdout


def test_a_damaged_file_is_named_and_nothing_is_installed(tmp_path: Path) -> None:
    """Copied by a stick that was pulled out too early."""
    bundle = make(tmp_path / "bundle")
    (wheel,) = (bundle / "wheels").glob("needed-*.whl")
    wheel.write_bytes(wheel.read_bytes()[:-1])
    done = install(bundle, tmp_path / "qingchuan")
    assert done.returncode == 1
    assert "needed-1.0" in done.stdout + done.stderr
    assert "Files are damaged, as named above; copy this folder again" in done.stderr
    assert sorted(path.name for path in tmp_path.iterdir()) == ["bundle"]


def test_a_python_that_there_are_no_wheels_for_is_not_taken(tmp_path: Path) -> None:
    """What would do is named."""
    bundle = make(tmp_path / "bundle")
    old = bundle / "old-python"
    old.write_text("#!/bin/sh\necho 3.9\n", encoding="utf-8")
    old.chmod(0o755)
    done = install(bundle, tmp_path / "qingchuan", PYTHON=str(old))
    assert done.returncode == 1
    assert re.search(r"There is no Python that would do; one of these would: 3\.\d+ ", done.stderr)


def test_a_folder_that_is_there_is_not_overwritten(tmp_path: Path) -> None:
    """It may be somebody else's."""
    prefix = tmp_path / "qingchuan"
    prefix.mkdir()
    done = install(make(tmp_path / "bundle"), prefix)
    assert done.returncode == 1
    assert "is there and is no link of ours" in done.stderr
    assert list(prefix.iterdir()) == []


@pytest.mark.parametrize("name", ["bundle/build", "bundle/install.sh", "compose/prepare"])
def test_the_scripts_are_scripts(name: str) -> None:
    """Bash can read them, and they may be run."""
    path = ROOT / "deploy" / name
    assert subprocess.run(["bash", "-n", str(path)], check=False).returncode == 0
    assert path.stat().st_mode & 0o111


def test_the_installer_never_asks_an_index() -> None:
    """Each of its calls of pip."""
    calls = re.findall(
        r'^"\$\{pip\[@\]\}" install (.*)$', (BUNDLE / "install.sh").read_text(encoding="utf-8"), re.MULTILINE
    )
    assert len(calls) == 2
    assert all("--no-index" in call for call in calls)
