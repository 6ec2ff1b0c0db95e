"""Items by what people call them: Chinese and English names, symbols, keys, codes, and headings with a unit."""

from __future__ import annotations

import functools
import re
import unicodedata
from collections.abc import Iterator
from typing import NamedTuple

from qingchuan.processing import catalogue, units
from qingchuan.processing.catalogue import Item

_BRACKETS = re.compile(r"[(（\[【]([^()（）\[\]【】]*)[)）\]】]")
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


def by_name(text: str) -> Item | None:
    """The item that a text names; None where none is called so.

    Parameters
    ----------
    text : str
        Capitals, blanks and brackets make no difference.

    Examples
    --------
    >>> [by_name(text).key for text in ("高锰酸盐指数", "CODMn", "铬(六价)", "六价铬", "w21003", "PM2.5")]
    ['codmn', 'codmn', 'chromium6', 'chromium6', 'nh3n', 'pm25']
    >>> by_name("流速") is None
    True
    """
    found = catalogue.by_code(text.strip())
    return found[0] if found else _names().get(_plain(text))


def by_heading(text: str) -> Heading | None:
    """What the heading of a column names; None where it names no item.

    Parameters
    ----------
    text : str
        A name, and in brackets a unit or a remark.

    Raises
    ------
    UnitError
        What stands in brackets is neither a unit of the item nor a remark.

    Examples
    --------
    >>> by_heading("总磷（以P计）(mg/L)").unit, by_heading("pH（无量纲）").unit, by_heading("水位(m)").item.key
    ('mg/L', None, 'water_level')
    """
    item = by_name(text) or by_name(_BRACKETS.sub("", text))
    if item is None:
        return None
    remarks = [found.strip() for found in _BRACKETS.findall(text)]
    told = [remark for remark in remarks if remark not in _NO_UNIT and by_name(remark) is not item]
    return Heading(item, next(filter(None, (_unit(remark, item) for remark in told)), None))


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
def _names() -> dict[str, Item]:
    """Items by their names; what several are called names the first that a class or an index judges."""
    found: dict[str, Item] = {}
    for domain in ("water", "air", *catalogue.DOMAINS):
        for item in catalogue.items(domain):
            for name in _called(item):
                found.setdefault(_plain(name), item)
    return found
