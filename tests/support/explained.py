"""What an explanation says, for tests that compare it with what is written in Chinese."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from qingchuan.processing.explanation import Explanation
from qingchuan.processing.standards import Text


def zh(told: Explanation) -> float | str | None:
    """The value of a figure, in Chinese where it is said in words."""
    return told.value.zh if isinstance(told.value, Text) else told.value


def figure(told: Explanation) -> float:
    """The value of a figure that is a number; NaN where there is none."""
    if isinstance(told.value, Text | str):
        raise TypeError(f"the figure {told.name.en} has the value {told.value!r}; a number would do")
    return float("nan") if told.value is None else float(told.value)


def named(names: Iterable[str]) -> list[Text]:
    """Names in both languages: in English by their number."""
    return [Text(name, f"no. {number}") for number, name in enumerate(names, 1)]


def chinese(english: str) -> list[str]:
    """The Chinese characters of an English text, of which there should be none."""
    return re.findall(r"[\u4e00-\u9fff]", english)


def branches(told: Explanation) -> Iterator[Explanation]:
    """An explanation and all that went in, from the top down."""
    yield told
    for part in told.parts:
        yield from branches(part)
