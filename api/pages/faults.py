"""The page of what looks like a fault of an instrument: whose, since when, and which test found it."""

from __future__ import annotations

from typing import Final, NamedTuple, get_args

from qingchuan.api.answering import iso_time
from qingchuan.api.pages.asked import Asked
from qingchuan.api.pages.frame import Shown
from qingchuan.api.pages.words import vocabulary
from qingchuan.api.parameters import LARGEST
from qingchuan.api.queries.faults import State, name_of, shown_faults
from qingchuan.processing import catalogue
from qingchuan.store.faults import Fault
from qingchuan.store.subjects import Name, Subject

_PAGE: Final = 100


class Row(NamedTuple):
    """A fault as the page shows it.

    Attributes
    ----------
    name : Name
        Of the subject; its id where it never announced itself.
    subject : Subject or None
    item : catalogue.Item
    test : Name
    meaning : str
        Key of the words that say what the test looks for; empty where there are none.
    opened, through : str
        ISO 8601.
    closed : str or None
        None while it lasts.
    """

    name: Name
    subject: Subject | None
    item: catalogue.Item
    test: Name
    meaning: str
    opened: str
    through: str
    closed: str | None


def faults_page(asked: Asked) -> Shown:
    """What the page of faults shows."""
    state, subject = asked.choice("state", get_args(State)), asked.query.get("subject")
    found = shown_faults(asked.services, _PAGE, asked.count("before", 1, LARGEST), subject, state)
    rows = [_row(fault, asked.subjects.get(fault.subject)) for fault in found]
    older = found[-1].sequence if len(found) >= _PAGE else None
    is_open = {} if state == "all" else {"open": "true"}
    return Shown(
        values={
            "rows": rows,
            "state": state,
            "subject": subject,
            "whose": _name(subject or "", asked.subjects.get(subject or "")),
            "older": None if older is None else asked.link(before=older),
        },
        simulated=any(row.subject is not None and row.subject.simulated for row in rows),
        answers=[asked.address("faults", **({"subject": subject} if subject else {}), **is_open)],
    )


def _row(fault: Fault, subject: Subject | None) -> Row:
    meaning = f"faults.about_{fault.test}"
    return Row(
        _name(fault.subject, subject),
        subject,
        catalogue.item(fault.item),
        name_of(fault.test),
        meaning if meaning in vocabulary() else "",
        iso_time(fault.opened),
        iso_time(fault.through),
        None if fault.closed is None else iso_time(fault.closed),
    )


def _name(identity: str, subject: Subject | None) -> Name:
    return Name(identity, identity) if subject is None else subject.name
