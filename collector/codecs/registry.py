"""All codecs but the native one, by the names that settings give them."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from functools import partial

from qingchuan.collector.codecs import hj212, lorawan, senml
from qingchuan.collector.codecs.sparkplug import Sparkplug
from qingchuan.collector.codecs.told import Content
from qingchuan.collector.devices import CodecName, Device

Codec = Callable[[bytes, str, int], Content]
"""Takes payload, topic and time of receipt [µs since 1970-01-01 UTC]; see `told`."""

_MN = re.compile(rb"[0-9;]MN=([^;]*);")


def codecs(devices: Mapping[str, Device], sparkplug: Sparkplug) -> dict[CodecName, Codec]:
    """The codecs, which know the entries of `devices`, by what these call themselves.

    Examples
    --------
    >>> sorted(codecs({}, Sparkplug()))
    ['hj212', 'lorawan', 'senml', 'senml-cbor', 'sparkplug']
    """
    return {
        "hj212": _by_logger(devices),
        "lorawan": lorawan.decode,
        "senml": partial(senml.decode, known=devices),
        "senml-cbor": partial(senml.decode_cbor, known=devices),
        "sparkplug": sparkplug.decode,
    }


def _by_logger(devices: Mapping[str, Device]) -> Codec:
    """The codec of HJ 212 that goes by the entry of a logger: its dialect, its key."""

    def decode(payload: bytes, topic: str, received: int) -> Content:
        found = _MN.search(payload)
        device = devices.get(found[1].decode(errors="replace")) if found else None
        if device is None:
            return hj212.decode(payload, topic, received)
        return hj212.decode_by(payload, device.dialect, device.secret())

    return decode
