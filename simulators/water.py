"""The water of the sections: what their instruments read on each full hour of a week."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from qingchuan.simulators.network import SimulatedSection
from qingchuan.simulators.noise import HOUR, WEEK_HOURS, FloatArray, decayed, generator, red_noise
from qingchuan.simulators.weather import Weather, usual_temperature, weather

ITEMS = ("temperature", "ph", "do", "conductivity", "turbidity", "codmn", "nh3n", "tp", "tn")
DECIMALS = (2, 2, 3, 1, 1, 3, 4, 4, 3)
ANALYSERS = ("codmn", "nh3n", "tp", "tn")
ANALYSER_HOURS = 4

_LEAD_HOURS = 144
_LEAST = np.array([0.1, 5.0, 0.2, 10.0, 0.3, 0.3, 0.002, 0.003, 0.1])[:, np.newaxis, np.newaxis]
_MOST = np.array([36.0, 9.8, 22.0, 45_000.0, 1200.0, 40.0, 25.0, 3.0, 30.0])[:, np.newaxis, np.newaxis]


class Pollution(NamedTuple):
    """How far pollution is at a section, each of shape (hours, sections) [-]; 0 is none, 1 reaches class Ⅴ.

    Attributes
    ----------
    sewage : ndarray of float64
        Eats oxygen, brings ammonia.
    runoff : ndarray of float64
        Brings phosphorus and turbidity from fields and streets.
    """

    sewage: FloatArray
    runoff: FloatArray


def measured(seed: int, week: int, sections: Sequence[SimulatedSection]) -> FloatArray:
    """Readings on each full hour of a week, of analysers as well.

    Parameters
    ----------
    seed : int
        Of the whole simulation.
    week : int
        Number of the week since 1970-01-01 UTC.
    sections : sequence of SimulatedSection

    Returns
    -------
    ndarray of float64, shape (9, 168, sections)
        In the order of `ITEMS`, not rounded (`as_sent` does). [℃, -, mg/L, µS/cm, NTU, mg/L …]

    Examples
    --------
    >>> from qingchuan.simulators.network import ningbo
    >>> measured(1, 2950, ningbo().sections).shape
    (9, 168, 9)
    """
    noise = red_noise(seed, "section", week, 6 * len(sections), 96.0).reshape(-1, 6, len(sections)).transpose(1, 0, 2)
    true = readings(weather(seed, week, _LEAD_HOURS), noise, pollution(seed, week, len(sections)), sections)
    return scattered(true, generator(seed, "instruments", week))


def scattered(true: FloatArray, rng: np.random.Generator) -> FloatArray:
    """What instruments make of `true` values, shape (9, times, sections): each reading is off by a little.

    Examples
    --------
    >>> off = scattered(np.full((9, 2, 1), 8.0), np.random.default_rng(1)) - 8.0
    >>> bool(0 < abs(off).max() < 1)
    True
    """
    return true * np.exp(_PRECISION * rng.standard_normal(true.shape))


_PRECISION = np.array([0.002, 0.008, 0.008, 0.005, 0.1, 0.02, 0.03, 0.02, 0.015])[:, np.newaxis, np.newaxis]
# Of pH and turbidity several of the last digit: with less the same value comes hour after hour, as of a faulty one.


def as_sent(values: FloatArray) -> FloatArray:
    """`values` rounded as the instruments give them; first axis in the order of `ITEMS`.

    Examples
    --------
    >>> float(as_sent(np.full((9, 1, 1), 7.123456))[2, 0, 0])
    7.123
    """
    return np.stack([np.round(item, decimals) for item, decimals in zip(values, DECIMALS, strict=True)])


def oxygen_saturation(temperature: FloatArray) -> FloatArray:
    """Dissolved oxygen of water in balance with the air [mg/L].

    Parameters
    ----------
    temperature : ndarray of float64, any shape
        [℃]

    References
    ----------
    .. [1] HJ 2.3-2018: ``468 / (31.6 + T)``.

    Examples
    --------
    >>> oxygen_saturation(np.array([9.4, 30.0])).round(2)
    array([11.41,  7.6 ])
    """
    return 468.0 / (31.6 + temperature)


def readings(
    before: Weather, noise: FloatArray, polluted: Pollution, sections: Sequence[SimulatedSection]
) -> FloatArray:
    """What instruments read at `sections`, shape (9, hours, sections).

    Parameters
    ----------
    before : Weather
        Of the hours, and of some days before them.
    noise : ndarray of float64, shape (6, hours, sections)
        Slow wandering of oxygen demand, pH, CODMn, NH₃-N, TP and TN; zero mean and unit variance.
    polluted : Pollution
    sections : sequence of SimulatedSection
    """
    demand_noise, ph_noise, *solute_noise = noise
    hours = noise.shape[1]
    temperature = _temperature(before)[-hours:]
    washed = decayed(before.rain, 16.0)[-hours:, np.newaxis] * _of(sections, "runoff") / 12.0
    green = _of(sections, "algae") * decayed(before.sunlight, 3.5)[-hours:, np.newaxis] * _growth(temperature)
    five = _five(temperature, green, washed, demand_noise, ph_noise, polluted, sections)
    five[3] *= 1.0 + _of(sections, "tide") * _tide(before.times)[-hours:, np.newaxis]
    solutes = _solutes(np.stack(solute_noise), washed, temperature, polluted, sections)
    kept: FloatArray = np.clip(np.concatenate([five, solutes]), _LEAST, _MOST)
    return kept


def pollution(seed: int, week: int, sections: int) -> Pollution:
    """Slugs of polluted water in a week: rare, some hours to two days long, and gone when the week ends.

    Examples
    --------
    >>> pollution(1, 2950, 9).sewage.shape
    (168, 9)
    """
    rng = generator(seed, "pollution", week)
    happens = rng.random((2, sections)) < _SLUGS_A_WEEK
    begins = rng.uniform(2, 110, (2, sections))
    length = rng.uniform(8, 40, (2, sections))
    strength = 0.5 + rng.exponential(0.55, (2, sections))
    passed = (np.arange(WEEK_HOURS)[:, np.newaxis, np.newaxis] - begins) / length
    shape = np.where((passed > 0) & (passed < 1), np.sin(np.pi * np.clip(passed, 0, 1)) ** 2, 0.0)
    sewage, runoff = (happens * strength * shape).transpose(1, 0, 2)
    return Pollution(sewage, runoff)


_SLUGS_A_WEEK = np.array([0.055, 0.03])[:, np.newaxis]


def contaminated(clean: FloatArray, sewage: FloatArray) -> FloatArray:
    """Readings when a slug of sewage mixes in: oxygen goes, ammonia and organic matter come.

    Parameters
    ----------
    clean : ndarray of float64, shape (9, ...)
        In the order of `ITEMS`.
    sewage : ndarray of float64, shape (...)
        0 = none, 1 = as much as the river carries. [-]

    Examples
    --------
    >>> clean = np.array([20.0, 8.2, 8.0, 900.0, 12.0, 5.0, 0.1, 0.05, 2.0])
    >>> contaminated(clean, np.array(1.0)).round(2).tolist()
    [20.0, 7.53, 1.52, 900.0, 24.0, 9.5, 2.7, 0.28, 4.6]
    """
    mixed = np.array(clean)
    mixed[1] += sewage * 0.35 * (6.3 - clean[1])
    mixed[2] *= np.exp(-1.66 * sewage)
    mixed[4] *= 1.0 + sewage
    mixed[5] *= 1.0 + 0.9 * sewage
    for item, added in ((6, 2.6), (7, 0.23), (8, 2.6)):
        mixed[item] += added * sewage
    return np.clip(mixed, _LEAST.reshape((9,) + (1,) * (mixed.ndim - 1)), None)


def analyser_hour(times: npt.NDArray[np.int64]) -> npt.NDArray[np.bool_]:
    """Whether the analysers read at `times`: at 0:00, 4:00, 8:00 … Beijing time.

    Examples
    --------
    >>> analyser_hour(np.array([0, 4 * 3600, 5 * 3600]))
    array([ True,  True, False])
    """
    whole: npt.NDArray[np.bool_] = times % (ANALYSER_HOURS * HOUR) == 0
    return whole


def _of(sections: Sequence[SimulatedSection], field: str) -> FloatArray:
    return np.array([getattr(section, field) for section in sections], dtype=np.float64)


def _temperature(sky: Weather) -> FloatArray:
    # Water follows the season by some ten days, and the day by some hours.
    season = 18.4 - 10.6 * np.cos(sky.season - 2 * np.pi * 30 / 365)
    unusual = decayed(sky.temperature - usual_temperature(sky.season), 30.0) / 30.0
    return np.maximum(season + 0.65 * unusual + 0.5 * np.cos(2 * np.pi * (sky.hour - 17) / 24), 4.0)


def _growth(temperature: FloatArray) -> FloatArray:
    growth: FloatArray = np.exp(0.045 * (temperature - 20.0))[:, np.newaxis]
    return growth


def _tide(times: npt.NDArray[np.int64]) -> FloatArray:
    hours = times / HOUR
    # Semidiurnal, with springs and neaps.
    return np.sin(2 * np.pi * hours / 12.42) * (1 + 0.35 * np.cos(2 * np.pi * hours / 354.4))


def _five(
    temperature: FloatArray,
    green: FloatArray,
    washed: FloatArray,
    demand_noise: FloatArray,
    ph_noise: FloatArray,
    polluted: Pollution,
    sections: Sequence[SimulatedSection],
) -> FloatArray:
    water = temperature[:, np.newaxis] + _of(sections, "warmth") + 0.3 * ph_noise
    demand = _of(sections, "demand") * 1.06 ** (water - 20.0) * np.exp(0.25 * demand_noise)
    oxygen = oxygen_saturation(water) * (1.0 - np.minimum(demand, 0.75)) + 1.1 * green - 0.5 * np.minimum(washed, 2.0)
    ph = _of(sections, "ph") + 0.28 * green + 0.1 * ph_noise - 0.08 * np.minimum(washed, 2.0)
    turbidity = _of(sections, "turbidity") * np.exp(0.18 * ph_noise) * (1.0 + 5.0 * washed + 4.0 * polluted.runoff)
    conductivity = _of(sections, "conductivity") * np.exp(0.05 * demand_noise) / (1.0 + 0.35 * washed)
    oxygen = np.maximum(oxygen, 0.4) * np.exp(-1.4 * polluted.sewage)
    return np.stack([water, ph, oxygen, conductivity, turbidity])


def _solutes(
    noise: FloatArray,
    washed: FloatArray,
    temperature: FloatArray,
    polluted: Pollution,
    sections: Sequence[SimulatedSection],
) -> FloatArray:
    # In the order CODMn, NH3-N, TP, TN: how far each wanders, how much rain and slugs add, and how winter changes it.
    wander, rain = (
        np.array(told)[:, np.newaxis, np.newaxis] for told in ((0.13, 0.35, 0.2, 0.15), (0.25, 0.6, 0.6, 0.4))
    )
    median = np.stack([_of(sections, item) for item in ANALYSERS])[:, np.newaxis, :]
    cold = np.exp(np.array([-0.008, 0.02, -0.012, 0.012])[:, np.newaxis] * (19.0 - temperature))[:, :, np.newaxis]
    usual = median * cold * np.exp(wander * noise) * (1.0 + rain * np.minimum(washed, 2.5))
    sewage = np.array([3.0, 2.1, 0.18, 2.2])[:, np.newaxis, np.newaxis] * polluted.sewage
    runoff = np.array([3.5, 0.3, 0.33, 1.5])[:, np.newaxis, np.newaxis] * polluted.runoff
    return usual + sewage + runoff
