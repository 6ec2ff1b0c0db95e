"""``qingchuan audit``: mark, correct, restore, declare dust, confirm, object, and what was done so far."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Final, NamedTuple

import typer

from qingchuan.api.answering import json_bytes
from qingchuan.api.queries.audit import auditing, take_audit, trail_answer
from qingchuan.service.audit_options import (
    ByOption,
    FromOption,
    ItemOption,
    PeriodOption,
    ReasonOption,
    StepOption,
    SubjectArgument,
    ToOption,
    YesOption,
    person_of,
    span_of,
)
from qingchuan.service.audit_reach import reach_of
from qingchuan.service.audit_tables import FLAGS, WORDS, trail_table
from qingchuan.service.reading import reading
from qingchuan.service.tables import JsonOption, both, standard_output
from qingchuan.store.audit_messages import Act, Audit

_SECOND: Final = 1_000_000


class Said(NamedTuple):
    """What an auditor says besides the action.

    Attributes
    ----------
    step, reason : str
    by : str or None
        None: the login name.
    yes : bool
        Whether not to ask.
    """

    step: str
    reason: str
    by: str | None
    yes: bool


def command() -> None:
    r"""审核 Audit: what people decide about values; nothing is overwritten, and each action is kept with its reason.

    A value that is marked or corrected is told by the auditor beside what the station told; restored, the station's
    counts again. Hours of dust leave their particles out of means, indices and ranks, and stay in the published rate of
    good days. Days are confirmed step by step (audit.steps: station, city, province); after the last step their
    figures are audited. Official values are never edited: one objects to them. "COMMAND --help" explains each, and
    docs/audit.md all of it.

    \b
    Examples:
      qingchuan audit mark 1235A --from 2026-11-24T08:00 --to 2026-11-24T10:00 --item pm25 --reason "filter torn"
      qingchuan audit confirm 1235A --from 2026-11-24 --step station --reason "looked through"
      qingchuan audit list --subject 1235A
    """


def mark(  # noqa: PLR0913 - an argument for each option
    ctx: typer.Context,
    *,
    subject: SubjectArgument,
    first: FromOption,
    last: ToOption = None,
    item: ItemOption = None,
    period: PeriodOption = "hour",
    step: StepOption = "station",
    reason: ReasonOption,
    by: ByOption = None,
    yes: YesOption = False,
) -> None:
    r"""标记无效 Mark values invalid.

    They keep their numbers, get flag 4 by "audit", and count in nothing any more, whatever the station tells of the
    same time later.

    \b
    Examples:
      qingchuan audit mark 1235A --from 2026-11-24T08:00 --item pm25 --item pm10 --reason "filter torn"
      qingchuan audit mark dazha --from 2026-11-24 --period instant --item tp --reason "reagent used up" --step city
    """
    _do(
        ctx,
        lambda: Act("mark_invalid", subject, *span_of(first, last), period, tuple(item or ())),
        Said(step, reason, by, yes),
    )


def correct(  # noqa: PLR0913 - an argument for each option
    ctx: typer.Context,
    *,
    subject: SubjectArgument,
    first: FromOption,
    item: Annotated[str, typer.Option("--item", help="项目 Such as pm25.", metavar="ITEM")],
    value: Annotated[str, typer.Option("--value", help="正确值 In the unit of the item.", metavar="NUMBER")],
    period: PeriodOption = "hour",
    step: StepOption = "station",
    reason: ReasonOption,
    by: ByOption = None,
    yes: YesOption = False,
) -> None:
    r"""修正 Tell the right number of one value.

    \b
    Example:
      qingchuan audit correct 1235A --from 2026-11-24T08:00 --item pm25 --value 35 --reason "zero drift, by calibration"
    """
    length = 1 if period == "instant" else 3600
    _do(
        ctx,
        lambda: Act("correct", subject, *span_of(first, None, length), period, (item,), value),
        Said(step, reason, by, yes),
    )


def restore(  # noqa: PLR0913 - an argument for each option
    ctx: typer.Context,
    *,
    subject: SubjectArgument,
    first: FromOption,
    last: ToOption = None,
    item: ItemOption = None,
    period: PeriodOption = "hour",
    step: StepOption = "station",
    reason: ReasonOption,
    by: ByOption = None,
    yes: YesOption = False,
) -> None:
    r"""恢复 Take back what the audit did: marks, corrections and hours of dust.

    What the station told counts again, also what it told meanwhile.

    \b
    Example:
      qingchuan audit restore 1235A --from 2026-11-24T08:00 --item pm25 --reason "filter was in order"
    """
    _do(
        ctx,
        lambda: Act("restore", subject, *span_of(first, last), period, tuple(item or ())),
        Said(step, reason, by, yes),
    )


def dust(  # noqa: PLR0913 - an argument for each option
    ctx: typer.Context,
    *,
    subject: SubjectArgument,
    first: FromOption,
    last: ToOption = None,
    item: ItemOption = None,
    step: StepOption = "station",
    reason: ReasonOption,
    by: ByOption = None,
    yes: YesOption = False,
) -> None:
    r"""沙尘 Declare hours of dust of a station, or of all stations of a city.

    The particles of these hours (PM10 and PM2.5, if --item says nothing else) are left out of means, percentiles, the
    composite index, the rank, and the assessed rate of good days; the published rate keeps them.

    \b
    Example:
      qingchuan audit dust 330200 --from 2026-04-12T06:00 --to 2026-04-13T20:00 --reason "declared by CNEMC, 2026-31"
    """
    _do(
        ctx, lambda: Act("dust", subject, *span_of(first, last), "hour", tuple(item or ())), Said(step, reason, by, yes)
    )


def confirm(  # noqa: PLR0913 - an argument for each option
    ctx: typer.Context,
    *,
    subject: SubjectArgument,
    first: FromOption,
    last: ToOption = None,
    item: ItemOption = None,
    step: StepOption = "station",
    reason: ReasonOption,
    by: ByOption = None,
    yes: YesOption = False,
) -> None:
    r"""确认 Confirm natural days of a station or section, or of all stations of a city.

    A step confirms after those before it. What comes later about a day is not covered: it has to be confirmed again.

    \b
    Examples:
      qingchuan audit confirm 1235A --from 2026-11-24 --reason "looked through"
      qingchuan audit confirm 330200 --from 2026-11-01 --to 2026-12-01 --step city --reason "meeting of 2 December"
    """
    _do(
        ctx,
        lambda: Act("confirm", subject, *span_of(first, last), "day", tuple(item or ())),
        Said(step, reason, by, yes),
    )


def object_(  # noqa: PLR0913 - an argument for each option
    ctx: typer.Context,
    *,
    subject: SubjectArgument,
    first: FromOption,
    last: ToOption = None,
    item: ItemOption = None,
    value: Annotated[str, typer.Option("--value", help="应为 The number expected.", metavar="NUMBER")] = "",
    period: PeriodOption = "day",
    step: StepOption = "station",
    reason: ReasonOption,
    by: ByOption = None,
    yes: YesOption = False,
) -> None:
    r"""异议 Object to officially published values: they stay as they are, and the objection stands beside them.

    \b
    Example:
      qingchuan audit object 330200 --from 2026-11-24 --item pm25 --value 41 --reason "station 1235A was at repair"
    """
    _do(
        ctx,
        lambda: Act("object", subject, *span_of(first, last), period, tuple(item or ()), value),
        Said(step, reason, by, yes),
    )


def list_actions(
    ctx: typer.Context,
    *,
    subject: Annotated[str | None, typer.Option(help="对象 Only about this one.", metavar="ID")] = None,
    first: Annotated[str | None, typer.Option("--from", help="起 Only on values since then.", metavar="TIME")] = None,
    last: Annotated[str | None, typer.Option("--to", help="止 Only on values before.", metavar="TIME")] = None,
    limit: Annotated[int, typer.Option(min=1, max=1000, help="条数 At most so many.")] = 20,
    json: JsonOption = False,
) -> None:
    r"""列出 List what was done, the newest first: who, why, when, and what it changed.

    \b
    Examples:
      qingchuan audit list --subject 1235A --from 2026-11-01
      qingchuan audit list --limit 100 --json
    """
    with reading(ctx) as services:
        since, until = (None if text is None else span_of(text, None)[0] for text in (first, last))
        at = services.observations.sequence()
        answer = trail_answer(services, subject, since, until, limit, before=None, as_of=at)
        subjects = services.state.subjects()
    if json:
        typer.echo(json_bytes(answer))
    elif answer.actions:
        say = standard_output().print
        say(trail_table(answer.actions, subjects))
        if any(one.changes for one in answer.actions):
            say(FLAGS, markup=False)
    else:
        typer.echo("没有审核记录 Nothing was audited.")


commands = {
    "mark": mark,
    "correct": correct,
    "restore": restore,
    "dust": dust,
    "confirm": confirm,
    "object": object_,
    "list": list_actions,
}


def _do(ctx: typer.Context, action: Callable[[], Act], told: Said) -> None:
    """Append an action, after asking."""
    with reading(ctx) as services:
        act, person, subjects = action(), person_of(told.by, told.reason), services.state.subjects()
        said = Audit(person, told.step, told.reason.strip(), services.now() // _SECOND, (act,))
        if not told.yes:
            [judged] = auditing(services).judge(said)
            if not judged.refused:
                word, reach = WORDS[act.action].replace("\n", " "), reach_of(act, len(judged.changes), subjects)
                typer.confirm(f"{word}：{act.subject}，{both(reach)}？ OK?", abort=True)
        done = take_audit(services, said, "command")
    reach = reach_of(act, done.values, subjects)
    typer.echo(
        f"已写入日志链，涉及 {reach.zh} {reach.en}: it is in the journal, and applied when the collector has come to "
        f"message {done.sequence}"
    )
