"""The page of what it takes to gain places: what each pollutant alone must be over the days that remain."""

from __future__ import annotations

from typing import Final, NamedTuple

from markupsafe import Markup

from qingchuan.api.pages.asked import Asked
from qingchuan.api.pages.figures import number
from qingchuan.api.pages.figures import period as spoken
from qingchuan.api.pages.frame import Shown
from qingchuan.api.pages.pictures import box, picture
from qingchuan.api.queries.what_if import what_if_answer
from qingchuan.api.schemas.common import Item
from qingchuan.api.schemas.what_if import Need

_MOST_PLACES: Final = 168


class Row(NamedTuple):
    """A pollutant.

    Attributes
    ----------
    need : Need
    item : Item
    rest : str
        What the remaining days must be, in words.
    picture : Markup
        What it is so far, and what the rest must be.
    """

    need: Need
    item: Item
    rest: str
    picture: Markup


def what_if_page(asked: Asked) -> Shown:
    """What the page of places to gain shows."""
    period, gain = asked.period(asked.year), gain_of(asked)
    answer = what_if_answer(asked.services, asked.code, period, gain, as_of=asked.as_of)
    address = asked.address(f"cities/{asked.code}/what-if", start=period.start, end=period.end, gain=gain)
    return Shown(
        values={
            "answer": answer,
            "period": period,
            "told": spoken(period, asked.words),
            "choices": asked.choices(to_date=False),
            "rows": [_row(need, answer.items[need.item], asked) for need in answer.needs],
        },
        simulated=answer.simulated,
        standards=[answer.rule],
        rules=[answer.rules] if answer.rules else (),
        revision=answer.revision,
        answers=[address],
    )


def gain_of(asked: Asked) -> int:
    """How many places are to be gained.

    Raises
    ------
    ProblemError
        It is no number of places.
    """
    return asked.count("gain", 1, _MOST_PLACES) or 1


def _row(need: Need, item: Item, asked: Asked) -> Row:
    words, unit = asked.words, item.unit
    told = []
    if need.remaining_mean is not None:
        told.append(words("what-if.mean_at_most", mean=number(need.remaining_mean, item.decimals + 1), unit=unit))
    elif need.level is not None:
        told.append(words("what-if.level_at_most", level=number(need.level, item.decimals), unit=unit))
    if need.days_above is not None:
        told.append(
            words("what-if.days_above", value=number(need.largest, item.decimals), unit=unit, n=need.days_above)
        )
    return Row(need, item, words("frame.stop").join(told), _picture(need, item, asked))


def _picture(need: Need, item: Item, asked: Asked) -> Markup:
    """A bar of what the rest must be below one of what it is so far; nothing where it is out of reach."""
    level = need.level if need.remaining_mean is None else need.remaining_mean
    if level is None or need.so_far is None:
        return Markup()
    most = max(level, need.so_far) or 1
    now, rest = number(need.so_far, item.decimals), number(level, item.decimals)
    label = asked.words("what-if.picture_of", item=item.symbol, now=now, level=rest, unit=item.unit)
    shapes = [
        box(0, 0, need.so_far / most, 0.5, "so-far"),
        box(0, 0.625, level / most, 0.5, "good" if level >= need.so_far else "allowed"),
    ]
    return picture(1.125, label, shapes, "need")
