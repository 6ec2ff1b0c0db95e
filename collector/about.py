"""Which subject a message is about, as far as its topic shows it: also where it cannot be decoded, or is not yet."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from qingchuan.collector.devices import Device
from qingchuan.store.tallies import UNKNOWN


class About:
    """Tells the subject of a topic, or of the MN number of a frame.

    Parameters
    ----------
    prefix : str
        First level of the native topics.
    subjects : collection of str
        Those that are announced; looked at anew each time.
    devices : mapping of str to Device

    Examples
    --------
    >>> about = About("qingchuan", {"1235A", "dazha"}, {"A330200_0001": Device("A330200_0001", "dazha")})
    >>> about("qingchuan/1235A/hour"), about("A330200_0001"), about("qingchuan/nobody/hour")
    ('1235A', 'dazha', '')
    """

    def __init__(self, prefix: str, subjects: Collection[str], devices: Mapping[str, Device]) -> None:
        self._begin = f"{prefix}/"
        self._subjects = subjects
        self._devices = devices

    def __call__(self, topic: str) -> str:
        """The subject; empty where none is known."""
        device = self._devices.get(topic)
        if device is not None:
            return device.subject
        subject = topic.removeprefix(self._begin).partition("/")[0]
        return subject if subject in self._subjects else UNKNOWN
