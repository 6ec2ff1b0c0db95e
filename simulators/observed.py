"""What the stations of a network observe in a week, with everything that goes wrong, ready to be sent."""

from __future__ import annotations

from functools import lru_cache
from typing import Literal, NamedTuple

import msgspec
import numpy as np
import numpy.typing as npt

from qingchuan.simulators import air, water
from qingchuan.simulators.faults import Faults, disturb, spoiled
from qingchuan.simulators.incident import Incident, extra_times, sewage
from qingchuan.simulators.network import Network
from qingchuan.simulators.noise import HOUR, FloatArray, generator, week_of, week_times, weeks_between
from qingchuan.simulators.numbers import Counted, numbers, struck

MessageKind = Literal["hour", "reading"]

_MINUTE = 60
_SECONDS_TO_SEND = 5
_WEEKS_KEPT = 16


class Simulation(msgspec.Struct, frozen=True):
    """What decides all that is simulated; with the same values the same is observed at the same time.

    Attributes
    ----------
    network : Network
    seed : int
        Not negative.
    faults : Faults
    incident : Incident, optional
    """

    network: Network
    seed: int = 5
    faults: Faults = Faults()
    incident: Incident | None = None


class Observed(NamedTuple):
    """Observations of one kind, T times at S subjects with I items.

    Attributes
    ----------
    message : {"hour", "reading"}
        Kind of message that tells them.
    subjects : tuple of str
    items : tuple of str
    decimals : tuple of int
        That each item is written with.
    times : ndarray of int64, shape (T,)
        Starts of the hours, or instants. [s since 1970-01-01 UTC]
    values : ndarray of float64, shape (I, T, S)
        Rounded to `decimals`.
    told : ndarray of bool, shape (I, T, S)
        Whether the station sends the item.
    flags : ndarray of uint8, shape (I, T, S)
        3 suspect, 4 bad, 0 where nothing is said.
    sent : ndarray of int64, shape (T, S)
        When the message goes out. [s since 1970-01-01 UTC]
    repeated : ndarray of bool, shape (T, S)
        Whether it goes out twice.
    number : ndarray of int64, shape (T, S)
        Sequence number of the message at its station.
    """

    message: MessageKind
    subjects: tuple[str, ...]
    items: tuple[str, ...]
    decimals: tuple[int, ...]
    times: npt.NDArray[np.int64]
    values: FloatArray
    told: npt.NDArray[np.bool_]
    flags: npt.NDArray[np.uint8]
    sent: npt.NDArray[np.int64]
    repeated: npt.NDArray[np.bool_]
    number: npt.NDArray[np.int64]


@lru_cache(maxsize=_WEEKS_KEPT)
def air_hours(simulation: Simulation, week: int) -> Observed:
    """Hourly air of a week.

    Examples
    --------
    >>> from qingchuan.simulators.network import ningbo
    >>> air_hours(Simulation(ningbo()), 2950).values.shape
    (6, 168, 8)
    """
    stations = simulation.network.air
    values = air.measured(simulation.seed, week, stations)
    minutes = [station.minute for station in stations]
    subjects = tuple(station.id for station in stations)
    due = np.ones(values.shape, dtype=np.bool_)
    return _observed("hour", simulation, week, subjects, minutes, values, due)


@lru_cache(maxsize=_WEEKS_KEPT)
def water_readings(simulation: Simulation, week: int) -> Observed:
    """Readings on the full hours of a week, with the incident.

    Examples
    --------
    >>> from qingchuan.simulators.network import ningbo
    >>> water_readings(Simulation(ningbo()), 2950).values.shape
    (9, 168, 9)
    """
    sections = simulation.network.sections
    clean = water.measured(simulation.seed, week, sections)
    due = np.ones(clean.shape, dtype=np.bool_)
    due[[item in water.ANALYSERS for item in water.ITEMS]] = water.analyser_hour(week_times(week))[:, None]
    minutes = [section.minute for section in sections]
    subjects = tuple(section.id for section in sections)
    usual = _observed("reading", simulation, week, subjects, minutes, water.as_sent(clean), due)
    return usual if simulation.incident is None else _struck(usual, clean, simulation.incident)


@lru_cache(maxsize=1)
def extra_readings(simulation: Simulation) -> tuple[Observed, ...]:
    """Readings between the full hours while the incident lasts; none without one.

    Examples
    --------
    >>> from qingchuan.simulators.network import ningbo
    >>> (extra,) = extra_readings(Simulation(ningbo(), incident=Incident(begins=1_795_564_860)))
    >>> extra.subjects, extra.values.shape
    (('ningbo-sizaopu-zha',), (9, 119, 1))
    """
    incident = simulation.incident
    if incident is None:
        return ()
    times = extra_times(incident)
    clean = _between_hours(simulation, incident.section, times)
    true = water.contaminated(clean, sewage(incident, times)[:, None])
    polluted = water.scattered(true, generator(simulation.seed, "incident", week_of(incident.begins)))
    extra = Observed(
        "reading",
        (incident.section,),
        water.ITEMS,
        water.DECIMALS,
        times,
        water.as_sent(polluted),
        np.ones(polluted.shape, dtype=np.bool_),
        np.zeros(polluted.shape, dtype=np.uint8),
        (times + _SECONDS_TO_SEND)[:, None],
        np.zeros((len(times), 1), dtype=np.bool_),
        (_hourly_before(simulation, incident.section, times) + np.arange(1, len(times) + 1))[:, None],
    )
    return (extra,)


def _observed(
    message: MessageKind,
    simulation: Simulation,
    week: int,
    subjects: tuple[str, ...],
    minutes: list[int],
    values: FloatArray,
    due: npt.NDArray[np.bool_],
) -> Observed:
    items, decimals = (air.ITEMS, air.DECIMALS) if message == "hour" else (water.ITEMS, water.DECIMALS)
    wrong = disturb(generator(simulation.seed, f"{message}-faults", week), simulation.faults, len(items), len(subjects))
    told = due & ~wrong.missing & ~wrong.silent & ~wrong.lost
    times = week_times(week)
    return Observed(
        message,
        subjects,
        items,
        decimals,
        times,
        _rounded(spoiled(values, wrong.flags), decimals),
        told,
        np.where(told, wrong.flags, 0).astype(np.uint8),
        _sent(message, simulation.seed, week, minutes) + wrong.delay,
        wrong.repeated,
        numbers(_counted(simulation, message, subjects), week),
    )


def _counted(simulation: Simulation, message: MessageKind, subjects: tuple[str, ...]) -> Counted:
    return Counted(message, subjects, simulation.seed, simulation.faults, simulation.incident)


def _hourly_before(simulation: Simulation, section: str, times: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
    """Number of the last hourly reading of a section before each of `times`, the extra ones not counted."""
    subjects = tuple(known.id for known in simulation.network.sections)
    weeks = weeks_between(int(times[0]), int(times[-1]) + 1)
    counted = np.concatenate([numbers(_counted(simulation, "reading", subjects), week) for week in weeks])
    place = (times - week_times(weeks[0])[0]) // HOUR
    found: npt.NDArray[np.int64] = counted[place, subjects.index(section)]
    return found


def _sent(message: MessageKind, seed: int, week: int, minutes: list[int]) -> npt.NDArray[np.int64]:
    ready = week_times(week) + (HOUR if message == "hour" else 0)
    rng = generator(seed, f"{message}-jitter", week)
    jitter: npt.NDArray[np.int64] = rng.integers(0, _MINUTE, (len(ready), len(minutes)))
    sent: npt.NDArray[np.int64] = ready[:, None] + _MINUTE * np.array(minutes, dtype=np.int64) + jitter
    return sent


def _rounded(values: FloatArray, decimals: tuple[int, ...]) -> FloatArray:
    return np.stack([np.round(item, places) for item, places in zip(values, decimals, strict=True)])


def _struck(usual: Observed, clean: FloatArray, incident: Incident) -> Observed:
    """`usual` readings; during the incident all items, without faults, of the `clean` water with its sewage."""
    here = np.array([subject == incident.section for subject in usual.subjects])
    during = struck(incident, usual.subjects, usual.times)
    polluted = water.as_sent(water.contaminated(clean, sewage(incident, usual.times)[:, None]))
    between = np.searchsorted(extra_times(incident), usual.times)[:, None] * here
    return usual._replace(
        values=np.where(during, polluted, usual.values),
        told=usual.told | during,
        flags=np.where(during, 0, usual.flags).astype(np.uint8),
        sent=np.where(during, usual.times[:, None] + _SECONDS_TO_SEND, usual.sent),
        repeated=usual.repeated & ~during,
        number=usual.number + between,
    )


def _between_hours(simulation: Simulation, section: str, times: npt.NDArray[np.int64]) -> FloatArray:
    sections = [known for known in simulation.network.sections if known.id == section]
    if not sections:
        raise ValueError(
            f"the incident has the section {section!r}; "
            f"known are {', '.join(known.id for known in simulation.network.sections)} (simulators/ningbo.toml)"
        )
    place = simulation.network.sections.index(sections[0])
    weeks = weeks_between(int(times[0]), int(times[-1]) + 2 * HOUR)
    grid = np.concatenate([week_times(week) for week in weeks])
    hourly = [water.measured(simulation.seed, week, simulation.network.sections)[:, :, place] for week in weeks]
    return np.stack([np.interp(times, grid, item) for item in np.concatenate(hourly, axis=1)])[:, :, None]
