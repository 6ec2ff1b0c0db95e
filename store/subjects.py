"""Who is observed: air stations, sections, sites and cities, as their announcements tell it."""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec

from qingchuan.processing.catalogue import Domain

LevelOfControl = Literal["national", "provincial", "municipal"]
WaterBody = Literal["river", "lake"]
Purpose = Literal["voc", "dust", "outfall", "weather"]


PlaceCode = Annotated[str, msgspec.Meta(pattern=r"^[0-9]{6}$")]
Longitude = Annotated[float, msgspec.Meta(ge=-180, le=180)]
Latitude = Annotated[float, msgspec.Meta(ge=-90, le=90)]
TargetClass = Annotated[int, msgspec.Meta(ge=1, le=5)]
Word = Annotated[str, msgspec.Meta(max_length=200)]


class Name(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A name in Chinese and in English.

    Examples
    --------
    >>> Name("宁波", "Ningbo").en
    'Ningbo'
    """

    zh: Word
    en: Word


class AirStation(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag_field="kind", tag="air-station"):
    """An air station (空气站).

    Attributes
    ----------
    name : Name
    city : str
        Six digits of GB/T 2260 of the city whose air it is evaluated for.
    longitude, latitude : float or None
        [°]
    level_of_control : {"national", "provincial", "municipal"}
        国控, 省控 or 市控.
    evaluated : bool
        Whether it counts in the values of its city (HJ 663: 城市点, not regional, background or roadside).
    simulated : bool
        Whether its readings are made up.
    """

    name: Name
    city: PlaceCode
    longitude: Longitude | None = None
    latitude: Latitude | None = None
    level_of_control: LevelOfControl = "national"
    evaluated: bool = True
    simulated: bool = False


class Section(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag_field="kind", tag="section"):
    """A section of a river, or a point of a lake or reservoir (断面).

    Attributes
    ----------
    name : Name
    water_body : {"river", "lake"}
        Which column of GB 3838 total phosphorus is judged by; never guessed from a name.
    river : Name or None
        The water it lies on.
    city : str or None
        Six digits of GB/T 2260.
    target_class : int or None
        The class it is to keep, 1 to 5 for Ⅰ to Ⅴ.
    longitude, latitude : float or None
        [°]
    level_of_control : {"national", "provincial", "municipal"}
        国控, 省控 or 市控.
    simulated : bool
        Whether its readings are made up.
    """

    name: Name
    water_body: WaterBody
    river: Name | None = None
    city: PlaceCode | None = None
    target_class: TargetClass | None = None
    longitude: Longitude | None = None
    latitude: Latitude | None = None
    level_of_control: LevelOfControl = "national"
    simulated: bool = False


class Site(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag_field="kind", tag="site"):
    """A site (监控点位): what an enterprise, a park or a builder is watched by, or where the weather is measured.

    Attributes
    ----------
    name : Name
    purpose : {"voc", "dust", "outfall", "weather"}
        Boundary of a park or an enterprise (厂界), building site (工地), outfall (排污口) or weather station (气象站).
    operator : Name or None
        Whose site it is.
    city : str or None
        Six digits of GB/T 2260.
    longitude, latitude : float or None
        [°]
    simulated : bool
        Whether its readings are made up.
    """

    name: Name
    purpose: Purpose
    operator: Name | None = None
    city: PlaceCode | None = None
    longitude: Longitude | None = None
    latitude: Latitude | None = None
    simulated: bool = False


class City(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag_field="kind", tag="city"):
    """A city; its subject id is the six digits of GB/T 2260.

    Attributes
    ----------
    name : Name
    simulated : bool
        Whether its readings are made up.
    """

    name: Name
    simulated: bool = False


Subject = AirStation | Section | Site | City
Kind = Literal["air-station", "section", "site", "city"]

_KINDS: dict[type[Subject], Kind] = {
    AirStation: "air-station",
    Section: "section",
    Site: "site",
    City: "city",
}
_DOMAINS: dict[Kind, tuple[Domain, ...]] = {
    "air-station": ("air", "air_other", "voc", "weather"),
    "section": ("water", "water_other", "weather", "water_source"),
    "city": ("air",),
}
_SITE_DOMAINS: dict[Purpose, tuple[Domain, ...]] = {
    "voc": ("voc", "weather"),
    "dust": ("dust", "weather"),
    "outfall": ("outfall", "weather"),
    "weather": ("weather",),
}
_decoder = msgspec.json.Decoder(Subject)


def parse_subject(announcement: bytes) -> Subject:
    r"""The subject that an `announcement` (JSON) describes.

    Raises
    ------
    msgspec.ValidationError
        A field is missing, unknown or has a wrong type; the message names it.
    msgspec.DecodeError
        The announcement is not JSON.

    Examples
    --------
    >>> parse_subject(b'{"kind": "city", "name": {"zh": "\xe5\xae\x81\xe6\xb3\xa2", "en": "Ningbo"}}').name.en
    'Ningbo'
    """
    subject: Subject = _decoder.decode(announcement)
    return subject


def kind_of(subject: Subject) -> Kind:
    """The kind of a subject, as announcements name it.

    Examples
    --------
    >>> kind_of(parse_subject(b'{"kind": "city", "name": {"zh": "", "en": ""}}'))
    'city'
    """
    return _KINDS[type(subject)]


def domains_of(subject: Subject) -> tuple[Domain, ...]:
    """Where the items belong that a subject tells.

    Examples
    --------
    >>> domains_of(Site(Name("", ""), purpose="outfall"))
    ('outfall', 'weather')
    """
    return _SITE_DOMAINS[subject.purpose] if isinstance(subject, Site) else _DOMAINS[kind_of(subject)]
