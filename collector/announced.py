"""What subjects told about themselves, and which of it is news."""

from __future__ import annotations

from qingchuan.store.subjects import Subject


class Announced:
    """What subjects announced.

    Parameters
    ----------
    subjects : dict of str to Subject
        Those that were announced so far, as they are now; kept up to date here.
    told : set of (str, Subject)
        All that subjects had announced so far.

    Examples
    --------
    >>> from qingchuan.store.subjects import City, Name
    >>> announced = Announced({}, set())
    >>> [announced.hear("330200", City(Name("宁波", "Ningbo")), retained=True) for _ in range(2)]
    [True, False]
    """

    def __init__(self, subjects: dict[str, Subject], told: set[tuple[str, Subject]]) -> None:
        self.subjects = subjects
        self._told = told
        self._session_present = True

    def connected(self, *, session_present: bool) -> None:
        """Go by whether the broker kept the session of the connection from which announcements come now."""
        self._session_present = session_present

    def hear(self, subject: str, told: Subject, *, retained: bool) -> bool:
        """Take what `subject` told about itself; whether it is news.

        A broker that kept the session repeats retained messages too, after newer ones: what was announced before is
        then old. Without a session nothing is repeated, and what the broker retains is the newest.
        """
        is_old = retained and self._session_present and (subject, told) in self._told
        if is_old or self.subjects.get(subject) == told:
            return False
        self.know(subject, told)
        return True

    def know(self, subject: str, told: Subject) -> None:
        """Go by `told` from now on."""
        self.subjects[subject] = told
        self._told.add((subject, told))
