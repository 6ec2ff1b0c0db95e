"""Faults of instruments, as answers tell them."""

from __future__ import annotations

from collections import defaultdict
from typing import Literal

from qingchuan.api.answering import iso_time
from qingchuan.api.schemas import faults as schemas
from qingchuan.api.schemas.faults import FaultsAnswer, OpenFault
from qingchuan.api.services import Services
from qingchuan.processing import catalogue
from qingchuan.processing.quality.codes import test_named
from qingchuan.store import faults
from qingchuan.store.faults import Fault
from qingchuan.store.subjects import Name

State = Literal["open", "all"]
"""Which faults a page shows."""


def faults_answer(
    services: Services, limit: int, before: int | None, subject: str | None, *, is_open: bool | None
) -> FaultsAnswer:
    """The newest faults, newest first."""
    engine, sequence = services.state.engine, services.observations.sequence()
    found = faults.faults(engine, limit, before=before, subject=subject, is_open=is_open)
    return FaultsAnswer(sequence, faults.count_open(engine), [_fault(fault) for fault in found])


def shown_faults(services: Services, limit: int, before: int | None, subject: str | None, state: State) -> list[Fault]:
    """The newest faults for a page: those that last, or all."""
    is_open = True if state == "open" else None
    return faults.faults(services.state.engine, limit, before=before, subject=subject, is_open=is_open)


def open_faults(services: Services, at: int) -> dict[str, list[OpenFault]]:
    """The faults that last, of each subject that has any; of messages up to `at`."""
    found: defaultdict[str, list[OpenFault]] = defaultdict(list)
    for fault in faults.lasting(services.state.engine, at):
        entry = catalogue.item(fault.item)
        told = OpenFault(fault.item, entry.symbol, fault.test, name_of(fault.test), iso_time(fault.opened))
        found[fault.subject].append(told)
    return dict(found)


def name_of(by: str) -> Name:
    """What set a flag, for people: one of our tests by its name, all else as it is stored.

    Examples
    --------
    >>> name_of("flat_line").zh, name_of("device:M").zh
    ('平直线检验', 'device:M')
    """
    test = test_named(by)
    return Name(test.label.zh, test.label.en) if test else Name(by, by)


def _fault(fault: Fault) -> schemas.Fault:
    return schemas.Fault(
        fault.sequence,
        fault.subject,
        fault.period,
        fault.item,
        fault.test,
        name_of(fault.test),
        iso_time(fault.opened),
        iso_time(fault.through),
        None if fault.closed is None else iso_time(fault.closed),
    )
