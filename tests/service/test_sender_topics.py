"""Topics of formats with a level that names the sender."""

from __future__ import annotations

import pytest
from pydantic import ValidationError

from qingchuan.service.settings import Settings
from qingchuan.service.subscriptions import subscriptions


def _settings(topic: str, codec: str = "senml") -> Settings:
    return Settings(collector={"formats": [{"topic": topic, "codec": codec}]})  # type: ignore[arg-type]


def test_the_level_stands_for_any_text() -> None:
    """The broker is asked for all of them."""
    assert subscriptions(_settings("sensors/{device}/senml")) == ("qingchuan/+/+", "sensors/+/senml")


@pytest.mark.parametrize(
    ("topic", "codec", "why"),
    [
        ("sensors/x{device}", "senml", "a whole level, once"),
        ("{device}/{device}", "senml", "a whole level, once"),
        ("spBv1.0/ningbo/+/{device}", "sparkplug", "the topic alone says who sends"),
        ("other/{device}/hour", "native", "the topic alone says who sends"),
    ],
)
def test_where_it_cannot_be_is_said(topic: str, codec: str, why: str) -> None:
    """With what would do."""
    with pytest.raises(ValidationError, match=why):
        _settings(topic, codec)
