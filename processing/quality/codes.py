"""The quality tests by number: what a flag names as the test that set it."""

from __future__ import annotations

from enum import IntEnum

from qingchuan.processing.standards.edition import Text


class QualityTest(IntEnum):
    """A test of the quality of a value.

    The numbers are stored beside the values: a number is never used for another test. Where several tests set the same
    flag the smallest number is named.

    Examples
    --------
    >>> QualityTest(4).name, QualityTest.SPIKE.label.zh
    ('SPIKE', '尖峰检验')
    """

    NONE = 0
    GAP = 1
    INCOMING = 2
    GROSS_RANGE = 3
    SPIKE = 4
    RATE_OF_CHANGE = 5
    FLAT_LINE = 6
    NEGATIVE = 7
    ZERO = 8
    LOGIC = 9
    CONSTANT = 10
    OUTLIER_LARGE = 11
    NETWORK = 12

    @property
    def label(self) -> Text:
        """Its name, in Chinese and in English."""
        return _LABELS[self]

    @property
    def code(self) -> str:
        """Letters that systems of automatic audit use for it (LRF, OVL, ZF, CF); empty where there are none.

        Examples
        --------
        >>> QualityTest.LOGIC.code, QualityTest.SPIKE.code
        ('LRF', '')
        """
        return _CODES.get(self, "")


_LABELS = {
    QualityTest.NONE: Text("无异议", "no objection"),
    QualityTest.GAP: Text("缺测检验", "gap test"),
    QualityTest.INCOMING: Text("来报标记", "flag as it came in"),
    QualityTest.GROSS_RANGE: Text("范围检验", "gross range test"),
    QualityTest.SPIKE: Text("尖峰检验", "spike test"),
    QualityTest.RATE_OF_CHANGE: Text("变化率检验", "rate of change test"),
    QualityTest.FLAT_LINE: Text("平直线检验", "flat line test"),
    QualityTest.NEGATIVE: Text("负值检验", "negative value test"),
    QualityTest.ZERO: Text("零值检验", "zero value test"),
    QualityTest.LOGIC: Text("逻辑关系检验", "logic test"),
    QualityTest.CONSTANT: Text("恒值检验", "constant value test"),
    QualityTest.OUTLIER_LARGE: Text("异常高值检验", "large outlier test"),
    QualityTest.NETWORK: Text("邻近点位比对", "neighbour test"),
}

_CODES = {
    QualityTest.ZERO: "ZF",
    QualityTest.LOGIC: "LRF",
    QualityTest.CONSTANT: "CF",
    QualityTest.OUTLIER_LARGE: "OVL",
}
