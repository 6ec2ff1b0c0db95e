"""The key cities as a ranking tells them: rank, figures, neighbours, and why one has no rank."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from qingchuan.api.answering import figure
from qingchuan.api.queries.caution import caution
from qingchuan.api.queries.key_city_days import KeyCityDays
from qingchuan.api.queries.subjects import any_simulated
from qingchuan.api.schemas.common import Revision
from qingchuan.api.schemas.ranking import By, Neighbour, RankedCity, RankingItem
from qingchuan.processing import catalogue
from qingchuan.processing.air.index_change import index_change
from qingchuan.processing.air.ranking import Ranking
from qingchuan.processing.air.ranking_explained import Figure
from qingchuan.processing.ranks import UNRANKED, competition_ranks_ascending
from qingchuan.store.subjects import Name, Subject

_SHARE_DECIMALS = 1


class RankedCities:
    """The cities of a ranking.

    Parameters
    ----------
    now, before : KeyCityDays
        Of the period and of the same one of last year.
    order : Ranking
        By one figure.
    by : {"index", "rate", "improvement"}
        Which it is.
    told : Figure
        Its unit and decimals.
    subjects : mapping of str to Subject
        Who is known.
    revisions : sequence of Revision
        Of the days of each city in the period.
    """

    def __init__(
        self,
        now: KeyCityDays,
        before: KeyCityDays,
        order: Ranking,
        by: By,
        told: Figure,
        subjects: Mapping[str, Subject],
        revisions: Sequence[Revision],
    ) -> None:
        self._now, self._before, self._order, self._by, self._told = now, before, order, by, told
        self._codes, self._revisions = now.days.cities, revisions
        self.simulated = [any_simulated(subjects, [code, *now.stations[code]]) for code in self._codes]
        self._known = [code in subjects for code in self._codes]

    @property
    def regions(self) -> list[Name]:
        """The regions of the day, in the order of their cities."""
        found = {city.region: None for city in self._now.rules.cities if city.region is not None}
        return [Name(region.zh, region.en) for region in found]

    def answers(self) -> list[RankedCity]:
        """All cities, by their code."""
        return [self._city(place) for place in range(len(self._codes))]

    def _city(self, place: int) -> RankedCity:
        city, index, rate = self._now.rules.cities[place], self._now.ranked.index, self._now.rate
        before, rate_before, order = self._before.ranked.index, self._before.rate, self._order
        ranked = order.ranks[place] != UNRANKED
        return RankedCity(
            code=city.code,
            name=Name(city.name.zh, city.name.en),
            region=None if city.region is None else Name(city.region.zh, city.region.en),
            simulated=self.simulated[place],
            rank=int(order.ranks[place]) if ranked else None,
            region_rank=int(self._region_ranks[place]) or None,
            index=figure(int(index.total[place]), index.decimals),
            primary=[item for item, first in zip(index.items, index.primary[:, place].tolist(), strict=True) if first],
            items={item: self._item(item, place) for item in index.items},
            rate=figure(int(rate.rate[place]), rate.decimals),
            good=int(rate.good[place]),
            counted=int(rate.valid[place]),
            valid=int(self._valid[place]),
            thin=bool(self.thin[place]),
            index_before=figure(int(before.total[place]), before.decimals),
            rate_before=figure(int(rate_before.rate[place]), rate_before.decimals),
            change=self._change[place],
            better_than=figure(int(self._shares[place]), _SHARE_DECIMALS),
            ahead=self._neighbour(place, -1, int(order.ahead[place])),
            behind=self._neighbour(place, 1, int(order.behind[place])),
            best=bool(self._best[place]),
            worst=bool(self._worst[place]),
            revision=self._revisions[place],
            reason=None if ranked else self._reason(place),
        )

    def _item(self, item: str, place: int) -> RankingItem:
        ranked, row = self._now.ranked, self._now.rules.ranking.index.row(item)
        valid, index = int(ranked.valid_days[item][place]), ranked.index
        return RankingItem(
            value=figure(int(ranked.concentrations[item][place]), row.decimals),
            single=figure(int(index.single[index.items.index(item), place]), index.decimals),
            valid=valid,
            missing=self._now.period.days - valid,
        )

    def _neighbour(self, place: int, step: int, gap: int) -> Neighbour | None:
        """The cities whose rank is the next one in a direction."""
        if gap < 0:
            return None
        at = self._distinct.index(int(self._order.ranks[place])) + step
        return Neighbour(self._sharing[self._distinct[at]], gap / 10**self._told.decimals)

    def _reason(self, place: int) -> Name:
        """Why a city has no rank."""
        days, valid = self._now.period.days, self._now.ranked.valid_days
        if not days:
            return Name("评价时段尚无已结束的日", "no day of the period is over yet")
        missing = [item for item in self._now.ranked.index.items if not valid[item][place]]
        if len(missing) == len(valid):
            unknown = ("", "") if self._known[place] else ("，系统中没有该城市", "; the city is not known here")
            return Name(
                f"评价时段{days}天内该城市没有任何有效日值{unknown[0]}",
                f"no item has a valid day in the {days} days of the period{unknown[1]}",
            )
        if self._by == "rate":
            return Name("没有可计入优良天数比例的天", "no day counts in the good-air rate")
        if missing:
            entries = [catalogue.item(item) for item in missing]
            return Name(
                f"{'、'.join(entry.symbol for entry in entries)}缺{days}天，无有效日，不计算综合指数",
                f"{', '.join(entry.symbol for entry in entries)}: {days} days are missing and none is valid: "
                "there is no composite index",
            )
        return Name("上年同期没有综合指数", "there is no composite index of the same period of last year")

    @cached_property
    def _change(self) -> list[float | None]:
        found = index_change(self._now.ranked.index.total, self._before.ranked.index.total, self._now.rules.ranking)
        rates = (found.rate / 10**found.decimals).tolist()
        return [rate if known else None for rate, known in zip(rates, found.known.tolist(), strict=True)]

    @cached_property
    def _shares(self) -> NDArray[np.int64]:
        return self._order.share_worse(_SHARE_DECIMALS)

    @cached_property
    def lists(self) -> bool:
        """Whether so many cities are ranked that there are lists of the best and of the worst."""
        return caution().lists(int(self._order.number), self._listed)

    @cached_property
    def thin(self) -> NDArray[np.bool_]:
        """Which of the ranked cities have few valid days."""
        days = self._now.period.days
        few = [caution().thin(valid, days) for valid in self._valid.tolist()]
        ranked: NDArray[np.bool_] = self._order.ranks != UNRANKED
        return ranked & np.array(few, np.bool_)

    @cached_property
    def _valid(self) -> NDArray[np.int64]:
        """Valid days that the figure of each city rests on."""
        if self._by == "rate":
            return np.asarray(self._now.rate.valid)
        if self._by == "index":
            return _fewest(self._now)
        return np.minimum(_fewest(self._now), _fewest(self._before))

    @property
    def _listed(self) -> int:
        return self._now.rules.ranking.order.listed

    @cached_property
    def _best(self) -> NDArray[np.bool_]:
        return self._order.best(self._listed) & self.lists

    @cached_property
    def _worst(self) -> NDArray[np.bool_]:
        return self._order.worst(self._listed) & self.lists

    @cached_property
    def _sharing(self) -> dict[int, list[str]]:
        """Who has each rank."""
        found: defaultdict[int, list[str]] = defaultdict(list)
        for code, rank in zip(self._codes, self._order.ranks.tolist(), strict=True):
            found[rank].append(code)
        return found

    @cached_property
    def _distinct(self) -> list[int]:
        return sorted(rank for rank in self._sharing if rank != UNRANKED)

    @cached_property
    def _region_ranks(self) -> NDArray[np.int32]:
        regions = np.array([city.region.zh if city.region else "" for city in self._now.rules.cities])
        ranks, ranked = self._order.ranks, self._order.ranks != UNRANKED
        found = np.zeros_like(ranks)
        for region in set(regions.tolist()) - {""}:
            found += competition_ranks_ascending(ranks, ranked & (regions == region))
        return found


def _fewest(of: KeyCityDays) -> NDArray[np.int64]:
    """Valid days of the item that has the fewest, of each city."""
    valid = of.ranked.valid_days
    fewest: NDArray[np.int64] = np.min([valid[item] for item in of.ranked.index.items], axis=0)
    return fewest
