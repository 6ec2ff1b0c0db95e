"""MQTT clients for the configured broker."""

from __future__ import annotations

from typing import TypeVar

from paho.mqtt.client import Client
from paho.mqtt.enums import CallbackAPIVersion, MQTTProtocolVersion

from qingchuan.service.settings import BrokerSettings

AnyClient = TypeVar("AnyClient", bound=Client)


def mqtt_client(broker: BrokerSettings, client_id: str, *, clean_session: bool, manual_ack: bool) -> Client:
    """A client for the configured broker, not connected yet."""
    return client_of(Client, broker, client_id, clean_session=clean_session, manual_ack=manual_ack)


def client_of(
    kind: type[AnyClient], broker: BrokerSettings, client_id: str, *, clean_session: bool, manual_ack: bool
) -> AnyClient:
    """A client of one of our own kinds for the configured broker, not connected yet."""
    client = kind(
        CallbackAPIVersion.VERSION2,
        client_id,
        clean_session=clean_session,
        protocol=MQTTProtocolVersion.MQTTv311,
        manual_ack=manual_ack,
    )
    if broker.username is not None:
        client.username_pw_set(broker.username, broker.password())
    if broker.tls:
        client.tls_set(ca_certs=None if broker.ca_file is None else str(broker.ca_file))
    return client
