"""What stations may tell, in all its disorder, and what quality control makes of it, with a store in a dict."""

from __future__ import annotations

import random
from collections.abc import Sequence
from itertools import pairwise

import msgspec
from sqlalchemy import create_engine

from qingchuan.collector.decoded import Decoded
from qingchuan.collector.quality.judging import Quality
from qingchuan.collector.quality.merging import texts_of, told_of
from qingchuan.processing.periods import DAY, HOUR
from qingchuan.processing.quality.thresholds import Thresholds, read
from qingchuan.store import faults, tables
from qingchuan.store.flag_texts import Mark
from qingchuan.store.observations import Observation, Period, Write
from qingchuan.store.rows import Key, Row, Texts, fill, merge

Entry = tuple[int, int, str, str, dict[str, tuple[str, Mark]]]
"""Message, start, subject and period of an observation that it changed, and what that tells since."""

_TEXT = """
title = { zh = "试", en = "test" }
issued = 2026-11-25
source = "test"
typed_by = "test"
checked_by = "test"
evidence = { test = "test" }

[[logic]]
part = "pm25"
whole = "pm10"
tolerance = 10
evidence = "test"

[[items]]
key = "pm10"
spike = { method = "average", suspect = 30, fail = 70, evidence = "test" }
flat_line = { suspect_hours = 2, fail_hours = 4, tolerance = 2.5, present = 60, evidence = "test" }

[[items]]
key = "pm25"
gross_range = { suspect = [-20, 90], evidence = "test" }
negative = { drift = 2, evidence = "test" }
zero = { flag = "suspect", evidence = "test" }
spike = { method = "differential", suspect = 20, evidence = "test" }
rate_of_change = { suspect = 40, fail = 90, evidence = "test" }
outlier_large = { days = 1, factor = 2, at_least = 3, evidence = "test" }

[[items]]
key = "ph"
zero = { flag = "bad", evidence = "test" }
spike = { method = "differential", suspect = 1, fail = 3, evidence = "test" }
rate_of_change = { suspect = 2, evidence = "test" }
constant = { further = 2, evidence = "test" }

[[items]]
key = "tp"
negative = { drift = 0.02, evidence = "test" }
constant = { further = 2, evidence = "test" }
flat_line = { suspect_hours = 8, tolerance = 0.02, present = 50, evidence = "test" }
outlier_large = { days = 1, factor = 1.5, at_least = 2, evidence = "test" }
"""
THRESHOLDS = read(_TEXT, "test")
_LONG = """
[[items]]
key = "%s"
outlier_large = { days = 40, factor = 2, at_least = 3, evidence = "test" }
"""
FAR_BACK = read(_TEXT + _LONG % "no2" + _LONG % "codmn", "test")
"""The same, looking so far back that nothing that `writes_of` makes within sight is out of it."""

FIRST = 20_000 * DAY
_VALUES = {
    "pm10": ["0", "20", "21", "22", "60", "100", "-3"],
    "pm25": ["0", "20", "21", "35.5", "80", "95", "140", "-1", "-3"],
    "o3": ["70"],
    "ph": ["7.1", "7.10", "7.2", "8.5", "12", "0"],
    "tp": ["0.1", "0.11", "0.1100000000000000001", "0.3", "0.9", "-0.01", "-0.1"],
}
_ITEMS: dict[Period, tuple[str, ...]] = {"hour": ("pm10", "pm25", "o3"), "instant": ("ph", "tp")}
_MARKS = [Mark(1), Mark(3, "device:Q"), Mark(4, "device:M"), Mark(3), Mark(9)]
_KINDS = {"again": 1, "late": 1, "gap": 1, "old": 1, "far": 1}
_NO_HISTORY = {"again": 1, "late": 1, "gap": 1}


def writes_of(seed: int, *, within_sight: bool = False) -> list[Write]:
    """What two subjects tell: hours and instants, in order, late, again, corrected and flagged.

    Parameters
    ----------
    seed : int
    within_sight : bool
        Whether all of it is looked back at, and nothing is retained.
    """
    chance = random.Random(seed)
    calm = chance.random() < 0.5  # half of them tell most of it in order
    clock: dict[tuple[str, Period], int] = {}
    count = chance.choice([3, 8, 20, 50, 80])
    return [_write(chance, number + 1, clock, calm=calm, within_sight=within_sight) for number in range(count)]


def _write(
    chance: random.Random, sequence: int, clock: dict[tuple[str, Period], int], *, calm: bool, within_sight: bool
) -> Write:
    period = chance.choice((*_ITEMS, "hour"))
    about = chance.choice("ab"), period
    kinds = {"next": 30 if calm else 12} | (_NO_HISTORY if within_sight else _KINDS)
    [kind] = chance.choices(list(kinds), list(kinds.values()))
    last = clock.get(about, FIRST)
    start = {
        "next": last + (HOUR if period == "hour" else chance.choice([HOUR, HOUR, 4 * HOUR, 600])),
        "again": last,
        "late": last - HOUR * chance.randint(1, 6),
        "gap": last + HOUR * chance.randint(2, 8),
        "old": last - DAY * chance.randint(1, 4),
        "far": last + DAY * chance.randint(1, 3),
    }[kind]
    clock[about] = max(last, start)
    items = [item for item in _ITEMS[period] if chance.random() < 0.8] or list(_ITEMS[period])
    chance.shuffle(items)
    texts = texts_of({item: (_value(chance, item), _mark(chance, calm=calm)) for item in items})
    revises = within_sight or chance.random() > 0.06
    return Write(sequence, Observation(about[0], period, start, "reported", *texts), revises)


def _value(chance: random.Random, item: str) -> str:
    return chance.choice(_VALUES[item] + 4 * _VALUES[item][1:2])  # so that some stay the same for long


def _mark(chance: random.Random, *, calm: bool) -> Mark:
    return chance.choice(_MARKS + (60 if calm else 15) * [Mark(2)])


class Kept:
    """An observation store in a dict, and the faults in a database in memory."""

    def __init__(self) -> None:
        self.rows: dict[Key, Texts] = {}
        self.log: list[Entry] = []
        self.engine = create_engine("sqlite://")
        tables.metadata.create_all(self.engine)

    def recent(self, period: str, days: int) -> list[Row]:
        """All rows that are recent."""
        starts = [key[0] for key in self.rows if key[2] == period]
        since = (max(starts, default=0) // DAY - days) * DAY
        return [
            Row(start, subject, "reported", 0, *texts)
            for (start, subject, its), texts in self.rows.items()
            if its == period and start >= since
        ]

    def stored(self, keys: Sequence[Key]) -> dict[Key, Texts]:
        """Some rows."""
        return {key: self.rows[key] for key in keys if key in self.rows}

    def apply(self, decoded: Decoded) -> None:
        """Take everything in."""
        for write in decoded.writes:
            told = write.observation
            key, news = (told.start, told.subject, told.period), Texts(told.values, told.flags)
            before = self.rows.get(key)
            now = news if before is None else (merge if write.revises else fill)(before, news)
            if now != before:
                self.rows[key] = now
                self.log.append((write.sequence, *key, told_of(now)))
        with self.engine.begin() as connection:
            faults.take(connection, decoded.faults)

    def faults(self) -> list[faults.Fault]:
        """All faults."""
        return faults.faults(self.engine, 10_000)


def judged(
    writes: Sequence[Write],
    cuts: Sequence[int] = (),
    restarts: Sequence[bool] = (),
    thresholds: Thresholds = THRESHOLDS,
) -> Kept:
    """What comes of writes in groups that end at `cuts`, with a new start before some of them."""
    kept = Kept()
    quality = Quality(thresholds, kept, {})  # type: ignore[arg-type]  # it needs no more of a store
    ends = sorted({0, len(writes), *(cut for cut in cuts if cut <= len(writes))})
    for number, (first, end) in enumerate(pairwise(ends)):
        if number < len(restarts) and restarts[number]:
            quality = Quality(thresholds, kept, {})  # type: ignore[arg-type]  # as above
        decoded = Decoded()
        # Quality control may write into observations that nobody else has.
        decoded.writes += [
            msgspec.structs.replace(write, observation=msgspec.structs.replace(write.observation))
            for write in writes[first:end]
        ]
        quality.judge(decoded)
        kept.apply(decoded)
    return kept
