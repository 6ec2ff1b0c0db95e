"""环办监测函〔2020〕82号: which items of a section are automatic, and which from the laboratory."""

from __future__ import annotations

from qingchuan.processing.standards.edition import Edition, Part


class AutomaticItems(Part, frozen=True, kw_only=True):
    """Items whose automatic value comes before the manual one."""

    items: tuple[str, ...]


class WaterSampling(Edition, frozen=True, kw_only=True):
    """An edition of 地表水环境质量监测数据统计技术规定."""

    automatic: AutomaticItems
