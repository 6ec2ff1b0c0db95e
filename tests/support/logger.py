"""A logger (数采仪) that speaks HJ 212 over TCP, as far as a test tells it to."""

from __future__ import annotations

import socket
from typing import Self

from qingchuan.collector.hj212.answers import frame
from qingchuan.collector.hj212.frames import Frame, Frames
from qingchuan.collector.hj212.segment import Segment, parse_segment

MN = "A330200_0001"
PW = "123456"
_PATIENCE = 10.0
"""[s]"""


def upload(
    data: str,
    *,
    cn: int = 2061,
    qn: str = "20260301093000000",
    flag: int = 9,
    mn: str = MN,
    pw: str = PW,
    st: str = "21",
) -> bytes:
    """A frame with data, without CR LF."""
    return frame(f"QN={qn};ST={st};CN={cn};PW={pw};MN={mn};Flag={flag};CP=&&{data}&&").rstrip()


class Logger:
    """A connection to a gateway on 127.0.0.1."""

    def __init__(self, port: int) -> None:
        self._socket = socket.create_connection(("127.0.0.1", port), timeout=_PATIENCE)
        self._frames = Frames()
        self._heard: list[Segment] = []

    def say(self, data: bytes) -> None:
        """Send bytes as they are."""
        self._socket.sendall(data)

    def hear(self) -> Segment | None:
        """The next frame that the gateway sends; None where it has ended the connection."""
        while not self._heard:
            data = self._receive()
            if not data:
                return None
            cuts = self._frames.feed(data)
            self._heard += [parse_segment(cut.segment) for cut in cuts if isinstance(cut, Frame)]
        return self._heard.pop(0)

    def hears_nothing(self, within: float = 0.3) -> bool:
        """Whether nothing comes for a while."""
        self._socket.settimeout(within)
        try:
            return not self._heard and self.hear() is None
        except TimeoutError:
            return True
        finally:
            self._socket.settimeout(_PATIENCE)

    def _receive(self) -> bytes:
        try:
            return self._socket.recv(65536)
        except ConnectionResetError:
            return b""

    def __enter__(self) -> Self:
        """Connected already."""
        return self

    def __exit__(self, *_: object) -> None:
        """Go."""
        self.close()

    def close(self) -> None:
        """End the connection."""
        self._socket.close()
