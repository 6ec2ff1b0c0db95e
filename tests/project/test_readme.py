"""Both READMEs show the same commands, and each of them works.

How a command is marked and run is written in `tests/support/commands.py`. `make test` is not run: this test is part of
it.
"""

from __future__ import annotations

import os
import sys
from itertools import chain
from pathlib import Path

import pytest

from tests.support.commands import Command, Reader, blocks, clone
from tests.support.ports import unused_port

ROOT = Path(__file__).resolve().parents[2]
ENVIRONMENT = Path(sys.prefix)


def shown(name: str) -> list[list[Command]]:
    """The commands that a README shows, without those that test."""
    found = blocks((ROOT / name).read_text(encoding="utf-8"))
    return [[command for command in block if not command.text.startswith("make test")] for block in found]


@pytest.fixture
def reader(tmp_path: Path) -> Reader:
    """Somebody with a fresh checkout and free ports; the environment that make has made is shared."""
    if not list(ENVIRONMENT.glob(".qingchuan-*")):
        pytest.skip(f"the environment {ENVIRONMENT} was not made by make; run the tests by `make test`")
    clone(ROOT, tmp_path / "checkout")
    if not (tmp_path / "checkout" / ".venv").exists():
        (tmp_path / "checkout" / ".venv").symlink_to(ENVIRONMENT)
    (tmp_path / "home").mkdir()
    cloned = any(command.text.startswith("git clone ") for block in shown("README.md") for command in block)
    return Reader(tmp_path / ("home" if cloned else "checkout"), tmp_path / "checkout", variables(tmp_path))


def variables(folder: Path) -> dict[str, str]:
    """Environment of the commands: own ports and data, and nothing of the make that may have started this test."""
    inherited = {
        name: value for name, value in os.environ.items() if not name.startswith(("QINGCHUAN_", "MAKE", "MFLAGS"))
    }
    return inherited | {
        "PATH": f"{ENVIRONMENT / 'bin'}{os.pathsep}{os.environ['PATH']}",
        "PYTHONUNBUFFERED": "1",
        "QINGCHUAN_API__LISTEN": f"127.0.0.1:{unused_port()}",
        "QINGCHUAN_BROKER__LISTEN": f"127.0.0.1:{unused_port()}",
        "QINGCHUAN_DATA": str(folder / "data"),
    }


def test_both_readmes_show_the_same_commands() -> None:
    """The Chinese README says what the English one says."""
    assert shown("README.md") == shown("README.zh-CN.md")


def test_the_readme_shows_how_to_see_it_run() -> None:
    """`make demo` is among the commands."""
    assert Command("make demo", runs_on=True) in chain.from_iterable(shown("README.md"))


@pytest.mark.timeout(600)
def test_each_command_of_the_readme_works(reader: Reader) -> None:
    """All of them in order, as a reader of the English README types them; the Chinese one shows the same."""
    for block in shown("README.md"):
        reader.follow(block)
