"""The page of the ranking: where a city stands, who is next to it, and all key cities in their order."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import NamedTuple, get_args

from markupsafe import Markup

from qingchuan.api.pages.asked import Asked
from qingchuan.api.pages.figures import number
from qingchuan.api.pages.figures import period as spoken
from qingchuan.api.pages.frame import Shown
from qingchuan.api.pages.pictures import Mark, Piece, bar, scale
from qingchuan.api.parameters import Dates
from qingchuan.api.queries.ranking import narrowed, ranking
from qingchuan.api.schemas.ranking import By, RankedCity, RankingAnswer

_BESIDE = 3
"""How many cities are shown on either side of the own one. [-]"""

_NAMED = 3
"""How many that share its rank are named. [-]"""


class Row(NamedTuple):
    """A city of the strip of neighbours.

    Attributes
    ----------
    city : RankedCity
    own : bool
    gap : float or None
        By how much its figure differs from that of the own city, below 0 where it is smaller.
    parts : Markup
        Picture of its index, item by item.
    """

    city: RankedCity
    own: bool
    gap: float | None
    parts: Markup


def ranking_page(asked: Asked) -> Shown:
    """What the page of the ranking shows."""
    by, region = asked.choice("by", get_args(By)), asked.query.get("region")
    period = asked.period(asked.year_to_date)
    answer = ranking(asked.services, period, by, as_of=asked.as_of)
    listed = narrowed(answer, region)
    code = asked.query.get("city") or asked.own
    own = next((city for city in (*answer.cities, *answer.unranked) if city.code == code), None)
    return Shown(
        values={
            "answer": answer,
            "own": own,
            "told": spoken(Dates(period.start, dt.date.fromisoformat(answer.over)), asked.words),
            "period": period,
            "by": by,
            "kinds": get_args(By),
            "figure": figure,
            "choices": asked.choices(to_date=True),
            "neighbours": _neighbours(answer, own, asked),
            "picture": _picture(answer, own, asked),
            "listed": listed,
            "tied": _tied(answer, own, asked),
            "previous": {
                city.code: before for before, city in zip([None, *listed.cities], listed.cities, strict=False)
            },
            "names": {city.code: city.name for city in answer.cities},
        },
        simulated=answer.simulated,
        standards=[answer.rule.document, *answer.editions],
        rules=[answer.rules] if answer.rules else [],
        revision=answer.revision,
        answers=[asked.address("ranking", start=period.start, end=period.end, by=by, region=region)],
    )


def figure(city: RankedCity, by: By) -> float | None:
    """What a city is ranked by."""
    return {"index": city.index, "rate": city.rate, "improvement": city.change}[by]


def _tied(answer: RankingAnswer, own: RankedCity | None, asked: Asked) -> str:
    """The cities that share the rank of the own one, in words; empty where there are none."""
    words = asked.words
    if own is None or own.rank is None:
        return ""
    shared = [city for city in answer.cities if city.rank == own.rank and city.code != own.code]
    names = words("frame.comma").join(words.named(city.name) for city in shared[:_NAMED])
    rest = len(shared) - _NAMED
    if rest > 0:
        return words("ranking.tied_more", names=names, n=rest)
    return words("ranking.tied", names=names) if shared else ""


def _neighbours(answer: RankingAnswer, own: RankedCity | None, asked: Asked) -> list[Row]:
    """The cities around the own one, in their order."""
    place = next((at for at, city in enumerate(answer.cities) if own is not None and city.code == own.code), None)
    if own is None or place is None:
        return []
    first = max(0, min(place - _BESIDE, len(answer.cities) - 2 * _BESIDE - 1))
    around = answer.cities[first : first + 2 * _BESIDE + 1]
    most = max((city.index or 0 for city in around), default=0) or 1
    by = answer.ranked_by.by
    gaps = [_gap(figure(city, by), figure(own, by)) for city in around]
    parts = [_parts(answer, city, most, asked) for city in around]
    return [Row(city, city.code == own.code, gap, made) for city, gap, made in zip(around, gaps, parts, strict=True)]


def _gap(theirs: float | None, mine: float | None) -> float | None:
    return None if theirs is None or mine is None else theirs - mine


def _parts(answer: RankingAnswer, city: RankedCity, most: float, asked: Asked) -> Markup:
    """The index of a city as a bar of its single indices; full at `most`."""
    pieces = []
    for place, statistic in enumerate(answer.statistics):
        single = city.items[statistic.item].single or 0
        title = f"{answer.items[statistic.item].symbol} {number(single, answer.ranked_by.decimals)}"
        pieces.append(Piece(single * statistic.weight / most, f"item-{place}", title))
    return bar(pieces, asked.words("ranking.parts_label", name=asked.words.named(city.name)), 0.875)


def _picture(answer: RankingAnswer, own: RankedCity | None, asked: Asked) -> Markup:
    """All cities on one line, the best on the left."""
    by, words = answer.ranked_by, asked.words
    told = [(city, figure(city, by.by)) for city in answer.cities]
    values = [value for _, value in told if value is not None]
    if not values:
        return Markup()
    low, width = min(values), (max(values) - min(values)) or 1
    marks = []
    for city, value in told:
        if value is None:
            continue
        mine = own is not None and city.code == own.code
        at = (value - low) / width
        name = words.named(city.name)
        title = f"{city.rank} {name} {number(value, by.decimals)}"
        label = words("ranking.own_mark", name=name, rank=city.rank) if mine else ""
        marks.append(Mark(1 - at if by.by == "rate" else at, "own" if mine else "other", title, label))
    return scale(_inset(marks), words("ranking.picture", number=len(values)))


def _inset(marks: Sequence[Mark]) -> list[Mark]:
    """Marks that keep a little away from the edges."""
    return [mark._replace(at=0.005 + 0.99 * mark.at) for mark in marks]
