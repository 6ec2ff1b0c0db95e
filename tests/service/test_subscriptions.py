"""What the collector subscribes to."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from paho.mqtt.client import topic_matches_sub

from qingchuan.service.settings import SettingsError, load
from qingchuan.service.subscriptions import subscriptions
from qingchuan.service.topic_filters import covers, overlap

_LEVEL = st.sampled_from(["a", "b", "+"])
_FILTER = st.builds(
    lambda levels, rest: "/".join([*levels, *rest]),
    st.lists(_LEVEL, min_size=1, max_size=3),
    st.sampled_from([(), ("#",)]),
)
_TOPICS = [
    "/".join(levels)
    for first in "ab"
    for second in ("", "a", "b")
    for third in ("", "a", "b")
    for fourth in ("", "a")
    for levels in [[first, *filter(None, [second, third, fourth])]]
]


@given(_FILTER, _FILTER)
def test_filters_overlap_where_a_topic_fits_both(one: str, other: str) -> None:
    """As paho matches topics."""
    fits = [topic for topic in _TOPICS if topic_matches_sub(one, topic) and topic_matches_sub(other, topic)]
    assert overlap(one, other) == bool(fits)
    assert overlap(other, one) == bool(fits)


@given(_FILTER, _FILTER)
def test_a_filter_covers_another_whose_topics_all_fit_it(one: str, other: str) -> None:
    """As paho matches topics."""
    beyond = [topic for topic in _TOPICS if topic_matches_sub(other, topic) and not topic_matches_sub(one, topic)]
    if covers(one, other):
        assert not beyond


def test_the_topics_of_formats_are_subscribed_to_unless_they_are_anyway() -> None:
    """A topic of our own that a device uses with another codec would come twice."""
    formats = [{"topic": topic, "codec": "senml"} for topic in ("sensors/+/senml", "qingchuan/x1/hour")]
    settings = load(None, {}, {"collector.formats": formats})
    assert subscriptions(settings) == ("qingchuan/+/+", "sensors/+/senml")


def test_the_topics_of_the_settings_are_all_that_is_subscribed_to() -> None:
    """So that collectors share the load."""
    formats = [{"topic": "sensors/+/senml", "codec": "senml"}]
    topics = ["qingchuan/1233A/+", "sensors/x1/senml"]
    settings = load(None, {}, {"collector.formats": formats, "collector.topics": topics})
    assert subscriptions(settings) == tuple(topics)


@pytest.mark.parametrize(
    ("topics", "why"),
    [
        (["qingchuan/+/+", "qingchuan/1233A/hour"], "overlaps with 'qingchuan/1233A/hour'"),
        (["qingchuan/1233A/+", "qingchuan/1233A/+"], "overlaps with 'qingchuan/1233A/+'"),
        (["$share/group/qingchuan/+/+"], "a shared subscription, which keeps no order"),
        (["qingchuan/1233*/+/#/x"], "not a topic filter"),
    ],
)
def test_topics_that_would_come_twice_or_in_no_order_are_refused(topics: list[str], why: str) -> None:
    """Before anything is started."""
    with pytest.raises(SettingsError) as refused:
        load(None, {}, {"collector.topics": topics})
    assert why in str(refused.value)
