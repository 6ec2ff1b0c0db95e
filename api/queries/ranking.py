"""The ranking of the key cities in a period: by the composite index, the good-air rate, or the change of the index."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property

import msgspec
from msgspec import UNSET, UnsetType

from qingchuan.api.parameters import Dates, moment
from qingchuan.api.problems import wrong_parameter
from qingchuan.api.queries.calendar import at_least_a_day, name_of, year_before
from qingchuan.api.queries.caution import caution
from qingchuan.api.queries.days import finished
from qingchuan.api.queries.explanations import explanation_answer
from qingchuan.api.queries.items import item_table
from qingchuan.api.queries.key_city_days import KeyCityDays, key_city_days, ranking_rules
from qingchuan.api.queries.published import with_official_ranks
from qingchuan.api.queries.published_month import ranking_in_month
from qingchuan.api.queries.ranked_cities import RankedCities
from qingchuan.api.queries.revision import revision_of_all, revisions_of_cities
from qingchuan.api.schemas.air import Rules
from qingchuan.api.schemas.explanation import Explanation
from qingchuan.api.schemas.ranking import By, RankedBy, RankedStatistic, RankingAnswer, RankingRule
from qingchuan.api.services import Services
from qingchuan.processing.air.composite_index_explained import explain_composite_index
from qingchuan.processing.air.daily_air import daily_air
from qingchuan.processing.air.index_change import index_change, meets_standard
from qingchuan.processing.air.ranking import Ranking, rank_by_change, rank_by_index, rank_by_rate
from qingchuan.processing.air.ranking_explained import Figure, explain_index_change, explain_rank
from qingchuan.processing.air.rates_explained import explain_good_air_rate
from qingchuan.processing.explanation import Explanation as Tree
from qingchuan.processing.standards import AmbientAirLimits, CityAirRanking, Text, in_force
from qingchuan.store.subjects import Name

_COMPLETENESS = Text(
    "已掌握的规则条文未规定参与排名所需的最少有效天数：每个项目至少有1个有效日即计算综合指数，各城市各项目有效天数一并列出",
    "what is at hand of the rule asks for no number of valid days: a city has an index where each item has one valid "
    "day at least; how many each city has is told with it",
)


def ranking(
    services: Services,
    period: Dates,
    by: By,
    *,
    as_of: int | None = None,
    explain_city: str | None = None,
) -> RankingAnswer:
    """The ranking of the key cities in a period, of which the days that are over count.

    Parameters
    ----------
    services : Services
    period : Dates
        A month, a year to date, or any other.
    by : {"index", "rate", "improvement"}
    as_of : int or None
        As it was after this message; None: now.
    explain_city : str or None
        Code of the city whose rank is explained.

    Raises
    ------
    ProblemError
        The period is too early or has no day, or there is no such key city.
    """
    at, rules = moment(services, as_of), ranking_rules(at_least_a_day(period))
    subjects, over = services.state.subjects(as_of=at), finished(services, period, as_of)
    before = year_before(over)
    now, then = (key_city_days(services, subjects, rules, days, at) for days in (over, before))
    found = PeriodOrder(by, now, then)
    revisions = revisions_of_cities(services, now, at)
    cities = RankedCities(now, then, found.order, by, found.figure, subjects, revisions)
    explained = UNSET if explain_city is None else found.explained(_key_city(explain_city, now))
    answer = _answer(period, over, before, at, found, cities, explained)
    told = with_official_ranks(services, answer, period, by, at)
    return ranking_in_month(services, told, period, at) if by == "index" else told


@dataclass(frozen=True)
class PeriodOrder:
    """The order of the key cities by one figure.

    Attributes
    ----------
    by : {"index", "rate", "improvement"}
    now, before : KeyCityDays
        Of the period and of the same one of last year.
    """

    by: By
    now: KeyCityDays
    before: KeyCityDays

    @cached_property
    def order(self) -> Ranking:
        """The ranking."""
        if self.by == "index":
            return rank_by_index(self.now.ranked.index.total)
        if self.by == "rate":
            return rank_by_rate(self.now.rate.rate)
        rules = self.now.rules
        change = index_change(self.now.ranked.index.total, self.before.ranked.index.total, rules.ranking)
        exempt = meets_standard(self.now.ranked.concentrations, rules.ranking, self.limits, on=rules.last)
        return rank_by_change(change, exempt)

    @property
    def limits(self) -> AmbientAirLimits:
        """The edition of GB 3095 that the exempt cities meet."""
        return in_force("gb3095", self.now.rules.last)

    @property
    def figure(self) -> Figure:
        """What the cities are ranked by."""
        rules = self.now.rules
        figures = {
            "index": Figure(Text("综合指数", "composite index"), "", rules.ranking.index.decimals),
            "rate": Figure(Text("优良天数比例", "good-air rate"), "%", rules.assessment.decimals.rate),
            "improvement": Figure(
                Text("综合指数变化率", "change of the composite index"), "%", rules.ranking.change.decimals
            ),
        }
        return figures[self.by]

    def explained(self, place: int) -> Explanation:
        """How the rank of a city came about, down to its days."""
        told = explain_rank(self.order, place, self.figure, self.now.rules.ranking)
        return explanation_answer(replace(told, parts=(*told.parts, *self._figure_explained(place))))

    def _figure_explained(self, place: int) -> tuple[Tree, ...]:
        if self.by == "index":
            return (_index_explained(self.now, place),)
        if self.by == "rate":
            return (_rate_explained(self.now, place),)
        total, before = (int(days.ranked.index.total[place]) for days in (self.now, self.before))
        change = explain_index_change(total, before, self.now.rules.ranking)
        return change, _index_explained(self.now, place), _index_explained(self.before, place)


def _index_explained(days: KeyCityDays, place: int) -> Tree:
    of_city = days.assessed.of(days.days.cities[place])
    return explain_composite_index(of_city, days.days.dates, days.period, days.rules.ranking, days.rules.assessment)


def _rate_explained(days: KeyCityDays, place: int) -> Tree:
    air = daily_air(days.days.of(days.days.cities[place]), days.editions)
    return explain_good_air_rate(air.aqi, air.complete, air.good_up_to, days.rules.assessment)


def _answer(
    period: Dates,
    over: Dates,
    before: Dates,
    at: int,
    found: PeriodOrder,
    cities: RankedCities,
    explanation: Explanation | UnsetType,
) -> RankingAnswer:
    rules, figure = found.now.rules, found.figure
    told = cities.answers()
    ranked = [city for city in told if city.rank is not None]
    return RankingAnswer(
        sequence=at,
        revision=revision_of_all(city.revision for city in told),
        simulated=any(cities.simulated),
        start=period.start.isoformat(),
        end=period.end.isoformat(),
        over=over.end.isoformat(),
        days=over.days,
        period=name_of(found.now.period),
        before_start=before.start.isoformat(),
        before_end=before.end.isoformat(),
        ranked_by=RankedBy(found.by, figure.name, figure.unit, figure.decimals),
        number=int(found.order.number),
        of=len(rules.cities),
        valid_share=caution().valid_share,
        thin=int(cities.thin.sum()),
        lists=cities.lists,
        listed=rules.ranking.order.listed,
        rule=ranking_rule(rules.ranking),
        statistics=[
            RankedStatistic(row.item, row.percent, row.limit, row.decimals, row.weight)
            for row in rules.ranking.index.rows
        ],
        editions=[edition.document for edition in found.now.editions.editions],
        rules=Rules(rules.assessment.document, rules.assessment.stands_in_for),
        limits=found.limits.document if found.by == "improvement" else None,
        items=item_table("air"),
        region=None,
        regions=cities.regions,
        cities=sorted(ranked, key=lambda city: city.rank or 0),
        unranked=[city for city in told if city.rank is None],
        explanation=explanation,
    )


def narrowed(answer: RankingAnswer, region: str | None) -> RankingAnswer:
    """The ranking with the cities of one region only; their ranks are among all key cities.

    Parameters
    ----------
    answer : RankingAnswer
    region : str or None
        Its name in either language; None: all cities.

    Raises
    ------
    ProblemError
        There is no such region.
    """
    if region is None:
        return answer
    chosen = _region(answer.regions, region)
    cities, unranked = ([city for city in some if city.region == chosen] for some in (answer.cities, answer.unranked))
    return msgspec.structs.replace(answer, region=chosen, cities=cities, unranked=unranked)


def ranking_rule(rule: CityAirRanking) -> RankingRule:
    """The rule of a ranking, and what is not certain of it."""
    return RankingRule(
        document=rule.document,
        title=rule.title,
        called=rule.called,
        clause=rule.order.clause,
        unconfirmed=list(rule.unconfirmed),
        completeness=_COMPLETENESS,
    )


def _region(regions: list[Name], wanted: str) -> Name:
    """The region that is called so in Chinese or English."""
    found = next((region for region in regions if wanted.casefold() in (region.zh, region.en.casefold())), None)
    if found is None:
        raise wrong_parameter("region", wanted, " or ".join(f"{region.zh} ({region.en})" for region in regions))
    return found


def _key_city(code: str, days: KeyCityDays) -> int:
    if code not in days.days.cities:
        raise wrong_parameter("explain_city", code, f"the code of a key city of {days.rules.last} such as 330200")
    return days.place(code)
