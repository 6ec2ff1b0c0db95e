"""GB 3095: the state of the air that concentrations are told for."""

from __future__ import annotations

from datetime import date

from qingchuan.processing.standards.edition import Part, Text


class State(Part, frozen=True, kw_only=True):
    """The state of the air that concentrations are told for.

    Attributes
    ----------
    document : str or None
        That says so, where it is not the edition itself.
    in_force : date
        It ends where the next state begins.
    name : Text
    temperature : float
        [K]
    pressure : float
        [hPa]
    items : tuple of str
        Told for this state.
    ambient : tuple of str
        Told for the temperature and the pressure at the time of measuring.
    """

    document: str | None = None
    in_force: date
    name: Text
    temperature: float
    pressure: float
    items: tuple[str, ...]
    ambient: tuple[str, ...] = ()
