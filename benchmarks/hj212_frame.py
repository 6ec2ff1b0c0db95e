"""What one HJ 212 frame of a logger costs: cut out of the stream, checked, and decoded."""

from __future__ import annotations

import random
from pathlib import Path

from benchmarks.benchmark import Benchmark, Run
from benchmarks.timing import shortest
from qingchuan.collector.codecs.hj212 import decode_by
from qingchuan.collector.hj212.answers import frame
from qingchuan.collector.hj212.frames import Frame, Frames

_FRAMES = 2000
_CODES = ("w01018", "w21003", "w21011", "w21001", "w01001")
_PIECE = 1460
"""What one packet of a network carries. [bytes]"""
_REPEATED = 5
_MICROSECONDS = 1e6


def measure(_folder: Path) -> Run:
    """Time of a frame [µs]; it is cut twice, as in the service: where it arrives, and where the journal is decoded."""
    stream = _stream()
    pieces = [stream[start : start + _PIECE] for start in range(0, len(stream), _PIECE)]

    def work() -> None:
        frames, told = Frames(), 0
        for piece in pieces:
            for cut in frames.feed(piece):
                told += len(decode_by(cut.raw).told) if isinstance(cut, Frame) else 0
        if told != _FRAMES:
            raise RuntimeError(f"{told} frames were decoded; {_FRAMES} were sent")

    return Run(shortest(work, _REPEATED) / _FRAMES * _MICROSECONDS)


def _stream() -> bytes:
    """Real-time data of five items with the many digits that some loggers send; no number comes twice."""
    numbers = random.Random(212)
    sent = []
    for minute in range(_FRAMES):
        items = ";".join(f"{code}-Rtd={numbers.uniform(1, 400)!r},{code}-Flag=N" for code in _CODES)
        time = f"201607{1 + minute // 1440:02d}{minute // 60 % 24:02d}{minute % 60:02d}00"
        sent.append(
            frame(f"QN={time}914;ST=21;CN=2011;PW=123456;MN=A110000_0001;Flag=5;CP=&&DataTime={time};{items}&&")
        )
    return b"".join(sent)


BENCHMARK = Benchmark("hj212_frame_microseconds", "latency", "µs", "lower", 20, measure, runs=5)
