"""What decoding depends on besides the messages themselves."""

from __future__ import annotations

import msgspec

from qingchuan.collector.devices import Device, Format
from qingchuan.store.audit_messages import STEPS


class Decoding(msgspec.Struct, frozen=True):
    """The settings that decoding depends on; they are messages too, so that a journal always gives the same store.

    Attributes
    ----------
    version : str
        Of the program.
    prefix : str
        First level of the topics.
    future_tolerance : int
        How far after its receipt the time of a message may lie. [s]
    formats : tuple of Format
        Which codec takes which topics; the first that fits.
    devices : tuple of Device
        Those that do not speak the native format.
    thresholds : str
        Those of the quality tests, as TOML; empty for those that ship.
    audit_steps : tuple of str
        Steps of the audit, the first one first.
    """

    version: str = ""
    prefix: str = "qingchuan"
    future_tolerance: int = 3600
    formats: tuple[Format, ...] = ()
    devices: tuple[Device, ...] = ()
    thresholds: str = ""
    audit_steps: tuple[str, ...] = STEPS
