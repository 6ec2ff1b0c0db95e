"""The disk under the data directory: room for how long, what kind, whether and how fast it writes."""

from __future__ import annotations

import os
import secrets
import shutil
import statistics
import time
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

from qingchuan.processing.standards import Text
from qingchuan.service.clock import SECOND
from qingchuan.service.doctor.finding import OPERATIONS, Check, Finding, NotTriedError, notice, ok, problem
from qingchuan.service.doctor.history import first_since
from qingchuan.service.doctor.patient import Patient
from qingchuan.store.head import sync
from qingchuan.store.journal_reader import JournalReader

_DAY = 86_400 * SECOND
"""[µs]"""
_RECENT = 7
"""Days that the present rate is taken from, at most. [d]"""
_TOO_SHORT, _SHORT = 30, 365
"""Room for fewer days is a problem, or worth knowing. [d]"""
_KEPT = 5 * 366
"""How long raw records must be kept. [d]"""
_FULL = 0.05
"""Less than this share free is a problem whatever the rate."""
_WRITES = 5
_SLOW = 0.1
"""[s]"""
_MEGABYTE, _GIGABYTE = 1_000_000, 1_000_000_000
_OF_NETWORKS = ("nfs", "cifs", "smb", "9p", "afs", "ceph", "gluster", "lustre", "fuse.sshfs", "ncpfs", "ocfs2", "gfs")
"""How the types of file systems begin on which locks cannot be relied upon."""
_OF_MEMORY = {"tmpfs", "ramfs"}
_OF_CONTAINERS = {"overlay", "aufs"}
_WHERE = f"{OPERATIONS}: disk"


class Rate(NamedTuple):
    """How much is taken in.

    Attributes
    ----------
    messages : float
        Of stations, a day.
    bytes : float
        That they take on the disk, a day.
    """

    messages: float
    bytes: float


_NOTHING = Rate(0, 0)


def check_room(patient: Patient) -> Finding:
    """For how many days the disk has room at the present rate."""
    room = shutil.disk_usage(nearest(patient.places.data))
    try:
        rate = present_rate(patient.journal, patient.settings.collector.recent_days, folder_size(patient.places.data))
    except NotTriedError:
        rate = _NOTHING
    return judge_room(room.free, room.total, rate, patient.settings.collector.least_free * _MEGABYTE)


def judge_room(free: int, total: int, rate: Rate, kept: int = 0) -> Finding:
    """What it means that so much is free of so much, at the present rate; the last `kept` bytes are not used."""
    advice = Text(
        "扩容，或把 journal/sealed 移到备份盘", "make room, or a larger disk; journal/sealed may be copied away"
    )
    percent = 100 * free / total
    if free <= kept:
        none = Text(
            f"剩 {_shown(free)}，不足 {_shown(kept)}：采集不再接收",
            f"{_shown(free)} free, less than {_shown(kept)}: the collector takes nothing more",
        )
        return problem(none, advice, "deploy/config.toml: least_free")
    if rate.bytes <= 0:
        saw = Text(
            f"剩 {_shown(free)}（{percent:.0f}%）；近日无数据",
            f"{_shown(free)} free ({percent:.0f} %); nothing came of late",
        )
        return Finding("ok", saw) if free > _FULL * total else problem(saw, advice, _WHERE)
    days = (free - kept) / rate.bytes
    saw = Text(
        f"剩 {_shown(free)}；近日每天 {rate.messages:.0f} 条、{_shown(rate.bytes)}，可用 {days:.0f} 天；"
        f"五年要 {_shown(_KEPT * rate.bytes)}",
        f"{_shown(free)} free; {rate.messages:.0f} messages and {_shown(rate.bytes)} a day of late: {days:.0f} days; "
        f"five years take {_shown(_KEPT * rate.bytes)}",
    )
    if days < _TOO_SHORT or free < _FULL * total:
        return problem(saw, advice, _WHERE)
    return notice(saw, advice, _WHERE) if days < _SHORT else Finding("ok", saw)


def present_rate(journal: JournalReader, recent_days: int, size: int) -> Rate:
    """What came in the last days of `journal`, and what it takes on the disk if all takes as much as before.

    Parameters
    ----------
    journal : JournalReader
    recent_days : int
        Days that lie in its database. [d]
    size : int
        Of the data directory. [B]
    """
    last = journal.head().sequence
    newest = journal.rows(last - 1, limit=1)
    if not newest or not newest[-1].from_stations:
        return _NOTHING
    since = newest[-1].received - min(recent_days, _RECENT) * _DAY
    row = journal.rows(first_since(journal, since) - 1, limit=1)[0]
    days = max((newest[-1].received - row.received) / _DAY, 1)
    messages = (newest[-1].from_stations - row.from_stations + row.batch().from_stations()) / days
    return Rate(messages, messages * size / newest[-1].from_stations)


def check_kind(patient: Patient) -> Finding:
    """On what kind of file system the data lie."""
    mounts = Path("/proc/self/mounts")
    text = mounts.read_text(encoding="utf-8", errors="replace") if mounts.exists() else ""
    return judge_kind(file_system(nearest(patient.places.data).resolve(), text))


def judge_kind(kind: str | None) -> Finding:
    """What it means that the data lie on a file system of this kind; None if it is not known."""
    if kind is None:
        return ok("文件系统类型未知", "the type of file system is not known")
    saw = Text(kind, kind)
    if kind.startswith(_OF_NETWORKS):
        return problem(
            Text(f"{kind}：网络文件系统", f"{kind}, of a network"),
            Text(
                "换本机磁盘：网络上的锁靠不住，SQLite 会损坏",
                "use a disk of this machine: locks over a network break SQLite",
            ),
            _WHERE,
        )
    if kind in _OF_MEMORY:
        advice = Text("换成磁盘：重启就没了", "use a disk: it is gone with the next start")
        return problem(Text(f"{kind}：在内存里", f"{kind}, in memory"), advice, _WHERE)
    if kind in _OF_CONTAINERS:
        return notice(
            Text(f"{kind}：容器内的层", f"{kind}, a layer of a container"),
            Text(
                "若是容器：挂载卷，否则数据随容器删除",
                "in a container mount a volume, or the data end with the container",
            ),
            _WHERE,
        )
    return Finding("ok", saw)


def file_system(folder: Path, mounts: str) -> str | None:
    r"""The type of the file system that `folder` lies on, by the table of mounts of Linux.

    Examples
    --------
    >>> file_system(Path("/srv/air/data"), "a / ext4 rw 0 0\nnas:/x /srv/air nfs4 rw 0 0\n")
    'nfs4'
    """
    best: tuple[int, str] | None = None
    for line in mounts.splitlines():
        _, place, kind, *_ = line.split(" ")
        place = place.replace(r"\040", " ")
        if folder.is_relative_to(place) and (best is None or len(place) >= best[0]):
            best = len(place), kind
    return best and best[1]


def check_writing(patient: Patient) -> Finding:
    """Whether the data directory can be written, and how long it takes until something is on the disk."""
    folder = nearest(patient.places.data)
    try:
        seconds = statistics.median(_write_and_sync(folder) for _ in range(_WRITES))
    except OSError as error:
        return problem(
            Text(f"{folder} 写不了：{error.strerror}", f"{folder} cannot be written: {error.strerror}"),
            Text("让服务的用户拥有该文件夹：chown -R", "let the user of the service own it: chown -R"),
            _WHERE,
        )
    saw = Text(f"写入落盘 {1000 * seconds:.1f} ms", f"{1000 * seconds:.1f} ms until something is on the disk")
    if seconds < _SLOW:
        return Finding("ok", saw)
    return notice(
        saw,
        Text("每批都要等两三次：换快一些的盘", "each batch waits for it two or three times: use a faster disk"),
        _WHERE,
    )


def _write_and_sync(folder: Path) -> float:
    path = folder / f".doctor-{secrets.token_hex(6)}"
    try:
        began = time.perf_counter()
        path.write_bytes(bytes(4096))
        sync(path)
        return time.perf_counter() - began
    finally:
        path.unlink(missing_ok=True)


def nearest(folder: Path) -> Path:
    """`folder`, or the folder above it in which it would be made."""
    folder = folder.absolute()
    while not folder.exists():
        folder = folder.parent
    return folder


def folder_size(folder: Path) -> int:
    """How much the files below `folder` take, in bytes."""
    size = 0
    for place, _, names in os.walk(folder):
        for name in names:
            with suppress(FileNotFoundError):  # gone meanwhile, as SQLite does with its log
                size += Path(place, name).stat().st_size
    return size


def _shown(size: float) -> str:
    if size >= _GIGABYTE:
        return f"{size / _GIGABYTE:,.1f} GB"
    return f"{size / _MEGABYTE:,.0f} MB" if size >= _MEGABYTE else f"{size / _MEGABYTE:.2f} MB"


CHECKS = (
    Check("disk-room", Text("剩余空间", "room"), check_room),
    Check("disk-kind", Text("文件系统", "file system"), check_kind),
    Check("disk-writing", Text("写盘", "writing"), check_writing),
)
