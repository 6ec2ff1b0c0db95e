"""The command line: quick to answer, and the same table for help and for running."""

from __future__ import annotations

import re
import subprocess
import sys
from importlib.util import find_spec

import pytest
from typer.testing import CliRunner

from qingchuan import __version__
from qingchuan.service.main import COMMANDS, app, load_command

HEAVY = ["alembic", "fastapi", "msgspec", "numpy", "paho", "pydantic", "rich", "sqlalchemy", "uvicorn"]
PROGRAM = f"""
import sys
from qingchuan.service.main import main
try:
    main(sys.argv[1:])
finally:
    print([name for name in {HEAVY} if name in sys.modules], file=sys.stderr)
"""
WRITTEN = [name for name, (module, _) in COMMANDS.items() if find_spec(module)]


@pytest.mark.parametrize("argument", ["--help", "--version"])
def test_help_and_version_load_nothing_heavy(argument: str) -> None:
    """Each imports a command only when it is run, so they answer at once."""
    done = subprocess.run([sys.executable, "-c", PROGRAM, argument], capture_output=True, check=True, text=True)
    assert done.stderr.strip() == "[]"


def test_help_names_every_command_with_what_it_does() -> None:
    """In Chinese too, and not cut short."""
    text = CliRunner().invoke(app, ["--help"]).output
    for name, (_, short) in COMMANDS.items():
        assert re.search(rf"^  {name} +{re.escape(short)}$", text, re.MULTILINE)


def test_the_commands_of_the_product_are_there() -> None:
    """The names of the documentation."""
    assert set(COMMANDS) == {
        *("run", "demo", "collect", "serve", "simulate", "replay", "verify", "check-config", "stations", "doctor"),
        *("rank", "rate", "classes", "dead-letters", "import", "backup", "restore", "influxdb-setup"),
        *("audit", "publish", "published", "changes", "schedule", "rebuild", "copy", "recompute"),
    }


def test_every_module_of_the_table_exists() -> None:
    """A line without a module would fail only for who runs it."""
    assert list(COMMANDS) == WRITTEN


@pytest.mark.parametrize("name", WRITTEN)
def test_every_command_explains_itself_with_an_example(name: str) -> None:
    """`qingchuan NAME --help` has a sentence and a line to copy."""
    result = CliRunner().invoke(app, [name, "--help"])
    assert result.exit_code == 0
    assert "Example" in result.output
    assert re.search(rf"^ +qingchuan .*{name}", result.output, re.MULTILINE)


def test_version_is_that_of_the_package() -> None:
    """One place holds it."""
    assert CliRunner().invoke(app, ["--version"]).output == f"qingchuan {__version__}\n"


def test_an_unknown_command_is_refused_by_its_name() -> None:
    """With the exit status of a wrong call."""
    result = CliRunner().invoke(app, ["colect"])
    assert result.exit_code == 2
    assert "No such command 'colect'" in result.output


def test_without_a_command_the_help_is_shown() -> None:
    """Who types the name alone learns what there is."""
    assert "check-config" in CliRunner().invoke(app, []).output


def test_python_dash_m_is_the_same_command() -> None:
    """For environments whose scripts are not in PATH."""
    done = subprocess.run([sys.executable, "-m", "qingchuan", "--version"], capture_output=True, check=True, text=True)
    assert done.stdout == f"qingchuan {__version__}\n"


def test_a_command_can_be_had_by_itself() -> None:
    """Its name is the one of the table."""
    assert load_command("check-config").name == "check-config"
