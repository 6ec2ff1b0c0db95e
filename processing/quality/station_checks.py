"""What a check of a station comes to (质控核查): its figure, whether it passed, since when values are bad if not."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Final, NamedTuple

from qingchuan.processing.periods import DAY, HOUR
from qingchuan.processing.units import convert

if TYPE_CHECKING:
    from qingchuan.processing.quality.check_limits import CheckLimits, Figure

_PERCENT: Final = 100


class CheckNumbers(NamedTuple):
    """The numbers of a check, as decimal texts in the unit of its item; empty where one is not told.

    Attributes
    ----------
    measured : str
        Of a recovery the value with the spike, of a parallel sample the second.
    standard : str
        What it should be.
    water : str
        Of a recovery the value before the spike, of a parallel sample the first.
    concentration : str
        Of a recovery: of the mother solution.
    volume, diluted : str
        Of a recovery: of the mother solution that was added, and of all after it was. [any one unit]
    """

    measured: str
    standard: str = ""
    water: str = ""
    concentration: str = ""
    volume: str = ""
    diluted: str = ""

    def in_unit(self, unit: str, to: str) -> CheckNumbers:
        """The same numbers with the concentrations in another unit.

        Raises
        ------
        UnitError
            A unit is not known, or the two are not of one quantity.

        Examples
        --------
        >>> CheckNumbers("200", "0").in_unit("µg/L", "mg/L").measured
        '0.200'
        """
        given = (self.measured, self.standard, self.water, self.concentration)
        measured, standard, water, concentration = (convert(text, unit, to) if text else "" for text in given)
        return CheckNumbers(measured, standard, water, concentration, self.volume, self.diluted)


class CheckResult(NamedTuple):
    """What a check comes to.

    Attributes
    ----------
    exact : Fraction or None
        Deviation or recovery before it was rounded; None where nothing is computed. [unit of the item, or %]
    figure : Fraction or None
        The same, rounded half to even.
    passed : bool or None
        None where nothing says what would pass, or a number for it was not told.
    """

    exact: Fraction | None
    figure: Fraction | None
    passed: bool | None


_NONE: Final = CheckResult(None, None, None)


def station_check(kind: str, item: str, numbers: CheckNumbers, limits: CheckLimits) -> CheckResult:
    """What a check comes to: exact, rounded once, then held against its limits; a figure on a limit passes.

    Parameters
    ----------
    kind : {"zero", "span", "standard", "recovery", "parallel"}
    item : str
        Of the catalogue.
    numbers : CheckNumbers
    limits : CheckLimits

    Returns
    -------
    CheckResult
        None in all its parts where no limit is known, a number is missing, or a share of zero is asked for.

    Raises
    ------
    ValueError
        A number is no decimal.

    References
    ----------
    .. [1] processing/quality/station_checks.toml

    Examples
    --------
    >>> from qingchuan.processing.quality.check_limits import shipped
    >>> station_check("zero", "nh3n", CheckNumbers("0.03", "0"), shipped()).passed
    True
    >>> station_check("span", "nh3n", CheckNumbers("2.3", "2"), shipped())
    CheckResult(exact=Fraction(15, 1), figure=Fraction(15, 1), passed=False)
    >>> station_check("parallel", "nh3n", CheckNumbers("2.3", water="2"), shipped()).passed is None
    True
    """
    found = limits.find(kind, item)
    exact = None if found is None else _exact(found[0].figure, numbers)
    if found is None or exact is None:
        return _NONE
    rule, row = found
    figure = round(exact, rule.decimals)
    return CheckResult(exact, figure, Fraction(row.least) <= figure <= Fraction(row.largest))


def bad_since(failed: int, last_good: int | None, limits: CheckLimits) -> int:
    """After which moment values are bad, up to a failed check: that of the last good one, if it is not too old.

    Parameters
    ----------
    failed : int
        When the check was made that failed. [s since 1970-01-01 UTC]
    last_good : int or None
        When the last one of its kind was made before it that passed; None if none was. [s since 1970-01-01 UTC]
    limits : CheckLimits

    Returns
    -------
    int
        [s since 1970-01-01 UTC]

    References
    ----------
    .. [1] processing/quality/station_checks.toml, failure

    Examples
    --------
    >>> from qingchuan.processing.quality.check_limits import shipped
    >>> now, day = 1_785_542_400, 86_400
    >>> [(now - bad_since(now, good, shipped())) // 3600 for good in (now - 3 * day, now - 8 * day, None)]
    [72, 24, 24]
    """
    failure = limits.failure
    if last_good is not None and failed - last_good <= failure.longest_days * DAY:
        return last_good
    return failed - failure.hours * HOUR


def _exact(figure: Figure, numbers: CheckNumbers) -> Fraction | None:
    measured, standard, water, concentration, volume, diluted = (Fraction(text) if text else None for text in numbers)
    if measured is None:
        return None
    if figure == "recovery":
        if water is None or not concentration or not volume or not diluted:
            return None
        return _PERCENT * (measured - water) / (concentration * volume / diluted)
    if standard is None:
        return None
    if figure == "difference":
        return measured - standard
    return _PERCENT * (measured - standard) / standard if standard else None
