"""The standards as dated data: one file an edition, laid out as it is printed, read strictly.

An edition is an argument, never a default: the same air has another index under another edition. Which one judges
data of a day is asked of `in_force`; `load` gives any edition for any data.
"""

from __future__ import annotations

import functools
import tomllib
from importlib import resources
from typing import TYPE_CHECKING, Literal, TypeVar, overload

import msgspec

from qingchuan.processing.standards.air_assessment import AirAssessment
from qingchuan.processing.standards.air_index import AirQualityIndex
from qingchuan.processing.standards.air_limits import AmbientAirLimits
from qingchuan.processing.standards.black_odorous import BlackOdorousWater
from qingchuan.processing.standards.city_ranking import CityAirRanking
from qingchuan.processing.standards.dust import DustRules
from qingchuan.processing.standards.edition import Edition, Family, Text
from qingchuan.processing.standards.heavy_pollution import HeavyPollutionWarning
from qingchuan.processing.standards.trophic import TrophicAssessment
from qingchuan.processing.standards.us_epa import UsAirQualityIndex
from qingchuan.processing.standards.water_limits import SurfaceWaterClasses
from qingchuan.processing.standards.water_ranking import CityWaterRanking
from qingchuan.processing.standards.water_rounding import WaterRounding
from qingchuan.processing.standards.water_sampling import WaterSampling
from qingchuan.processing.standards.water_status import WaterStatus
from qingchuan.processing.standards.water_warning import WarningScope, WaterWarning
from qingchuan.processing.standards.water_zones import FunctionZones

if TYPE_CHECKING:
    from datetime import date

__all__ = [
    "AirAssessment",
    "AirQualityIndex",
    "AmbientAirLimits",
    "BlackOdorousWater",
    "CityAirRanking",
    "CityWaterRanking",
    "DustRules",
    "Edition",
    "Family",
    "FunctionZones",
    "HeavyPollutionWarning",
    "SurfaceWaterClasses",
    "Text",
    "TrophicAssessment",
    "UnknownEdition",
    "UsAirQualityIndex",
    "WarningScope",
    "WaterRounding",
    "WaterSampling",
    "WaterStatus",
    "WaterWarning",
    "in_force",
    "load",
    "names",
]

_KINDS: dict[Family, type[Edition]] = {
    "hj633": AirQualityIndex,
    "hj663": AirAssessment,
    "gb3095": AmbientAirLimits,
    "gb3838": SurfaceWaterClasses,
    "hb2011_22": WaterStatus,
    "hb2016_120": DustRules,
    "cnemc2020_90": WaterRounding,
    "hb2020_82": WaterSampling,
    "sl395": FunctionZones,
    "trophic": TrophicAssessment,
    "hb2017_51": CityWaterRanking,
    "hb2018_19": CityAirRanking,
    "black_odorous": BlackOdorousWater,
    "yangtze": WaterWarning,
    "warning_scope": WarningScope,
    "heavy_pollution": HeavyPollutionWarning,
    "epa": UsAirQualityIndex,
}

_E = TypeVar("_E", bound=Edition)


class UnknownEdition(LookupError):  # noqa: N818 - says what happened, as all our errors do
    """There is no such edition, or none that covers the day."""


@functools.cache
def names() -> tuple[str, ...]:
    """Names of all editions.

    Examples
    --------
    >>> [name for name in names() if name.startswith("hj633")]
    ['hj633_2012', 'hj633_2026']
    """
    files = resources.files("qingchuan.processing.standards").iterdir()
    return tuple(sorted(file.name.removesuffix(".toml") for file in files if file.name.endswith(".toml")))


@overload
def load(name: str) -> Edition: ...
@overload
def load(name: str, kind: type[_E]) -> _E: ...
def load(name: str, kind: type[Edition] = Edition) -> Edition:
    """Edition of a name.

    Parameters
    ----------
    name : str
        Such as ``"hj633_2026"``.
    kind : type of Edition, optional
        What is expected, so that a wrong standard is refused here.

    Raises
    ------
    UnknownEdition
        There is none of this name and kind.

    Examples
    --------
    >>> load("hj633_2026", AirQualityIndex).document
    'HJ 633—2026'
    """
    fitting = [known for known in names() if issubclass(_KINDS[_family(known)], kind)]
    if name not in fitting:
        msg = f"the edition has the name {name!r}; known are {', '.join(fitting)} (processing/standards)"
        raise UnknownEdition(msg)
    return _read(name)


@overload
def in_force(family: Literal["hj633"], on: date) -> AirQualityIndex: ...
@overload
def in_force(family: Literal["hj663"], on: date) -> AirAssessment: ...
@overload
def in_force(family: Literal["gb3095"], on: date) -> AmbientAirLimits: ...
@overload
def in_force(family: Literal["hb2016_120"], on: date) -> DustRules: ...
@overload
def in_force(family: Literal["gb3838"], on: date) -> SurfaceWaterClasses: ...
@overload
def in_force(family: Literal["hb2011_22"], on: date) -> WaterStatus: ...
@overload
def in_force(family: Literal["cnemc2020_90"], on: date) -> WaterRounding: ...
@overload
def in_force(family: Literal["hb2020_82"], on: date) -> WaterSampling: ...
@overload
def in_force(family: Literal["sl395"], on: date) -> FunctionZones: ...
@overload
def in_force(family: Literal["trophic"], on: date) -> TrophicAssessment: ...
@overload
def in_force(family: Literal["hb2017_51"], on: date) -> CityWaterRanking: ...
@overload
def in_force(family: Literal["hb2018_19"], on: date) -> CityAirRanking: ...
@overload
def in_force(family: Literal["black_odorous"], on: date) -> BlackOdorousWater: ...
@overload
def in_force(family: Literal["yangtze"], on: date) -> WaterWarning: ...
@overload
def in_force(family: Literal["warning_scope"], on: date) -> WarningScope: ...
@overload
def in_force(family: Literal["heavy_pollution"], on: date) -> HeavyPollutionWarning: ...
@overload
def in_force(family: Literal["epa"], on: date) -> UsAirQualityIndex: ...
def in_force(family: Family, on: date) -> Edition:
    """Edition of a family that judges data of a day.

    Parameters
    ----------
    family : Family
    on : date
        Natural day of the data.

    Returns
    -------
    Edition
        Where the text of the edition in force is not at hand, the one before it, with `stands_in_for` set.

    Raises
    ------
    UnknownEdition
        No edition covers the day.

    Examples
    --------
    >>> from datetime import date
    >>> in_force("hj633", date(2026, 2, 28)).name, in_force("hj633", date(2026, 3, 1)).name
    ('hj633_2012', 'hj633_2026')
    >>> in_force("hj663", date(2026, 3, 1)).stands_in_for
    'HJ 663—2026'
    """
    for edition in _editions(family):
        if edition.covers(on):
            return edition
    msg = f"the day has the date {on}; editions are {_spans(family)}; name another edition to judge it all the same"
    raise UnknownEdition(msg)


@functools.cache
def _editions(family: Family) -> tuple[Edition, ...]:
    printed = [_read(name) for name in names() if _family(name) == family]
    standing_in = [_standing_in(edition) for edition in printed if isinstance(edition, AirAssessment)]
    return (*printed, *(edition for edition in standing_in if edition is not None))


def _standing_in(edition: AirAssessment) -> AirAssessment | None:
    if edition.stand_in is None:
        return None
    return msgspec.structs.replace(
        edition,
        in_force=edition.stand_in.in_force,
        in_force_until=None,
        applied_from=None,
        stands_in_for=edition.stand_in.document,
    )


def _spans(family: Family) -> str:
    return ", ".join(
        f"{edition.document} from {edition.applied_from or edition.in_force}" for edition in _editions(family)
    )


def _family(name: str) -> Family:
    return next(family for family in _KINDS if name.startswith(family))


@functools.cache
def _read(name: str) -> Edition:
    text = resources.files("qingchuan.processing.standards").joinpath(f"{name}.toml").read_text(encoding="utf-8")
    return msgspec.convert({"name": name, **tomllib.loads(text)}, _KINDS[_family(name)])
