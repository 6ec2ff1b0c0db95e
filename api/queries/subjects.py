"""Who is observed, and who of them belongs together."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import TypeVar

from qingchuan.api.problems import ProblemError
from qingchuan.api.services import Services
from qingchuan.store.subjects import AirStation, City, Section, Site, Subject, kind_of

_S = TypeVar("_S", AirStation, City, Section, Site)

_MOST_NAMED = 10
_ROUTES = {
    AirStation: "/api/v1/stations/{}/hours",
    City: "/api/v1/cities/{}/days",
    Section: "/api/v1/sections/{}/classes",
    Site: "/api/v1/sites/{}/hours",
}


def of_kind(subjects: Mapping[str, Subject], kind: type[_S]) -> dict[str, _S]:
    """Those of `subjects` that are of a kind."""
    return {name: subject for name, subject in subjects.items() if isinstance(subject, kind)}


def evaluated_for(subjects: Mapping[str, Subject], city: str) -> list[str]:
    """Ids of the air stations whose mean is the air of `city`."""
    stations = of_kind(subjects, AirStation)
    return [name for name, station in stations.items() if station.city == city and station.evaluated]


def is_simulated(subjects: Mapping[str, Subject], city: str) -> bool:
    """Whether anything in the figures of `city` is made up."""
    return any_simulated(subjects, [city, *evaluated_for(subjects, city)])


def evaluated_by_city(subjects: Mapping[str, Subject]) -> Mapping[str, list[str]]:
    """For every city the ids that `evaluated_for` has; an empty list for one without stations."""
    stations: defaultdict[str, list[str]] = defaultdict(list)
    for name, station in of_kind(subjects, AirStation).items():
        if station.evaluated:
            stations[station.city].append(name)
    return stations


def any_simulated(subjects: Mapping[str, Subject], names: Iterable[str]) -> bool:
    """Whether anything of those of `names` that are known is made up."""
    return any(subjects[name].simulated for name in names if name in subjects)


def find(services: Services, name: str, kind: type[_S], at: int) -> tuple[_S, dict[str, Subject]]:
    """The subject `name`, and all subjects as they were after message `at`.

    Raises
    ------
    ProblemError
        There is none of that name, or it is of another kind.
    """
    subjects = services.state.subjects(as_of=at)
    found = subjects.get(name)
    if isinstance(found, kind):
        return found, subjects
    would_do = _would_do(name, found, of_kind(subjects, kind), kind)
    detail = would_do + (_announcing(services, name) if found is None else "")
    raise ProblemError(404, "unknown-subject", detail, name=name, word=str(kind.__struct_config__.tag))


def _announcing(services: Services, name: str) -> str:
    """How a subject becomes known: that its stations do does not make a city known."""
    return f"; whoever is not among them announces itself on the topic {services.prefix}/{name}/station (docs/mqtt.md)"


def _would_do(name: str, found: Subject | None, known: Mapping[str, Subject], kind: type[Subject]) -> str:
    word = str(kind.__struct_config__.tag)
    if found is not None:
        return f"{name!r} is no {word} but a {kind_of(found)}; {_ROUTES[type(found)].format(name)} answers about it"
    ids = ", ".join(list(known)[:_MOST_NAMED]) or "none so far"
    return f"the {word} has the id {name!r}; known are {ids}; /api/v1/stations?kind={word} lists them all"
