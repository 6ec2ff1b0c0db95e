"""The engine: takes in what changed in the observations, and keeps episodes and outgoing notices."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import NamedTuple

from sqlalchemy import Connection

from qingchuan.alerts.announced import Announced, Announcements
from qingchuan.alerts.episodes import Reason, Transition, derive
from qingchuan.alerts.evidence import Window, gather, lookback, worst_levels
from qingchuan.alerts.messages import body
from qingchuan.alerts.reconcile import Stored, reconcile
from qingchuan.alerts.rules import Rule
from qingchuan.alerts.storage import add_notices, advance_cursor, read_cursor, save, touching
from qingchuan.alerts.telling import told_as
from qingchuan.store.observations import Changed, Observations
from qingchuan.store.state import State, writing
from qingchuan.store.subjects import Section

_SECOND = 1_000_000
_FOREVER = 1 << 40
"""Later than any reading. [s since 1970-01-01 UTC]"""


class _Horizon:
    """How far in event time each subject has been judged, as far as this engine has seen it.

    Only readings up to there need to be read again when one of them changes: what lies beyond is a change to come.
    """

    def __init__(self) -> None:
        self._cursor = -1
        self._unseen = _FOREVER
        self._latest: dict[str, int] = {}

    def resume(self, cursor: int) -> None:
        """Begin a step at `cursor`; where another engine has been at work, nothing is known."""
        if cursor != self._cursor:
            self._latest.clear()
            self._unseen = _FOREVER if cursor else 0

    def latest(self, subject: str, last: int) -> int:
        """The latest reading of `subject` that may have been judged, or `last`, in seconds since 1970-01-01 UTC."""
        return max(last, self._latest.get(subject, self._unseen))

    def learn(self, subject: str, latest: int) -> None:
        """Take note that no reading of `subject` later than `latest` has been judged."""
        self._latest[subject] = max(latest, self._latest.get(subject, 0))

    def advance(self, cursor: int, windows: Mapping[str, Window]) -> None:
        """End a step at `cursor` that has judged `windows`."""
        self._cursor = cursor
        for subject, window in windows.items():
            if self.latest(subject, window.last) < _FOREVER:
                self.learn(subject, window.last)


class Decided(NamedTuple):
    """A transition, whose episode it changes, and under which reason people are told, if at all."""

    rule: Rule
    subject: str
    transition: Transition
    told: Reason | None


class Engine:
    """Judges what changed in the observations. One at a time: a second one on the same state does no harm and no work.

    Parameters
    ----------
    observations : Observations
        Read only, and only by this engine's thread.
    state : State
        Holds subjects, episodes, notices and the cursor ``alerts``.
    rules : sequence of Rule
    now : callable
        Clock. [µs since 1970-01-01 UTC]
    notify_within : int
        People are told about an event that is no older, and about what holds on by a reading that is no older. What is
        older makes episodes that are history. [s]
    targets : sequence of str
        Names of the notifiers; each is sent every notice.
    head : callable, optional
        Head of the journal as text, for notices, so that it leaves the machine.
    limit : int
        Changed observations in one step.
    """

    def __init__(
        self,
        observations: Observations,
        state: State,
        rules: Sequence[Rule],
        *,
        now: Callable[[], int],
        notify_within: int,
        targets: Sequence[str],
        head: Callable[[], str] | None = None,
        limit: int = 500,
    ) -> None:
        self._observations = observations
        self._state = state
        self._rules = rules
        self._now = now
        self._notify_within = notify_within
        self._targets = targets
        self._head = head
        self._limit = limit
        self._horizon = _Horizon()
        self._announcements = Announcements(state.engine)

    def step(self) -> int:
        """Judge the next changes and write what follows; how many changes they were, 0 when none were left."""
        with self._state.engine.connect() as connection:
            cursor = read_cursor(connection)
        changed = self._observations.changed(cursor, self._limit)
        if not changed:
            return 0
        self._horizon.resume(cursor)
        windows = _windows(changed)
        sections = self._announcements.sections(windows)
        now = self._now()
        decided = self._decide(sections, {subject: windows[subject] for subject in sections}, now // _SECOND)
        if self._write(cursor, changed[-1].sequence, decided, sections, now):
            self._horizon.advance(changed[-1].sequence, windows)
        return len(changed)

    def _decide(self, sections: Mapping[str, Announced], windows: Mapping[str, Window], now: int) -> list[Decided]:
        worst = worst_levels(self._observations, sections, windows)
        decided: list[Decided] = []
        for rule in self._rules if windows else ():
            with self._state.engine.connect() as connection:
                stored = touching(connection, rule.name, windows)
            for subject, window in windows.items():
                old = stored.get(subject, [])
                if worst.get(subject, 0) >= rule.at_least or _concerned(old, window):
                    transitions = self._judge(rule, subject, sections[subject], window, old, now)
                    decided += [Decided(rule, subject, change, self._told(old, change)) for change in transitions]
        return decided

    def _judge(
        self, rule: Rule, subject: str, announced: Announced, window: Window, stored: list[Stored], now: int
    ) -> list[Transition]:
        """What the changes in `window` make of the `stored` episodes: they are derived again from its first on."""
        standing = next((old.episode for old in stored if old.episode.opened < window.first), None)
        resumed = standing if standing and standing.closed is None and standing.through < window.first else None
        start = standing.opened if standing and not resumed else window.first
        end = self._horizon.latest(subject, window.last) + 1
        evidence = gather(self._observations, subject, announced, start, end)
        self._horizon.learn(subject, max(window.last, *evidence.times[-1:].tolist()))
        derived = derive(evidence.moments(), rule, resumed, now)
        return reconcile(stored, derived, now)

    def _write(
        self, before: int, after: int, decided: Sequence[Decided], sections: Mapping[str, Announced], now: int
    ) -> bool:
        """Write the cursor and what was decided in one transaction; False where another engine has moved the cursor."""
        with writing(self._state.engine).begin() as connection:
            if not advance_cursor(connection, before, after):
                return False
            for change in decided:
                self._keep(connection, change, sections[change.subject].section, now)
        return True

    def _keep(self, connection: Connection, change: Decided, section: Section, now: int) -> None:
        rule, subject, transition, told = change
        episode = save(connection, transition, rule.name, subject, told=told is not None)
        if told and self._targets:
            head = self._head() if self._head else None
            text = body(transition._replace(reason=told), episode, rule, subject, section, head)
            add_notices(connection, episode, told, text, self._targets, now)

    def _told(self, stored: Iterable[Stored], transition: Transition) -> Reason | None:
        """Under which reason people are told about the change of one of `stored`, or of a new episode, if at all."""
        history = all(old.history for old in stored if old.id == transition.id)
        return told_as(transition, history=history, within=self._notify_within)


def _windows(changed: Iterable[Changed]) -> dict[str, Window]:
    """The stretch of event time in which readings of each subject changed."""
    windows: dict[str, Window] = {}
    for change in changed:
        if change.period == "instant":
            first, last = windows.get(change.subject, (change.start, change.start))
            windows[change.subject] = Window(min(first, change.start), max(last, change.start))
    return windows


def _concerned(stored: Iterable[Stored], window: Window) -> bool:
    """Whether a change in `window` can matter to one of the `stored` episodes that end in or after it.

    Its evidence shows values from before it opened, too.
    """
    return any(old.episode.opened <= window.last + lookback() for old in stored)
