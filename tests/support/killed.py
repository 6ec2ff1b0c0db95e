"""Killing ourselves at each step of some work that changes files, and looking at what is left each time."""

from __future__ import annotations

import os
import signal
import traceback
from collections.abc import Callable
from itertools import count
from multiprocessing import get_context
from pathlib import Path
from typing import Any, NoReturn, ParamSpec, TypeVar

from qingchuan.service.manifest import whole_backups
from qingchuan.service.places import DataFolderError, Places, make_folder
from qingchuan.service.restoring import backup_at, check
from tests.support.backups import backed_up, quiet, restored

STEPS = ("fsync", "fdatasync", "rename", "link", "mkdir", "unlink", "rmdir")
"""Functions of `os` before which we are killed."""

_MOST = 500
_P = ParamSpec("_P")
_R = TypeVar("_R")


def alone(function: Callable[_P, _R], *arguments: _P.args, **named: _P.kwargs) -> _R:
    """What `function` returns in a process of its own, which may fork: nothing is open and no thread runs there."""
    with get_context("spawn").Pool(1) as pool:
        return pool.apply(function, arguments, named)


def killed_at_each_step(work: Callable[[], object], look: Callable[[], object]) -> int:
    """Let `work` be killed before its first step, then before its second …, until it comes to its end.

    Returns
    -------
    int
        How many times it was killed; each time `look` was called.
    """
    for step in range(1, _MOST):
        child = os.fork()
        if child == 0:
            _work(work, step)
        _, status = os.waitpid(child, 0)
        if os.WIFEXITED(status):
            assert os.WEXITSTATUS(status) == 0, f"it ended with {os.WEXITSTATUS(status)} at step {step}"
            return step - 1
        assert os.WTERMSIG(status) == signal.SIGKILL
        look()
    raise AssertionError(f"it was killed {_MOST} times and comes to no end")


def _work(work: Callable[[], object], step: int) -> NoReturn:
    """In the child: it ends here, whatever happens."""
    code = 1
    try:
        _kill_before(step)
        work()
        code = 0
    except Exception:  # noqa: BLE001 - whatever it is, it is told, and the code is not 0
        traceback.print_exc()
    finally:
        os._exit(code)


def _kill_before(step: int) -> None:
    """Let the process end before the function that is called as number `step`."""
    calls = count(1)

    def counted(function: Callable[..., Any]) -> Callable[..., Any]:
        def call(*arguments: Any, **named: Any) -> Any:  # noqa: ANN401 - whatever the function takes
            if next(calls) == step:
                os.kill(os.getpid(), signal.SIGKILL)
            return function(*arguments, **named)

        return call

    for name in STEPS:
        setattr(os, name, counted(getattr(os, name)))


def backup_killed(data: Path, target: Path, keep: int) -> tuple[int, list[int]]:
    """How often a backup could be killed, and how many whole ones there were each time; the newest can be restored."""
    counts: list[int] = []

    def look() -> None:
        whole = whole_backups(target)
        counts.append(len(whole))
        check(whole[-1], quiet())

    return killed_at_each_step(lambda: backed_up(Places(data), target, 10 + len(counts), keep), look), counts


def restore_killed(source: Path, data: Path) -> tuple[int, int]:
    """How often a restore could be killed, and how often nothing could be started on what was left."""
    refused = 0

    def look() -> None:
        nonlocal refused
        try:
            make_folder(data)
        except DataFolderError:
            refused += 1

    def work() -> None:
        if not (data / "journal").exists() or Places(data).restoring.exists():
            restored(backup_at(source), data)

    return killed_at_each_step(work, look), refused
