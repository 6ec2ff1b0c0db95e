"""What a check found, and how checks are listed."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Literal, NamedTuple

import msgspec

from qingchuan.processing.standards import Text

if TYPE_CHECKING:
    from qingchuan.service.doctor.patient import Patient

Verdict = Literal["ok", "notice", "problem"]


class NotTriedError(Exception):
    """A check could not be tried, for a reason that is no finding of its own.

    Attributes
    ----------
    because : Text
    """

    def __init__(self, because: Text) -> None:
        super().__init__(because.en)
        self.because = because


class Finding(msgspec.Struct, frozen=True):
    """What a check found.

    Attributes
    ----------
    verdict : {"ok", "notice", "problem"}
        A problem loses data, or will; a notice is worth knowing.
    saw : Text
    advice : Text or None
        What to do; None where there is nothing to do.
    written : str
        Where it is written: a file of this project, and the option in it.
    """

    verdict: Verdict
    saw: Text
    advice: Text | None = None
    written: str = ""


class Check(NamedTuple):
    """One thing that the doctor looks at.

    Attributes
    ----------
    key : str
        Its name for programs.
    title : Text
    look : callable
        Makes the finding; raises `NotTriedError` where there is nothing to look at.
    """

    key: str
    title: Text
    look: Callable[[Patient], Finding]


def ok(zh: str, en: str) -> Finding:
    """A finding that all is well, with what was seen.

    Examples
    --------
    >>> ok("已连接", "connected").verdict
    'ok'
    """
    return Finding("ok", Text(zh, en))


def notice(saw: Text, advice: Text, written: str) -> Finding:
    """A finding that is worth knowing.

    Examples
    --------
    >>> notice(Text("慢", "slow"), Text("换盘", "use another disk"), "docs/operations.md").verdict
    'notice'
    """
    return Finding("notice", saw, advice, written)


def problem(saw: Text, advice: Text, written: str) -> Finding:
    """A finding that loses data, or will.

    Examples
    --------
    >>> problem(Text("满", "full"), Text("清理", "make room"), "docs/operations.md").verdict
    'problem'
    """
    return Finding("problem", saw, advice, written)


def of_demo_broker(found: Finding) -> Finding:
    """What a finding about a broker comes to where that is the one of a demo, which nobody configures: a remark.

    Examples
    --------
    >>> short = problem(
    ...     Text("短", "short"), Text("改", "set it"), "deploy/mosquitto/mosquitto.conf: message_size_limit"
    ... )
    >>> of_demo_broker(short).verdict, of_demo_broker(short).saw.en, of_demo_broker(ok("好", "well")).saw.en
    ('notice', 'demo broker: short', 'well')
    """
    if found.verdict == "ok" or not found.written.startswith(_SHIPPED.removesuffix("README.md")):
        return found
    saw = Text(f"演示自带的代理：{found.saw.zh}", f"demo broker: {found.saw.en}")
    advice = Text("演示无需处理；正式服务请用 Mosquitto", "nothing for a demo; a real service wants Mosquitto")
    return notice(saw, advice, _SHIPPED)


_SHIPPED = "deploy/mosquitto/README.md"
"""How the broker of a real service is set up."""
OPERATIONS = "docs/operations.md"
"""Where most of it is written."""
