"""When a ranking rests on so little that it is told with caution; the numbers are ours, and stand in caution.toml."""

from __future__ import annotations

import functools
import tomllib
from pathlib import Path

import msgspec


class Caution(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a ranking should rest on.

    Attributes
    ----------
    valid_share : int
        Share of the days of the period that should be valid. [%]
    lists_need : int
        How many times the length of a list must be ranked for there to be one. [-]
    """

    valid_share: int
    lists_need: int

    def thin(self, valid: int, days: int) -> bool:
        """Whether so few of the days of a period are valid that a figure of it is told with caution.

        Parameters
        ----------
        valid, days : int
            [d]

        Examples
        --------
        >>> Caution(90, 2).thin(27, 30), Caution(90, 2).thin(26, 30), Caution(90, 2).thin(0, 0)
        (False, True, False)
        """
        return 100 * valid < self.valid_share * days

    def lists(self, ranked: int, listed: int) -> bool:
        """Whether there are lists of the `listed` best and worst where so many cities are ranked.

        Examples
        --------
        >>> Caution(90, 2).lists(40, 20), Caution(90, 2).lists(39, 20)
        (True, False)
        """
        return ranked >= self.lists_need * listed


@functools.cache
def caution() -> Caution:
    """That of the rankings."""
    text = Path(__file__).with_name("caution.toml").read_text(encoding="utf-8")
    return msgspec.convert(tomllib.loads(text), Caution)
