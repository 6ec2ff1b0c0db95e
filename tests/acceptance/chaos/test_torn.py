"""Torn tails and flipped bits in the files of the journal: always noticed, named by number, everything else kept."""

from __future__ import annotations

import random
import re
import shutil
from collections.abc import Callable
from pathlib import Path
from threading import Event

import pytest

from qingchuan.service.collect import collect
from qingchuan.service.settings import Settings, load
from qingchuan.store.chain import JournalDamagedError
from qingchuan.store.journal_reader import JournalReader
from qingchuan.store.messages import Message
from qingchuan.store.verify import verify
from tests.support.chaos import FULL, SEED, Chaos, received
from tests.support.history import journal_of
from tests.support.ledger import counts
from tests.support.ports import unused_port
from tests.support.verdict import Scenario, Verdict

_PARTS, _PART = 12, 50
_TRIES, _MOST = (60, 120) if FULL else (5, 60)
_RANGES = re.compile(r"messages (\d+) to (\d+)")
_TAIL = re.compile(r"ends with message (\d+), but message (\d+) had been")

pytestmark = [pytest.mark.chaos, pytest.mark.timeout(1200)]


@pytest.fixture
def killed(chaos: Chaos) -> Path:
    """The data of a collector that was killed: half of the journal lies in its database, half in the log beside it."""
    collector = chaos.collector()
    chaos.begin(collector)
    for part in range(_PARTS):
        if part in {0, _PARTS // 2}:
            collector.stop()
            collector.start()
        chaos.sender.say(_PART)
        before = len(chaos.history.publishes)
        chaos.wait_for(lambda least=before: received(collector.data) >= least, "journal a part")  # type: ignore[misc]
    chaos.settle(collector)
    collector.kill()
    return collector.data


def _flip(path: Path, chance: random.Random) -> str:
    content = bytearray(path.read_bytes())
    at, bit = chance.randrange(len(content)), chance.randrange(8)
    content[at] ^= 1 << bit
    path.write_bytes(content)
    return f"bit {bit} of byte {at} of {len(content)} in {path.name}"


def _tear(path: Path, chance: random.Random) -> str:
    content = path.read_bytes()
    at = chance.randrange(len(content) // 2, len(content))
    path.write_bytes(content[:at])
    return f"{path.name} cut at {at} of {len(content)}"


@pytest.mark.parametrize("damage", [_flip, _tear])
@pytest.mark.parametrize("ending", ["", "-wal"])
def test_damage_is_noticed_and_costs_only_what_is_named(
    tmp_path: Path, killed: Path, verdict: Verdict, ending: str, damage: Callable[[Path, random.Random], str]
) -> None:
    """The start refuses, `verify` says the same; with --accept-loss it goes on, and the rest is as it was."""
    shutil.copytree(killed, tmp_path / "sound")  # to open the journal moves its log into the database
    chance, before = random.Random(f"{SEED}{ending}{damage.__name__}"), _messages(tmp_path / "sound")
    noticed = tries = 0
    while tries < _TRIES or (not noticed and tries < _MOST):  # a flip may well hit what is not used
        data = tmp_path / f"try-{tries}"
        shutil.copytree(killed, data)
        path = journal_of(data)
        what = damage(path.with_name(path.name + ending), chance)
        try:
            noticed += _notices(data, before)
        except AssertionError as error:
            raise AssertionError(f"seed {SEED}, {what}: {error}") from error
        shutil.rmtree(data)
        tries += 1
    name = f"{damage.__name__.strip('_')} in {journal_of(killed).name}{ending}"
    verdict.add(Scenario(name, torn=noticed, note=f"{tries - noticed} times of {tries} nothing was harmed"))
    assert noticed, "no damage has harmed anything"


def _notices(data: Path, before: dict[int, Message]) -> bool:
    """Whether a start refuses; if not, then nothing may be missing."""
    settings = load(None, {}, {"data": data, "broker.port": unused_port(), "log.level": "error"})
    said = _refusal(settings)
    gone = _named(said)
    if said:
        assert gone, f"no message is named: {said}"
        assert _damage(data), f"verify finds nothing, and the start said: {said}"
        _start(settings, accept_loss=True)
    _check_kept(data, {number: told for number, told in before.items() if number not in gone})
    return bool(said)


def _refusal(settings: Settings) -> str:
    """Why a start refuses; empty if it does not."""
    try:
        _start(settings)
    except JournalDamagedError as error:
        return str(error)
    return ""


def _start(settings: Settings, *, accept_loss: bool = False) -> None:
    """A start, and at once a clean stop."""
    stop = Event()
    stop.set()
    collect(settings, stop, accept_loss=accept_loss)


def _named(text: str) -> set[int]:
    ranges = [(int(first), int(last)) for first, last in _RANGES.findall(text)]
    tails = [(int(last) + 1, int(acknowledged)) for last, acknowledged in _TAIL.findall(text)]
    return {number for first, last in [*ranges, *tails] for number in range(first, last + 1)}


def _damage(data: Path) -> tuple[str, ...]:
    """What `verify` finds."""
    try:
        journal = JournalReader(journal_of(data).parent)
    except JournalDamagedError as error:
        return (str(error),)
    found = verify(journal).damage
    journal.close()
    return found


def _check_kept(data: Path, kept: dict[int, Message]) -> None:
    now = _messages(data)
    missing = [number for number, told in kept.items() if now.get(number) != told]
    assert not missing, f"{len(missing)} messages are gone and were not named, from {missing[0]} on"
    assert _damage(data) == ()
    found = counts(data)
    assert found.received == found.applied + found.duplicate + found.dead_letter, found


def _messages(data: Path) -> dict[int, Message]:
    """The messages of stations, by number."""
    found: dict[int, Message] = {}
    journal, after = JournalReader(journal_of(data).parent), 0
    while batches := journal.read(after):
        after = batches[-1].last
        told = [entry for batch in batches for entry in enumerate(batch.messages, batch.sequence)]
        found |= {number: message for number, message in told if message.kind == "mqtt"}
    journal.close()
    return found
