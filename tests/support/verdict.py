"""What all scenarios of `make chaos` come to together: one line, and whether they met what they are for."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import NamedTuple

from tests.support.history import Judgement


class Scenario(NamedTuple):
    """What a scenario came to.

    Attributes
    ----------
    name : str
    published, lost, twice : int
        Messages; a value that came back after its correction was counted twice.
    redelivered : int
        Messages that a broker brought again.
    lagged : int
        Most messages that waited for a store.
    torn : int
        Damaged files that were noticed.
    note : str
        What else is worth telling.
    """

    name: str
    published: int = 0
    lost: int = 0
    twice: int = 0
    redelivered: int = 0
    lagged: int = 0
    torn: int = 0
    note: str = ""

    def line(self) -> str:
        """What it came to, without what it has nothing to say of.

        Examples
        --------
        >>> Scenario("killed", published=1000, redelivered=30).line()
        'killed: 1,000 published, 0 lost, 0 twice, 30 redelivered'
        """
        always = ("published", "lost", "twice")
        told = [(name, getattr(self, name)) for name in (*always, "redelivered", "lagged", "torn")]
        counts = [f"{count:,} {name}" for name, count in told if count or (name in always and self.published)]
        return f"{self.name}: {', '.join([*counts, *filter(None, [self.note])])}"


@dataclass
class Verdict:
    """Collects scenarios.

    Examples
    --------
    >>> verdict = Verdict()
    >>> verdict.add(Scenario("killed", published=1000, redelivered=30))
    <BLANKLINE>
    killed: 1,000 published, 0 lost, 0 twice, 30 redelivered
    >>> verdict.vacuous()
    ['a lagging store', 'a torn tail']
    >>> verdict.line()
    'chaos: 0 lost, 0 twice of 1,000; 30 redelivered, 0 waited for a store, 0 torn or flipped files; 1 scenario'
    """

    scenarios: list[Scenario] = field(default_factory=list)

    def add(self, scenario: Scenario) -> None:
        """Take in what a scenario came to, and show it."""
        self.scenarios.append(scenario)
        print(f"\n{scenario.line()}")  # noqa: T201 - `make chaos` shows it while it goes on

    def judge(self, name: str, judgement: Judgement, *, lagged: int = 0, note: str = "") -> None:
        """Take in what came of a history, and fail where it does not hold."""
        twice = len({*judgement.twice, *judgement.returned})
        counted = judgement.published, len(judgement.lost), twice, judgement.redelivered
        self.add(Scenario(name, *counted, lagged=lagged, note=note))
        assert judgement.holds(), f"{name}: {_shortened(judgement)}"

    def vacuous(self) -> list[str]:
        """What none of them has met."""
        met = {
            "a redelivery": sum(one.redelivered for one in self.scenarios),
            "a lagging store": sum(one.lagged for one in self.scenarios),
            "a torn tail": sum(one.torn for one in self.scenarios),
        }
        return [what for what, count in met.items() if not count]

    def line(self) -> str:
        """The verdict."""
        published, lost, twice, redelivered, torn = (
            sum(getattr(one, part) for one in self.scenarios)
            for part in ("published", "lost", "twice", "redelivered", "torn")
        )
        lagged, count = max((one.lagged for one in self.scenarios), default=0), len(self.scenarios)
        return (
            f"chaos: {lost} lost, {twice} twice of {published:,}; {redelivered:,} redelivered, "
            f"{lagged:,} waited for a store, {torn:,} torn or flipped files; {count} scenario{'s' * (count != 1)}"
        )


def _shortened(judgement: Judgement) -> str:
    """A judgement with the first few of each list."""
    parts = judgement._asdict()
    lists = {name: part for name, part in parts.items() if isinstance(part, list)}
    others = {name: part for name, part in parts.items() if name not in lists}
    return f"{others}; { ({name: (len(part), part[:3]) for name, part in lists.items()}) }"
