"""The lock files: what two installs have in common."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
LOCKS = ("requirements.lock", "requirements-dev.lock")


def read_lock(name: str) -> dict[str, str]:
    """Each locked name with its version, marker and hashes."""
    text = (ROOT / name).read_text(encoding="utf-8")
    return dict(re.findall(r"^([a-z0-9.-]+)==((?:[^\n]*\\\n)*[^\n]*)", text, re.MULTILINE))


@pytest.mark.parametrize("name", LOCKS)
def test_each_locked_distribution_has_a_hash(name: str) -> None:
    """Without one of them pip would refuse the whole file."""
    assert [distribution for distribution, rest in read_lock(name).items() if "--hash=sha256:" not in rest] == []


@pytest.mark.parametrize("name", LOCKS)
def test_a_lock_names_no_index(name: str) -> None:
    """Where distributions come from is the business of who installs them."""
    text = (ROOT / name).read_text(encoding="utf-8")
    assert re.findall(r"https?://|--index|--find-links|--trusted-host", text) == []


def test_tests_run_with_the_versions_that_are_shipped() -> None:
    """What both files lock, they lock to the same version, and the second holds all of the first."""
    run, dev = (read_lock(name) for name in LOCKS)
    versions = {name: rest.split()[0] for name, rest in run.items()}
    assert {name: dev.get(name, "absent").split()[0] for name in run} == versions
