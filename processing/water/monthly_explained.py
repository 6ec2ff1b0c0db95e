"""Where the values of a section's month came from, item by item."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from qingchuan.processing import catalogue
from qingchuan.processing.decimals import written
from qingchuan.processing.explanation import Explanation, Source
from qingchuan.processing.standards import Text
from qingchuan.processing.water.monthly import AUTOMATIC, MANUAL, NO_SOURCE, monthly_values

if TYPE_CHECKING:
    from collections.abc import Sequence

    from qingchuan.processing.standards import WaterSampling
    from qingchuan.processing.water.means import Means


def explain_monthly_values(automatic: Means, manual: Means, items: Sequence[str], rules: WaterSampling) -> Explanation:
    """Where the values of one section's month came from.

    Parameters
    ----------
    automatic, manual : Means
        As `monthly_values` has them, of shape (items,).
    items, rules
        As `monthly_values` has them.

    Returns
    -------
    Explanation
        Its value is how many items have one; its parts are the items, with the value that was taken.

    Raises
    ------
    ValueError
        As `monthly_values` raises it.

    Examples
    --------
    >>> from qingchuan.processing import standards
    >>> from qingchuan.processing.water.means import Means
    >>> rules = standards.load("hb2020_82", standards.WaterSampling)
    >>> automatic = Means(np.array([3.1, np.nan, 14.0]), np.array([180, 0, 90]))
    >>> manual = Means(np.array([3.4, 0.2, np.nan]), np.array([1, 1, 0]))
    >>> told = explain_monthly_values(automatic, manual, ("codmn", "tp", "cod"), rules)
    >>> told.rule.zh, told.parts[0].rule.zh
    ('3 项中自动监测 1 项、手工监测 1 项，缺测 1 项', '优先采用自动监测值（180 个有效值），手工监测值 3.4 mg/L 不采用')
    """
    found = monthly_values(automatic, manual, items, rules)
    counts = [int((found.sources == source).sum()) for source in (AUTOMATIC, MANUAL, NO_SOURCE)]
    return Explanation(
        name=Text("月度监测值来源", "sources of the values of the month"),
        value=counts[0] + counts[1],
        rule=Text(
            f"{len(items)} 项中自动监测 {counts[0]} 项、手工监测 {counts[1]} 项，缺测 {counts[2]} 项",
            f"of {len(items)} items {counts[0]} are automatic, {counts[1]} manual and {counts[2]} missing",
        ),
        source=Source.of(rules, rules.automatic),
        valid=counts[0] + counts[1],
        expected=len(items),
        parts=tuple(
            _item(item, int(found.sources[place]), place, automatic, manual, rules) for place, item in enumerate(items)
        ),
    )


def _item(item: str, source: int, place: int, automatic: Means, manual: Means, rules: WaterSampling) -> Explanation:
    entry, values = catalogue.item(item), (float(automatic.values[place]), float(manual.values[place]))
    value, count = None, 0
    if source == AUTOMATIC:
        value, count = values[0], int(automatic.counts[place])
        told = _automatic(count, values[1], entry.unit)
    elif source == MANUAL:
        value, count = values[1], int(manual.counts[place])
        told = _manual(count, preferred=item in rules.automatic.items)
    else:
        told = _missing(values[0], entry.unit)
    return Explanation(
        name=Text(entry.name_zh, entry.name_en),
        value=value,
        unit=entry.unit,
        rule=told,
        source=Source.of(rules, rules.automatic),
        valid=count,
    )


def _automatic(count: int, manual: float, unit: str) -> Text:
    told = Text(f"优先采用自动监测值（{count} 个有效值）", f"automatic values come first ({count} valid ones)")
    if np.isnan(manual):
        return told
    shown = _shown(manual, unit)
    return Text(f"{told.zh}，手工监测值 {shown} 不采用", f"{told.en}; the manual value {shown} is not used")


def _manual(count: int, *, preferred: bool) -> Text:
    if preferred:
        return Text(
            f"无自动监测值，采用手工监测值（{count} 个有效值）",
            f"there is no automatic value: the manual one is taken ({count} valid ones)",
        )
    return Text(f"该项目以手工监测为准（{count} 个有效值）", f"manual values decide of this item ({count} valid ones)")


def _missing(automatic: float, unit: str) -> Text:
    if np.isnan(automatic):
        return Text("缺测", "missing")
    shown = _shown(automatic, unit)
    return Text(
        f"手工监测缺测，该项目不采用自动监测值（{shown}）",
        f"the manual value is missing; the automatic one ({shown}) is not used of this item",
    )


def _shown(value: float, unit: str) -> str:
    return f"{written(value)} {unit}".strip()
