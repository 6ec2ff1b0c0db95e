"""How the values of a day are shown to an auditor: their numbers with what is wrong, and the course of an item."""

from __future__ import annotations

from typing import Final, NamedTuple

import msgspec
from markupsafe import Markup

from qingchuan.api.schemas.audit import AuditCell, AuditDay, AuditValue
from qingchuan.processing.flags import BAD, SUSPECT
from qingchuan.processing.quality.codes import counted

_WIDTH, _HEIGHT, _EDGE = 100.0, 24.0, 3.0
_LINE: Final = Markup('<polyline points="{}"/>')
_DOT: Final = Markup('<circle cx="{:.1f}" cy="{:.1f}" r="1.6" class="{}"/>')
_PICTURE: Final = Markup(
    '<svg class="spark" viewBox="0 0 {:g} {:g}" preserveAspectRatio="none" aria-hidden="true">{}</svg>'
)


class CellShown(NamedTuple):
    """A value as it is shown.

    Attributes
    ----------
    text : str
        Digit for digit; empty where there is none.
    kind : str
        What is wrong with it: ``bad``, ``suspect``, ``unusual`` (a test noticed it, it counts), or nothing.
    by : str
        What set its flag.
    was : str
        What the station told, where an auditor told something else.
    audited : bool
    official : str
        What was officially published; empty where nothing was.
    dust : bool
    """

    text: str
    kind: str
    by: str
    was: str
    audited: bool
    official: str
    dust: bool


def shown_cell(cell: AuditCell) -> CellShown:
    """A value as it is shown.

    Examples
    --------
    >>> told = AuditCell(msgspec.Raw(b"33.50"), 1, "audit", msgspec.Raw(b"36"), True, None, False)
    >>> shown_cell(told)[:5]
    ('33.50', '', 'audit', '36', True)
    """
    text, reported, official = (_text(one) for one in (cell.value, cell.reported, cell.official))
    was = reported if cell.audited and reported != text else ""
    return CellShown(text, _kind(cell) if text else "", cell.by, was, cell.audited, official, cell.dust)


def spark(told: AuditDay, item: str) -> Markup:
    """The course of an item over the day as a small picture; what does not count is a dot beside the line."""
    points = [
        (place, float(_text(time.cells[item].value)), _kind(time.cells[item]))
        for place, time in enumerate(told.times)
        if time.cells[item].value is not None
    ]
    if not points:
        return Markup()
    low, high = min(value for _, value, _ in points), max(value for _, value, _ in points)
    step = _WIDTH / max(len(told.times) - 1, 1)

    def at(place: int, value: float) -> tuple[float, float]:
        share = (value - low) / (high - low) if high > low else 0.5
        return place * step, _HEIGHT - _EDGE - share * (_HEIGHT - 2 * _EDGE)

    parts = []
    run: list[str] = []
    last = -1
    for place, value, kind in points:
        x, y = at(place, value)
        if kind in {"bad", "suspect"}:
            parts.append(_DOT.format(x, y, kind))
            continue
        if run and place != last + 1:
            parts.append(_LINE.format(" ".join(run)))
            run = []
        run.append(f"{x:.1f},{y:.1f}")
        last = place
    parts.append(_LINE.format(" ".join(run)))
    return _PICTURE.format(_WIDTH, _HEIGHT, Markup().join(parts))


def raw(told: AuditValue | None) -> str:
    """A number and its flag, where it does not count.

    Examples
    --------
    >>> raw(AuditValue(msgspec.Raw(b"36"), 4, "audit")), raw(None)
    ('36 ✕', '—')
    """
    if told is None:
        return "—"
    return f"{_text(told.value)}{' ✕' if told.flag >= BAD else ''}"


def _kind(cell: AuditCell) -> str:
    if cell.flag == SUSPECT and counted(cell.flag, cell.by) != SUSPECT:
        return "unusual"
    return {BAD: "bad", SUSPECT: "suspect"}.get(cell.flag, "")


def _text(told: msgspec.Raw | None) -> str:
    return "" if told is None else bytes(told).decode()
