"""What a demo remembers from one start to the next, so that it goes on where it was instead of telling all again."""

from __future__ import annotations

from pathlib import Path

import msgspec

from qingchuan.simulators.incident import Incident, soon_after


class Memory(msgspec.Struct, forbid_unknown_fields=True):
    """What a demo has told so far.

    Attributes
    ----------
    incident : Incident
        What goes wrong soon after the first start; a later start tells the same history.
    stations : int or None
        Up to when the messages of the stations are in the journal; None: none are. [s since 1970-01-01 UTC]
    country : int or None
        The same of the other key cities. [s since 1970-01-01 UTC]
    """

    incident: Incident
    stations: int | None = None
    country: int | None = None


def recall(path: Path, now: int) -> Memory:
    """What was remembered in `path`, or the memory of a demo that starts for the first time `now`.

    Parameters
    ----------
    path : Path
    now : int
        [s since 1970-01-01 UTC]

    Examples
    --------
    >>> recall(Path("never-written.json"), 1_795_564_800).stations is None
    True
    """
    if path.exists():
        return msgspec.json.decode(path.read_bytes(), type=Memory)
    return Memory(soon_after(now))


def remember(memory: Memory, path: Path) -> None:
    """Write `memory` to `path`, whole or not at all."""
    written = path.with_suffix(".new")
    written.write_bytes(msgspec.json.encode(memory))
    written.replace(path)
