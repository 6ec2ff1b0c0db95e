"""``qingchuan demo``: everything at once."""

from __future__ import annotations

from datetime import UTC, datetime
from threading import Event, Thread
from typing import Annotated

import typer
from iotcore import Broker
from rich.console import Console

from qingchuan.collector.topics import SENDER
from qingchuan.service.clock import clock_from
from qingchuan.service.context import Context, context_of
from qingchuan.service.demonstration import Demonstration
from qingchuan.service.lock import AlreadyCollectingError, check_alone
from qingchuan.service.logs import set_up_logs
from qingchuan.service.places import DataFolderError, Places, make_folder
from qingchuan.service.prepare import prepare
from qingchuan.service.settings import Address, Settings
from qingchuan.service.supervisor import PortInUseError, Process, check_free, stop_on_signals, supervise
from qingchuan.simulators.messages import checks_topic
from qingchuan.simulators.publisher import BrokerUnreachableError
from qingchuan.store.state import State

_QUIET = {"log.level": "warning"}
_IN_FLIGHT = 20_000


def command(
    ctx: typer.Context,
    *,
    history: Annotated[int, typer.Option(min=0, max=366, help="Days of hourly history to begin with.")] = 60,
    speed: Annotated[float, typer.Option(min=0.1, max=3600, help="How many times as fast time runs.")] = 1.0,
    cities: Annotated[bool, typer.Option(help="Also the days of the other key cities, for the ranking.")] = True,
) -> None:
    r"""Show everything at once: a broker, the collector, pages with alerts, and simulated stations of Ningbo.

    Nothing else is needed. First the history is filled (daily results since 1 January of the year before last, then
    hours), then the stations send live; one section gets into trouble within minutes, so that an alert is seen. The
    daily results of the other key cities come in meanwhile, since 1 January of last year. All of it says that it is
    simulated. It ends with Ctrl-C; the data stay, and a later demo goes on with them.

    \b
    Examples:
      qingchuan demo
      qingchuan demo --speed 60
    """
    stop, context = stop_on_signals(), context_of(ctx)
    given = _given(context, speed)
    settings = context.load(given)
    set_up_logs(settings.log)
    broker = Address.parse(settings.broker.listen)
    try:
        make_folder(settings.data)
        check_alone(Places(settings.data).lock)
        _check_own(settings, broker)
        check_free(broker, "broker.listen")
        check_free(settings.api.address, "api.listen")
        with Broker(port=broker.port, listen=broker.host, max_inflight_count=_IN_FLIGHT):
            code = _run(settings, context, given, history, stop, cities=cities)
    except (DataFolderError, AlreadyCollectingError, NotForDemoError, PortInUseError, BrokerUnreachableError) as error:
        typer.echo(error, err=True)
        raise typer.Exit(1) from error
    raise typer.Exit(code)


class NotForDemoError(Exception):
    """The settings are those of a real service."""


def _check_own(settings: Settings, listen: Address) -> None:
    """Simulated stations must not come among real ones: a demo has a broker and data of its own."""
    broker = settings.broker
    if (broker.host, broker.port) != listen or broker.username is not None or broker.tls:
        raise NotForDemoError(
            f"broker.host, port, username or tls are set ({broker.host}:{broker.port}), and a demo has a broker of its "
            f"own at broker.listen = {listen}; leave them out, or start the service with: qingchuan run"
        )
    if real := _real_subjects(settings):
        raise NotForDemoError(
            f"{settings.data} holds readings that are not simulated (of {real[0]}); give the demo another folder with "
            "--data or QINGCHUAN_DATA"
        )


def _real_subjects(settings: Settings) -> list[str]:
    places = Places(settings.data)
    if not places.state.exists():
        return []
    state = State(prepare(settings.data).state)
    real = [identity for identity, subject in state.subjects().items() if not subject.simulated]
    state.close()
    return real


def _given(context: Context, speed: float) -> dict[str, object]:
    """The settings of a demo: quiet processes, and one clock for all of them if it is to run faster.

    Its sections tell of their quality control in frames of HJ 212, on topics of their own.
    """
    given: dict[str, object] = {} if "QINGCHUAN_LOG__LEVEL" in context.environ else dict(_QUIET)
    told = context.settings
    frames = {"topic": checks_topic(told.broker.prefix, SENDER), "codec": "hj212"}
    given["collector.formats"] = [*(known.model_dump() for known in told.collector.formats), frames]
    if speed != 1:
        given |= {"clock.speed": speed, "clock.origin": datetime.now(UTC).isoformat(timespec="seconds")}
    return given


def _run(
    settings: Settings, context: Context, given: dict[str, object], days: int, stop: Event, *, cities: bool
) -> int:
    environment = context.environment(given)
    console = Console()
    processes = [Process([name], environment) for name in ("collect", "serve")]
    shown = Demonstration(settings, clock_from(settings), stop, console)
    simulation = Thread(target=shown.run, args=(days,), kwargs={"cities": cities}, name="simulation")
    simulation.start()
    code = supervise(processes, stop)
    stop.set()
    simulation.join()
    console.print("已停止 Stopped. 数据留在 The data stay in", str(settings.data))
    return code
