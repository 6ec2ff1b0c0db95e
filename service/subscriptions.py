"""What the collector subscribes to."""

from __future__ import annotations

from qingchuan.collector.topics import filter_of, topic_filter
from qingchuan.service.settings import Settings
from qingchuan.service.topic_filters import without_covered


def subscriptions(settings: Settings) -> tuple[str, ...]:
    """The topic filters of the settings: those of ``collector.topics``, or all of our own and those of the formats.

    Examples
    --------
    >>> subscriptions(Settings())
    ('qingchuan/+/+',)
    """
    if settings.collector.topics:
        return settings.collector.topics
    others = (filter_of(told.topic) for told in settings.collector.formats)
    return without_covered((topic_filter(settings.broker.prefix), *others))
