"""环办监测〔2016〕120号: which concentrations are deducted in hours of dust."""

from __future__ import annotations

from qingchuan.processing.standards.edition import Edition, Part


class Deduction(Part, frozen=True, kw_only=True):
    """Items whose concentrations are left out in the hours declared as affected, and the text as printed."""

    items: tuple[str, ...]
    text: str


class DustRules(Edition, frozen=True, kw_only=True):
    """An edition of 受沙尘天气过程影响城市空气质量评价补充规定."""

    deduction: Deduction
