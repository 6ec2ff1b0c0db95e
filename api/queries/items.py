"""The items of the catalogue as answers tell them."""

from __future__ import annotations

from qingchuan.api.schemas.common import Item
from qingchuan.processing import catalogue
from qingchuan.store.subjects import Name


def item_table(domain: catalogue.Domain) -> dict[str, Item]:
    """The items of the catalogue, by key.

    Examples
    --------
    >>> item_table("water")["tp"].unit
    'mg/L'
    """
    return {entry.key: told_item(entry) for entry in catalogue.items(domain)}


def told_item(entry: catalogue.Item) -> Item:
    """An entry of the catalogue.

    Examples
    --------
    >>> told_item(catalogue.item("noise_leq")).unit
    'dB(A)'
    """
    return Item(entry.symbol, entry.unit, Name(entry.name_zh, entry.name_en), entry.decimals)
