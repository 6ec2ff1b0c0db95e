"""The quality tests by number: what a flag names as the test that set it."""

from __future__ import annotations

from enum import IntEnum

from qingchuan.processing.flags import NOT_EVALUATED, SUSPECT
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
    def key(self) -> str:
        """What a stored flag calls it.

        Examples
        --------
        >>> QualityTest.FLAT_LINE.key
        'flat_line'
        """
        return self.name.lower()

    @property
    def may_be_true(self) -> bool:
        """Whether a value that it calls suspect may be true: spills stand out, and of a contradiction one half is true.

        Examples
        --------
        >>> QualityTest.SPIKE.may_be_true, QualityTest.CONSTANT.may_be_true
        (True, False)
        """
        return self in _MAY_BE_TRUE

    @property
    def code(self) -> str:
        """Letters that systems of automatic audit use for it (LRF, OVL, ZF, CF); empty where there are none.

        Examples
        --------
        >>> QualityTest.LOGIC.code, QualityTest.SPIKE.code
        ('LRF', '')
        """
        return _CODES.get(self, "")


def test_named(key: str) -> QualityTest | None:
    """The test of ours that a stored flag names; None where something else set it.

    Examples
    --------
    >>> test_named("flat_line").name, test_named("device:M")
    ('FLAT_LINE', None)
    """
    return _BY_KEY.get(key)


def counted(flag: int, by: str) -> int:
    """The flag under which a value is computed with, which `by` has given the flag `flag`.

    What a test of ours finds only unusual may be true: it counts as a value that was not evaluated does, in figures
    and alerts alike, until a person has looked. Spills and plumes are unusual too.

    Examples
    --------
    >>> counted(3, "spike"), counted(3, "flat_line"), counted(3, "device:T"), counted(4, "gross_range")
    (2, 3, 3, 4)
    """
    test = test_named(by) if flag == SUSPECT and by else None
    return NOT_EVALUATED if test is not None and test.may_be_true else flag


test_named.__test__ = False  # type: ignore[attr-defined]  # pytest takes its name for that of a test

_BY_KEY = {test.key: test for test in QualityTest if test > QualityTest.INCOMING}

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

_MAY_BE_TRUE = {
    QualityTest.GROSS_RANGE,
    QualityTest.SPIKE,
    QualityTest.RATE_OF_CHANGE,
    QualityTest.OUTLIER_LARGE,
    QualityTest.LOGIC,
    QualityTest.NETWORK,
}
