"""``qingchuan dead-letters``: what was refused, why, and applying it again after a fix."""

from __future__ import annotations

from getpass import getuser
from pathlib import Path
from typing import Annotated, Final

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from qingchuan.api.answering import json_bytes
from qingchuan.api.queries.dead_letter_export import as_csv, as_json_lines
from qingchuan.api.queries.dead_letters import apply_again, letters_answer, message_answer, with_payloads
from qingchuan.api.schemas.dead_letters import DeadLetter, DeadLetterCode, DeadLetterMessage, DeadLettersAnswer
from qingchuan.service.letter_options import (
    BeforeOption,
    CodeOption,
    SettledOption,
    SinceOption,
    SubjectOption,
    TextOption,
    TopicOption,
    counted,
    wanted_of,
)
from qingchuan.service.period_options import OptionError
from qingchuan.service.progress import progress_bar
from qingchuan.service.reading import reading
from qingchuan.service.tables import (
    NONE,
    JsonOption,
    ids_column,
    numbers_column,
    standard_output,
    table_of,
    words_column,
)
from qingchuan.store.again import LONGEST
from qingchuan.store.dead_letters import named as messages_with

_WRITERS: Final = {".csv": as_csv, ".jsonl": as_json_lines}
_SHOWN_FOR: Final = len("2026-11-25T08:00")


def command() -> None:
    r"""死信 What was refused, and why: list it, show a message, export all, apply it again after a fix.

    Nothing that arrives is thrown away: a message, or a value of it, that cannot be used is kept with the reason. Once
    that is mended – the subject has announced itself, the device has an entry in collector.devices, the program is a
    newer one – "again" has it decoded once more. "COMMAND --help" explains each.

    \b
    Examples:
      qingchuan dead-letters list --open
      qingchuan dead-letters show 1042
      qingchuan dead-letters again --code unknown-subject --topic 1235A --reason "1235A has announced itself"
    """


def list_letters(  # noqa: PLR0913 - an argument for each option
    ctx: typer.Context,
    *,
    subject: SubjectOption = None,
    topic: TopicOption = "",
    code: CodeOption = None,
    text: TextOption = "",
    since: SinceOption = None,
    before: BeforeOption = None,
    settled: SettledOption = None,
    limit: Annotated[int, typer.Option(min=1, max=1000, help="条数 At most so many.")] = 20,
    json: JsonOption = False,
) -> None:
    r"""列出 List them, newest first, and how many there are.

    \b
    Examples:
      qingchuan dead-letters list --open
      qingchuan dead-letters list --topic 1235A --since 2026-11-24 --limit 100
      qingchuan dead-letters list --code wrong-value --text pm25 --json
    """
    with reading(ctx) as services:
        wanted = wanted_of(
            subject=subject, topic=topic, code=code, text=text, since=since, before=before, settled=settled
        )
        answer = letters_answer(services, wanted, limit)
    if json:
        typer.echo(json_bytes(answer))
        return
    say = standard_output().print
    if not answer.dead_letters:
        say("没有符合的死信 No dead letter fits.")
        return
    say(_table(answer), _counts(answer.codes), sep="\n")
    say(_total(answer, len(answer.dead_letters)))


def show(
    ctx: typer.Context,
    *,
    message: Annotated[int, typer.Argument(min=1, help="序号 Number of the message.", metavar="MESSAGE")],
    json: JsonOption = False,
) -> None:
    r"""查看 Show a message with its payload.

    It is the message as it arrived; a payload that is no text is printed as base64.

    \b
    Example:
      qingchuan dead-letters show 1042
    """
    with reading(ctx) as services:
        answer = message_answer(services, message)
    if json:
        typer.echo(json_bytes(answer))
    else:
        _print(answer)


def export(  # noqa: PLR0913 - an argument for each option
    ctx: typer.Context,
    *,
    file: Annotated[Path, typer.Argument(help="输出文件 Ends with .csv or .jsonl.", metavar="FILE")],
    subject: SubjectOption = None,
    topic: TopicOption = "",
    code: CodeOption = None,
    text: TextOption = "",
    since: SinceOption = None,
    before: BeforeOption = None,
    settled: SettledOption = None,
) -> None:
    r"""导出 Write them into a file, with payloads.

    CSV for a spreadsheet, or JSON lines, by the ending of its name; the oldest come first. A file that is there is
    replaced. In CSV a cell that a spreadsheet would take for a formula begins with an apostrophe.

    \b
    Examples:
      qingchuan dead-letters export refused.csv --open
      qingchuan dead-letters export refused.jsonl --code wrong-frame
    """
    with reading(ctx) as services:
        write = _WRITERS.get(file.suffix.lower())
        if write is None:
            raise OptionError(f"the file is {file}; a name that ends with .csv or .jsonl would do")
        wanted = wanted_of(
            subject=subject, topic=topic, code=code, text=text, since=since, before=before, settled=settled
        )
        total = letters_answer(services, wanted, 1).total
        number = total.messages + total.values
        try:
            with progress_bar(f"导出 Export {file.name}", number, Console(stderr=True)) as done, file.open("wb") as out:
                out.writelines(write(counted(with_payloads(services, wanted), done)))
        except OSError as error:
            raise OptionError(f"{file}: {error.strerror}; a file that this user may write would do") from error
    typer.echo(f"{number} 条死信 dead letters: {file}")


def again(  # noqa: PLR0913 - an argument for each option
    ctx: typer.Context,
    *,
    messages: Annotated[
        list[str] | None, typer.Argument(help="序号 Messages, such as 1042 or 1050-1060.", metavar="MESSAGE")
    ] = None,
    reason: Annotated[str, typer.Option(help="理由 What was mended; it is kept.", metavar="TEXT")],
    by: Annotated[
        str | None, typer.Option(help="何人 Who says so; the login name if left out.", metavar="NAME")
    ] = None,
    subject: SubjectOption = None,
    topic: TopicOption = "",
    code: CodeOption = None,
    text: TextOption = "",
    since: SinceOption = None,
    before: BeforeOption = None,
    yes: Annotated[bool, typer.Option("--yes", help="不再询问 Do not ask.")] = False,
) -> None:
    r"""再次应用 Have them applied again after a fix.

    Those that were applied after all are left alone. It says how many messages that is and asks. The collector
    decodes them once more in its turn, by the settings, announcements and program of then. What comes of it only
    fills in what is not there: a newer value stays. What is refused again stays, with the newest reason.

    \b
    Examples:
      qingchuan dead-letters again --code unknown-subject --reason "1235A has announced itself"
      qingchuan dead-letters again 1042 1050-1060 --reason "entry of the logger added" --by "林工" --yes
    """
    with reading(ctx) as services:
        named = wanted_of(
            subject=subject, topic=topic, code=code, text=text, since=since, before=before, settled=False,
            messages=messages,
        )  # fmt: skip
        person = _said_by(by, reason)
        number = len(messages_with(services.state.engine, named))
        if not number:
            typer.echo("没有符合且未处理的死信 No dead letter that is not settled fits.", err=True)
            raise typer.Exit(1)
        if not yes:
            standard_output().print(_counts(letters_answer(services, named, 1).codes))
            typer.confirm(f"再次应用这 {number} 条消息？ Apply {number} messages again?", abort=True)
        done = apply_again(services, named, person, reason, "command")
    typer.echo(
        f"已写入日志链，共 {done.messages} 条消息 {done.messages} messages are named in the journal; they are applied "
        f"when the collector has come to message {done.sequence}"
    )


commands = {"list": list_letters, "show": show, "export": export, "again": again}


def _said_by(by: str | None, reason: str) -> str:
    if not reason.strip() or len(reason) > LONGEST:
        raise OptionError(f"--reason has {len(reason)} characters; what was mended, in 1 to {LONGEST}, would do")
    try:
        person = (getuser() if by is None else by).strip()
    except (OSError, KeyError):
        person = ""
    if not person or len(person) > LONGEST:
        raise OptionError("--by does not name who says so; a name would do")
    return person


def _table(answer: DeadLettersAnswer) -> Table:
    table = table_of(
        ids_column("序号\nmessage"),
        "接收\nreceived",
        words_column("主题\ntopic"),
        words_column("被拒\nrefused"),
        words_column("原因\nreason"),
    )
    for letter in answer.dead_letters:
        received = letter.received[:_SHOWN_FOR].replace("T", "\n")
        table.add_row(
            str(letter.sequence), received, Text(letter.topic), Text(letter.item or "整条\nall of it"), _reason(letter)
        )
    return table


def _reason(letter: DeadLetter) -> Text:
    lines = [f"{letter.code}: {letter.reason}"]
    if letter.settled is not None:
        lines.append(f"✓ 已处理 settled by {letter.settled}")
    elif letter.tried is not None:
        lines.append(f"× 再次被拒 refused again at {letter.tried}")
    return Text("\n".join(lines))


def _counts(codes: list[DeadLetterCode]) -> Table:
    table = table_of(
        words_column("类别\nkind of reason"), numbers_column("整条消息\nmessages"), numbers_column("单个数值\nvalues")
    )
    for one in codes:
        table.add_row(one.code, str(one.messages), str(one.values))
    return table


def _total(answer: DeadLettersAnswer, listed: int) -> str:
    total = answer.total
    return (
        f"共 {total.messages} 条消息、{total.values} 个数值，列出 {listed} 条\n"
        f"{total.messages} messages and {total.values} values in all, {listed} are listed"
    )


def _print(answer: DeadLetterMessage) -> None:
    say = standard_output().print
    kept = "，保留消息 retained" if answer.retained else ""
    say(f"消息 message {answer.sequence}: {answer.kind}, {answer.received}, {answer.source}{kept}", markup=False)
    say(f"主题 topic: {answer.topic or NONE}", markup=False)
    for letter in answer.dead_letters:
        say(Text.assemble("- ", f"{letter.item}: " if letter.item else "", _reason(letter)))
    if answer.again is not None:
        told = answer.again
        say(f"再次应用 applied again: {told.sequence}, {told.received}, {told.by}: {told.reason}", markup=False)
    how = "" if answer.encoding == "text" else ", base64"
    say(f"内容 payload, {answer.size} B{how}:")
    typer.echo(answer.payload)
