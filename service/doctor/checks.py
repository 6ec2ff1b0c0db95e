"""All checks, in their order, and how they are made."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from typing import NamedTuple

import msgspec
from sqlalchemy.exc import SQLAlchemyError

from qingchuan.processing.standards import Text
from qingchuan.service.doctor import (
    backups,
    broker_conf,
    clock,
    connection,
    disk,
    files,
    journal,
    processes,
    queues,
    rights,
    stations,
    store,
    takeovers,
)
from qingchuan.service.doctor.finding import (
    OPERATIONS,
    Check,
    Finding,
    NotTriedError,
    of_demo_broker,
    problem,
)
from qingchuan.service.doctor.mosquitto_conf import ConfError
from qingchuan.service.doctor.patient import Patient
from qingchuan.store.chain import JournalDamagedError
from qingchuan.store.sqlite import IncompatibleError

CHECKS: tuple[Check, ...] = (
    *connection.CHECKS,
    *queues.CHECKS,
    *rights.CHECKS,
    *takeovers.CHECKS,
    *broker_conf.CHECKS,
    *clock.CHECKS,
    *disk.CHECKS,
    *files.CHECKS,
    *store.CHECKS,
    *backups.CHECKS,
    *processes.CHECKS,
    *journal.CHECKS,
    *stations.CHECKS,
)

_TROUBLE = (OSError, sqlite3.Error, SQLAlchemyError, IncompatibleError, JournalDamagedError, msgspec.MsgspecError)
"""What looking at stores and broker may end with."""


class Examined(NamedTuple):
    """What came of the checks.

    Attributes
    ----------
    findings : list of (Check, Finding)
    not_tried : list of (Check, Text)
        Checks that had nothing to look at, and why.
    """

    findings: list[tuple[Check, Finding]]
    not_tried: list[tuple[Check, Text]]


def examine(
    patient: Patient,
    progress: Callable[[int], object] = lambda _: None,
    checks: tuple[Check, ...] = CHECKS,
) -> Examined:
    """Make all checks on `patient`; `progress` is called with the number of those that are done."""
    examined = Examined([], [])
    for number, check in enumerate(checks, 1):
        try:
            examined.findings.append((check, _look(check, patient)))
        except NotTriedError as error:
            examined.not_tried.append((check, error.because))
        progress(number)
    return examined


def _look(check: Check, patient: Patient) -> Finding:
    """The finding of a check; one that broke on what it looked at is a problem of that."""
    try:
        found = check.look(patient)
        return of_demo_broker(found) if patient.places.demo.exists() else found
    except ConfError as error:
        return problem(
            Text(str(error), str(error)),
            Text("改正配置文件", "correct the file"),
            "deploy/mosquitto/mosquitto.conf",
        )
    except _TROUBLE as error:
        return problem(
            Text(f"没查成：{error}", f"could not be looked at: {error}"),
            Text(
                "以服务的用户运行；版本不同则先启动服务",
                "run this as the user of the service; start that, if its version differs",
            ),
            f"{OPERATIONS}: doctor",
        )
