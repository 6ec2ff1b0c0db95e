"""Looking back in the journal and among the dead letters, as far as a moment."""

from __future__ import annotations

from itertools import takewhile

from qingchuan.store.dead_letters import Wanted
from qingchuan.store.journal_reader import JournalReader
from qingchuan.store.state import DeadLetter, State

_PAGE = 1000
MOST = 20_000
"""More dead letters than this are not looked at."""


def letters_since(state: State, since: int) -> list[DeadLetter]:
    """Those that stand and were received at `since` or later, newest first; about `MOST` at most.

    Parameters
    ----------
    state : State
    since : int
        [µs since 1970-01-01 UTC]
    """
    found: list[DeadLetter] = []
    before: int | None = None
    while len(found) < MOST:
        page = state.dead_letters(_PAGE, before, Wanted(settled=False).condition())
        late = list(takewhile(lambda letter: letter.received >= since, page))
        found += late
        if not page or len(late) < len(page):
            break
        before = page[-1].sequence
    return found


def first_since(journal: JournalReader, since: int) -> int:
    """Number of the first message that was received at `since` or later; one more than the last if there is none.

    Times of receipt never fall, so half of what is left is skipped at each step.

    Parameters
    ----------
    journal : JournalReader
    since : int
        [µs since 1970-01-01 UTC]
    """
    low, high = 1, journal.head().sequence + 1
    while low < high:
        middle = (low + high) // 2
        row = journal.rows(middle - 1, limit=1)[0]
        if row.received < since:
            low = row.head().sequence + 1
        else:
            high = middle
    return low
