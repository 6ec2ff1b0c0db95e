"""When older days of the journal are sealed."""

from __future__ import annotations

from pathlib import Path

from qingchuan.service.sealing import Sealing
from qingchuan.store.journal import Journal
from qingchuan.store.messages import Message

DAY = 86_400_000_000


class _Clock:
    def __init__(self) -> None:
        self.time = 0

    def __call__(self) -> int:
        return self.time


def _journal(folder: Path, clock: _Clock, days: int) -> Journal:
    journal = Journal(folder, clock)
    for day in range(days):
        clock.time = day * DAY
        journal.append([Message("mqtt", "c", "t", str(day).encode())])
    return journal


def test_days_older_than_the_recent_ones_are_sealed_one_at_a_time(tmp_path: Path) -> None:
    """The rest stays in the database."""
    clock = _Clock()
    journal = _journal(tmp_path, clock, days=5)
    sealing = Sealing(journal, clock, recent_days=2)
    for _ in range(5):
        sealing()
    assert len(list((tmp_path / "sealed").iterdir())) == 2
    assert len(journal.rows(0, limit=10)) == 1
    journal.close()


def test_a_failure_is_tried_again_in_an_hour_and_costs_nothing_else(tmp_path: Path) -> None:
    """The collector goes on."""
    clock = _Clock()
    journal = _journal(tmp_path, clock, days=5)
    sealing = Sealing(journal, clock, recent_days=2)
    (tmp_path / "sealed").write_text("in the way")
    sealing()
    (tmp_path / "sealed").unlink()
    sealing()
    assert not (tmp_path / "sealed").exists()
    clock.time += 3_600_000_000
    sealing()
    assert len(list((tmp_path / "sealed").iterdir())) == 1
    journal.close()
