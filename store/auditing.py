"""What audit actions come to: which values they change and how, or why they are not taken.

A value that an auditor speaks of is told by the origin `audited`, beside what the station reported: marked, the same
number with flag 4; corrected, the right one with flag 1. What is taken back is not told any more, and what the station
reports, or will report, counts again. Nothing is overwritten. All of it follows from the messages before.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, NamedTuple

import msgspec
from sqlalchemy import Engine

from qingchuan.processing.flags import BAD, GOOD, MISSING
from qingchuan.processing.periods import DAY, align, day_start, natural_day
from qingchuan.store import audit, flag_texts
from qingchuan.store.audit_checks import AuditRefusedError, check_act, check_audit, dusty_items, items_of
from qingchuan.store.audit_messages import MOST_VALUES, Act, Audit
from qingchuan.store.flag_texts import AUDIT, WITHDRAWN, Mark
from qingchuan.store.observations import ONE_FIGURE, Observation, Observations, Origin
from qingchuan.store.subjects import AirStation, Subject

_WITHDRAWN: Final = Mark(MISSING, WITHDRAWN)

_Told = tuple[str, Mark]
"""Number and mark of a value."""

_Values = dict[tuple[int, str], _Told]
"""By start and item."""


class Change(NamedTuple):
    """What an action does to a value.

    Attributes
    ----------
    start : int
        [s since 1970-01-01 UTC]
    item : str
    before, after : (str, Mark) or None
        Number and mark of what is computed with; None where there is none.
    told : (str, Mark)
        What the origin `audited` tells from then on.
    """

    start: int
    item: str
    before: _Told | None
    after: _Told | None
    told: _Told


class Judged(NamedTuple):
    """What an action comes to.

    Attributes
    ----------
    act : Act
        With the items that it stands for.
    refused : str
        Why it is not taken; empty where it is.
    changes : list of Change
    """

    act: Act
    refused: str
    changes: list[Change]

    def observations(self) -> list[Observation]:
        """What the origin `audited` tells of it."""
        items: dict[int, dict[str, _Told]] = {}
        for change in self.changes:
            items.setdefault(change.start, {})[change.item] = change.told
        return [
            Observation.of(
                self.act.subject,
                self.act.period,
                start,
                "audited",
                {item: (text, mark.flag) for item, (text, mark) in told.items()},
                {item: mark.by for item, (_, mark) in told.items()},
            )
            for start, told in items.items()
        ]


@dataclass(frozen=True)
class Auditing:
    """Judges audits by what is known before a message.

    Attributes
    ----------
    engine : Engine
        The state database.
    observations : Observations
    subjects : mapping of str to Subject
        Those that are announced.
    steps : sequence of str
    latest : int
        A time later than this is a wrong one. [s since 1970-01-01 UTC]
    before : int
        Only actions of messages before this one count.
    """

    engine: Engine
    observations: Observations
    subjects: Mapping[str, Subject]
    steps: Sequence[str]
    latest: int
    before: int
    _overlay: dict[tuple[str, str], _Values] = field(default_factory=dict)
    """What the earlier actions of the same message let the origin `audited` tell."""

    def judge(self, said: Audit) -> list[Judged]:
        """What its actions come to, in their order; where the whole is refused, all are."""
        try:
            check_audit(said, self.steps, self.latest)
        except AuditRefusedError as error:
            return [Judged(act, str(error), []) for act in said.acts]
        judged: list[Judged] = []
        for act in said.acts:
            judged.append(self._judge(act, said.step, sum(len(one.changes) for one in judged)))
        return judged

    def _judge(self, act: Act, step: str, changed: int) -> Judged:
        try:
            check_act(act, self.subjects, self.latest)
            act = self._whole(act)
            changes = self._changes(act, step)
            _check_size(changed + len(changes))
        except AuditRefusedError as error:
            return Judged(act, str(error), [])
        overlay = self._overlay.setdefault((act.subject, act.period), {})
        overlay |= {(change.start, change.item): change.told for change in changes}
        return Judged(act, "", changes)

    def _whole(self, act: Act) -> Act:
        """An action with the items that it stands for."""
        if act.items or act.action == "object":
            return act
        known = dusty_items(act) if act.action == "dust" else items_of(act, self.subjects[act.subject])
        return msgspec.structs.replace(act, items=known)

    def _changes(self, act: Act, step: str) -> list[Change]:
        if act.action == "confirm":
            self._check_earlier_steps(act, step)
        elif act.action == "object":
            self._check_official(act)
        elif act.action != "dust":
            self._check_later_steps(act, step)
            changing = {"mark_invalid": self._mark_invalid, "correct": self._correct, "restore": self._restore}
            return list(changing[act.action](act))
        return []

    def _mark_invalid(self, act: Act) -> Iterator[Change]:
        found = self._counting(act)
        if not found:
            raise AuditRefusedError(self._nothing_there(act))
        for (start, item), (text, mark) in found.items():
            after = text, Mark(BAD, AUDIT)
            yield Change(start, item, (text, mark), after, after)

    def _correct(self, act: Act) -> Iterator[Change]:
        found = self._counting(act)
        if not found and self._is_official(act):
            raise AuditRefusedError(self._nothing_there(act))
        [item] = act.items
        after = act.value, Mark(GOOD, AUDIT)
        yield Change(act.start, item, found.get((act.start, item)), after, after)

    def _restore(self, act: Act) -> Iterator[Change]:
        done = audit.touched(self.engine, act.subject, act.period, act.start, act.end, self.before)
        told, just_now = self._told(act, "audited"), self._overlaid(act)
        ours = {key: one for key, one in told.items() if key in done or key in just_now}
        standing = {key: one for key, one in ours.items() if one[1].by == AUDIT}
        if not standing and not self._is_dust(act):
            raise AuditRefusedError(f"nothing of {act.subject!r} there was marked, corrected or declared by the audit")
        without = self._counting(act, ("derived", "reported"))
        for key, (text, mark) in standing.items():
            yield Change(*key, (text, mark), without.get(key), (text, _WITHDRAWN))

    def _counting(self, act: Act, origins: Sequence[Origin] = ONE_FIGURE) -> _Values:
        """The values that an action is about, as they are computed with: the later origin wins."""
        found: _Values = {}
        for origin in origins:
            found |= {key: one for key, one in self._told(act, origin).items() if one[1] != _WITHDRAWN}
        return dict(sorted(found.items()))

    def _told(self, act: Act, origin: Origin) -> _Values:
        """What an origin tells, of the items that an action is about."""
        found: _Values = {}
        for stored in self.observations.reported(act.subject, act.period, act.start, act.end, origin):
            items = stored.items
            marks = flag_texts.of_items(stored.flags, items)
            chosen = [item for item in items if not act.items or item in act.items]
            found |= {(stored.start, item): (items[item][0], marks[item]) for item in chosen}
        return found | (self._overlaid(act) if origin == "audited" else {})

    def _overlaid(self, act: Act) -> _Values:
        known = self._overlay.get((act.subject, act.period), {})
        return {
            (start, item): one
            for (start, item), one in known.items()
            if act.start <= start < act.end and item in act.items
        }

    def _is_dust(self, act: Act) -> bool:
        cities = self._cities(act.subject)
        span = act.start, act.end
        found = audit.dust_hours(self.engine, [act.subject], *span, cities=cities, as_of=self.before - 1)
        return act.period == "hour" and not found.keys().isdisjoint(act.items)

    def _is_official(self, act: Act) -> bool:
        return bool(self._told(act, "official"))

    def _check_official(self, act: Act) -> None:
        if not self._is_official(act):
            raise AuditRefusedError(
                f"nothing official is on record of {act.subject!r} there; what we hold ourselves is marked or corrected"
            )

    def _nothing_there(self, act: Act) -> str:
        if self._is_official(act):
            return f"what is on record of {act.subject!r} there is official: it is not edited; 'object' would do"
        return f"no value of {act.subject!r} is on record there; what is missing need not be marked"

    def _states(self, act: Act) -> audit.States:
        span = day_start(natural_day(act.start)), align(act.end, DAY)
        return audit.states(
            self.engine,
            [act.subject],
            *span,
            items=act.items,
            steps=self.steps,
            cities=self._cities(act.subject),
            as_of=self.before - 1,
        )

    def _cities(self, subject: str) -> dict[str, str]:
        known = self.subjects.get(subject)
        return {subject: known.city} if isinstance(known, AirStation) and known.city else {}

    def _check_earlier_steps(self, act: Act, step: str) -> None:
        """A step confirms what all before it have confirmed."""
        confirmed = self._states(act).confirmed > 0
        for place, earlier in enumerate(self.steps[: self.steps.index(step)]):
            if not confirmed[place].all():
                raise AuditRefusedError(f"step {earlier!r} has not confirmed all of it yet; {step!r} comes after that")

    def _check_later_steps(self, act: Act, step: str) -> None:
        """What a later step has confirmed, an earlier one does not change any more."""
        confirmed = self._states(act).confirmed > 0
        first = self.steps.index(step) + 1
        for place, later in enumerate(self.steps[first:], first):
            if confirmed[place].any():
                raise AuditRefusedError(f"step {later!r} has confirmed it; that step, or a later one, may change it")


def _check_size(values: int) -> None:
    """Refuse more than can be applied at once."""
    if values > MOST_VALUES:
        raise AuditRefusedError(f"with this action the message changes {values} values; {MOST_VALUES} would do")
