"""From a message of an import into what decoding comes to."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial

from sqlalchemy import Connection

from qingchuan.collector.decoded import Decoded
from qingchuan.collector.importing.applying import parse, take
from qingchuan.store.imports import record_parts, record_published
from qingchuan.store.observations import Tally, Write
from qingchuan.store.state import DeadLetter
from qingchuan.store.subjects import Subject
from qingchuan.store.tallies import UNKNOWN


def decode_import(
    payload: bytes, whole: DeadLetter, subjects: Mapping[str, Subject], latest: int, into: Decoded
) -> None:
    """Decode a message of an import into `into`.

    Parameters
    ----------
    payload : bytes
    whole : DeadLetter
        Of the message, which does not say yet what was wrong with it.
    subjects : mapping of str to Subject
        Those that are announced.
    latest : int
        A time later than this is a wrong one. [s since 1970-01-01 UTC]
    into : Decoded

    Raises
    ------
    RefusedError
        It is no message of an import.
    """
    taken = take(parse(payload), subjects, latest, sequence=whole.sequence, received=whole.received)
    into.writes += [Write(whole.sequence, observation) for observation in taken.observations]
    into.figures += taken.figures
    into.parts.append(taken.part)
    into.letters += taken.letters(whole)
    if taken.observations:
        return
    nothing = bool(taken.refused) and not taken.figures
    into.count(UNKNOWN, Tally(dead_letter=1) if nothing else Tally(applied=1))
    if nothing:
        first, count = taken.refused[0], taken.part.through - taken.part.before
        reason = f"nothing of its {count} rows could be taken; the first: line {first.line}: {first.reason}"
        into.letters.append(whole._replace(code=first.code, reason=reason))


def imported(decoded: Decoded) -> list[Callable[[Connection], None]]:
    """What is to be written into the state of the imports in `decoded`; nothing where there are none."""
    if not (decoded.parts or decoded.figures):  # what is applied again brings figures alone
        return []
    return [partial(record_parts, parts=decoded.parts), partial(record_published, figures=decoded.figures)]
