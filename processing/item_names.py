"""Items by what people call them: Chinese and English names, symbols, keys, codes, and headings with a unit."""

from __future__ import annotations

import functools
import re
import unicodedata
from collections.abc import Iterator
from typing import Literal, NamedTuple

from qingchuan.processing import catalogue, units
from qingchuan.processing.catalogue import Domain, Item

Medium = Literal["air", "water"]
"""What the items of a file are measured in; names that both have, such as 苯 or Co, mean those of it."""

_FIRST: dict[Medium | None, tuple[Domain, ...]] = {
    None: ("water", "air"),
    "air": ("air", "air_other", "voc", "dust", "weather"),
    "water": ("water", "water_source", "water_other"),
}
_BRACKETS = re.compile(r"[(（\[【]([^()（）\[\]【】]*)[)）\]】]")
_LAST_BRACKET = re.compile(rf"\s*{_BRACKETS.pattern}$")
_CHINESE = re.compile(r"[\u4e00-\u9fff]")
_NO_UNIT = frozenset({"", "无量纲", "-", "/"})


class Heading(NamedTuple):
    """What a heading names.

    Attributes
    ----------
    item : Item
    unit : str or None
        That stands in brackets behind the name; None where none does.
    """

    item: Item
    unit: str | None


def by_name(text: str, medium: Medium | None = None) -> Item | None:
    """The item that a text names; None where none is called so.

    Parameters
    ----------
    text : str
        Capitals, blanks and brackets make no difference.
    medium : {"air", "water"} or None
        What is preferred of items that are called alike.

    Examples
    --------
    >>> [by_name(text).key for text in ("高锰酸盐指数", "CODMn", "铬(六价)", "六价铬", "w21003", "PM2.5")]
    ['codmn', 'codmn', 'chromium6', 'chromium6', 'nh3n', 'pm25']
    >>> by_name("苯").key, by_name("苯", "water").key, by_name("流速") is None
    ('benzene', 'benzene_water', True)
    """
    found = catalogue.by_code(text.strip())
    return found[0] if found else _names(medium).get(_plain(text))


def by_heading(text: str, medium: Medium | None = None) -> Heading | None:
    """What the heading of a column names; None where it names no item.

    Parameters
    ----------
    text : str
        A name, and in brackets a unit or a remark.
    medium : {"air", "water"} or None
        As `by_name` has it.

    Raises
    ------
    UnitError
        What stands in brackets is neither a unit of the item nor a remark.

    Examples
    --------
    >>> by_heading("总磷（以P计）(mg/L)").unit, by_heading("pH（无量纲）").unit, by_heading("水位(m)").item.key
    ('mg/L', None, 'water_level')
    >>> by_heading("苯并[a]芘(ng/L)").unit, by_heading("苯并(a)芘").unit
    ('ng/L', None)
    """
    names = (*without_brackets_behind(text), _BRACKETS.sub("", text))
    item = next(filter(None, (by_name(name, medium) for name in names)), None)
    if item is None:
        return None
    remarks = [found.strip() for found in _BRACKETS.findall(text)]
    of_the_name = {remark for name in _called(item) for remark in _BRACKETS.findall(name)}
    told = [
        remark for remark in remarks if remark not in _NO_UNIT | of_the_name and by_name(remark, medium) is not item
    ]
    return Heading(item, next(filter(None, (_unit(remark, item) for remark in told)), None))


def without_brackets_behind(text: str) -> Iterator[str]:
    """A heading as it is, and without the last bracket behind it, without the last two, and so on.

    Examples
    --------
    >>> list(without_brackets_behind("铬（六价）(mg/L)"))
    ['铬（六价）(mg/L)', '铬（六价）', '铬']
    """
    yield text
    while (shorter := _LAST_BRACKET.sub("", text)) != text:
        text = shorter
        yield text


def _unit(remark: str, item: Item) -> str | None:
    """The unit that a remark is; None where it is another remark, such as 以N计."""
    try:
        units.convert("1", remark, item.unit)
    except units.UnitError:
        if _CHINESE.search(remark):
            return None
        raise
    return remark


def _called(item: Item) -> Iterator[str]:
    yield from (item.name_zh, item.name_en, item.symbol, item.key, *item.also)


def _plain(text: str) -> str:
    """A name without what different people write differently."""
    normal = unicodedata.normalize("NFKC", text).casefold()
    return re.sub(r"[\s\-_–—'’、,，]", "", normal)


@functools.cache
def _names(medium: Medium | None) -> dict[str, Item]:
    """Items by their names; what several are called names the first of `medium`, or that a class or an index judges."""
    found: dict[str, Item] = {}
    for domain in (*_FIRST[medium], *catalogue.DOMAINS):
        for item in catalogue.items(domain):
            for name in _called(item):
                found.setdefault(_plain(name), item)
    return found
