"""``qingchuan doctor``: what loses data in practice, and what to do about it."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Annotated

import msgspec
import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text as Rich

from qingchuan.service.context import Context, context_of
from qingchuan.service.doctor.checks import CHECKS, Examined, examine
from qingchuan.service.doctor.finding import Check, Finding, Verdict
from qingchuan.service.doctor.patient import QUEUED, Patient
from qingchuan.service.progress import progress_bar
from qingchuan.service.setting_sources import CONFIG_NAME
from qingchuan.service.tables import in_lines, table_of, words_column

_SHOWN: dict[Verdict, Rich] = {
    "ok": Rich("正常\nok", "green"),
    "notice": Rich("注意\nnotice", "yellow"),
    "problem": Rich("问题\nproblem", "bold red"),
}


def command(
    ctx: typer.Context,
    *,
    mosquitto_conf: Annotated[
        Path | None,
        typer.Option(help="代理的配置文件 Read this configuration of Mosquitto too.", metavar="PATH"),
    ] = None,
    queue: Annotated[
        int, typer.Option(min=1, max=1_000_000, help="离线时试发的条数 Messages to publish while nobody takes them.")
    ] = QUEUED,
    json: Annotated[bool, typer.Option("--json", help="JSON 供程序读取 JSON, for programs.")] = False,
) -> None:
    r"""自检 Check what loses data in practice, and say what to do: broker, clock, disk, files, journal, stations.

    What the broker does is tried over MQTT, as the service's own user: with clients that are thrown away, on topics
    below PREFIX/doctor/ that no collector takes, and one of nobody; all of it is removed afterwards. How it saves
    cannot be tried from outside: --mosquitto-conf reads that. The data are only read. It may run while the service
    runs, and says so if it does not. It takes a few seconds; --queue more messages take longer.

    A problem (问题) loses data, or will; a notice (注意) is worth knowing. The exit status is 1 if there is a problem.

    \b
    Examples:
      qingchuan doctor
      qingchuan --config /etc/qingchuan.toml doctor --mosquitto-conf /etc/mosquitto/mosquitto.conf
      qingchuan doctor --json
    """
    context = context_of(ctx)
    patient = Patient(context.settings, mosquitto_conf, queue, _config(context))
    try:
        with progress_bar("检查 Check", len(CHECKS), Console(stderr=True), stays=False) as done:
            examined = examine(patient, done)
    finally:
        patient.close()
    if json:
        typer.echo(as_json(examined))
    else:
        _print(examined)
    raise typer.Exit(1 if any(finding.verdict == "problem" for _, finding in examined.findings) else 0)


def _config(context: Context) -> Path | None:
    """The file of the settings, wherever it was named."""
    named = context.environ.get(CONFIG_NAME)
    return context.given.config or (Path(named) if named else None)


def as_json(examined: Examined) -> bytes:
    """What came of the checks, for programs.

    Examples
    --------
    >>> as_json(Examined([], []))
    b'{"findings":[],"not_tried":[]}'
    """
    return msgspec.json.encode(
        {
            "findings": [
                {"check": check.key, "title": check.title, **msgspec.structs.asdict(finding)}
                for check, finding in examined.findings
            ],
            "not_tried": [
                {"check": check.key, "title": check.title, "because": because} for check, because in examined.not_tried
            ],
        }
    )


def _print(examined: Examined) -> None:
    table = _table()
    for check, finding in examined.findings:
        table.add_row(*_row(check, finding))
    say = Console(highlight=False).print
    say(table)
    if examined.not_tried:
        say("未查 Not looked at:")
    for because in dict.fromkeys(reason for _, reason in examined.not_tried):
        titles = [check.title for check, reason in examined.not_tried if reason == because]
        say(f"- {because.zh}：{'、'.join(title.zh for title in titles)}", markup=False, soft_wrap=True)
        say(f"  {because.en}: {', '.join(title.en for title in titles)}", markup=False, soft_wrap=True)
    counts = Counter(finding.verdict for _, finding in examined.findings)
    say(
        f"{counts['problem']} 个问题 problems, {counts['notice']} 项注意 notices, {counts['ok']} 项正常 ok",
        style="bold",
    )


def _table() -> Table:
    return table_of(
        "结论\nverdict", words_column("检查\ncheck"), words_column("所见，和要做的\nseen, and → what to do")
    )


def _row(check: Check, finding: Finding) -> tuple[Rich, str, Rich]:
    lines = [in_lines(finding.saw)]
    if finding.advice is not None:
        lines += [f"→{line}" for line in in_lines(finding.advice).splitlines()]
        lines.append(f"({finding.written})")
    return _SHOWN[finding.verdict], in_lines(check.title), Rich("\n".join(lines))
