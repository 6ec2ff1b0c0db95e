"""Whether the broker is reached, and how."""

from __future__ import annotations

import ssl
import time
from typing import Any, cast

from qingchuan.processing.standards import Text
from qingchuan.service.doctor.finding import Check, Finding, notice, ok, problem
from qingchuan.service.doctor.patient import Patient
from qingchuan.service.doctor.probe import BrokerError, Probe, RefusedByBrokerError
from qingchuan.service.settings import Address

_VERSION = "$SYS/broker/version"
_DAY = 86400
"""[s]"""
_CERTIFICATE_SOON = 30
"""A certificate that ends within so many days wants to be replaced. [d]"""
_SETTINGS = "deploy/config.toml: [broker]"


def check_connection(patient: Patient) -> Finding:
    """Whether the broker lets the service's user in; which broker it is."""
    broker = patient.broker
    address = Address(broker.host, broker.port)
    try:
        with Probe(broker, patient.client_id()):
            pass
    except RefusedByBrokerError as error:
        return problem(
            Text(f"{address} 拒绝了我们：{error}", f"{address} refused us: {error}"),
            Text("核对用户名和口令文件", "correct broker.username and broker.password_file"),
            _SETTINGS,
        )
    except OSError as error:
        return problem(
            Text(f"{address} 连接不上：{error}", f"{address} cannot be reached: {error}"),
            Text(
                "启动代理，或核对地址、端口、TLS 和证书", "start the broker, or correct host, port, TLS and authority"
            ),
            _SETTINGS,
        )
    zh, en = (f"，用户 {broker.username}", f", as {broker.username}") if broker.username else ("", "")
    version = _version(patient)
    return ok(f"{address}{zh}；{version}", f"{address}{en}; {version}")


def _version(patient: Patient) -> str:
    """What the broker says of itself; some end the connection of who asks."""
    try:
        with patient.probe() as probe:
            told = [] if probe.subscribe(_VERSION).is_failure else probe.collect(1)
    except BrokerError:
        told = []
    return told[0].payload.decode(errors="replace") if told else f"{_VERSION} –"


def check_encryption(patient: Patient) -> Finding:
    """Whether passwords and readings cross the network in the clear, and how long the certificate lasts."""
    broker = patient.broker
    if not broker.tls:
        if Address(broker.host, broker.port).is_loopback:
            return ok("未加密，但不出本机", "not encrypted, but within this machine")
        return problem(
            Text("口令和数据明文经过网络", "password and readings cross the network in the clear"),
            Text("在代理上开 TLS，并设 broker.tls 和 broker.ca_file", "use TLS: broker.tls and broker.ca_file"),
            "deploy/mosquitto/README.md",
        )
    with patient.probe() as probe:
        encrypted = cast("ssl.SSLSocket", probe.socket())
        version, certificate = encrypted.version(), encrypted.getpeercert() or {}
    return judge_certificate(str(version), certificate, time.time())


def judge_certificate(version: str, certificate: dict[str, Any], now: float) -> Finding:
    """How long a certificate lasts, as `ssl` tells it; `now` in s since 1970 UTC."""
    ends = certificate.get("notAfter")
    if ends is None:
        return ok(version, version)
    days = int((ssl.cert_time_to_seconds(str(ends)) - now) // _DAY)
    saw = Text(f"{version}，证书还有 {days} 天到期", f"{version}, the certificate lasts {days} more days")
    if days >= _CERTIFICATE_SOON:
        return Finding("ok", saw)
    advice = Text("到期后谁也连不上：现在就换证书", "nobody can connect after that: replace it now")
    return notice(saw, advice, "deploy/mosquitto/README.md")


def check_probe(patient: Patient) -> Finding:
    """Whether we may try things at all."""
    topics = f"{patient.broker.prefix}/doctor/#"
    if patient.taker is not None:
        return notice(
            Text(
                f"采集订阅了 {patient.taker}，会收走试验消息：未试",
                f"the collector takes {patient.taker}: nothing was tried",
            ),
            Text("把 collector.formats 的主题写窄一些", "let the topics of collector.formats be narrower"),
            "deploy/config.toml: [[collector.formats]]",
        )
    if patient.may_try:
        return ok(f"可在 {topics} 上试", f"by messages on {topics}")
    return notice(
        Text(
            f"{topics} 上的消息没有回来，队列等未能试",
            f"messages on {topics} did not come back: nothing could be tried",
        ),
        Text(f"让服务的用户读写 {topics}", f"let the user of the service read and write {topics}"),
        "deploy/mosquitto/acl",
    )


CHECKS = (
    Check("broker-connection", Text("代理连接", "broker connection"), check_connection),
    Check("broker-encryption", Text("传输加密", "encryption"), check_encryption),
    Check("broker-probe", Text("试验主题", "topic to try on"), check_probe),
)
