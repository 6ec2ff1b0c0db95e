"""Options by which commands choose dead letters."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from typing import Annotated

import typer

from qingchuan.api.queries.dead_letter_export import Refused
from qingchuan.api.queries.dead_letters import moments
from qingchuan.service.period_options import OptionError
from qingchuan.store.dead_letters import Range, Wanted

_NUMBERS = re.compile(r"(\d{1,18})(?:-(\d{1,18}))?")

SubjectOption = Annotated[
    str | None, typer.Option(help="对象 Only those about this subject; '' is about nobody known.", metavar="ID")
]
TopicOption = Annotated[str, typer.Option(help="主题 Only those whose topic contains this.", metavar="TEXT")]
CodeOption = Annotated[str | None, typer.Option(help="类别 Only those of this kind, such as unknown-subject.")]
TextOption = Annotated[str, typer.Option(help="原因 Only those whose reason contains this.", metavar="TEXT")]
SinceOption = Annotated[
    str | None, typer.Option(help="接收时间 Only those received then or later: a day, or ISO 8601.", metavar="TIME")
]
BeforeOption = Annotated[str | None, typer.Option(help="Only those received before.", metavar="TIME")]
SettledOption = Annotated[
    bool | None, typer.Option("--settled/--open", help="已处理/未处理 Only those that were applied after all, or not.")
]


def wanted_of(
    *,
    subject: str | None = None,
    topic: str = "",
    code: str | None = None,
    text: str = "",
    since: str | None = None,
    before: str | None = None,
    settled: bool | None = None,
    messages: list[str] | None = None,
) -> Wanted:
    """Which dead letters the options ask for.

    Raises
    ------
    OptionError
        A number is none.
    ProblemError
        A time is none.

    Examples
    --------
    >>> wanted_of(messages=["1042", "1050-1060"]).messages
    ((1042, 1042), (1050, 1060))
    """
    begin, end = moments(since, before)
    named = tuple(map(_range, messages)) if messages else None
    return Wanted(subject, topic, code, text, begin, end, settled, named)


def counted(refused: Iterable[Refused], done: Callable[[int], None]) -> Iterator[Refused]:
    """`refused`, while `done` is told how many of them there were.

    Examples
    --------
    >>> list(counted([], print))
    []
    """
    for number, one in enumerate(refused, 1):
        yield one
        done(number)


def _range(text: str) -> Range:
    found = _NUMBERS.fullmatch(text)
    if found is None:
        raise OptionError(f"the message is {text!r}; a number such as 1042, or a range such as 1042-1050, would do")
    return int(found[1]), int(found[2] or found[1])
