"""An incident that can be asked for: a wave of sewage reaches a section, and it is measured every minute."""

from __future__ import annotations

import msgspec
import numpy as np
import numpy.typing as npt

from qingchuan.simulators.noise import HOUR, FloatArray

_MINUTE = 60


class Incident(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A wave of sewage at a section: oxygen falls and ammonia rises to worse than class Ⅴ, then both recover.

    While it lasts, the section measures all its items far more often than hourly (加密监测), so that a demo sees the
    class fall within minutes. Faults do not touch it.

    Attributes
    ----------
    begins : int
        [s since 1970-01-01 UTC]
    section : str
        Subject that it happens at.
    rise : int
        From the first sign to the full strength; class Ⅴ is reached after about half of it. [s]
    lasts : int
        From the first sign to the last. [s]
    strength : float
        1 brings dissolved oxygen to a fifth and ammonia to 2.6 mg/L. [-]
    every : int
        Between two readings. [s]
    """

    begins: int
    section: str = "ningbo-sizaopu-zha"
    rise: int = 300
    lasts: int = 2 * HOUR
    strength: float = 1.1
    every: int = _MINUTE

    @property
    def ends(self) -> int:
        """When the last sign is gone [s since 1970-01-01 UTC]."""
        return self.begins + self.lasts


def soon_after(live: int) -> Incident:
    """The incident of a demo: begins on the first full minute that is at least one minute after the start of live data.

    Parameters
    ----------
    live : int
        [s since 1970-01-01 UTC]

    Examples
    --------
    >>> soon_after(1_795_564_801).begins - 1_795_564_800
    120
    """
    return Incident(begins=-(-(live + _MINUTE) // _MINUTE) * _MINUTE)


def sewage(incident: Incident, times: npt.NDArray[np.int64]) -> FloatArray:
    """How much sewage there is at the section, shape of `times` [-]; 0 is none, 1 a full slug.

    Examples
    --------
    >>> sewage(Incident(begins=0), np.array([-60, 0, 150, 300, 3600, 7200])).round(2)
    array([0.  , 0.  , 0.55, 1.1 , 1.1 , 0.  ])
    """
    last = incident.lasts // 3
    rising = np.clip((times - incident.begins) / incident.rise, 0.0, 1.0)
    falling = np.clip((incident.ends - times) / last, 0.0, 1.0)
    return incident.strength * np.minimum(_smooth(rising), _smooth(falling))


def extra_times(incident: Incident) -> npt.NDArray[np.int64]:
    """Times of the readings between the full hours [s since 1970-01-01 UTC].

    Examples
    --------
    >>> extra_times(Incident(begins=3480, lasts=120))
    array([3480, 3540])
    """
    times = np.arange(incident.begins, incident.ends + incident.every, incident.every, dtype=np.int64)
    between: npt.NDArray[np.int64] = times[times % HOUR != 0]
    return between


def _smooth(share: FloatArray) -> FloatArray:
    return (1.0 - np.cos(np.pi * share)) / 2.0
