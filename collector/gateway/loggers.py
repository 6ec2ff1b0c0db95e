"""The loggers that may speak: what they call themselves, their password, their dialect, their key."""

from __future__ import annotations

import hmac
from typing import NamedTuple

from qingchuan.collector.devices import Device
from qingchuan.collector.hj212.segment import Segment
from qingchuan.collector.refusal import RefusedError


class Logger(NamedTuple):
    """A logger (数采仪).

    Attributes
    ----------
    device : Device
        Its entry in the settings.
    password : str or None
        What its frames have to carry as PW; None takes any.
    """

    device: Device
    password: str | None = None

    def check(self, segment: Segment) -> None:
        """Make sure that a frame is this logger's.

        Raises
        ------
        RefusedError
            Its password is another.

        Examples
        --------
        >>> from qingchuan.collector.hj212.segment import parse_segment
        >>> Logger(Device("A1", "dazha"), "123456").check(parse_segment(b"CN=2011;PW=123456;MN=A1;CP=&&&&"))
        """
        if self.password is not None and not hmac.compare_digest(segment.pw.encode(), self.password.encode()):
            reason = (
                f"PW of logger {segment.mn} is not the one that collector.devices names; set the same on both sides"
            )
            raise RefusedError("wrong-password", reason)


def unknown(mn: str) -> RefusedError:
    """The refusal of a logger that nobody has named.

    Examples
    --------
    >>> unknown("A9").reason
    "MN is 'A9', which no entry of collector.devices has as its id; add one, or set the number of the logger"
    """
    hint = "which no entry of collector.devices has as its id; add one, or set the number of the logger"
    return RefusedError("unknown-subject", f"MN is {mn[:40]!r}, {hint}")
