"""What cannot be tried from outside: it is read from the configuration of a Mosquitto."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import NamedTuple, Protocol

from qingchuan.processing.standards import Text
from qingchuan.service.doctor.finding import Check, Finding, notice, ok, problem
from qingchuan.service.doctor.mosquitto_conf import Conf, Listener
from qingchuan.service.doctor.patient import Patient
from qingchuan.service.doctor.queues import STARVED, WANTED_SIZE

_CONF = "deploy/mosquitto/mosquitto.conf"
_DURABLE = "deploy/mosquitto/conf.d/durable.conf"
_LARGEST_IN_FLIGHT = 65_000
"""MQTT numbers what is in flight by 16 bits."""
_LONGEST_SAVING = 300
"""[s]"""
_EXPIRY = 336
"""A session that ends within two weeks may end in a holiday of eight days and what follows it. [h]"""


class _Judge(Protocol):
    """Judges one thing of a configuration."""

    def __call__(self, conf: Conf) -> Finding:
        """What it finds."""


def queue(conf: Conf) -> Finding:
    """Whether messages for a collector that is away are dropped beyond some number or size."""
    for key, default in (("max_queued_messages", 1000), ("max_queued_bytes", 0)):
        if limit := conf.number(key, default):
            return problem(
                Text(f"{conf.where(key)} 为 {limit}：超出的丢弃", f"{conf.where(key)} is {limit}: more is dropped"),
                Text(f"设 {key} 0（不限）", f"set {key} 0, which keeps all"),
                f"{_CONF}: {key}",
            )
    return ok("不限", "without a limit")


def in_flight(conf: Conf) -> Finding:
    """Whether so many messages may be in flight as a batch takes, and not more than there are numbers for."""
    key = "max_inflight_messages"
    limit = conf.number(key, 20)
    if STARVED <= limit <= _LARGEST_IN_FLIGHT:
        return ok(str(limit), str(limit))
    if limit < STARVED and limit != 0:
        why = Text("太少，写盘成批不了", "too few for a batch")
    else:
        why = Text("会重复使用报文标识，消息混淆", "packet ids are used twice, and messages are mixed up")
    saw = Text(f"{conf.where(key)} 为 {limit}：{why.zh}", f"{conf.where(key)} is {limit}: {why.en}")
    return problem(saw, Text(f"设 {key} 20000", f"set {key} 20000"), f"{_CONF}: {key}")


def saving(conf: Conf) -> Finding:
    """Whether sessions, queues and retained messages survive a stop, and what a kill costs."""
    if not conf.switch("persistence"):
        return problem(
            Text(
                f"{conf.where('persistence')} 未开：重启就全没了",
                f"{conf.where('persistence')} is off: a restart loses all",
            ),
            Text("设 persistence true 和 persistence_location", "set persistence true and persistence_location"),
            f"{_CONF}: persistence",
        )
    interval, on_changes = conf.number("autosave_interval", 1800), conf.switch("autosave_on_changes")
    if on_changes and interval == 1:
        return ok("每次变化都保存", "after each change")
    unit = Text("次变化", "changes") if on_changes else Text("秒", "s")
    saw = Text(
        f"每 {interval} {unit.zh}保存一次：被杀或断电时丢这么多",
        f"each {interval} {unit.en}: so much is lost by a kill",
    )
    if interval == 0 or interval > _LONGEST_SAVING:
        never = Text("只在退出时保存：被杀或断电时全丢", "at the end only: a kill loses all")
        advice = Text("设 autosave_interval 60", "set autosave_interval 60")
        return problem(saw if interval else never, advice, f"{_CONF}: autosave_interval")
    advice = Text(
        "若断电也不能丢：加上 durable.conf，慢约八倍", "if a power cut may lose nothing: add durable.conf, 8 × slower"
    )
    return notice(saw, advice, _DURABLE)


def place(conf: Conf) -> Finding:
    """Where the broker saves to: without a place it is the folder that it happened to be started in."""
    line = conf.options.get("persistence_location")
    if line is not None and line.text.startswith("/"):
        return ok(line.text, line.text)
    return notice(
        Text("没有写绝对路径：存到启动时的文件夹", "no absolute path: in the folder that it is started in"),
        Text("设 persistence_location /var/lib/mosquitto/", "set persistence_location /var/lib/mosquitto/"),
        f"{_CONF}: persistence_location",
    )


def expiry(conf: Conf) -> Finding:
    """Whether the session of a collector that is away is given up."""
    key = "persistent_client_expiration"
    hours = conf.hours(key)
    if hours is None or hours >= _EXPIRY:
        return ok("不过期" if hours is None else f"{hours:g} h", "never" if hours is None else f"after {hours:g} h")
    return problem(
        Text(f"{conf.where(key)}：离线 {hours:g} 小时就删会话", f"{conf.where(key)}: given up after {hours:g} h"),
        Text("去掉它，或至少两周", "leave it out, or give two weeks at least"),
        _CONF,
    )


def size(conf: Conf) -> Finding:
    """Whether a single message may fill the memory, or none of some length passes."""
    key = "message_size_limit"
    limit = conf.number(key, 0) or conf.number("max_packet_size", 0)
    advice = Text(f"设 {key} 1000000", f"set {key} 1000000")
    if limit == 0:
        saw = Text("不限：一条消息可达 256 MB", "no limit: one message may have 256 MB")
        return notice(saw, advice, f"{_CONF}: {key}")
    saw = Text(f"{limit} 字节", f"{limit} bytes")
    return Finding("ok", saw) if limit >= WANTED_SIZE else problem(saw, advice, f"{_CONF}: {key}")


class _Door(NamedTuple):
    """A listener, and what is wrong with it; `open` if other machines reach it."""

    fault: Text
    advice: Text
    open: bool


def doors(conf: Conf) -> Finding:
    """Whether each listener asks who is there, lets each write only what is its own, and encrypts."""
    faults = [fault for listener in conf.listeners for fault in _faults(conf, listener)]
    if not conf.listeners:
        faults = [_Door(*_ANYBODY, open=False)]
    if not faults:
        return ok(
            "都要登录、有访问控制；对外的都加密", "all ask for a login and have an access list; outer ones encrypt"
        )
    worst = max(faults, key=lambda fault: fault.open)
    return (problem if worst.open else notice)(worst.fault, worst.advice, _CONF)


_ANYBODY = (
    Text(
        "没有 listener：1883 端口，只限本机，谁都可以", "no listener: the port 1883 of this machine, for anybody on it"
    ),
    Text("用 deploy/mosquitto 的配置", "use the configuration of deploy/mosquitto"),
)


def _faults(conf: Conf, listener: Listener) -> Iterator[_Door]:
    where, outer = listener.where, not listener.is_loopback
    if conf.switch("allow_anonymous", listener):
        yield _Door(
            Text(f"{where}：不登录也可以进", f"{where}: lets in who has no login"),
            Text("设 allow_anonymous false 和 password_file", "set allow_anonymous false and password_file"),
            outer,
        )
    if not _has_plugin(conf) and conf.line("acl_file", listener) is None:
        yield _Door(
            Text(
                f"{where}：没有 acl_file，谁都可以冒充任何站点",
                f"{where}: no acl_file, anybody may publish as any station",
            ),
            Text("设 acl_file（deploy/mosquitto/acl）", "set acl_file (deploy/mosquitto/acl)"),
            outer,
        )
    if outer and not listener.is_encrypted:
        yield _Door(
            Text(f"{where}：对外而不加密", f"{where}: other machines reach it, and it does not encrypt"),
            Text("给它证书，或绑定到 127.0.0.1", "give it a certificate, or bind it to 127.0.0.1"),
            outer,
        )


def _has_plugin(conf: Conf) -> bool:
    return any(key in conf.options for key in ("plugin", "auth_plugin", "global_plugin"))


def _look(judge: _Judge, patient: Patient) -> Finding:
    return judge(patient.conf)


CHECKS = (
    Check("conf-queue", Text("配置：离线队列", "file: queue"), partial(_look, queue)),
    Check("conf-in-flight", Text("配置：在途消息", "file: in flight"), partial(_look, in_flight)),
    Check("conf-saving", Text("配置：保存", "file: saving"), partial(_look, saving)),
    Check("conf-place", Text("配置：保存位置", "file: place"), partial(_look, place)),
    Check("conf-expiry", Text("配置：会话期限", "file: end of sessions"), partial(_look, expiry)),
    Check("conf-size", Text("配置：消息长度", "file: length"), partial(_look, size)),
    Check("conf-doors", Text("配置：谁可以进", "file: who is let in"), partial(_look, doors)),
)
