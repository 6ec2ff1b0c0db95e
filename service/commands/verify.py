"""``qingchuan verify``: whether the journal is whole and unaltered."""

from __future__ import annotations

from typing import Annotated

import typer
from rich.console import Console

from qingchuan.service.context import context_of
from qingchuan.service.cubing import cube_sequence
from qingchuan.service.places import Places
from qingchuan.service.progress import progress_bar
from qingchuan.store.cube.checking import damage_of
from qingchuan.store.embedded import EmbeddedObservations
from qingchuan.store.head import Head
from qingchuan.store.influx.ledger import applied
from qingchuan.store.journal_reader import JournalReader
from qingchuan.store.publications import faults, publications
from qingchuan.store.state import State
from qingchuan.store.verify import Verdict, verify


def command(
    ctx: typer.Context,
    *,
    head: Annotated[
        list[str] | None, typer.Option(help="A head from a report, mail or webhook (SEQUENCE:HASH); may be repeated.")
    ] = None,
) -> None:
    r"""Check every message of the journal against the hash chain, the head file, and heads that left the machine.

    A chain alone can be forged whole; a head that somebody else has kept cannot. Months that were published are checked
    against their hashes. The exit status is 1 if anything of this is wrong. A damaged analysis copy is told of, too; it
    is made anew by itself. It may run while the service runs.

    \b
    Example:
      qingchuan --data /srv/qingchuan verify --head 25641:9f0c…
    """
    places = Places(context_of(ctx).settings.data)
    if not places.journal.is_dir():
        typer.echo(
            f"{places.data} holds no journal; give the folder of the data with --data or QINGCHUAN_DATA", err=True
        )
        raise typer.Exit(1)
    try:
        heads = [Head.parse(text) for text in head or ()]
    except ValueError as error:
        typer.echo(error, err=True)
        raise typer.Exit(2) from error
    damage = [*_check(places, heads), *_check_cursors(places), *_check_publications(places)]
    for sentence in damage:
        typer.echo(f"损坏 damaged: {sentence}", err=True)
    _check_cube(places)
    raise typer.Exit(1 if damage else 0)


def _check(places: Places, heads: list[Head]) -> tuple[str, ...]:
    journal, console = JournalReader(places.journal), Console(stderr=True)
    with progress_bar("校验 Verify", journal.head().sequence, console) as done:
        verdict = verify(journal, heads, done)
    journal.close()
    _tell(places, verdict)
    return verdict.damage


def _tell(places: Places, verdict: Verdict) -> None:
    state = "完整 whole" if not verdict.damage else "损坏 damaged"
    typer.echo(f"{state}: {verdict.messages} 条站点消息 messages of stations, {places.journal}")
    typer.echo(f"head {verdict.head}")


def _check_cursors(places: Places) -> list[str]:
    """Nobody can have done something with messages that the journal does not have."""
    journal = JournalReader(places.journal)
    last = journal.head().sequence
    journal.close()
    ahead = {name: sequence for name, sequence in _cursors(places).items() if sequence > last}
    return [
        f"{name} has come to message {sequence}, the journal ends with message {last}"
        for name, sequence in ahead.items()
    ]


def _check_publications(places: Places) -> list[str]:
    """The bytes of a published month are those of its hash, and a version names the one that it replaced."""
    if not places.state.exists():
        return []
    journal, state = JournalReader(places.journal), State(places.state)
    published, found = publications(state.engine), list(faults(state.engine, journal))
    state.close()
    journal.close()
    if published and not found:
        typer.echo(f"完整 whole: {len(published)} 个已发布的版本 published versions of months")
    return [f"{one.publication.month} version {one.publication.version}: {one.reason}" for one in found]


def _check_cube(places: Places) -> None:
    """A copy that is damaged is made anew by itself, and so is no reason to fail."""
    for sentence in damage_of(places.cube):
        typer.echo(f"分析副本将自动重建 the analysis copy will be made anew: {sentence}", err=True)


def _cursors(places: Places) -> dict[str, int]:
    cursors: dict[str, int] = {}
    if places.state.exists():
        state = State(places.state)
        cursors |= state.cursors()
        state.close()
    if places.observations.exists():
        observations = EmbeddedObservations(places.observations, read_only=True)
        cursors["the store"] = observations.sequence()
        observations.close()
    if places.ledger.exists():
        cursors["the store in InfluxDB"] = applied(places.ledger)
    if places.cube.exists():
        cursors["the analysis copy"] = cube_sequence(places)
    return cursors
