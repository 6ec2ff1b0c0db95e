"""Alerts as they are told."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from qingchuan.alerts import queries
from qingchuan.alerts.episodes import Measured
from qingchuan.alerts.storage import CURSOR
from qingchuan.api.answering import iso_time
from qingchuan.api.queries.scales import class_scale
from qingchuan.api.queries.water_answers import class_answer
from qingchuan.api.schemas.alerts import Alert, Alerts, Deciding, Notice
from qingchuan.api.schemas.common import Class
from qingchuan.api.services import Services
from qingchuan.processing import catalogue
from qingchuan.processing.periods import natural_day
from qingchuan.store.subjects import Name, Subject

_MOST_OPEN = 1000
_RECENT = 20


def live_alerts(services: Services, now: int) -> Alerts:
    """All open alerts and the twenty that were closed last, newest first; `now` chooses the words [s since 1970]."""
    engine, sequence = services.state.engine, judged_to(services)
    standing = queries.episodes(engine, state="open", limit=_MOST_OPEN)
    recent = queries.closed_last(engine, limit=_RECENT)
    return Alerts(sequence, alert_answers(services, [*standing, *recent]), class_scale(natural_day(now)))


def judged_to(services: Services) -> int:
    """The message up to which the rules have been applied. Ask before reading episodes: these may then know more."""
    return services.state.cursors().get(CURSOR, 0)


def alert_answers(services: Services, alerts: Sequence[queries.Alert]) -> list[Alert]:
    """One answer an alert, the newest first."""
    subjects = services.state.subjects() if alerts else {}
    newest_first = sorted(alerts, key=lambda alert: (alert.episode.opened, alert.id), reverse=True)
    return [_alert(services, subjects, alert) for alert in newest_first]


def _alert(services: Services, subjects: Mapping[str, Subject], alert: queries.Alert) -> Alert:
    episode, subject = alert.episode, subjects.get(alert.subject)
    titles = {rule.name: rule.title for rule in services.rules}
    return Alert(
        id=alert.id,
        rule=alert.rule,
        title=titles.get(alert.rule, Name(alert.rule, alert.rule)),
        subject=alert.subject,
        name=subject.name if subject else Name(alert.subject, alert.subject),
        simulated=subject is not None and subject.simulated,
        state=alert.state,
        opened=iso_time(episode.opened),
        closed=None if episode.closed is None else iso_time(episode.closed),
        level=_class(episode.level, episode.moment.time),
        worst=_class(episode.worst, episode.moment.time),
        deciding=[_deciding(measured) for measured in episode.holding],
        edition=episode.moment.edition,
        sequence=episode.sequence,
        notices=[_notice(notice) for notice in alert.notices],
        history=alert.history,
    )


def _class(level: int, time: int) -> Class:
    found = class_answer(level, natural_day(time))
    if found is None:
        raise ValueError(f"the level of an episode is {level}; a class, 1 to 6, would do")
    return found


def _deciding(measured: Measured) -> Deciding:
    unit = catalogue.item(measured.item).unit
    return Deciding(measured.item, measured.value, unit, measured.level, measured.limit, iso_time(measured.time))


def _notice(notice: queries.Delivery) -> Notice:
    return Notice(
        target=notice.target,
        reason=notice.reason,
        state=notice.state,
        created=iso_time(notice.created // 1_000_000),
        possibly_repeated=notice.possibly_repeated,
        error=notice.error,
    )
