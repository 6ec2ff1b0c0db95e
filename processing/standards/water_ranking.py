"""环办监测〔2017〕51号: the water quality index of cities (城市水质指数, CWQI) and their ranking."""

from __future__ import annotations

import msgspec

from qingchuan.processing.standards.edition import Edition, Part


class CityIndexRule(Part, frozen=True, kw_only=True):
    """How the index of a city is computed.

    Attributes
    ----------
    items : tuple of str
        What the index is the sum over.
    number : int
        Of the class whose limits the means are divided by; ``class`` in the file. [-]
    neutral : float
        Value of a two-sided item at which its index is 0. [unit of the item]
    decimals : int
        Of the index. [-]
    """

    items: tuple[str, ...]
    number: int = msgspec.field(name="class")
    neutral: float
    decimals: int


class ChangeRule(Part, frozen=True, kw_only=True):
    """How a change of the index is told, and who is left out of the ranking by change.

    Attributes
    ----------
    decimals : int
        Of the change in percent. [-]
    left_out_up_to : int
        Class that all sections of a city must reach in both periods for the city to be left out.
    """

    decimals: int
    left_out_up_to: int


class CityWaterRanking(Edition, frozen=True, kw_only=True):
    """An edition of 城市地表水环境质量排名技术规定."""

    index: CityIndexRule
    change: ChangeRule
