"""Making observations, state and cube anew from the journal, beside the old ones, which stay until that is whole."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console
from sqlalchemy.exc import SQLAlchemyError

from qingchuan.collector.applier import Applier
from qingchuan.service.clock import SystemClock
from qingchuan.service.counting import Counting
from qingchuan.service.episodes_again import derive_episodes
from qingchuan.service.lock import AlreadyCollectingError, Hold, only_one
from qingchuan.service.places import Places
from qingchuan.service.progress import progress_bar
from qingchuan.service.rebuilt_compared import differences
from qingchuan.service.store_settings import StoreSettings
from qingchuan.service.stores import OpenObservations, open_observations
from qingchuan.service.swapping import begin_swap, finish_swap, remove_draft
from qingchuan.store.chain import JournalDamagedError
from qingchuan.store.comparing import Difference
from qingchuan.store.cube.keeper import Keeper
from qingchuan.store.journal import Journal
from qingchuan.store.kept_tables import keep
from qingchuan.store.migrate import migrate
from qingchuan.store.sqlite import IncompatibleError
from qingchuan.store.state import State
from qingchuan.store.verify import verify

_TROUBLE = (OSError, sqlite3.Error, SQLAlchemyError, JournalDamagedError, IncompatibleError)


class RebuildError(Exception):
    """Nothing was made anew; what was there is as it was."""


@dataclass(frozen=True)
class Rebuilt:
    """What came of a rebuild.

    Attributes
    ----------
    messages : int
        How many the journal has.
    episodes : int
        Episodes of alerts that follow from them.
    state_was_lost : bool
        Whether the old state could not be read: what it knew of notices and of work done is gone.
    """

    messages: int
    episodes: int
    state_was_lost: bool = False


def rebuild(places: Places, store: StoreSettings, console: Console, notify_within: int) -> Rebuilt:
    """Make all anew and put it in the place of the old; begun again after an interruption, it begins or ends it.

    Parameters
    ----------
    places : Places
    store : StoreSettings
        Of the new store. A bucket of InfluxDB must be an empty one.
    console : rich.console.Console
        Has the progress bars.
    notify_within : int
        How late people are told of an event, by the settings; what is later is history. [s]

    Raises
    ------
    RebuildError
        The service runs, the journal is damaged, or what was made is not whole.
    """
    with _alone(places):
        if places.rebuilt.exists():  # all but this was done
            finish_swap(places)
        made = _make(places, store, console, notify_within)
        with _told():
            lost = not keep(places.state, Places(places.rebuilding).state)
            begin_swap(places)
            finish_swap(places)
    return Rebuilt(*made, state_was_lost=lost)


def check(
    places: Places, store: StoreSettings, console: Console, notify_within: int
) -> tuple[Rebuilt, list[Difference]]:
    """What a rebuild would make other than it is; nothing is replaced. The new store is a file, whatever the old is.

    Raises
    ------
    RebuildError
        As `rebuild`; or there is nothing to compare with.
    """
    with _alone(places):
        if places.rebuilt.exists():  # what is there is in the folder of drafts, all or some of it
            raise RebuildError("a rebuild was interrupted when it was nearly done: qingchuan rebuild ends it")
        made = _make(places, StoreSettings(), console, notify_within)
        with _told():
            found = differences(places, Places(places.rebuilding), store)
            remove_draft(places)
    return Rebuilt(*made), found


@contextmanager
def _alone(places: Places) -> Iterator[None]:
    """Neither a collector nor pages work on the data meanwhile."""
    if not places.journal.is_dir():
        raise RebuildError(f"{places.data} holds no journal; give the folder of the data with --data or QINGCHUAN_DATA")
    if places.restoring.exists():
        raise RebuildError(f"a backup is being restored into {places.data}, or was not to its end: restore it again")
    pages = Hold(places.pages_lock)
    try:
        with only_one(places.lock):
            if not pages.take():
                raise RebuildError(f"the service serves pages of {places.data}; stop it, and try again")
            yield
    except AlreadyCollectingError as error:
        raise RebuildError(f"the service runs on {places.data}; stop it, and try again") from error
    finally:
        pages.release()


@contextmanager
def _told() -> Iterator[None]:
    try:
        yield
    except _TROUBLE as error:
        raise RebuildError(f"nothing was replaced: {error}") from error


def _make(places: Places, store: StoreSettings, console: Console, notify_within: int) -> tuple[int, int]:
    """Make all in the folder of drafts; how many messages there are, and how many episodes follow."""
    with _told():
        remove_draft(places)
        draft = Places(places.rebuilding)
        draft.data.mkdir()
        migrate(draft.state)
        with ExitStack() as stack:
            journal = stack.enter_context(closing(Journal(places.journal, SystemClock().now)))
            _check_chain(journal, console)
            observations = stack.enter_context(closing(open_observations(store, draft)))
            state = stack.enter_context(closing(State(draft.state)))
            _apply(journal, observations, state, console)
            episodes = derive_episodes(places.state, journal, observations, state, console, notify_within)
            _fill(draft.cube, observations, console)
            return journal.head().sequence, episodes


def _check_chain(journal: Journal, console: Console) -> None:
    with progress_bar("校验 Verify", journal.head().sequence, console, stays=False) as done:
        verdict = verify(journal, progress=done)
    if verdict.damage:
        raise JournalDamagedError(f"the journal is damaged: {verdict.damage[0]}; restore it from a backup")


def _apply(journal: Journal, observations: OpenObservations, state: State, console: Console) -> None:
    applier = Applier(journal, observations, state)
    with progress_bar("重建 Rebuild", journal.head().sequence, console) as done:
        while applier.step():
            done(observations.sequence())
        done(journal.head().sequence)
    if difference := Counting(journal, observations, state).difference():
        raise RebuildError(f"{difference} messages are not accounted for; nothing was replaced: please report this")


def _fill(folder: Path, observations: OpenObservations, console: Console) -> None:
    keeper = Keeper(folder, observations)
    with progress_bar("分析副本 Cube", observations.sequence(), console, stays=False) as done:
        while keeper.step():
            done(keeper.sequence)
