"""What subjects told about themselves, and which of it is news."""

from __future__ import annotations

from qingchuan.collector.sessions import Sessions
from qingchuan.store.subjects import Subject


class Announced:
    """What subjects announced.

    Parameters
    ----------
    subjects : dict of str to Subject
        Those that were announced so far, as they are now; kept up to date here.
    told : set of (str, Subject)
        All that subjects had announced so far.
    sessions : Sessions or None
        None where nothing that is heard is repeated by a broker, as in what is applied again.

    Examples
    --------
    >>> from qingchuan.store.subjects import City, Name
    >>> announced = Announced({}, set(), Sessions())
    >>> [announced.hear("330200", City(Name("宁波", "Ningbo")), retained_for="collector") for _ in range(2)]
    [True, False]
    """

    def __init__(self, subjects: dict[str, Subject], told: set[tuple[str, Subject]], sessions: Sessions | None) -> None:
        self.subjects = subjects
        self._told = told
        self._sessions = sessions

    def hear(self, subject: str, told: Subject, *, retained_for: str | None) -> bool:
        """Take what `subject` told about itself; whether it is news. A retained message names the client it came to.

        A broker that kept the session repeats retained messages too, after newer ones: what was announced before is
        then old. Without a session nothing is repeated, and what the broker retains is the newest.
        """
        if self.subjects.get(subject) == told:
            return False
        if (subject, told) in self._told and self._is_repeated_for(retained_for):
            return False
        self.know(subject, told)
        return True

    def know(self, subject: str, told: Subject) -> None:
        """Go by `told` from now on."""
        self.subjects[subject] = told
        self._told.add((subject, told))

    def _is_repeated_for(self, client: str | None) -> bool:
        return client is not None and self._sessions is not None and self._sessions.is_present(client)
