"""Single checks of the doctor, on a service that a test describes."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from qingchuan.service.doctor.checks import CHECKS, Examined, examine
from qingchuan.service.doctor.finding import Finding
from qingchuan.service.doctor.patient import QUEUED, Patient
from qingchuan.service.settings import load


@contextmanager
def patient_of(
    data: Path,
    settings: dict[str, object] | None = None,
    conf: Path | None = None,
    queued: int = QUEUED,
    config: Path | None = None,
) -> Iterator[Patient]:
    """A service with its data in `data` and `settings` by dotted key."""
    patient = Patient(load(None, {}, {"data": data, **(settings or {})}), conf, queued, config)
    try:
        yield patient
    finally:
        patient.close()


def look(key: str, patient: Patient) -> Finding:
    """What the check `key` finds; it must have something to look at."""
    (check,) = (check for check in CHECKS if check.key == key)
    ((_, finding),) = examine(patient, checks=(check,)).findings
    return finding


def verdicts(examined: Examined) -> dict[str, str]:
    """The verdict of each check that found something."""
    return {check.key: finding.verdict for check, finding in examined.findings}


def not_tried(examined: Examined) -> set[str]:
    """The checks that had nothing to look at."""
    return {check.key for check, _ in examined.not_tried}
