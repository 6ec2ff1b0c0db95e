"""The settings of the collector: what is taken in, in what portions, and how other formats are understood."""

from __future__ import annotations

from itertools import combinations
from typing import Literal, Self

from pydantic import Field, model_validator

from qingchuan.collector.topics import SENDER
from qingchuan.service.setting_problems import wrong_together
from qingchuan.service.setting_types import Integer, Listen, Section, TopicFilter
from qingchuan.service.threshold_files import ThresholdFile
from qingchuan.service.topic_filters import overlap


class FormatSettings(Section):
    """Which codec takes what arrives on some topics."""

    topic: TopicFilter = Field(description="an MQTT topic filter, such as sensors/{device}/senml,")
    codec: Literal["native", "senml", "senml-cbor", "hj212", "sparkplug", "lorawan"] = Field(
        description="native, senml, senml-cbor, hj212, sparkplug or lorawan"
    )

    @model_validator(mode="after")
    def _names_a_sender(self) -> Self:
        if SENDER not in self.topic:
            return self
        if self.topic.split("/").count(SENDER) != self.topic.count(SENDER) or self.topic.count(SENDER) > 1:
            raise wrong_together("topic", self.topic, f"{SENDER} is not one level of it; a whole level, once, would do")
        if self.codec in {"native", "sparkplug"}:
            why = f"with {self.codec} the topic alone says who sends; + in place of {SENDER} would do"
            raise wrong_together("topic", self.topic, why)
        return self


class DeviceSettings(Section):
    """A sender that does not speak the native format, and how it has to be understood."""

    id: str = Field(min_length=1, max_length=200, description="what the sender calls itself, such as its MN number,")
    subject: str = Field(min_length=1, max_length=64, description="the id of an announced subject, such as 1235A,")
    period: Literal["hour", "day", "instant", "minute", "realtime"] | None = Field(
        None, description="hour, day, instant, minute or realtime"
    )
    label: Literal["start", "end"] = Field("start", description="start or end")
    codes: dict[str, str] = Field({}, description='a table such as { w01016 = "chla" }')
    units: dict[str, str] = Field({}, description='a table such as { w20120 = "mg/L" }')
    dialect: Literal["hj212-2005", "hj212-2017", "hj212-2025", "cnemc"] | None = Field(
        None, description="hj212-2005, hj212-2017, hj212-2025 or cnemc"
    )
    password: str | None = Field(None, max_length=100, repr=False, description="what its frames carry as PW")
    key: str | None = Field(
        None, pattern="^([0-9a-fA-F]{32}|.{16})$", repr=False, description="32 hexadecimal digits or 16 characters"
    )


class GatewaySettings(Section):
    """Loggers (数采仪) that speak HJ 212 over TCP; those that may speak stand in `collector.devices`."""

    listen: Listen | None = Field(None, description="host:port with a port from 1 to 65535, such as 0.0.0.0:9212,")
    connections: Integer = Field(2000, ge=1, le=10000, description="a whole number from 1 to 10000")
    ask_days: Integer = Field(7, ge=0, le=60, description="a whole number of days from 0 to 60")


class CollectorSettings(Section):
    """What is taken in, and in what portions."""

    future_tolerance: Integer = Field(60, ge=0, le=1440, description="a whole number of minutes from 0 to 1440")
    batch: Integer = Field(8000, ge=1, le=20000, description="a whole number of messages from 1 to 20000")
    recent_days: Integer = Field(7, ge=1, le=366, description="a whole number of days from 1 to 366")
    reading: Literal["bulk", "plain"] = Field("bulk", description="bulk or plain")
    least_free: Integer = Field(500, ge=0, le=1_000_000, description="a whole number of megabytes from 0 to 1000000")
    thresholds: ThresholdFile | None = Field(None, description="a file of thresholds")
    topics: tuple[TopicFilter, ...] = Field(
        (),
        description='a list of topic filters that do not overlap, such as ["qingchuan/1233A/+", "qingchuan/1234A/+"],',
    )
    formats: tuple[FormatSettings, ...] = Field(
        (), description='a list such as [{"topic": "sensors/+/senml", "codec": "senml"}]'
    )
    devices: tuple[DeviceSettings, ...] = Field(
        (), description='a list such as [{"id": "A330200_0001", "subject": "dazha"}]'
    )

    @model_validator(mode="after")
    def _disjoint_topics(self) -> Self:
        if shared := next((one for one in self.topics if one.startswith("$share/")), None):
            why = "a shared subscription, which keeps no order; a filter of its own for each collector would do"
            raise wrong_together("topics", shared, why)
        for one, other in combinations(self.topics, 2):
            if overlap(one, other):
                why = f"overlaps with '{other}': what fits both comes twice; filters apart from each other would do"
                raise wrong_together("topics", one, why)
        return self

    @model_validator(mode="after")
    def _different_devices(self) -> Self:
        names = [device.id for device in self.devices]
        if twice := next((name for name in names if names.count(name) > 1), None):
            raise wrong_together("devices", twice, "the id of two devices; a sender is one device, remove one")
        return self
