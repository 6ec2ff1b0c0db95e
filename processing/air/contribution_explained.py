"""How what a station, a pollutant or a day costs a city came about: its figures with it and without it."""

from __future__ import annotations

from qingchuan.processing.air.contribution import Contribution, Cost
from qingchuan.processing.air.standing import CityRules
from qingchuan.processing.air.wording import shown
from qingchuan.processing.explanation import Explanation, Source
from qingchuan.processing.ranks import UNRANKED
from qingchuan.processing.standards import Text


def explain_contribution(contribution: Contribution, part: int, name: Text, rules: CityRules) -> Explanation:
    """How what one part costs came about.

    Parameters
    ----------
    contribution : Contribution
        Of `station_contribution`, `pollutant_contribution` or `day_contribution`.
    part : int
        Place of the part. [-]
    name : Text
        Of the part: a station, a pollutant, a day.
    rules : CityRules
        As the contribution was made by.

    Returns
    -------
    Explanation
        Of the composite index that the part costs; its parts are good-air rate and rank.

    Examples
    --------
    >>> import numpy as np
    >>> from datetime import date
    >>> from qingchuan.processing import standards
    >>> from qingchuan.processing.air.contribution import day_contribution
    >>> from qingchuan.processing.standards.by_day import editions_of
    >>> dates = np.array(["2025-06-01", "2025-06-02"], "datetime64[D]")
    >>> rules = CityRules(
    ...     index=editions_of(dates, "hj633"),
    ...     assessment=standards.in_force("hj663", date(2025, 6, 2)),
    ...     ranking=standards.in_force("hb2018_19", date(2025, 6, 2)),
    ... )
    >>> days = {item: np.array([40, 80], np.uint16) for item in rules.ranking.index.items}
    >>> found = day_contribution(days, [500, 700], rules)
    >>> told = explain_contribution(found, 1, Text("6月2日", "2 June"), rules)
    >>> told.value, told.parts[0].rule.zh, told.parts[1].rule.zh
    (2.87, '含6月2日为50.0，不含为100.0', '含6月2日为第3位，不含为第1位')
    """
    index, assessment = rules.ranking.index.decimals, rules.assessment.decimals.rate
    whole, without = contribution.whole, contribution.without
    ranks = int(whole.rank), int(without.rank[part])
    return Explanation(
        name=Text(f"{name.zh}对综合指数的影响", f"what {name.en} costs in the composite index"),
        value=_cost(contribution.index_cost, part, index),
        rule=_both(name, shown(int(whole.total), index), shown(int(without.total[part]), index)),
        source=Source.of(rules.ranking, rules.ranking.index),
        parts=(
            Explanation(
                name=Text(f"{name.zh}对优良率的影响", f"what {name.en} costs in the good-air rate"),
                value=_cost(contribution.rate_cost, part, assessment),
                unit="%",
                rule=_both(name, shown(int(whole.rate), assessment), shown(int(without.rate[part]), assessment)),
                source=Source.of(rules.assessment, rules.assessment.decimals),
            ),
            Explanation(
                name=Text(f"{name.zh}对排名的影响", f"what {name.en} costs in places"),
                value=_cost(contribution.rank_cost, part, 0),
                rule=_both_ranks(name, *("—" if rank == UNRANKED else f"{rank}" for rank in ranks)),
                source=Source.of(rules.ranking, rules.ranking.order),
            ),
        ),
    )


def _cost(cost: Cost, part: int, decimals: int) -> float | None:
    return int(cost.values[part]) / 10**decimals if cost.known[part] else None


def _both(name: Text, whole: str, without: str) -> Text:
    return Text(f"含{name.zh}为{whole}，不含为{without}", f"{whole} with {name.en}, {without} without")


def _both_ranks(name: Text, whole: str, without: str) -> Text:
    return Text(f"含{name.zh}为第{whole}位，不含为第{without}位", f"rank {whole} with {name.en}, {without} without")
