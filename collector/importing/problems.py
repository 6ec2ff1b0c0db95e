"""Why a file cannot be imported at all, in words for the person who gave it."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches

_MOST = 40


class ImportFileError(Exception):
    """A file or its mapping cannot be used; the message says where, what, and what would do."""


def instead_of(word: str, known: Iterable[str]) -> str:
    """Advice for a `word` that is none of the `known`.

    Examples
    --------
    >>> instead_of("pm2.5", ["pm25", "co"])
    'did you mean pm25? there are: pm25, co'
    """
    there = list(known)
    near = get_close_matches(word, there, n=1)
    more = ", …" if len(there) > _MOST else ""
    return (f"did you mean {near[0]}? " if near else "") + f"there are: {', '.join(there[:_MOST])}{more}"
