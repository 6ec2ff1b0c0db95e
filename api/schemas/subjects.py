"""Answers about who is observed."""

from __future__ import annotations

import msgspec

from qingchuan.api.schemas.common import Sequence, SubjectId
from qingchuan.store import subjects


class AirStation(subjects.AirStation, frozen=True, kw_only=True, tag_field="kind", tag="air-station"):
    """An air station (空气站), as it announced itself."""

    subject: SubjectId


class Section(subjects.Section, frozen=True, kw_only=True, tag_field="kind", tag="section"):
    """A section (断面), as it announced itself."""

    subject: SubjectId


class Site(subjects.Site, frozen=True, kw_only=True, tag_field="kind", tag="site"):
    """A site (监控点位), as it announced itself."""

    subject: SubjectId


class City(subjects.City, frozen=True, kw_only=True, tag_field="kind", tag="city"):
    """A city, as it was announced."""

    subject: SubjectId


class StationsAnswer(msgspec.Struct, frozen=True):
    """The subjects that have announced themselves."""

    sequence: Sequence
    stations: list[AirStation | Section | Site | City]
