"""The parameters that each page takes: a mistyped one must not go unnoticed."""

from __future__ import annotations

from collections.abc import Iterable

from qingchuan.api.problems import ProblemError

_EVERYWHERE = ("lang", "city", "as_of")
_PERIOD = ("month", "from", "to")
_TARGETS = ("target", "pm25_target", "heavy_target")
_LETTERS = ("subject", "topic", "code", "text", "start", "end")
_OF_PAGE = {
    "/ranking": (*_PERIOD, "by", "region"),
    "/budget": (*_PERIOD, *_TARGETS),
    "/what-if": (*_PERIOD, "gain"),
    "/downgrades": ("at", "all"),
    "/editions": _PERIOD,
    "/audit": ("subject", "day", "done", "last"),
    "/dead-letters": (*_LETTERS, "state", "before", "message", "named", "last"),
    "/faults": ("subject", "state", "before"),
    "/explain": (*_PERIOD, *_TARGETS, "of", "by", "gain", "section", "against", "at"),
}

# A link that is shared comes back with more than it had: messengers and mailers count by these who follows it.
_ADDED = ("fbclid", "gclid", "isappinstalled", "scene", "clicktime", "enterid", "nsukey")
_ADDED_PREFIX = "utm_"


def refuse_unknown(path: str, names: Iterable[str]) -> None:
    """Refuse parameters that neither the page at `path` takes nor a messenger adds.

    Raises
    ------
    ProblemError
        There is one.

    Examples
    --------
    >>> refuse_unknown("/ranking", ["by", "utm_source"])
    """
    known = (*_OF_PAGE[path], *_EVERYWHERE)
    for name in names:
        if name not in known and not is_added(name):
            detail = f"the address has the parameter {name!r}; only {', '.join(known)} would do"
            raise ProblemError(422, "unknown-parameter", detail, name=name)


def is_added(name: str) -> bool:
    """Whether a messenger or a mailer added a parameter.

    Examples
    --------
    >>> is_added("utm_source"), is_added("by")
    (True, False)
    """
    return name in _ADDED or name.startswith(_ADDED_PREFIX)
