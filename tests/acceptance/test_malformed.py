"""10,000 malformed messages among 20,000: all good ones are stored, all bad ones dead letters with the true reason."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

from qingchuan.service.places import Places
from qingchuan.simulators.publisher import Outgoing, publish
from qingchuan.store.journal_reader import JournalReader
from qingchuan.store.state import State
from tests.support.history import stored
from tests.support.ledger import counts
from tests.support.malformed import malformed
from tests.support.mosquitto import Mosquitto
from tests.support.publishes import Publish, messages, stations
from tests.support.publishing import publishing
from tests.support.service import Service

_GOOD = _BAD = 10_000
_QUICK = 30.0
"""A stall would last longer. [s]"""
_REASON = {(one.topic, one.payload): one.code for one in malformed(_BAD)}


def test_ten_thousand_malformed_among_twenty_thousand_cost_themselves_and_nothing_else(
    tmp_path: Path, mosquitto: Mosquitto
) -> None:
    """They come in turn with good ones, of every kind that broken stations send."""
    good = list(messages(_GOOD, 1))
    service = Service(tmp_path, mosquitto.port, ["collect"])
    service.start()
    with publishing("127.0.0.1", mosquitto.port, "stations") as client:
        publish([(topic, payload, False) for topic, payload in stations()], client)
        publish(_in_turn(good), client)
    total = len(stations()) + _GOOD + _BAD
    service.wait_until(lambda: counts(service.data).received >= total, f"journal {total} messages", _QUICK)
    service.wait_until(lambda: not counts(service.data).waiting, "apply them", _QUICK)
    service.stop()
    found = stored(service.data)
    told = Counter((key, value) for key, values in found.values.items() for value in values)
    assert told == Counter((one.key, one.value) for one in good)
    assert (found.counts.applied, found.counts.duplicate) == (len(stations()) + _GOOD, 0)
    assert found.counts.dead_letter == _BAD
    _check_reasons(service.data)


def _in_turn(good: Sequence[Publish]) -> Iterator[Outgoing]:
    for one, bad in zip(good, malformed(_BAD), strict=True):
        yield one.topic("qingchuan"), one.payload(), False
        yield bad.topic, bad.payload, False


def _check_reasons(data: Path) -> None:
    """Each malformed message is a dead letter under its own number, and its code is what is wrong with it."""
    state, journal = State(Places(data).state), JournalReader(Places(data).journal)
    codes = {letter.sequence: letter.code for letter in state.dead_letters(2 * _BAD) if letter.item is None}
    bad: dict[int, str] = {}
    after = 0
    while batches := journal.read(after):
        after = batches[-1].last
        said = [entry for batch in batches for entry in enumerate(batch.messages, batch.sequence)]
        bad |= {
            number: _REASON[told.topic, told.payload] for number, told in said if (told.topic, told.payload) in _REASON
        }
    state.close()
    journal.close()
    assert len(codes) == _BAD
    assert codes == bad
