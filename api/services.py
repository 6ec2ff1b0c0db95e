"""What the web is handed by the program that assembles it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Protocol

from qingchuan.alerts.rules import Rule
from qingchuan.api.schemas.file_imports import FileImportAnswer
from qingchuan.api.uploads import Upload, no_files
from qingchuan.store.journal_reader import JournalReader
from qingchuan.store.messages import Message
from qingchuan.store.observations import Counts, Observations
from qingchuan.store.state import State


class Counting(Protocol):
    """What became of the messages of the journal."""

    def in_all(self) -> Counts:
        """Of all messages: ``received = applied + duplicate + dead_letter + waiting``."""
        ...

    def by_subject(self) -> dict[str, Counts] | None:
        """Of the messages about each subject, "" where none is known; None while too many are waiting."""
        ...

    def lags(self) -> dict[str, int]:
        """How many messages lie between the head of the journal and each of those that follow it."""
        ...


@dataclass(frozen=True)
class Services:
    """The real objects behind the web; only the assembling program builds them.

    Attributes
    ----------
    observations : Observations
        Opened for reading; calls come from several threads at once.
    state : State
    rules : tuple of Rule
        The alert rules, for their titles.
    counting : Counting
        What became of the messages of the journal.
    now : callable
        The time that "live" and "today" mean. [µs since 1970-01-01 UTC]
    received : callable
        When a message was received; None where the journal does not have it. [µs since 1970-01-01 UTC]
    open_journal : callable
        Opens the journal for one reader, who closes it.
    append : callable
        Appends messages, a row each, in their order; the number of the last one. It raises `JournalUnavailableError`
        where the journal takes nothing.
    version : str
        Version of the program, for the page.
    clock_speed : float
        How many times faster than real time `now` runs. [-]
    hosts : frozenset of str
        Further names, without port, by which the server may be addressed; the loopback names are always taken.
    insecure : bool
        Whether the server listens beyond loopback without a login. Any IP address is then taken as a host name.
    max_body : int
        Largest body of a request. [bytes]
    prefix : str
        First level of the topics, for what a message says to publish.
    collectors : callable
        How many collectors there are for these data, by their role: ``"working"``, ``"standby"``, ``"gateway"``.
    places : mapping of str to str
        Where things are written, by the word for them in messages (such as ``"configuration"``).
    import_file : callable
        Imports a file that somebody uploads; it raises `ProblemError` where that cannot be done.

    Examples
    --------
    >>> Services.__dataclass_params__.frozen
    True
    """

    observations: Observations
    state: State
    rules: tuple[Rule, ...]
    counting: Counting
    now: Callable[[], int]
    received: Callable[[int], int | None]
    open_journal: Callable[[], JournalReader]
    append: Callable[[Iterable[Message]], int]
    version: str
    clock_speed: float = 1.0
    hosts: frozenset[str] = frozenset()
    insecure: bool = False
    max_body: int = 65536
    prefix: str = "qingchuan"
    collectors: Callable[[], Mapping[str, int]] = dict
    places: Mapping[str, str] = field(default_factory=dict)
    import_file: Callable[[Upload], FileImportAnswer] = no_files
