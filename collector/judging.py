"""Which messages may tell that earlier values are bad: these are settled by themselves, after all before them."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from qingchuan.collector.devices import Format, codec_of
from qingchuan.collector.hj212.checks import may_tell_checks
from qingchuan.store.messages import Kind, Message

_ALWAYS: frozenset[Kind] = frozenset({"again", "settings", "audit", "publication"})
"""What is applied again may be a check, settings say which messages after them are, people speak of what is there."""
_SELDOM: frozenset[Kind] = _ALWAYS | {"hj212"}


class Judging:
    """Finds them under some settings.

    Parameters
    ----------
    formats : tuple of Format
        Which codec takes which topics.

    Examples
    --------
    >>> judging = Judging((Format("loggers/#", "hj212"),))
    >>> check = b"##0172ST=21;CN=2065;MN=A;Flag=9;CP=&&&&"
    >>> [judging.may(Message("mqtt", "collector", topic, check)) for topic in ("loggers/7", "qingchuan/7/hour")]
    [True, False]
    """

    def __init__(self, formats: tuple[Format, ...]) -> None:
        self._formats = formats
        self._frames_by_mqtt = any(told.codec == "hj212" for told in formats)

    def may_any(self, messages: Sequence[Message], kinds: Collection[Kind]) -> bool:
        """Whether some of `messages`, which are of `kinds`, may; mostly their kinds say that none does."""
        seldom = self._frames_by_mqtt or not _SELDOM.isdisjoint(kinds)
        return seldom and any(map(self.may, messages))

    def may(self, message: Message) -> bool:
        """Whether a message may."""
        if message.kind in _ALWAYS:
            return True
        frame = message.kind == "hj212" or codec_of(message.topic, self._formats) == "hj212"
        return frame and may_tell_checks(message.payload)
