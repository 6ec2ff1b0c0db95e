"""What the doctor finds about the disk."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest

from qingchuan.service.doctor import disk
from qingchuan.service.doctor.disk import Rate, file_system, folder_size, judge_kind, judge_room, nearest, present_rate
from qingchuan.service.doctor.history import first_since
from qingchuan.store.journal import Journal
from qingchuan.store.messages import Message
from tests.support.examining import look, patient_of

DAY = 86_400_000_000
MOUNTS = """\
sysfs /sys sysfs rw 0 0
/dev/vda1 / ext4 rw,relatime 0 0
tmpfs /run tmpfs rw 0 0
nas:/air /srv/air\\040data nfs4 rw 0 0
/dev/vdb1 /srv xfs rw 0 0
overlay /srv/box overlay rw 0 0
/dev/vdc1 /srv/box ext4 rw 0 0
"""


@pytest.mark.parametrize(
    ("folder", "kind"),
    [
        ("/", "ext4"),
        ("/srvice", "ext4"),
        ("/srv/air", "xfs"),
        ("/srv/air data/qingchuan", "nfs4"),
        ("/run/qingchuan", "tmpfs"),
        ("/srv/box", "ext4"),
    ],
)
def test_the_deepest_and_last_mount_counts(folder: str, kind: str) -> None:
    """A name that only begins the same is another folder."""
    assert file_system(Path(folder), MOUNTS) == kind


def test_without_a_table_the_kind_is_unknown() -> None:
    """On other systems than Linux."""
    assert file_system(Path("/srv"), "") is None
    assert judge_kind(None).verdict == "ok"


@pytest.mark.parametrize(
    ("kind", "verdict"),
    [
        *[(kind, "problem") for kind in ("nfs", "nfs4", "cifs", "smb3", "9p", "fuse.sshfs", "ceph", "tmpfs", "ramfs")],
        ("overlay", "notice"),
        *[(kind, "ok") for kind in ("ext4", "xfs", "btrfs", "zfs")],
    ],
)
def test_locks_over_a_network_and_memory_are_problems(kind: str, verdict: str) -> None:
    """SQLite breaks, or a start takes all."""
    assert judge_kind(kind).verdict == verdict


@pytest.mark.parametrize(
    ("free", "rate", "verdict"),
    [
        (500, 0.0, "ok"),
        (50, 0.0, "problem"),
        (51, 0.0, "ok"),
        (600, 20.1, "problem"),
        (600, 20.0, "notice"),
        (730, 2.1, "notice"),
        (730, 2.0, "ok"),
        (49, 0.001, "problem"),
    ],
)
def test_room_is_judged_by_days_and_by_what_is_left(free: int, rate: float, verdict: str) -> None:
    """A month is a problem, a year worth knowing, and so is a disk that is nearly full."""
    finding = judge_room(free, 1000, Rate(1, rate))
    assert finding.verdict == verdict


@pytest.mark.parametrize(("free", "verdict"), [(500, "problem"), (501, "problem"), (4250, "ok"), (4100, "notice")])
def test_what_is_kept_free_is_not_counted(free: int, verdict: str) -> None:
    """At ten bytes a day above the 500 that `collector.least_free` keeps, or none above them."""
    assert judge_room(free, 5000, Rate(1, 10), kept=500).verdict == verdict


def _journal(folder: Path, receipts: list[int], messages: int = 10) -> Journal:
    times = iter(receipts)
    journal = Journal(folder, lambda: next(times))
    for _ in receipts:
        journal.append([Message("mqtt", "c", "t", b"x")] * messages)
    return journal


def test_the_rate_is_that_of_the_recent_days(tmp_path: Path) -> None:
    """100 messages of 10 B in all, 40 of them in the last two days: 20 a day, of 200 B."""
    journal = _journal(tmp_path, [0, *[day * DAY for day in (1, 2, 3, 4, 5, 8, 9, 9, 10)]])
    assert present_rate(journal, 2, 1000) == Rate(20, 200)
    journal.close()


def test_the_rate_of_the_first_day_is_what_came_on_it(tmp_path: Path) -> None:
    """A burst at the start is not taken for what comes each hour."""
    journal = _journal(tmp_path, [0, 1000])
    assert present_rate(journal, 7, 1000) == Rate(20, 1000)
    journal.close()


def test_an_empty_journal_has_no_rate(tmp_path: Path) -> None:
    """And one that holds no message of a station."""
    journal = Journal(tmp_path, lambda: 0)
    assert present_rate(journal, 7, 1000) == Rate(0, 0)
    journal.append([Message("settings", "c", "", b"{}")])
    assert present_rate(journal, 7, 1000) == Rate(0, 0)
    journal.close()


def test_the_first_message_since_a_moment_is_found_wherever_it_is(tmp_path: Path) -> None:
    """By comparing with a plain search, with sealed days before it."""
    receipts = [0, 5, 5, DAY + 1, DAY + 1, 2 * DAY, 3 * DAY]
    journal = _journal(tmp_path, receipts, messages=3)
    journal.seal(2 * DAY)
    numbered = [(1 + 3 * index, received) for index, received in enumerate(receipts)]
    for moment in {moment + step for moment in receipts for step in (-1, 0, 1)}:
        expected = next((number for number, received in numbered if received >= moment), 22)
        assert first_since(journal, moment) == expected
    journal.close()


def test_room_is_told_before_there_are_data(tmp_path: Path) -> None:
    """By the folder in which they will be."""
    with patient_of(tmp_path / "not" / "yet") as patient:
        assert "free" in look("disk-room", patient).saw.en
        assert look("disk-kind", patient).saw.en
        assert look("disk-writing", patient).verdict == "ok"
    assert list(tmp_path.iterdir()) == []


def test_room_is_told_with_data(tmp_path: Path) -> None:
    """By their own rate."""
    _journal(tmp_path / "journal", [0, DAY]).close()
    with patient_of(tmp_path) as patient:
        assert "messages" in look("disk-room", patient).saw.en


def test_a_disk_that_refuses_or_is_slow_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A file system may be read-only for everybody."""

    def refuse(_: Path) -> float:
        raise OSError(30, "Read-only file system")

    for write, verdict in ((refuse, "problem"), (lambda _: 0.1, "notice"), (lambda _: 0.09, "ok")):
        monkeypatch.setattr(disk, "_write_and_sync", write)
        with patient_of(tmp_path) as patient:
            assert look("disk-writing", patient).verdict == verdict


def test_the_size_of_a_folder_is_that_of_all_files_below(tmp_path: Path) -> None:
    """Links that lead nowhere take nothing."""
    (tmp_path / "deep" / "er").mkdir(parents=True)
    (tmp_path / "a").write_bytes(bytes(10))
    (tmp_path / "deep" / "er" / "b").write_bytes(bytes(5))
    (tmp_path / "gone").symlink_to(tmp_path / "nowhere")
    assert folder_size(tmp_path) == 15


def test_the_nearest_folder_is_one_that_is_there(tmp_path: Path) -> None:
    """It has the disk on which the data will lie."""
    assert nearest(tmp_path / "a" / "b") == tmp_path
    assert stat.S_ISDIR(nearest(Path("relative/nowhere")).stat().st_mode)
