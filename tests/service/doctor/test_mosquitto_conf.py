"""Reading a configuration of Mosquitto, and what is wrong with one."""

from __future__ import annotations

from pathlib import Path

import pytest

from qingchuan.service.doctor import broker_conf
from qingchuan.service.doctor.finding import Finding
from qingchuan.service.doctor.mosquitto_conf import Conf, ConfError, read_conf
from tests.support.examining import look, patient_of
from tests.support.shipped_broker import DEPLOY

GOOD = """\
persistence true
persistence_location /var/lib/mosquitto/
autosave_on_changes true
autosave_interval 1
max_queued_messages 0
max_inflight_messages 20000
message_size_limit 1000000
allow_anonymous false
password_file /etc/mosquitto/passwords
acl_file /etc/mosquitto/acl
listener 8883
certfile /etc/mosquitto/certs/broker.pem
keyfile /etc/mosquitto/certs/broker.key
listener 1883 127.0.0.1
"""
JUDGES = {
    "queue": broker_conf.queue,
    "in_flight": broker_conf.in_flight,
    "saving": broker_conf.saving,
    "place": broker_conf.place,
    "expiry": broker_conf.expiry,
    "size": broker_conf.size,
    "doors": broker_conf.doors,
}


def _conf(folder: Path, text: str) -> Conf:
    path = folder / "mosquitto.conf"
    path.write_text(text, encoding="utf-8")
    return read_conf(path)


def _found(conf: Conf) -> dict[str, Finding]:
    return {name: judge(conf) for name, judge in JUDGES.items()}


def test_a_good_configuration_has_no_fault(tmp_path: Path) -> None:
    """The base of all that follows."""
    assert {finding.verdict for finding in _found(_conf(tmp_path, GOOD)).values()} == {"ok"}


@pytest.mark.parametrize(
    ("was", "becomes", "name", "verdict"),
    [
        ("max_queued_messages 0\n", "", "queue", "problem"),
        ("max_queued_messages 0", "max_queued_messages 100000", "queue", "problem"),
        ("max_queued_messages 0", "max_queued_messages 0\nmax_queued_bytes 1", "queue", "problem"),
        ("max_inflight_messages 20000\n", "", "in_flight", "problem"),
        ("max_inflight_messages 20000", "max_inflight_messages 0", "in_flight", "problem"),
        ("max_inflight_messages 20000", "max_inflight_messages 99", "in_flight", "problem"),
        ("max_inflight_messages 20000", "max_inflight_messages 65000", "in_flight", "ok"),
        ("max_inflight_messages 20000", "max_inflight_messages 65001", "in_flight", "problem"),
        ("persistence true\n", "", "saving", "problem"),
        ("autosave_interval 1", "autosave_interval 2", "saving", "notice"),
        ("autosave_on_changes true\nautosave_interval 1", "autosave_interval 60", "saving", "notice"),
        ("autosave_on_changes true\nautosave_interval 1", "autosave_interval 300", "saving", "notice"),
        ("autosave_on_changes true\nautosave_interval 1", "autosave_interval 301", "saving", "problem"),
        ("autosave_on_changes true\nautosave_interval 1", "autosave_interval 0", "saving", "problem"),
        ("autosave_on_changes true\nautosave_interval 1\n", "", "saving", "problem"),
        ("persistence_location /var/lib/mosquitto/\n", "", "place", "notice"),
        ("persistence_location /var", "persistence_location var", "place", "notice"),
        ("persistence true", "persistence true\npersistent_client_expiration 13d", "expiry", "problem"),
        ("persistence true", "persistence true\npersistent_client_expiration 2w", "expiry", "ok"),
        ("persistence true", "persistence true\npersistent_client_expiration 1y", "expiry", "ok"),
        ("message_size_limit 1000000\n", "", "size", "notice"),
        ("message_size_limit 1000000", "message_size_limit 65535", "size", "problem"),
        ("message_size_limit 1000000", "max_packet_size 1000000", "size", "ok"),
        ("message_size_limit 1000000", "max_packet_size 60000", "size", "problem"),
        ("allow_anonymous false", "allow_anonymous true", "doors", "problem"),
        ("acl_file /etc/mosquitto/acl\n", "", "doors", "problem"),
        ("certfile /etc/mosquitto/certs/broker.pem\n", "", "doors", "problem"),
        ("listener 1883 127.0.0.1", "listener 1883", "doors", "problem"),
        ("listener 1883 127.0.0.1", "listener 1883 localhost", "doors", "ok"),
    ],
)
def test_a_single_fault_is_found_alone(tmp_path: Path, was: str, becomes: str, name: str, verdict: str) -> None:
    """Both sides of each limit; all else stays well."""
    assert was in GOOD
    found = _found(_conf(tmp_path, GOOD.replace(was, becomes)))
    assert found.pop(name).verdict == verdict
    assert {finding.verdict for finding in found.values()} == {"ok"}


def test_an_open_listener_of_this_machine_is_a_notice(tmp_path: Path) -> None:
    """Who has no access list there, or lets anybody in."""
    for text in ("allow_anonymous true\nacl_file /a\n", "allow_anonymous false\n", "allow_anonymous true\n"):
        assert broker_conf.doors(_conf(tmp_path, f"listener 1883 127.0.0.1\n{text}")).verdict == "notice"


def test_no_listener_at_all_is_this_machine_for_anybody(tmp_path: Path) -> None:
    """What distributions ship."""
    assert broker_conf.doors(_conf(tmp_path, "persistence true\n")).verdict == "notice"


def test_a_plugin_may_take_the_place_of_an_access_list(tmp_path: Path) -> None:
    """What it allows cannot be read here; it was tried."""
    text = "listener 1883 127.0.0.1\nplugin /usr/lib/mosquitto_dynamic_security.so\n"
    assert broker_conf.doors(_conf(tmp_path, text)).verdict == "ok"


def test_listeners_may_have_settings_of_their_own(tmp_path: Path) -> None:
    """With per_listener_settings, what stands below one listener does not hold for the other."""
    own = "per_listener_settings true\nlistener 1884 127.0.0.1\nacl_file /a\nlistener 1883 127.0.0.1\n"
    finding = broker_conf.doors(_conf(tmp_path, own))
    assert finding.verdict == "notice"
    assert finding.saw.en.startswith(f"{tmp_path}/mosquitto.conf:4: no acl_file")
    assert broker_conf.doors(_conf(tmp_path, own.replace("true", "false", 1))).verdict == "ok"


def test_included_files_are_read_in_order_and_win(tmp_path: Path) -> None:
    """Capital letters before small ones, only those that end in .conf, and none that they include themselves."""
    folder = tmp_path / "conf.d"
    folder.mkdir()
    for name, number in {"b.conf": 1, "B.conf": 2, "A.conf": 3, "z.txt": 4}.items():
        (folder / name).write_text(f"max_queued_messages {number}\ninclude_dir /nowhere\n", encoding="utf-8")
    conf = _conf(tmp_path, f"max_queued_messages 9\ninclude_dir {folder}\n")
    assert conf.number("max_queued_messages", 0) == 1
    assert conf.where("max_queued_messages") == f"{folder}/b.conf:1: max_queued_messages"


def test_an_option_below_a_bind_address_belongs_to_its_listener(tmp_path: Path) -> None:
    """The older way to write it."""
    conf = _conf(tmp_path, "port 1883\nbind_address 127.0.0.1\n")
    assert [listener.is_loopback for listener in conf.listeners] == [True]


def test_comments_and_blanks_are_no_options(tmp_path: Path) -> None:
    """As Mosquitto reads them."""
    assert _conf(tmp_path, "# persistence true\n\n   \n  max_queued_messages   5\n").options.keys() == {
        "max_queued_messages"
    }


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("max_queued_messages many\n", "mosquitto.conf:1: max_queued_messages has 'many'; a whole number would do"),
        ("persistence yes\n", "mosquitto.conf:1: persistence has 'yes'; true or false would do"),
        ("persistent_client_expiration 2\n", "mosquitto.conf:1: persistent_client_expiration has '2'; a number with h"),
        ("include_dir /nowhere\n", "mosquitto.conf:1: include_dir has /nowhere; a folder that is there would do"),
    ],
)
def test_what_cannot_be_read_is_a_problem_with_its_place(tmp_path: Path, text: str, said: str) -> None:
    """Mosquitto itself would not start."""
    path = tmp_path / "mosquitto.conf"
    path.write_text(text, encoding="utf-8")
    with patient_of(tmp_path / "data", conf=path) as patient:
        found = [look(key, patient) for key in ("conf-queue", "conf-saving", "conf-expiry")]
    assert "problem" in {finding.verdict for finding in found}
    assert any(said in finding.saw.en for finding in found)


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    """Most often the broker is on another machine."""
    with pytest.raises(ConfError, match=r"nowhere\.conf cannot be read"):
        read_conf(tmp_path / "nowhere.conf")


def test_the_shipped_configuration_has_one_notice(tmp_path: Path) -> None:
    """It saves each minute; `conf.d/durable.conf` mends that."""
    (tmp_path / "conf.d").mkdir()
    text = (
        (DEPLOY / "mosquitto.conf").read_text(encoding="utf-8").replace("/etc/mosquitto/conf.d", f"{tmp_path}/conf.d")
    )
    found = _found(_conf(tmp_path, text))
    assert {name: finding.verdict for name, finding in found.items() if finding.verdict != "ok"} == {"saving": "notice"}
