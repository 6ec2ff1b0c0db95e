"""The published HJ 212 frames in docs/examples/hj212, and building frames for tests."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

from qingchuan.collector.hj212.crc import crc

FOLDER = Path(__file__).parents[2] / "docs" / "examples" / "hj212"
VALID = ("standard", "water", "air", "dialogue", "checks")


class Example(NamedTuple):
    """A published frame and the comment it stands under."""

    comment: str
    raw: bytes


def examples(name: str) -> list[Example]:
    """The frames of one file, in order."""
    found: list[Example] = []
    comment = ""
    for line in (FOLDER / f"{name}.txt").read_text(encoding="utf-8").splitlines():
        if line.startswith("##"):
            found.append(Example(comment, line.encode()))
        elif line.startswith("# "):
            comment = line.removeprefix("# ")
    return found


def valid() -> list[bytes]:
    """All frames of the files that hold valid ones."""
    return [example.raw for name in VALID for example in examples(name)]


def example(beginning: str) -> bytes:
    """The one valid frame that begins so, or has this text in it."""
    [raw] = [raw for raw in valid() if beginning.encode() in raw]
    return raw


def framed(segment: str | bytes, length: int | None = None) -> bytes:
    """A frame around `segment`, with the right CRC, and the right length unless another is told."""
    data = segment.encode() if isinstance(segment, str) else segment
    return b"##%04d%b%04X" % (len(data) if length is None else length, data, crc(data))


def told(data: str, head: str = "ST=21;CN=2011;MN=A1;Flag=4") -> bytes:
    """A frame with `data` in its data area."""
    return framed(f"{head};CP=&&{data}&&")
