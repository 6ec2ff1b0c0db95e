"""``qingchuan stations``: who is observed."""

from __future__ import annotations

import typer

from qingchuan.service.context import context_of
from qingchuan.service.places import DataFolderError, existing
from qingchuan.service.tables import SIMULATED, ids_column, in_lines, standard_output, table_of, words_column
from qingchuan.store.migrate import migrate
from qingchuan.store.state import State
from qingchuan.store.subjects import City, Section, Site, Subject, kind_of

_KINDS = {
    "city": "城市\ncity",
    "air-station": "空气站\nair station",
    "section": "断面\nsection",
    "site": "监控点位\nsite",
}
_PURPOSES = {
    "voc": "挥发性有机物\nVOC",
    "dust": "扬尘\ndust",
    "outfall": "排污口\noutfall",
    "weather": "气象\nweather",
}
_WATERS = {"river": "河流\nriver", "lake": "湖库\nlake"}


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
    table = table_of(
        ids_column("对象\nsubject"),
        "类型\nkind",
        words_column("名称\nname"),
        ids_column("城市\ncity"),
        "用途\nuse",
        "",
    )
    for identity, subject in sorted(state.subjects().items(), key=lambda each: (kind_of(each[1]), each[0])):
        table.add_row(identity, *_row(subject))
    standard_output().print(table)
    state.close()


def _row(subject: Subject) -> list[str]:
    city = "" if isinstance(subject, City) else subject.city or ""
    simulated = SIMULATED.replace(" ", "\n") if subject.simulated else ""
    return [_KINDS[kind_of(subject)], in_lines(subject.name), city, _use(subject), simulated]


def _use(subject: Subject) -> str:
    """Kind of water of a section, purpose of a site."""
    match subject:
        case Section():
            return _WATERS[subject.water_body]
        case Site():
            return _PURPOSES[subject.purpose]
        case _:
            return ""
