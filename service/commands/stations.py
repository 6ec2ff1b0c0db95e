"""``qingchuan stations``: who is observed."""

from __future__ import annotations

import typer
from rich.console import Console
from rich.table import Column, Table

from qingchuan.service.context import context_of
from qingchuan.service.places import DataFolderError, existing
from qingchuan.store.migrate import migrate
from qingchuan.store.state import State
from qingchuan.store.subjects import City, Section, Site, Subject, kind_of

_KINDS = {
    "city": "城市 city",
    "air-station": "空气站 air station",
    "section": "断面 section",
    "site": "监控点位 site",
}
_PURPOSES = {
    "voc": "挥发性有机物 VOC",
    "dust": "扬尘 dust",
    "outfall": "排污口 outfall",
    "weather": "气象 weather",
}
_WATERS = {"river": "河流 river", "lake": "湖库 lake"}


def command(ctx: typer.Context) -> None:
    r"""List who is observed: cities, air stations, sections and sites, as they announced themselves.

    Who is missing here has not announced itself; what it sends is refused and kept (docs/mqtt.md).

    \b
    Example:
      qingchuan --data /srv/qingchuan stations
    """
    try:
        places = existing(context_of(ctx).settings.data)
    except DataFolderError as error:
        typer.echo(error, err=True)
        raise typer.Exit(1) from error
    migrate(places.state)
    state = State(places.state)
    table = Table(
        Column("对象 subject", no_wrap=True), "类型 kind", "名称 name", "城市 city", "水体、用途 water, purpose", ""
    )
    for identity, subject in sorted(state.subjects().items(), key=lambda each: (kind_of(each[1]), each[0])):
        table.add_row(identity, *_row(subject))
    Console().print(table)
    state.close()


def _row(subject: Subject) -> list[str]:
    city = "" if isinstance(subject, City) else subject.city or ""
    simulated = "模拟 simulated" if subject.simulated else ""
    return [_KINDS[kind_of(subject)], f"{subject.name.zh} {subject.name.en}", city, _use(subject), simulated]


def _use(subject: Subject) -> str:
    """Kind of water of a section, purpose of a site."""
    match subject:
        case Section():
            return _WATERS[subject.water_body]
        case Site():
            return _PURPOSES[subject.purpose]
        case _:
            return ""
