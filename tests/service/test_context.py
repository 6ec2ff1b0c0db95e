"""What a command is given: settings read when asked for, and the way to hand them on."""

from __future__ import annotations

from pathlib import Path

import pytest
import typer

from qingchuan.service.context import Context
from qingchuan.service.main import Given
from qingchuan.service.settings import load


def test_the_options_before_the_command_reach_the_settings() -> None:
    """--data wins over the environment."""
    context = Context(Given(data=Path("here")), {"QINGCHUAN_DATA": "there", "QINGCHUAN_LOG__LEVEL": "debug"})
    assert (context.settings.data, context.settings.log.level) == (Path("here"), "debug")


def test_settings_are_not_read_before_they_are_asked_for() -> None:
    """A command that needs none works without good ones."""
    context = Context(Given(config=Path("nowhere.toml")), {})
    assert context.given.config == Path("nowhere.toml")


def test_bad_settings_stop_a_command_with_their_sentences(capsys: pytest.CaptureFixture[str]) -> None:
    """On standard error, with status 1 and no traceback."""
    with pytest.raises(typer.Exit) as caught:
        _ = Context(Given(), {"QINGCHUAN_LOG__LEVEL": "loud"}).settings
    assert caught.value.exit_code == 1
    assert capsys.readouterr().err.startswith("environment: QINGCHUAN_LOG__LEVEL = 'loud': should be 'debug'")


def test_a_child_gets_what_its_parent_was_given() -> None:
    """Variables of others too, such as PATH."""
    context = Context(Given(data=Path("here")), {"PATH": "/bin"})
    environment = context.environment({"api.insecure": True})
    assert environment["PATH"] == "/bin"
    assert load(None, environment) == context.load({"api.insecure": True})
