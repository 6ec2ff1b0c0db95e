"""The places of a published document in words; the words stand in published_words.toml."""

from __future__ import annotations

import functools
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final

import msgspec

from qingchuan.processing import catalogue
from qingchuan.processing.catalogue import UnknownItem
from qingchuan.processing.standards import Text
from qingchuan.store.subjects import Name

_FILE: Final = Path(__file__).with_suffix(".toml")


class _Words(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    words: dict[str, tuple[str, str]]


def figure_in_words(figure: str, names: Mapping[str, Name]) -> Text:
    """What a place of a document is called; a part that has no words stands as it is.

    Parameters
    ----------
    figure : str
        Such as ``cities/330200/statistics/pm25/mean``.
    names : mapping of str to Name
        Those of the subjects.

    Examples
    --------
    >>> figure_in_words("cities/330200/statistics/pm25/mean", {"330200": Name("宁波", "Ningbo")})
    Text(zh='宁波 PM₂.₅ 平均浓度', en='Ningbo: PM₂.₅, mean')
    """
    whose, *parts = figure.split("/")
    subject = Name(*_words()[whose]) if whose == "water" else names.get(parts[0], Name(parts[0], parts[0]))
    told = [text for text in _parts(parts if whose == "water" else parts[1:]) if text.zh]
    zh, en = " ".join(text.zh for text in told), ", ".join(text.en for text in told)
    return Text(f"{subject.zh} {zh}", f"{subject.en}: {en}")


def _parts(parts: list[str]) -> Iterator[Text]:
    """The words of each part; an item is called by its symbol."""
    words, before = _words(), ""
    for part in parts:
        symbol = _symbol(part) if before in _OF_ITEMS else None
        if symbol is not None:
            yield symbol
            continue
        yield Text(*words.get(f"{before}/{part}", words.get(part, (part, part))))
        before = part


_OF_ITEMS: Final = frozenset({"statistics", "items"})
"""After these follows an item."""


def _symbol(item: str) -> Text | None:
    try:
        entry = catalogue.item(item)
    except UnknownItem:
        return None
    return Text(entry.symbol or entry.name_zh, entry.symbol or entry.name_en)


@functools.cache
def _words() -> dict[str, tuple[str, str]]:
    return msgspec.convert(tomllib.loads(_FILE.read_text(encoding="utf-8")), _Words).words
