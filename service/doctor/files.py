"""Who may read and write our files, and how many files may be open."""

from __future__ import annotations

import os
import re
import resource
import stat
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from qingchuan.processing.standards import Text
from qingchuan.service.doctor.finding import OPERATIONS, Check, Finding, NotTriedError, notice, ok, problem
from qingchuan.service.doctor.patient import Patient
from qingchuan.service.doctor.processes import collector_pid
from qingchuan.service.settings import Address, Settings

_TOO_FEW, _FEW = 256, 1024
"""Files that may be open. Each open page and each connection takes one."""
_BESIDE = 100
"""Open files that are no stations."""
_PROC = Path("/proc")
_WHERE = f"{OPERATIONS}: permissions"


def check_data(patient: Patient) -> Finding:
    """Whether all of the data belong to one user, and nobody else may change them."""
    folder = patient.places.data
    if not folder.exists():
        raise NotTriedError(Text(f"{folder} 还不存在", f"{folder} is not there yet"))
    files = _files(folder)
    if strangers := [path for path, status in files.items() if status.st_uid != folder.stat().st_uid]:
        return problem(
            Text(
                f"{strangers[0]} 等 {len(strangers)} 个文件属于别的用户",
                f"{strangers[0]}, of {len(strangers)}, has another owner",
            ),
            Text(f"chown -R {_owner(folder)} {folder}", f"chown -R {_owner(folder)} {folder}"),
            _WHERE,
        )
    if loose := [path for path, status in files.items() if status.st_mode & stat.S_IWOTH]:
        return problem(
            Text(f"{loose[0]} 谁都能改", f"{loose[0]} may be changed by anybody"),
            Text(f"chmod -R o-w {folder}", f"chmod -R o-w {folder}"),
            _WHERE,
        )
    owner = _owner(folder)
    if folder.stat().st_uid == os.getuid():
        return ok(f"都属于用户 {owner}", f"all belong to the user {owner}")
    saw = Text(f"属于用户 {owner}，不是当前用户", f"belong to the user {owner}, not to this one")
    return notice(saw, Text(f"以 {owner} 的身份运行", f"run this as {owner}"), _WHERE)


def _files(folder: Path) -> dict[Path, os.stat_result]:
    """`folder` and all that lies below it; what is removed meanwhile, as SQLite does, is left out."""
    found = {}
    for path in [folder, *sorted(folder.rglob("*"))]:
        with suppress(FileNotFoundError):
            found[path] = path.lstat()
    return found


def _owner(path: Path) -> str:
    try:
        return path.owner()
    except KeyError:
        return str(path.stat().st_uid)


def check_secrets(patient: Patient) -> Finding:
    """Whether files with secrets can be read by anybody."""
    files = list(secret_files(patient.settings, patient.config))
    if not files:
        return ok("没有口令文件", "no file with a secret")
    loose = [path for path in files if path.stat().st_mode & (stat.S_IROTH | stat.S_IWOTH)]
    if not loose:
        return ok(f"{len(files)} 个，别人读不到", f"{len(files)}, closed to others")
    return problem(
        Text(f"{loose[0]} 谁都能读", f"{loose[0]} may be read by anybody"),
        Text(f"chmod 640 {loose[0]}", f"chmod 640 {loose[0]}"),
        _WHERE,
    )


def secret_files(settings: Settings, config: Path | None) -> Iterator[Path]:
    """The files that the settings name for secrets, and theirs where passwords of loggers stand in it."""
    if config is not None and any(device.password or device.key for device in settings.collector.devices):
        yield config
    if settings.broker.password_file is not None:
        yield settings.broker.password_file
    yield from (hook.secret_file for hook in settings.alerts.webhooks if hook.secret_file is not None)


def check_limits(patient: Patient) -> Finding:
    """How many files may be open: of the collector if it runs here, else of this user."""
    pid = collector_pid(patient.places.lock)
    limit = (pid and limit_of(pid)) or resource.getrlimit(resource.RLIMIT_NOFILE)[0]
    whose = Text("采集进程", "of the collector") if pid else Text("当前用户", "of this user")
    gateway = patient.settings.gateway
    wanted = 0 if gateway.listen is None else gateway.connections + _BESIDE
    saw = Text(f"{whose.zh}可打开 {limit} 个文件", f"{limit} open files, {whose.en}")
    advice = Text(
        "提高限制：systemd 的 LimitNOFILE=65536，或 ulimit -n", "raise it: LimitNOFILE=65536 of systemd, or ulimit -n"
    )
    if 0 <= limit < wanted:
        more = Text(f"{saw.zh}，数采仪要 {wanted} 个", f"{saw.en}; the loggers may take {wanted}")
        return problem(more, advice, "deploy/config.toml: connections")
    return judge_limit(limit, saw, advice)


def judge_limit(limit: int, saw: Text, advice: Text) -> Finding:
    """What it means that so many files may be open; −1 is no limit."""
    if limit < 0 or limit >= _FEW:
        return Finding("ok", saw)
    return (problem if limit < _TOO_FEW else notice)(saw, advice, _WHERE)


def check_broker_limits(patient: Patient) -> Finding:
    """Whether the broker, if it is a Mosquitto on this machine, may be connected to by all stations."""
    if not Address(patient.broker.host, patient.broker.port).is_loopback:
        raise NotTriedError(Text("代理不在本机", "the broker is on another machine"))
    limits = [limit for pid in processes_named("mosquitto") if (limit := limit_of(pid)) is not None]
    if not limits:
        raise NotTriedError(Text("本机没有看到 mosquitto 进程", "no process mosquitto is seen on this machine"))
    stations, limit = len(patient.state.subjects()), min(limits)
    saw = Text(f"可打开 {limit} 个文件，{stations} 个站点", f"{limit} open files for {stations} stations")
    if limit >= stations + _BESIDE:
        return Finding("ok", saw)
    advice = Text("systemctl edit mosquitto：LimitNOFILE=65536", "systemctl edit mosquitto: LimitNOFILE=65536")
    return problem(saw, advice, "deploy/mosquitto/README.md")


def processes_named(name: str) -> list[int]:
    """The processes of this machine that have the name `name`; none where the system does not tell."""
    found = []
    for place in _PROC.glob("[0-9]*/comm"):
        try:
            if place.read_text(encoding="utf-8").strip() == name:
                found.append(int(place.parent.name))
        except (OSError, UnicodeDecodeError):
            continue  # gone meanwhile
    return found


def limit_of(pid: int) -> int | None:
    """How many files the process `pid` may have open; None if the system does not tell."""
    try:
        text = (_PROC / str(pid) / "limits").read_text(encoding="utf-8")
    except OSError:
        return None
    found = re.search(r"^Max open files +(\d+)", text, re.MULTILINE)
    return int(found[1]) if found else None


CHECKS = (
    Check("files-data", Text("数据的归属", "owner of the data"), check_data),
    Check("files-secrets", Text("口令文件", "secrets"), check_secrets),
    Check("files-limit", Text("打开文件数", "open files"), check_limits),
    Check("files-limit-broker", Text("代理的打开文件数", "open files, broker"), check_broker_limits),
)
