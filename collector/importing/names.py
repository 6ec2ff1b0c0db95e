"""Whom a file means: by the ids of the mapping, by our own ids, by names that were announced, by cities' codes."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping

from qingchuan.collector.refusal import RefusedError
from qingchuan.processing.air import key_cities
from qingchuan.store.subjects import Subject

_CITY = "市"


class Names:
    """Finds ids.

    Parameters
    ----------
    ids : mapping of str to str
        Our id for texts of the file.
    subjects : mapping of str to Subject
        Those that are announced.

    Examples
    --------
    >>> Names({}, {})("宁波市"), Names({"A": "dazha"}, {})("A"), Names({}, {})("nobody")
    ('330200', 'dazha', 'nobody')
    """

    def __init__(self, ids: Mapping[str, str], subjects: Mapping[str, Subject]) -> None:
        self._ids = ids
        self._subjects = subjects
        self._named: dict[str, set[str]] = defaultdict(set)
        for identity, subject in subjects.items():
            for name in (subject.name.zh, subject.name.en):
                self._named[name.casefold()].add(identity)
        for city in key_cities.ever():
            for name in (city.name.zh, f"{city.name.zh}{_CITY}"):
                self._named[name].add(city.code)

    def __call__(self, text: str) -> str:
        """The id for a text; the text itself where nothing is known by it.

        Raises
        ------
        RefusedError
            It is empty, or the name of several.
        """
        name = text.strip()
        if name in self._ids:
            return self._ids[name]
        if name in self._subjects:
            return name
        found = self._named.get(name.casefold(), set())
        if len(found) > 1:
            which = ", ".join(sorted(found))
            reason = f"{name!r} is the name of {which}; say in [subject.ids] of the mapping which is meant"
            raise RefusedError("unknown-subject", reason)
        if not name:
            raise RefusedError("unknown-subject", "no subject is named; an id or a name would do")
        return next(iter(found), name)
