"""Pictures drawn as SVG: places across are shares of the width, heights are lines of text, so that they fit any screen.

No picture says anything that does not stand in words beside it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from markupsafe import Markup

_TICK = Markup('<line x1="{0:.3f}%" x2="{0:.3f}%" y1="{1:g}em" y2="{2:g}em" class="tick {3}"><title>{4}</title></line>')
_LABEL = Markup('<text x="{:.3f}%" y="1em" class="{} {}">{}</text>')

_LONGEST = 31
"""Days of the longest month. [d]"""

_CHANNELS = (1, 3, 5)
_LINEAR_UP_TO = 0.04045
_WEIGHTS = (0.2126, 0.7152, 0.0722)


class Piece(NamedTuple):
    """A piece of a bar.

    Attributes
    ----------
    share : float
        Of the width. [-]
    kind : str
        Class in pages.css, which has its colour.
    title : str
        What it is, on pointing.
    colour : str or None
        An official colour instead.
    """

    share: float
    kind: str
    title: str
    colour: str | None = None


class Mark(NamedTuple):
    """A place on a scale.

    Attributes
    ----------
    at : float
        Share of the width. [-]
    kind : str
        Class in pages.css.
    title : str
    label : str
        Written beside it; empty for none.
    """

    at: float
    kind: str
    title: str
    label: str = ""


class Band(NamedTuple):
    """A band of a day.

    Attributes
    ----------
    kind : str
        Class in pages.css, which has its colour.
    colour : str or None
        An official colour instead.
    apart : bool
        Whether it has a dot: what it shows does not count.
    """

    kind: str
    colour: str | None = None
    apart: bool = False


class Day(NamedTuple):
    """A day of a month.

    Attributes
    ----------
    number : int
        Of the month. [-]
    bands : tuple of Band
        From above.
    title : str
    differs : bool
        Whether it is to stand out.
    """

    number: int
    bands: tuple[Band, ...]
    title: str
    differs: bool


def picture(height: float, label: str, shapes: Iterable[Markup], kind: str = "") -> Markup:
    """A picture as wide as its place.

    Parameters
    ----------
    height : float
        [em]
    label : str
        What it shows, for those who do not see it.
    shapes : iterable of Markup
    kind : str
        Class in pages.css.

    Examples
    --------
    >>> picture(1, "a < b", [])
    Markup('<svg class="picture " height="1em" role="img" aria-label="a &lt; b"></svg>')
    """
    frame = Markup('<svg class="picture {}" height="{:g}em" role="img" aria-label="{}">{}</svg>')
    return frame.format(kind, height, label, Markup("").join(shapes))


def bar(pieces: Sequence[Piece], label: str, height: float = 1.25) -> Markup:
    """A bar of pieces beside one another.

    Examples
    --------
    >>> bar([Piece(0.25, "good", "1 d"), Piece(0.75, "bad", "3 d")], "days").count("<rect")
    2
    """
    starts = [sum(piece.share for piece in pieces[:place]) for place in range(len(pieces))]
    shapes = [
        box(start, 0, piece.share, height, piece.kind, piece.title, piece.colour)
        for start, piece in zip(starts, pieces, strict=True)
        if piece.share > 0
    ]
    return picture(height, label, shapes, "bar")


def box(
    left: float, top: float, width: float, height: float, kind: str, title: str = "", colour: str | None = None
) -> Markup:
    """A box; `left` and `width` are shares of the width, `top` and `height` in em."""
    shape = Markup('<rect x="{:.3f}%" y="{:g}em" width="{:.3f}%" height="{:g}em" class="{}"{}>{}</rect>')
    told = Markup("<title>{}</title>").format(title) if title else ""
    fill = Markup(' fill="{}"').format(colour) if colour else ""
    return shape.format(100 * left, top, 100 * width, height, kind, fill, told)


def dot(at: float, top: float) -> Markup:
    """A dot around a place; `at` is a share of the width, `top` in em."""
    return Markup('<circle cx="{:.3f}%" cy="{:g}em" r="0.125em" class="dot"/>').format(100 * at, top)


def scale(marks: Sequence[Mark], label: str, height: float = 3.5) -> Markup:
    """Marks on a line, those with a label above the others.

    Examples
    --------
    >>> scale([Mark(0.5, "own", "Ningbo", "Ningbo"), Mark(0.1, "other", "")], "cities").count("tick")
    2
    """
    base = height - 0.5
    shapes = [Markup('<line x1="0" x2="100%" y1="{0:g}em" y2="{0:g}em" class="axis"/>').format(base)]
    for mark in sorted(marks, key=lambda mark: bool(mark.label)):
        top = 1.25 if mark.label else base - 0.75
        shapes.append(_TICK.format(100 * mark.at, top, base, mark.kind, mark.title))
        if mark.label:
            shapes.append(_LABEL.format(100 * mark.at, mark.kind, _side(mark.at), mark.label))
    return picture(height, label, shapes, "scale")


def month(days: Sequence[Day], label: str, height: float = 1.5) -> Markup:
    """The days of a month side by side, each a stack of bands; all months have the width of the longest.

    Examples
    --------
    >>> bands = Band("level", "#00E400"), Band("nothing")
    >>> month([Day(1, bands, "1", differs=True), Day(2, bands, "2", differs=False)], "January").count("<rect")
    5
    """
    framed = sorted(days, key=lambda day: day.differs)
    return picture(height, label, [_day(day, height) for day in framed], "month")


def ink(colour: str) -> str:
    """Whether dark or light text stands out more on a colour, by the contrast of WCAG 2.

    Examples
    --------
    >>> ink("#FFFF00"), ink("#7E0023")
    ('dark', 'light')
    """
    channels = (int(colour[at : at + 2], 16) / 255 for at in _CHANNELS)
    luminance = sum(weight * _linear(channel) for weight, channel in zip(_WEIGHTS, channels, strict=True))
    return "dark" if (luminance + 0.05) / 0.05 >= 1.05 / (luminance + 0.05) else "light"


def _day(day: Day, height: float) -> Markup:
    width, band = 1 / _LONGEST, height / len(day.bands)
    left = (day.number - 1) * width
    shapes = [box(left, place * band, width, band, of.kind, "", of.colour) for place, of in enumerate(day.bands)]
    shapes += [dot(left + width / 2, (place + 0.5) * band) for place, of in enumerate(day.bands) if of.apart]
    if day.differs:
        shapes.append(box(left, 0, width, height, "differs"))
    return Markup("<g><title>{}</title>{}</g>").format(day.title, Markup("").join(shapes))


def _linear(channel: float) -> float:
    return channel / 12.92 if channel <= _LINEAR_UP_TO else ((channel + 0.055) / 1.055) ** 2.4


def _side(at: float) -> str:
    """On which side of a mark its label has room."""
    if at < 1 / 6:
        return "after"
    return "before" if at > 5 / 6 else "around"
