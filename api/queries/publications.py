"""Publishing months, and what differs since."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from contextlib import closing
from typing import NamedTuple

import msgspec
import numpy as np

from qingchuan.api.answering import iso_time
from qingchuan.api.parameters import instant
from qingchuan.api.problems import ProblemError, wrong_parameter
from qingchuan.api.queries.month_report import OnProgress, document_of, month_dates, silent
from qingchuan.api.queries.published_words import figure_in_words
from qingchuan.api.queries.subjects import of_kind
from qingchuan.api.schemas import publications as schemas
from qingchuan.api.services import Services
from qingchuan.processing import catalogue
from qingchuan.store import publications
from qingchuan.store.audit_messages import LONGEST
from qingchuan.store.chain import JournalDamagedError
from qingchuan.store.journal import JournalUnavailableError
from qingchuan.store.observations import WITH_OFFICIAL
from qingchuan.store.publications import Document, Head, Publication, Replaced, is_month, message_of, sha256
from qingchuan.store.subjects import AirStation, City, Section

_SECOND = 1_000_000


class Order(NamedTuple):
    """What is to be published.

    Attributes
    ----------
    month : str
    by : str
    stated : int
        [s since 1970-01-01 UTC]
    cities : sequence of str or None
        None: all, or those of the version before.
    unlock : bool
        Whether a month that was published gets another version.
    reason : str
        Why it is unlocked.
    """

    month: str
    by: str
    stated: int
    cities: Sequence[str] | None = None
    unlock: bool = False
    reason: str = ""


def order_of(services: Services, body: schemas.PublicationBody) -> Order:
    """What a body asks for.

    Raises
    ------
    ProblemError
        A time is none.
    """
    stated = services.now() // _SECOND if body.stated is None else instant("stated", body.stated)
    return Order(body.month, body.by.strip(), stated, body.cities, body.unlock, body.reason.strip())


def publish(
    services: Services, order: Order, source: str = "web", told: OnProgress = silent
) -> schemas.PublicationTaken:
    """Compute a month of the data as they are now, and append it to the journal.

    Parameters
    ----------
    services : Services
    order : Order
    source : str
        Where it was said: ``command`` or ``web``.
    told : callable
        Is told how far the computing is.

    Raises
    ------
    ProblemError
        The month was published and is not unlocked, was not over yet, a city is none, or the journal takes nothing.
    """
    document = compute(services, order, told)
    payload = publications.encode(document)
    try:
        sequence = services.append([message_of(payload, order.month, source)])
    except (JournalUnavailableError, JournalDamagedError, sqlite3.Error, OSError) as error:
        raise ProblemError(503, "journal-unavailable", str(error)) from error
    return schemas.PublicationTaken(
        order.month, document.version, sha256(payload), document.sequence, len(document.changes), sequence
    )


def compute(services: Services, order: Order, told: OnProgress = silent) -> Document:
    """The document that publishes a month, of the data as they are now; `told` how far the computing is.

    Raises
    ------
    ProblemError
        As `publish`.
    """
    before = _unlocked(services, order)
    replaced = None if before is None else Replaced(before.version, before.sequence, before.sha256)
    head = Head(
        month=order.month,
        version=1 if before is None else before.version + 1,
        sequence=services.observations.sequence(),
        program=services.version,
        by=order.by,
        stated=iso_time(order.stated),
        reason=order.reason if before is not None else "",
        replaces=replaced,
    )
    earlier = None if before is None else document_at(services, before)
    cities = list(earlier.cities) if order.cities is None and earlier is not None else order.cities
    document = document_of(services, head, cities, told)
    changes = [] if earlier is None else publications.differences(earlier, document)
    return msgspec.structs.replace(document, changes=changes)


def compute_again(services: Services, publication: Publication, told: OnProgress = silent) -> bytes:
    """The bytes of a publication, computed once more of the data that it names; `told` how far it is."""
    known = document_at(services, publication)
    head = Head(**{name: getattr(known, name) for name in Head.__struct_fields__})
    document = document_of(services, head, list(known.cities), told)
    earlier = version_of(services, publication.month, known.replaces.version) if known.replaces else None
    changes = [] if earlier is None else publications.differences(document_at(services, earlier), document)
    return publications.encode(msgspec.structs.replace(document, changes=changes))


def publications_answer(services: Services, month: str | None, as_of: int) -> schemas.PublicationsAnswer:
    """The versions of a month, or of all."""
    found = publications.publications(services.state.engine, month, as_of=as_of)
    return schemas.PublicationsAnswer(as_of, list(map(version_answer, found)))


def version_of(services: Services, month: str, version: int) -> Publication:
    """A version of a month.

    Raises
    ------
    ProblemError
        There is none.
    """
    found = [one for one in publications.publications(services.state.engine, month) if one.version == version]
    if not found:
        raise _not_published(f"{month}, version {version}")
    return found[0]


def newest_of(services: Services, month: str) -> Publication:
    """The newest version of a month.

    Raises
    ------
    ProblemError
        It was not published.
    """
    found = publications.newest(services.state.engine, month)
    if found is None:
        raise _not_published(month)
    return found


def bytes_of(services: Services, publication: Publication) -> bytes:
    """The bytes of a version, as they were published.

    Raises
    ------
    ProblemError
        The journal does not hold them any more.
    """
    with closing(services.open_journal()) as journal:
        payload = publications.payload_of(journal, publication)
    if payload is None:
        detail = f"the journal does not hold message {publication.sequence} any more"
        raise ProblemError(404, "not-in-the-journal", detail)
    return payload


def document_at(services: Services, publication: Publication) -> Document:
    """The document of a version; see `bytes_of`."""
    return publications.decode(bytes_of(services, publication))


def difference_answer(services: Services, month: str, told: OnProgress = silent) -> schemas.DifferenceAnswer:
    """What came after a month was published, and what would differ now; `told` how far the computing is.

    Raises
    ------
    ProblemError
        It was not published.
    """
    publication = newest_of(services, month)
    at, known = services.observations.sequence(), document_at(services, publication)
    head = Head(month=month, version=known.version, sequence=at, program=services.version, by="", stated="")
    now = document_of(services, head, list(known.cities), told)
    names = {name: subject.name for name, subject in services.state.subjects(as_of=at).items()}
    found = publications.differences(known, now)
    return schemas.DifferenceAnswer(
        sequence=at,
        publication=version_answer(publication),
        differs=bool(found),
        differences=[
            schemas.FigureDifference(one.figure, figure_in_words(one.figure, names), one.before, one.after)
            for one in found
        ],
        pending=_pending(services, known, publication.data_sequence, at),
    )


def version_answer(publication: Publication) -> schemas.PublishedVersion:
    """A version as answers tell it."""
    return schemas.PublishedVersion(
        month=publication.month,
        version=publication.version,
        sequence=publication.sequence,
        data_sequence=publication.data_sequence,
        sha256=publication.sha256,
        program=publication.program,
        by=publication.person,
        reason=publication.reason,
        stated=iso_time(publication.stated),
        received=iso_time(publication.received // _SECOND),
    )


def _pending(services: Services, known: Document, since: int, at: int) -> list[schemas.PendingSubject]:
    """How many values of the month came or changed after message `since`, by whom they are about."""
    span, subjects = month_dates(known.month).span, services.state.subjects(as_of=at)
    stations = [name for name, one in of_kind(subjects, AirStation).items() if one.city in known.cities]
    cities, sections = sorted(known.cities), list(of_kind(subjects, Section))
    read = services.observations.read
    hours = read(stations, catalogue.told("hour"), "hour", *span, at).sequence
    days = read(cities, catalogue.told("day"), "day", *span, at, WITH_OFFICIAL).sequence
    told = services.observations.samples(sections, catalogue.told("instant"), *span, at)
    counts = dict(zip(stations, (hours > since).sum(axis=0).tolist(), strict=True))
    counts |= dict(zip(cities, (days > since).sum(axis=0).tolist(), strict=True))
    late = sum(np.bincount(of.subject[of.sequence > since], minlength=len(sections)) for of in told)
    counts |= dict(zip(sections, np.asarray(late).tolist(), strict=True))
    return [schemas.PendingSubject(subject, count) for subject, count in sorted(counts.items()) if count]


def _unlocked(services: Services, order: Order) -> Publication | None:
    """The version that is replaced; None where the month was not published yet."""
    if not is_month(order.month):
        raise wrong_parameter("month", order.month, "a month such as 2018-08")
    if not order.by or len(order.by) > LONGEST or len(order.reason) > LONGEST:
        raise ProblemError(422, "wrong-body", f"by and reason have at most {LONGEST} characters, by at least one")
    unknown = [code for code in order.cities or () if code not in of_kind(services.state.subjects(), City)]
    if unknown:
        raise ProblemError(404, "unknown-subject", f"the city {unknown[0]!r} is not known; /api/v1/stations lists them")
    before = publications.newest(services.state.engine, order.month)
    if before is not None and not order.unlock:
        detail = (
            f"{order.month} was published as version {before.version}, which stays as it is; unlock it with a reason "
            "to publish the next version"
        )
        raise ProblemError(409, "published-already", detail)
    if before is not None and not order.reason:
        raise ProblemError(422, "wrong-body", "the reason is empty; why the month is unlocked would do")
    return before


def _not_published(what: str) -> ProblemError:
    return ProblemError(404, "not-published", f"{what}: it was not published; /api/v1/publications lists what was")
