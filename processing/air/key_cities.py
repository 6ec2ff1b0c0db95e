"""The key cities that are ranked every month (重点城市), and the regions they are told by: both change with the day."""

from __future__ import annotations

import functools
import tomllib
from datetime import date
from importlib import resources

import msgspec

from qingchuan.processing.standards.edition import Text


class KeyCity(msgspec.Struct, frozen=True):
    """A key city on a day.

    Attributes
    ----------
    code : str
        Six digits of GB/T 2260; a name in pinyin is no key: two cities are called Suzhou, and two Taizhou.
    name : Text
        In Chinese, and in pinyin.
    region : Text or None
        That it is told by on the day; None where it lies in no key region.
    """

    code: str
    name: Text
    region: Text | None


class _Row(msgspec.Struct, frozen=True, forbid_unknown_fields=True, array_like=True):
    """A city: code, names, its region in each scheme ("" for none), and the first day that it is ranked no longer."""

    code: str
    zh: str
    pinyin: str
    regions: tuple[str, ...]
    ranked_until: date | None = None


class _Scheme(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Regions that hold from a day until the next scheme does."""

    name: Text
    in_force: date
    regions: dict[str, Text]


class _File(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    ranked_from: date
    cities: tuple[_Row, ...]
    schemes: tuple[_Scheme, ...]

    def __post_init__(self) -> None:
        codes = [row.code for row in self.cities]
        twice = sorted({code for code in codes if codes.count(code) > 1})
        if twice:
            raise ValueError(f"the key cities have {', '.join(twice)} twice; each code stands once")
        for row in self.cities:
            if len(row.regions) != len(self.schemes):
                raise ValueError(f"{row.code} {row.zh} has {len(row.regions)} regions; {len(self.schemes)} would do")
            for region, scheme in zip(row.regions, self.schemes, strict=True):
                if region and region not in scheme.regions:
                    known = ", ".join(scheme.regions)
                    raise ValueError(f"{row.code} {row.zh} has the region {region!r}; {scheme.name.en} has {known}")


def on(day: date) -> tuple[KeyCity, ...]:
    """Key cities of a day, ordered by their code.

    Parameters
    ----------
    day : date
        For a period its last one.

    Returns
    -------
    tuple of KeyCity
        Empty before July 2018: the 74 cities that were ranked then are not in the table.

    Notes
    -----
    莱芜 (Laiwu) became part of 济南 (Jinan) in January 2019. A region is that of the scheme in force on the day.

    References
    ----------
    .. [1] The ministry's announcement of 2018-07-22; 国发〔2023〕24号 for the key regions since 2024.

    Examples
    --------
    >>> len(on(date(2018, 12, 31))), len(on(date(2019, 1, 1))), on(date(2018, 6, 30))
    (169, 168, ())
    >>> next(city for city in on(date(2026, 11, 1)) if city.name.zh == "宁波")
    KeyCity(code='330200', name=Text(zh='宁波', en='Ningbo'), region=Text(zh='长三角', en='Yangtze River Delta'))
    """
    table = _table()
    if day < table.ranked_from:
        return ()
    number = max(sum(scheme.in_force <= day for scheme in table.schemes) - 1, 0)
    scheme = table.schemes[number]
    return tuple(
        KeyCity(row.code, Text(row.zh, row.pinyin), scheme.regions.get(row.regions[number]))
        for row in table.cities
        if row.ranked_until is None or day < row.ranked_until
    )


def ever() -> tuple[KeyCity, ...]:
    """All cities that were ever key cities, ordered by their code, with the region of the last scheme.

    Examples
    --------
    >>> len(ever()), ever()[0].name.zh
    (169, '北京')
    """
    table = _table()
    regions = table.schemes[-1].regions
    return tuple(KeyCity(row.code, Text(row.zh, row.pinyin), regions.get(row.regions[-1])) for row in table.cities)


@functools.cache
def _table() -> _File:
    text = resources.files("qingchuan.processing.air").joinpath("key_cities.toml").read_text(encoding="utf-8")
    return msgspec.convert(tomllib.loads(text), _File)
