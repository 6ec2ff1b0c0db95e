"""The simulated stations and sections, read from ``ningbo.toml``."""

from __future__ import annotations

from importlib.resources import files

import msgspec

from qingchuan.store.subjects import AirStation, City, Name, Section, Subject, WaterBody


class SimulatedCity(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The city that is simulated; `id` is its code of GB/T 2260."""

    id: str
    name: Name


class SimulatedAirStation(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """An air station and its surroundings.

    Attributes
    ----------
    id : str
        Of the subject; the national code of the station.
    name : Name
    longitude, latitude : float
        [°]
    traffic, industry, dust : float
        Emissions around it, 1 = mean of the city. [-]
    minute : int
        How long after the full hour it sends. [min]
    """

    id: str
    name: Name
    longitude: float
    latitude: float
    traffic: float
    industry: float
    dust: float
    minute: int


class SimulatedSection(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A section and the character of its water.

    Attributes
    ----------
    id : str
        Of the subject.
    name, river : Name
        The river is left out where it is not known for sure.
    water_body : {"river", "lake"}
    target_class : int
        Class that it is held to, 3 for Ⅲ; made up. [-]
    conductivity, turbidity, codmn, nh3n, tp, tn : float
        Medians in dry weather. [µS/cm, NTU, mg/L]
    ph : float
        At night in winter. [-]
    demand : float
        Share of the oxygen of saturation that is used up at 20 ℃. [-]
    algae, runoff : float
        How strongly sunlight and rain show, about 1 at the most. [-]
    tide : float
        Share of the conductivity that comes and goes with the tide. [-]
    warmth : float
        How much warmer than the others it is. [℃]
    minute : int
        How long after the full hour it sends. [min]
    """

    id: str
    name: Name
    water_body: WaterBody
    target_class: int
    conductivity: float
    turbidity: float
    ph: float
    codmn: float
    nh3n: float
    tp: float
    tn: float
    demand: float
    algae: float
    runoff: float
    tide: float
    warmth: float
    minute: int
    river: Name | None = None


class Network(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A city with its air stations and sections.

    Attributes
    ----------
    city : SimulatedCity
    air : tuple of SimulatedAirStation
    sections : tuple of SimulatedSection
    """

    city: SimulatedCity
    air: tuple[SimulatedAirStation, ...]
    sections: tuple[SimulatedSection, ...]

    def subjects(self) -> dict[str, Subject]:
        """What each subject announces itself as, by its id; all of them simulated.

        Examples
        --------
        >>> ningbo().subjects()["1235A"].name.zh
        '万里学院'
        """
        subjects: dict[str, Subject] = {self.city.id: City(self.city.name, simulated=True)}
        for station in self.air:
            subjects[station.id] = AirStation(
                station.name, self.city.id, station.longitude, station.latitude, simulated=True
            )
        for section in self.sections:
            subjects[section.id] = Section(
                section.name, section.water_body, section.river, self.city.id, section.target_class, simulated=True
            )
        return subjects


def ningbo() -> Network:
    """Ningbo (宁波): 8 national air stations and 9 national sections.

    Examples
    --------
    >>> len(ningbo().air), len(ningbo().sections)
    (8, 9)
    """
    text = files("qingchuan.simulators").joinpath("ningbo.toml").read_bytes()
    return msgspec.toml.decode(text, type=Network)
