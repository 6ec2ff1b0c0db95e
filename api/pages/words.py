"""The words of the pages, Chinese and English side by side, and which of the two is spoken."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Literal, Protocol

Language = Literal["zh", "en"]

_SPOKEN: tuple[Language, Language] = ("zh", "en")


class Named(Protocol):
    """Anything with a Chinese and an English name."""

    @property
    def zh(self) -> str:
        """In Chinese."""

    @property
    def en(self) -> str:
        """In English."""


class Words:
    """The words in one language, and in the other one to stand beside.

    Parameters
    ----------
    language : {"zh", "en"}

    Examples
    --------
    >>> words = Words("en")
    >>> words("frame.version"), words.beside("frame.version"), words("unit.days", n=3)
    ('Version', '版本', '3 d')
    >>> words("editions.lost", n=1), words("editions.lost", n=2)
    ('1 good day lost', '2 good days lost')
    """

    def __init__(self, language: Language) -> None:
        self.language = language
        self._spoken = _SPOKEN.index(language)

    def __call__(self, key: str, **values: object) -> str:
        """The words for `key`, a table and a name of ``words.toml``, with ``{names}`` filled from `values`.

        Where `n` is 1 they are those of `key` with ``_one``, if there are any.
        """
        return _words(key, values)[self._spoken].format(**values)

    def beside(self, key: str, **values: object) -> str:
        """The same in the language that is not spoken."""
        return _words(key, values)[1 - self._spoken].format(**values)

    def named(self, name: Named) -> str:
        """A name in the language spoken."""
        return name.en if self._spoken else name.zh

    def named_beside(self, name: Named) -> str:
        """A name in the other language."""
        return name.zh if self._spoken else name.en

    @property
    def tag(self) -> str:
        """The language spoken, as HTML has it."""
        return "en" if self._spoken else "zh-CN"

    @property
    def other(self) -> str:
        """The other language, as HTML has it."""
        return "zh-CN" if self._spoken else "en"


def _words(key: str, values: Mapping[str, object]) -> tuple[str, str]:
    known, one = vocabulary(), f"{key}_one"
    return known[one if values.get("n") == 1 and one in known else key]


@cache
def vocabulary() -> dict[str, tuple[str, str]]:
    """All words by ``table.name``: Chinese, English.

    Examples
    --------
    >>> vocabulary()["frame.version"]
    ('版本', 'Version')
    """
    tables = tomllib.loads(files("qingchuan.api.pages").joinpath("words.toml").read_text(encoding="utf-8"))
    # No line ends between a number and its sign.
    told = {f"{table}.{key}": (zh, en) for table, words in tables.items() for key, (zh, en) in words.items()}
    return {key: (zh, en.replace(" %", "\u00a0%")) for key, (zh, en) in told.items()}
