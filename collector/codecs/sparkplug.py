"""The codec of Sparkplug B. What it takes is in ``docs/formats.md``.

A node tells the names of its metrics once, in a birth certificate, and numbers (aliases) of them from then on. What was
told before therefore decides what a message means: `Memory`, which is made by messages alone, and is kept over a start.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Final, NamedTuple

import msgspec

from qingchuan.collector.codecs.as_sent import second_of
from qingchuan.collector.codecs.sparkplug_payload import Metric, Payload, number_of, parse_payload
from qingchuan.collector.codecs.told import Content, Told, Value
from qingchuan.collector.refusal import RefusedError, RefusedValue

_NAMESPACE: Final = "spBv1.0"
_OF_NODES: Final = frozenset({"NBIRTH", "NDATA", "NDEATH", "NCMD"})
_OF_DEVICES: Final = frozenset({"DBIRTH", "DDATA", "DDEATH", "DCMD"})
_TELLS_NOTHING: Final = frozenset({"NCMD", "DCMD", "STATE"})
_SESSION: Final = "bdSeq"
_CONTROLS: Final = ("Node Control/", "Device Control/")

_COUNT: Final = 256
"""Messages of a node are counted from 0 to 255, over and over."""

_MOST_NODES: Final = 10_000
_MOST_DEVICES: Final = 1000
"""Of a node, which is kept whole whenever it changes."""

_WITHOUT_BIRTH: Final = "no birth certificate that tells it was seen; ask the node for a rebirth (Node Control/Rebirth)"


class Born(msgspec.Struct):
    """What a birth certificate told.

    Attributes
    ----------
    names : dict of int to str
        Of metrics, by alias.
    datatypes : dict of str to int
        Of metrics, by name.
    """

    names: dict[int, str] = {}
    datatypes: dict[str, int] = {}


class Node(msgspec.Struct):
    """A node, since it was born.

    Attributes
    ----------
    session : int or None
        Its `bdSeq`, which its death tells too.
    count : int or None
        Of its last message.
    born : dict of str to Born
        By device; the empty one is the node itself.
    rank : int
        The larger, the later it was born, or a device of it.
    """

    session: int | None = None
    count: int | None = None
    born: dict[str, Born] = {}
    rank: int = 0


class Memory(msgspec.Struct):
    """All that earlier messages decide about later ones.

    Attributes
    ----------
    nodes : dict of str to Node
        By group and node; the one that was born last comes last.
    """

    nodes: dict[str, Node] = {}

    @classmethod
    def of(cls, kept: Mapping[str, bytes]) -> Memory:
        """The memory whose nodes were kept as `Sparkplug.changes` gave them."""
        nodes = [(name, msgspec.msgpack.decode(content, type=Node)) for name, content in kept.items()]
        return cls(dict(sorted(nodes, key=lambda entry: entry[1].rank)))


class _Place(NamedTuple):
    kind: str
    node: str
    device: str

    @property
    def sender(self) -> str:
        return f"{self.node}/{self.device}" if self.device else self.node


class Sparkplug:
    """The codec, with what it remembers.

    Parameters
    ----------
    memory : Memory or None
        Of all messages before; None where there are none. It is changed.

    Attributes
    ----------
    memory : Memory

    Examples
    --------
    >>> codec = Sparkplug()
    >>> birth = bytes.fromhex("08e80712110a0270681001200a6900000000000020401800")
    >>> data = bytes.fromhex("08d00f120b10016900000000000021401801")
    >>> codec.decode(birth, "spBv1.0/ningbo/DBIRTH/gateway/dazha", 0).told[0].values["ph"].text
    '8'
    >>> codec.decode(data, "spBv1.0/ningbo/DDATA/gateway/dazha", 0).told
    [Told(sender='ningbo/gateway/dazha', time=2, values={'ph': Value(text='8.5', unit='', flag=2, by='')}, period=None)]
    """

    def __init__(self, memory: Memory | None = None) -> None:
        self.memory = memory or Memory()
        self._touched: set[str] = set()

    def changes(self) -> dict[str, bytes | None]:
        """The nodes that became others since it was last asked, as they are kept; None for those that are forgotten.

        Examples
        --------
        >>> codec = Sparkplug()
        >>> birth = codec.decode(bytes.fromhex("1801"), "spBv1.0/ningbo/NBIRTH/gateway", 0)
        >>> kept = codec.changes()
        >>> Memory.of(kept) == codec.memory, codec.changes()
        (True, {})
        """
        nodes = {name: self.memory.nodes.get(name) for name in sorted(self._touched)}
        self._touched.clear()
        return {name: None if node is None else msgspec.msgpack.encode(node) for name, node in nodes.items()}

    def decode(self, payload: bytes, topic: str, received: int) -> Content:
        """What a message tells; it is remembered where it is a birth or a death.

        Parameters
        ----------
        payload : bytes
        topic : str
            ``spBv1.0/<group>/<kind>/<node>``, of a device with ``/<device>``.
        received : int
            Stands for a time that is not told. [µs since 1970-01-01 UTC]

        Raises
        ------
        RefusedError
            It is no payload of Sparkplug B, and nothing was changed; or the birth of one device too many.
        """
        place = _place(topic)
        content = Content()
        if place.kind in _TELLS_NOTHING:
            return content
        told = parse_payload(payload)
        self._touched.add(place.node)
        if place.kind == "NDEATH":
            self._bury(place, told, content)
            return content
        self._count(place, told, content)
        if place.kind.endswith("BIRTH"):
            self._bear(place, told, content)
        if place.kind == "DDEATH":
            self._born(place.node).pop(place.device, None)
        else:
            _tell(place, told, self._born(place.node).get(place.device, Born()), received, content)
        return content

    def _born(self, node: str) -> dict[str, Born]:
        known = self.memory.nodes.get(node)
        return known.born if known else {}

    def _bury(self, place: _Place, told: Payload, content: Content) -> None:
        known, session = self.memory.nodes.get(place.node), _session(told)
        if known is not None and None not in (known.session, session) and known.session != session:
            death = f"{place.node} died in its session {session} (bdSeq), and was born in {known.session} since"
            content.notes.append(f"{death}; its birth certificate still holds")
        else:
            self.memory.nodes.pop(place.node, None)

    def _bear(self, place: _Place, told: Payload, content: Content) -> None:
        nodes = self.memory.nodes
        if place.device:
            node = nodes.get(place.node) or Node(count=told.seq)
            _check_room(place, node)
        else:
            node = Node(_session(told), told.seq)
        nodes.pop(place.node, None)
        node.born[place.device] = _certificate(place, told, content)
        node.rank = 1 + nodes[next(reversed(nodes))].rank if nodes else 1
        nodes[place.node] = node
        if len(nodes) > _MOST_NODES:
            oldest = next(iter(nodes))
            del nodes[oldest]
            self._touched.add(oldest)

    def _count(self, place: _Place, told: Payload, content: Content) -> None:
        """Notice where messages of a node are missing; a node that is born begins anew."""
        known = self.memory.nodes.get(place.node)
        if known is None or place.kind == "NBIRTH" or told.seq is None:
            return
        if known.count is not None and told.seq != (known.count + 1) % _COUNT:
            jump = f"{place.node} counted from {known.count} to {told.seq} (seq)"
            content.notes.append(f"{jump}; messages between them were lost, ask it for a rebirth")
        known.count = told.seq % _COUNT


def _place(topic: str) -> _Place:
    namespace, *levels = topic.split("/")
    if namespace == _NAMESPACE and all(levels):
        match levels:
            case ["STATE", _]:
                return _Place("STATE", "", "")
            case [group, kind, node] if kind in _OF_NODES:
                return _Place(kind, f"{group}/{node}", "")
            case [group, kind, node, device] if kind in _OF_DEVICES:
                return _Place(kind, f"{group}/{node}", device)
    form = f"{_NAMESPACE}/<group>/<NBIRTH, NDATA …>/<node>, or {_NAMESPACE}/<group>/<DBIRTH, DDATA …>/<node>/<device>"
    raise RefusedError("unknown-topic", f"topic is {topic[:200]!r}; it has the form {form}")


def _check_room(place: _Place, node: Node) -> None:
    if place.device not in node.born and len(node.born) > _MOST_DEVICES:
        reason = f"{place.node} has {_MOST_DEVICES} devices already, and no more are remembered; spread them over nodes"
        raise RefusedError("unknown-subject", reason)


def _session(told: Payload) -> int | None:
    for metric in told.metrics:
        if metric.name == _SESSION and metric.value is not None and isinstance(metric.value.value, int):
            return metric.value.value
    return None


def _certificate(place: _Place, told: Payload, content: Content) -> Born:
    born = Born()
    twice: set[int] = set()
    for metric in told.metrics:
        if metric.name is None:
            continue
        if metric.datatype is not None:
            born.datatypes[metric.name] = metric.datatype
        if metric.alias is not None and born.names.setdefault(metric.alias, metric.name) != metric.name:
            twice.add(metric.alias)
    for alias in sorted(twice):
        del born.names[alias]
        content.notes.append(f"{place.sender} gave the alias {alias} to two metrics; neither is known by it")
    return born


def _tell(place: _Place, told: Payload, born: Born, received: int, content: Content) -> None:
    moments: dict[int, dict[str, Value]] = {}
    for metric in told.metrics:
        name = _name(metric, born)
        code = f"alias {metric.alias}" if name is None else name
        if _is_silent(metric, code):
            continue
        try:
            value = _value(metric, name, born)
            values = moments.setdefault(_moment(metric, told, received), {})
        except RefusedError as error:
            content.refused.append(RefusedValue(code, error.code, f"{code}: {error.reason}", place.sender))
            continue
        if values.setdefault(code, value) != value:
            reason = f"{code} is told twice of one second, and differently; once would do"
            content.refused.append(RefusedValue(code, "wrong-value", reason, place.sender))
    content.told.extend(Told(place.sender, time, values) for time, values in moments.items())


def _name(metric: Metric, born: Born) -> str | None:
    if metric.name is not None or metric.alias is None:
        return metric.name
    return born.names.get(metric.alias)


def _is_silent(metric: Metric, name: str) -> bool:
    """Whether a metric tells nothing that is stored: no value, one that must not be, or one of the protocol."""
    return (
        metric.value is None or metric.is_null or metric.is_transient or name == _SESSION or name.startswith(_CONTROLS)
    )


def _value(metric: Metric, name: str | None, born: Born) -> Value:
    if name is None or metric.value is None:
        raise RefusedError("unknown-item", _WITHOUT_BIRTH)
    datatype = metric.datatype if metric.datatype is not None else born.datatypes.get(name)
    return Value(number_of(metric.value, datatype))


def _moment(metric: Metric, told: Payload, received: int) -> int:
    milliseconds = metric.timestamp or told.timestamp
    return second_of(Decimal(milliseconds).scaleb(-3) if milliseconds else Decimal(received).scaleb(-6))
