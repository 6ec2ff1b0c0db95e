"""Who sends in a format that is not our own: which of our subjects it is, and how it has to be understood."""

from __future__ import annotations

from typing import Literal

import msgspec
from paho.mqtt.client import topic_matches_sub

from qingchuan.collector.topics import SENDER, filter_of
from qingchuan.store.observations import Period

CodecName = Literal["native", "senml", "senml-cbor", "hj212", "sparkplug", "lorawan"]
Dialect = Literal["hj212-2005", "hj212-2017", "hj212-2025", "cnemc"]


_HEXADECIMAL = 32
"""Digits of a key of 16 bytes."""


class Format(msgspec.Struct, frozen=True):
    """Which codec takes what arrives on some topics.

    Attributes
    ----------
    topic : str
        An MQTT topic filter; a level `SENDER` stands for one that names the sender.
    codec : str
    """

    topic: str
    codec: CodecName


class Device(msgspec.Struct, frozen=True):
    """How one sender has to be understood.

    Attributes
    ----------
    id : str
        What it calls itself: an MN number, the id of a device, a base name.
    subject : str
        Which of our subjects its values belong to.
    period : {"hour", "day", "instant", "minute", "realtime"} or None
        What its times name where the format does not say; None leaves it to the kind of the subject.
    label : {"start", "end"}
        Whether a period is named by its start or by its end.
    codes : dict of str to str
        Our item for codes of its own; an empty item leaves the code out.
    units : dict of str to str
        The unit of a code, where it is not the usual one of that code.
    dialect : str or None
        Of HJ 212; None where the frames show it.
    key : str or None
        SM4 key of HJ 212—2025, 32 hexadecimal digits or 16 characters; None where nothing is encrypted.
    """

    id: str
    subject: str
    period: Period | None = None
    label: Literal["start", "end"] = "start"
    codes: dict[str, str] = {}
    units: dict[str, str] = {}
    dialect: Dialect | None = None
    key: str | None = None

    def secret(self) -> bytes | None:
        """The bytes of `key`.

        Examples
        --------
        >>> Device("A1", "dazha", key="30" * 16).secret()
        b'0000000000000000'
        """
        if self.key is None:
            return None
        return bytes.fromhex(self.key) if len(self.key) == _HEXADECIMAL else self.key.encode()


def codec_of(topic: str, formats: tuple[Format, ...]) -> CodecName:
    """The codec of the first of `formats` whose filter covers `topic`; the native one if none does.

    Examples
    --------
    >>> formats = (Format("sensors/+/senml", "senml"),)
    >>> codec_of("sensors/7/senml", formats), codec_of("qingchuan/1235A/hour", formats)
    ('senml', 'native')
    """
    found = _format_of(topic, formats)
    return found.codec if found else "native"


def named_by(topic: str, formats: tuple[Format, ...]) -> str | None:
    """The sender that `topic` names; None where its format does not say which level that is.

    Examples
    --------
    >>> named_by("sensors/7/senml", (Format("sensors/{device}/senml", "senml"),))
    '7'
    """
    found = _format_of(topic, formats)
    if found is None or SENDER not in found.topic:
        return None
    return topic.split("/")[found.topic.split("/").index(SENDER)]


def _format_of(topic: str, formats: tuple[Format, ...]) -> Format | None:
    return next((known for known in formats if topic_matches_sub(filter_of(known.topic), topic)), None)
