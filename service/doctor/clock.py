"""The clock that stamps what is received: whether it is set, went back, or lags behind the stations."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

from qingchuan.processing.standards import Text
from qingchuan.service.clock import SECOND
from qingchuan.service.doctor.finding import OPERATIONS, Check, Finding, notice, ok, problem
from qingchuan.service.doctor.history import letters_since
from qingchuan.service.doctor.patient import Patient

_DAY = 86_400 * SECOND
"""[µs]"""
_SLACK = 2 * SECOND
"""[µs]"""
_TIMESYNC = Path("/run/systemd/timesync/synchronized")
_PROGRAMS: dict[tuple[str, ...], dict[str, bool]] = {
    ("timedatectl", "show", "--property", "NTPSynchronized", "--value"): {"yes": True, "no": False},
    ("chronyc", "-n", "tracking"): {"Normal": True, "Not synchronised": False},
    ("ntpstat",): {"unsynchronised": False, "synchronised": True},
}
"""Programs that tell whether the clock is set by others, and by which words."""
_OFFSETS = {timedelta(hours=8), timedelta(0)}
"""Beijing time and UTC."""


def check_synchronised(_patient: Patient) -> Finding:
    """Whether the clock is set by a time server. No other clock is asked: a bureau's intranet may have none."""
    return judge_synchronised(is_synchronised(_TIMESYNC, _said))


def judge_synchronised(synchronised: bool | None) -> Finding:  # noqa: FBT001 - None is a third answer
    """What it means that the clock is synchronised, is not, or that nobody tells."""
    advice = Text("装并启用 chrony 或 systemd-timesyncd", "install and enable chrony or systemd-timesyncd")
    where = f"{OPERATIONS}: clock"
    if synchronised:
        return ok("与时间服务器同步", "set by a time server")
    if synchronised is None:
        unknown = Text(
            "没查到（没有 timedatectl、chronyc、ntpstat）；也没有别的钟可比",
            "not known: timedatectl, chronyc, ntpstat tell nothing; there is no other clock to compare",
        )
        return notice(unknown, Text("自己核对；" + advice.zh, f"look yourself; {advice.en}"), where)
    return problem(
        Text("没有同步：接收时间会越来越错", "not set by anybody: times of receipt drift away"), advice, where
    )


def is_synchronised(mark: Path, said: Callable[[Sequence[str]], str]) -> bool | None:
    """Whether the clock is set by a time server; None where nobody tells.

    Parameters
    ----------
    mark : Path
        The file that systemd-timesyncd makes when it has set the clock.
    said : callable
        What a program says; empty if it is not there.
    """
    if mark.exists():
        return True
    for program, words in _PROGRAMS.items():
        text = said(program)
        for word, meaning in words.items():
            if word in text:
                return meaning
    return None


def _said(program: Sequence[str]) -> str:
    name = shutil.which(program[0])
    if name is None:
        return ""
    try:
        done = subprocess.run([name, *program[1:]], capture_output=True, text=True, timeout=5, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return ""
    return done.stdout


def check_went_back(patient: Patient) -> Finding:
    """Whether the clock is behind the newest time of receipt: then all that comes is stamped with that one."""
    now, rows = patient.clock.now(), patient.journal.rows(patient.journal.head().sequence - 1, limit=1)
    if not rows:
        return ok("日志还是空的", "the journal is empty")
    behind = rows[-1].received - now
    if behind <= _SLACK:
        return ok(
            f"不早于最新接收时间 {_shown(rows[-1].received)}",
            f"not before the newest receipt, {_shown(rows[-1].received)}",
        )
    seconds = round(behind / SECOND)
    return problem(
        Text(f"比最新接收时间慢 {seconds} 秒：钟被拨回", f"{seconds} s behind the newest receipt: it was set back"),
        Text("校准时钟；在此之前的接收时间都停在那一刻", "set it right; times of receipt stand still until then"),
        f"{OPERATIONS}: clock",
    )


def check_ahead(patient: Patient) -> Finding:
    """Whether stations seem to be ahead: one has a wrong clock itself, many mean that ours is wrong."""
    letters = [one for one in letters_since(patient.state, patient.clock.now() - _DAY) if one.code == "future"]
    ahead = {letter.topic.rpartition("/")[0] for letter in letters}
    known = len(patient.state.subjects())
    if not ahead:
        return ok("一天内没有站点的时间在将来", "no station was ahead within a day")
    saw = Text(
        f"{known} 个站点中 {len(ahead)} 个的时间在将来", f"{len(ahead)} of {known} subjects were ahead within a day"
    )
    where = "deploy/config.toml: future_tolerance"
    if 2 * len(ahead) > known:
        return problem(saw, Text("多半是本机的钟慢了：校准", "most likely our clock is slow: set it right"), where)
    example = min(ahead)
    return notice(saw, Text(f"校准站点的钟：{example} …", f"set their clocks right: {example} …"), where)


def check_speed(patient: Patient) -> Finding:
    """Whether the service runs by the real clock."""
    speed = patient.settings.clock.speed
    if speed == 1:
        return ok("真实时间", "the real one")
    saw = Text(f"按 {speed:g} 倍速走", f"{speed:g} times as fast as the real one")
    return notice(
        saw, Text("运行时去掉 clock.speed", "leave clock.speed alone in operation"), "deploy/config.toml: [clock]"
    )


def check_time_zone(_patient: Patient) -> Finding:
    """In which time zone logs and scheduled jobs of the machine are; ours is Beijing time whatever it says."""
    return judge_offset(datetime.now(UTC).astimezone().utcoffset() or timedelta(0))


def judge_offset(offset: timedelta) -> Finding:
    """What it means that the machine's time is `offset` ahead of UTC."""
    hours = offset.total_seconds() / 3600
    if offset in _OFFSETS:
        return ok(f"本机 UTC{hours:+g}；晴川总用 +08:00", f"UTC{hours:+g} here; Qingchuan always uses +08:00")
    return notice(
        Text(
            f"本机 UTC{hours:+g}，不是北京时间；晴川总用 +08:00",
            f"UTC{hours:+g} here, not Beijing; Qingchuan uses +08:00",
        ),
        Text("timedatectl set-timezone Asia/Shanghai", "timedatectl set-timezone Asia/Shanghai"),
        f"{OPERATIONS}: clock",
    )


def _shown(moment: int) -> str:
    return datetime.fromtimestamp(moment // SECOND, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


CHECKS = (
    Check("clock-synchronised", Text("时钟同步", "clock is set"), check_synchronised),
    Check("clock-went-back", Text("时钟倒退", "clock set back"), check_went_back),
    Check("clock-ahead", Text("时间在将来", "stations ahead"), check_ahead),
    Check("clock-speed", Text("时钟速度", "speed of the clock"), check_speed),
    Check("clock-zone", Text("时区", "time zone"), check_time_zone),
)
