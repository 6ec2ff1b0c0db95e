"""Cities on the command line: by their code, or by a name that means one of them."""

from __future__ import annotations

from collections.abc import Mapping

from qingchuan.processing.air import key_cities
from qingchuan.service.period_options import OptionError
from qingchuan.store.subjects import Subject

_CITY = "市"


def city_code(text: str, announced: Mapping[str, Subject]) -> str:
    """The code of a city that is called `text`, in Chinese or in pinyin; the text itself where none is called so.

    Parameters
    ----------
    text : str
    announced : mapping of str to Subject
        Cities that announced themselves; key cities are known without.

    Raises
    ------
    OptionError
        Several are called so.

    Examples
    --------
    >>> city_code("宁波市", {}), city_code("ningbo", {}), city_code("330200", {}), city_code("苏州", {})
    ('330200', '330200', '330200', '320500')
    """
    name = text.strip()
    wanted = {name.casefold(), name.removesuffix(_CITY)}
    told = [(code, city.name.zh, city.name.en) for code, city in announced.items()]
    told += [(city.code, city.name.zh, city.name.en) for city in key_cities.ever()]
    found = {code: zh for code, zh, en in reversed(told) if {zh, zh.removesuffix(_CITY), en.casefold()} & wanted}
    if len(found) > 1:
        which = ", ".join(f"{code} {zh}" for code, zh in sorted(found.items()))
        raise OptionError(f"{text!r} is the name of {which}; one of these codes would do")
    return next(iter(found), name)
