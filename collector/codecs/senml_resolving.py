"""Resolving records of SenML: each stands for itself then (RFC 8428, 4.5 and 4.6)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Context, Decimal, Inexact
from typing import Final, TypeVar

from qingchuan.collector.codecs.senml_records import Record, Unusable
from qingchuan.collector.refusal import RefusedError, RefusedValue

T = TypeVar("T")

_VERSION: Final = 10
_ABSOLUTE: Final = 2**28
"""Times from here on count from 1970, smaller ones from now. [s]"""

_EXACT: Final = Context(prec=200, traps=[Inexact])
"""Wide enough for the sum of two numbers that are taken: nothing is ever rounded in it."""

_NAME: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9:./_-]*")
_NOUGHT: Final = Decimal(0)

_VALUES: Final = ("v", "vs", "vb", "vd")
_REGULAR: Final = frozenset({"n", "u", "t", "s", "ut", *_VALUES})


def resolve(records: Sequence[Record], now: Decimal | int) -> list[Record]:
    """Records without base values and relative times, in the order of the pack.

    Parameters
    ----------
    records : sequence of dict
        With the labels of JSON, numbers as Decimal; `of_json` and `of_cbor` make them.
    now : Decimal or int
        What small times are relative to. [s since 1970-01-01 UTC]

    Returns
    -------
    list of dict
        Of a record that only has base values nothing remains. Fields that are not known stay. The version goes, as it
        does in the resolutions that are published with the RFC.

    Raises
    ------
    RefusedError
        The pack must not be used, or a record has no name or not one value.

    References
    ----------
    .. [1] RFC 8428, 4.6.

    Examples
    --------
    >>> from qingchuan.collector.codecs.senml_records import of_json
    >>> pack = of_json(
    ...     b'[{"bn": "d/", "bt": 1e9, "bu": "V", "bv": 20}, {"n": "a", "v": 0.10}, {"n": "b", "t": -5, "v": 1}]'
    ... )
    >>> for record in resolve(pack, now=0):
    ...     print({label: str(value) for label, value in record.items()})
    {'n': 'd/a', 'u': 'V', 't': '1000000000', 'v': '20.10'}
    {'n': 'd/b', 'u': 'V', 't': '999999995', 'v': '21'}
    """
    resolved = []
    for record in resolved_one_by_one(records, now):
        if isinstance(record, RefusedValue):
            raise RefusedError(record.code, record.reason)
        resolved.append(record)
    return resolved


def resolved_one_by_one(records: Sequence[Record], now: Decimal | int) -> Iterator[Record | RefusedValue]:
    """What `resolve` returns, with a refused value, under its full name, in place of a record that cannot be resolved.

    Raises
    ------
    RefusedError
        The pack must not be used.
    """
    base = _Base()
    for record in records:
        base.take(record)
        if not _REGULAR.isdisjoint(record):
            try:
                yield _applied(base, record, Decimal(now))
            except RefusedError as error:
                yield RefusedValue(f"{base.name}{_shown(record.get('n', ''))}", error.code, error.reason)


@dataclass(slots=True)
class _Base:
    """The base values so far."""

    name: str = ""
    unit: str | None = None
    time: Decimal = _NOUGHT
    value: Decimal | None = None
    sum: Decimal | None = None
    version: Decimal | None = None

    def take(self, record: Record) -> None:
        """Go by the base values of `record` from now on."""
        for label in record:
            if label.endswith("_"):
                reason = f"it has the field {label[:40]!a}, which must be understood (RFC 8428, 4.4), and is not"
                raise RefusedError("wrong-shape", reason)
        self._check(_number(record, "bver", None))
        self.name = _text(record, "bn", self.name)
        self.unit = _text(record, "bu", self.unit)
        self.time = _number(record, "bt", self.time)
        self.value = _number(record, "bv", self.value)
        self.sum = _number(record, "bs", self.sum)

    def _check(self, version: Decimal | None) -> None:
        if version is None:
            return
        if version < 1 or version % 1 or self.version not in (None, version):
            reason = f"bver is {version}; it is a whole number from 1 on, and the same in all of a pack"
            raise RefusedError("wrong-shape", reason)
        if version > _VERSION:
            raise RefusedError("wrong-shape", f"bver is {version}; versions up to {_VERSION} are understood (RFC 8428)")
        self.version = version


def _applied(base: _Base, record: Record, now: Decimal) -> Record:
    name = base.name + _text(record, "n", "")
    if not _NAME.fullmatch(name):
        reason = f"its name is {name[:40]!a}; a name has letters, digits and - : . / _, a letter or digit first"
        raise RefusedError("wrong-shape", reason)
    unit = _text(record, "u", base.unit)
    time = _EXACT.add(base.time, _number(record, "t", _NOUGHT))
    applied: Record = {"n": name} if unit is None else {"n": name, "u": unit}
    applied["t"] = time if time >= _ABSOLUTE else _EXACT.add(now, time)
    applied |= _values(base, record)
    if "ut" in record:
        applied["ut"] = _number(record, "ut", _NOUGHT)
    others = {label: value for label, value in record.items() if label not in _REGULAR and label not in _BASES}
    return applied | others


_BASES: Final = frozenset({"bn", "bt", "bu", "bv", "bs", "bver"})


def _values(base: _Base, record: Record) -> Record:
    """Value and sum of a record."""
    values: Record = {label: record[label] for label in _VALUES if label in record}
    has_sum = base.sum is not None or "s" in record
    if not values and not has_sum and base.value is not None:
        values["v"] = _NOUGHT
    if len(values) > 1 or not (values or has_sum):
        what = f"has {' and '.join(values)}" if values else "has no value"
        raise RefusedError("wrong-value", f"the record {what}; it has one of {', '.join(_VALUES)}, or a sum")
    if "v" in values:
        value = _number(values, "v", _NOUGHT)
        values["v"] = value if base.value is None else _EXACT.add(base.value, value)
    if has_sum:
        values["s"] = _EXACT.add(base.sum or _NOUGHT, _number(record, "s", _NOUGHT))
    return values


def _number(record: Record, label: str, default: T) -> Decimal | T:
    value = record.get(label, default)
    if value is not default and not isinstance(value, Decimal):
        raise RefusedError("wrong-value", f"{label} is {_shown(value)}; it is a finite number of at most 40 characters")
    return value


def _text(record: Record, label: str, default: T) -> str | T:
    value = record.get(label, default)
    if value is not default and not isinstance(value, str):
        raise RefusedError("wrong-shape", f"{label} is {_shown(value)}; it is a text")
    return value


def _shown(value: object) -> str:
    return (value.text if isinstance(value, Unusable) else str(value))[:40]
