"""Who may read and write what at the broker, by what arrives: a broker may acknowledge what it throws away."""

from __future__ import annotations

import socket
from contextlib import suppress

from qingchuan.processing.standards import Text
from qingchuan.service.doctor.finding import Check, Finding, NotTriedError, notice, ok, problem
from qingchuan.service.doctor.patient import Patient
from qingchuan.service.doctor.probe import BrokerError, Probe
from qingchuan.service.settings import Address, BrokerSettings

_ACL = "deploy/mosquitto/acl"
_ELSEWHERE = ("192.0.2.1", 9)
"""An address for documentation (RFC 5737): nothing is sent to it, it only makes the system choose a way out."""
_PATIENCE = 2.0
"""[s]"""


def check_subscription(patient: Patient) -> Finding:
    """Whether the broker lets us subscribe to all that the collector takes, with QoS 1."""
    wanted = patient.filters()
    with patient.probe() as probe:
        granted = {each: probe.subscribe(each) for each in wanted}
    if refused := [each for each, answer in granted.items() if answer.is_failure]:
        return problem(
            Text(f"{refused[0]} 被拒绝：收不到", f"{refused[0]} is refused: nothing of it will arrive"),
            Text("让服务的用户读这些主题", "let the user of the service read these topics"),
            _ACL,
        )
    if lowered := [each for each, answer in granted.items() if answer.value < 1]:
        return problem(
            Text(f"{lowered[0]} 只给 QoS 0：断线时会丢", f"{lowered[0]} has QoS 0 only: a broken connection loses"),
            Text("用允许 QoS 1 的代理（max_qos）", "let the broker give QoS 1 (max_qos)"),
            "deploy/mosquitto/mosquitto.conf",
        )
    told = ", ".join(wanted)
    return ok(f"{told}，QoS 1", f"{told}, QoS 1")


def check_announcements(patient: Patient) -> Finding:
    """Whether the announcements that we know stand at the broker, and we may read them."""
    prefix = patient.broker.prefix
    known = {
        topic for topic in patient.state.retained() if topic.startswith(f"{prefix}/") and topic.endswith("/station")
    }
    if not known:
        return ok("还没有站点自述", "no station has announced itself yet")
    with patient.probe() as probe:
        probe.subscribe(f"{prefix}/+/station")
        there = {message.topic for message in probe.collect(len(known)) if message.retain}
    if not (missing := sorted(known - there)):
        return ok(f"{len(known)} 个站点的自述都在", f"those of all {len(known)} subjects are there")
    saw = Text(
        f"{len(known)} 个站点中 {len(missing)} 个的自述不在代理上，或我们读不到：{missing[0]} …",
        f"of {len(known)} subjects {len(missing)} have none there that we may read: {missing[0]} …",
    )
    advice = Text(
        "自述要用保留消息发；给服务的用户读权限；代理要持久化",
        "publish them retained, let our user read them, and let the broker save them",
    )
    judge = problem if len(missing) == len(known) else notice
    return judge(saw, advice, "docs/mqtt.md: Announcement")


def check_own_rights(patient: Patient) -> Finding:
    """Whether the service's user may publish as a station, which it never does."""
    if patient.broker.username is None:
        raise NotTriedError(Text("服务没有用用户名登录", "the service connects without a user"))
    patient.check_may_try()
    if not _may_publish(patient, patient.broker):
        return ok("不能冒充站点发布", "may not publish as a station")
    return notice(
        Text(
            "可以冒充任何站点发布：没有访问控制，或权限过宽", "may publish as any station: no access list, or too wide"
        ),
        Text(
            "用 acl_file：服务只读，每个站点只写自己的主题", "use an acl_file: we only read, stations write their own"
        ),
        _ACL,
    )


def check_anonymous(patient: Patient) -> Finding:
    """Whether somebody without a login may publish."""
    patient.check_may_try()
    anonymous = patient.broker.model_copy(update={"username": None, "password_file": None})
    try:
        may = _may_publish(patient, anonymous)
    except OSError:
        return ok("没有登录的人进不来", "is not let in")
    if not may:
        return ok("进得来，但不能以站点名义发布", "is let in, but may not publish as a station")
    return judge_anonymous(_reached_from(anonymous))


def judge_anonymous(address: str | None) -> Finding:
    """What it means that anybody may publish who reaches the broker at `address`; None for this machine alone."""
    advice = Text(
        "设 allow_anonymous false、password_file 和 acl_file", "set allow_anonymous false, password_file, acl_file"
    )
    if address is None:
        here = Text("本机任何人都可以冒充站点发布", "anybody on this machine may publish as any station")
        return notice(here, advice, _ACL)
    return problem(
        Text(f"任何能连到 {address} 的人都可以冒充站点发布", f"whoever reaches {address} may publish as any station"),
        advice,
        _ACL,
    )


def _may_publish(patient: Patient, broker: BrokerSettings) -> bool:
    """Whether what `broker`'s user publishes on the topic of nobody arrives; what follows it proves where not."""
    foreign, own = patient.foreign_topic(), patient.topic("after")
    with patient.probe() as watcher:
        watcher.subscribe(foreign)
        watcher.subscribe(own)
        with (
            Probe(broker, patient.client_id()) as intruder,
            suppress(BrokerError),
        ):  # some end the connection of who tries
            intruder.publish(foreign, [b"not from a station"])
        with patient.probe() as publisher:
            publisher.publish(own, [b"after"])
        return any(message.topic == foreign for message in watcher.collect(1))


def _reached_from(broker: BrokerSettings) -> str | None:
    """The address by which other machines reach the broker too; None if only this one does, as far as can be seen."""
    if not Address(broker.host, broker.port).is_loopback:
        return f"{broker.host}:{broker.port}"
    address = outward_address()
    if address is None:
        return None
    try:
        with socket.create_connection((address, broker.port), _PATIENCE):
            return f"{address}:{broker.port}"
    except OSError:
        return None


def outward_address() -> str | None:
    """The address of this machine in its network; None if it has none."""
    try:
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as way_out:
            way_out.connect(_ELSEWHERE)
            return str(way_out.getsockname()[0])
    except OSError:
        return None


CHECKS = (
    Check("broker-subscription", Text("通配订阅", "subscription to all"), check_subscription),
    Check("broker-announcements", Text("站点自述", "announcements"), check_announcements),
    Check("broker-own-rights", Text("服务用户的权限", "rights of our user"), check_own_rights),
    Check("broker-anonymous", Text("匿名用户", "who has no login"), check_anonymous),
)
