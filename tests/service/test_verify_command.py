"""``qingchuan verify`` and ``qingchuan stations`` on a data directory."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest
from typer.testing import CliRunner

from qingchuan.service.main import app
from qingchuan.service.places import Places
from qingchuan.service.prepare import prepare
from qingchuan.store.journal import Journal
from qingchuan.store.messages import Message
from qingchuan.store.state import Announcement, State

CITY = '{"kind":"city","name":{"zh":"宁波","en":"Ningbo"},"simulated":true}'


@pytest.fixture
def places(tmp_path: Path) -> Places:
    """A data directory with two messages and one city."""
    made = prepare(tmp_path / "data")
    journal = Journal(made.journal, lambda: 0)
    journal.append([Message("mqtt", "c", "qingchuan/330200/station", CITY.encode())])
    journal.append([Message("mqtt", "c", "qingchuan/330200/day", b"{}")])
    journal.close()
    state = State(made.state)
    state.record([Announcement(1, "330200", CITY)], [])
    state.close()
    return made


def _run(places: Places, *arguments: str) -> tuple[int, str]:
    result = CliRunner().invoke(app, ["--data", str(places.data), *arguments])
    return result.exit_code, result.output


def test_a_whole_journal_is_said_to_be_whole_with_its_head(places: Places) -> None:
    """The head is what others may keep."""
    code, said = _run(places, "verify")
    assert code == 0
    assert "whole: 2" in said
    assert "head 2:" in said


def test_a_head_that_the_journal_does_not_hold_is_damage(places: Places) -> None:
    """Somebody has cut or rewritten it."""
    code, said = _run(places, "verify", "--head", f"2:{'0' * 64}")
    assert code == 1
    assert "cut or rewritten" in said


def test_a_changed_message_is_damage(places: Places) -> None:
    """The place of it is named."""
    database = sqlite3.connect(places.journal / "journal.sqlite")
    database.execute("UPDATE batch SET received = received + 1 WHERE sequence = 1")
    database.commit()
    database.close()
    code, said = _run(places, "verify")
    assert code == 1
    assert "messages 1 to 1" in said


def test_a_store_that_is_ahead_of_the_journal_is_damage(places: Places) -> None:
    """It knows messages that the journal does not have."""
    database = sqlite3.connect(places.observations)
    database.execute("UPDATE progress SET sequence = 9")
    database.commit()
    database.close()
    code, said = _run(places, "verify")
    assert code == 1
    assert "the store has come to message 9, the journal ends with message 2" in said


def test_a_text_that_is_no_head_is_refused_with_its_form(places: Places) -> None:
    """A copy that lost its end."""
    code, said = _run(places, "verify", "--head", "2:abc")
    assert code == 2
    assert "SEQUENCE:HASH" in said


def test_subjects_are_listed_with_both_names_and_simulated_ones_say_so(places: Places) -> None:
    """Simulated data say that they are simulated, everywhere."""
    code, said = _run(places, "stations")
    assert code == 0
    for word in ("330200", "宁波", "Ningbo", "simulated"):
        assert word in said


def test_a_site_is_listed_with_what_it_is_for(places: Places) -> None:
    """An outfall is no station of the air, and no section."""
    state = State(places.state)
    site = '{"kind":"site","purpose":"outfall","name":{"zh":"排口","en":"Outlet"},"city":"330200"}'
    state.record([Announcement(2, "DW001", site)], [])
    state.close()
    _, said = _run(places, "stations")
    for word in ("DW001", "监控点位", "Outlet", "outfall"):
        assert word in said


@pytest.mark.parametrize("command", ["stations", "verify"])
def test_a_directory_without_data_is_named(tmp_path: Path, command: str) -> None:
    """Most often it is the wrong directory."""
    code, said = _run(Places(tmp_path / "nowhere"), command)
    assert code == 1
    assert str(tmp_path / "nowhere") in said.replace("\n", "")
