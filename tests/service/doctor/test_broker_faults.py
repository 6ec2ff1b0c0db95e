"""Each fault of a broker is found by trying, and nothing of the trial stays there."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from qingchuan.service.doctor import queues
from qingchuan.service.doctor.checks import examine
from qingchuan.service.doctor.connection import judge_certificate
from qingchuan.service.doctor.probe import Probe
from qingchuan.service.doctor.rights import judge_anonymous
from qingchuan.service.settings import load
from qingchuan.store.migrate import migrate
from qingchuan.store.state import State
from tests.support.certificates import certificates
from tests.support.collecting import Collecting
from tests.support.examining import look, not_tried, patient_of, verdicts
from tests.support.mosquitto import Mosquitto
from tests.support.ports import unused_port
from tests.support.publisher import Publisher

DEFAULTS = "max_queued_messages 1000\nmax_inflight_messages 20\n"
"""What Mosquitto does when nothing is said."""
ONLY_READ = "user collector\ntopic read qingchuan/#\n"
PASSWORD = "secret"


def _on(broker: Mosquitto, **more: object) -> dict[str, object]:
    return {"broker.port": broker.port, **{f"broker.{key}": value for key, value in more.items()}}


@contextmanager
def _with_user(folder: Path, rights: str) -> Iterator[tuple[Mosquitto, dict[str, object]]]:
    """A broker with an access list and the user "collector", and the settings that use it."""
    folder.mkdir()
    (folder / "acl").write_text(rights, encoding="utf-8")
    (folder / "password").write_text(PASSWORD, encoding="utf-8")
    with Mosquitto(folder / "mosquitto", f"acl_file {folder / 'acl'}\n") as broker:
        yield broker, _on(broker, username="collector", password_file=folder / "password")


@pytest.mark.parametrize(
    ("fault", "key", "verdict"),
    [
        ("max_queued_messages 1000", "broker-queue", "problem"),
        ("max_queued_bytes 1000", "broker-queue", "problem"),
        ("max_inflight_messages 20", "broker-in-flight", "problem"),
        ("max_inflight_messages 99", "broker-in-flight", "problem"),
        ("max_inflight_messages 100", "broker-in-flight", "notice"),
        ("message_size_limit 65000", "broker-size", "problem"),
        ("retain_available false", "broker-retained", "problem"),
        ("max_qos 0", "broker-subscription", "problem"),
    ],
)
def test_a_single_fault_is_found(tmp_path: Path, fault: str, key: str, verdict: str) -> None:
    """With what to do, and where it is written."""
    with Mosquitto(tmp_path / "mosquitto", f"{fault}\n") as broker, patient_of(tmp_path, _on(broker)) as patient:
        if fault == "max_qos 0":
            patient.may_try = True  # nothing of QoS 1 can be tried there; the subscription says so
        finding = look(key, patient)
    assert finding.verdict == verdict
    assert finding.advice is not None
    assert finding.written


def test_on_a_demo_its_own_broker_is_no_problem(tmp_path: Path) -> None:
    """Nobody configures it: what it cannot do is a remark."""
    (tmp_path / "demo.json").write_text("{}")
    mosquitto = Mosquitto(tmp_path / "mosquitto", "message_size_limit 65000\n")
    with mosquitto as broker, patient_of(tmp_path, _on(broker)) as patient:
        finding = look("broker-size", patient)
    assert finding.verdict == "notice"
    assert (finding.saw.en, "mosquitto.conf" in finding.written) == ("demo broker: messages of 16384 bytes pass", False)


def test_the_defaults_of_mosquitto_lose_and_it_says_how_much(tmp_path: Path) -> None:
    """Queue and messages in flight are named, with what came; all else of the broker is well or a notice."""
    with Mosquitto(tmp_path / "mosquitto", DEFAULTS) as broker, patient_of(tmp_path, _on(broker)) as patient:
        examined = examine(patient)
    problems = {check.key: finding.saw.en for check, finding in examined.findings if finding.verdict == "problem"}
    assert {key for key in problems if key.startswith("broker-")} == {"broker-queue", "broker-in-flight"}
    assert "1000 of 2000" in problems["broker-queue"]
    assert problems["broker-in-flight"].startswith("20 at once")


def test_a_short_trial_does_not_see_a_long_queue_overflow(tmp_path: Path) -> None:
    """That is why the number can be raised, and twice the default is the default."""
    with Mosquitto(tmp_path / "mosquitto", DEFAULTS) as broker:
        with patient_of(tmp_path, _on(broker), queued=1000) as patient:
            assert look("broker-queue", patient).verdict == "ok"
        with patient_of(tmp_path, _on(broker), queued=1001) as patient:
            assert look("broker-queue", patient).verdict == "problem"


def test_nobody_at_the_address_is_one_problem_and_nothing_is_tried(tmp_path: Path) -> None:
    """What could not be looked at is said, too."""
    with patient_of(tmp_path, {"broker.port": unused_port()}) as patient:
        examined = examine(patient)
    found = {key: verdict for key, verdict in verdicts(examined).items() if key.startswith("broker-")}
    assert found == {"broker-connection": "problem", "broker-encryption": "ok"}
    assert {"broker-queue", "broker-subscription", "broker-anonymous"} <= not_tried(examined)


def test_a_wrong_password_is_said_as_a_wrong_password(tmp_path: Path) -> None:
    """And not as an address that does not answer."""
    users = tmp_path / "users"
    users.write_text("", encoding="utf-8")
    (tmp_path / "password").write_text(PASSWORD, encoding="utf-8")
    more = f"allow_anonymous false\npassword_file {users}\n"
    with Mosquitto(tmp_path / "mosquitto", more) as broker:
        login = _on(broker, username="collector", password_file=tmp_path / "password")
        with patient_of(tmp_path, login) as patient:
            finding = look("broker-connection", patient)
    assert finding.verdict == "problem"
    assert "refused us" in finding.saw.en
    assert finding.advice is not None
    assert "password" in finding.advice.en


def test_a_user_who_may_not_try_is_told_and_the_rest_is_looked_at(tmp_path: Path) -> None:
    """The access list that reads as if it were enough."""
    with _with_user(tmp_path / "user", ONLY_READ) as (_, settings), patient_of(tmp_path, settings) as patient:
        examined = examine(patient)
    found = verdicts(examined)
    assert found["broker-probe"] == "notice"
    assert found["broker-subscription"] == "ok"
    assert {"broker-queue", "broker-in-flight", "broker-own-rights"} <= not_tried(examined)


@pytest.mark.parametrize(
    ("rights", "verdict"),
    [("topic readwrite #\n", "notice"), ("topic read #\ntopic readwrite qingchuan/doctor/#\n", "ok")],
)
def test_a_service_that_may_publish_as_a_station_is_told(tmp_path: Path, rights: str, verdict: str) -> None:
    """It never does, but somebody with its password could."""
    with (
        _with_user(tmp_path / "user", f"user collector\n{rights}") as (_, settings),
        patient_of(tmp_path, settings) as patient,
    ):
        assert look("broker-own-rights", patient).verdict == verdict


@pytest.mark.parametrize(("rights", "verdict"), [("topic readwrite #\n", "notice"), ("", "ok")])
def test_who_has_no_login_may_publish_or_not(tmp_path: Path, rights: str, verdict: str) -> None:
    """What stands before the first user of an access list holds for them."""
    everything = f"{rights}user collector\ntopic readwrite #\n"
    with _with_user(tmp_path / "user", everything) as (_, settings), patient_of(tmp_path, settings) as patient:
        assert look("broker-anonymous", patient).verdict == verdict


def test_an_open_broker_is_worse_where_other_machines_reach_it() -> None:
    """On this machine alone it is a notice."""
    assert judge_anonymous(None).verdict == "notice"
    assert judge_anonymous("10.0.0.2:1883").verdict == "problem"


def test_a_plain_connection_to_another_machine_is_a_problem(tmp_path: Path) -> None:
    """The password would cross the network in the clear; nothing is sent to find that."""
    with patient_of(tmp_path, {"broker.host": "mq.example.cn"}) as patient:
        assert look("broker-encryption", patient).verdict == "problem"


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")  # paho leaves the refused socket open
def test_an_authority_that_did_not_sign_is_a_problem(tmp_path: Path) -> None:
    """Over TLS, with the reason that the encryption gave."""
    ours, others = certificates(tmp_path / "ours"), certificates(tmp_path / "others")
    port = unused_port()
    more = f"listener {port} 127.0.0.1\ncertfile {ours.certificate}\nkeyfile {ours.key}\n"
    with Mosquitto(tmp_path / "mosquitto", more):
        for authority, verdict in {ours.authority: "ok", others.authority: "problem"}.items():
            tls = {"broker.port": port, "broker.tls": True, "broker.ca_file": authority}
            with patient_of(tmp_path, tls) as patient:
                assert look("broker-connection", patient).verdict == verdict
        with patient_of(tmp_path, {"broker.port": port, "broker.tls": True, "broker.ca_file": ours.authority}) as it:
            assert look("broker-encryption", it).saw.en.startswith("TLSv1")


@pytest.mark.parametrize(("days", "verdict"), [(29, "notice"), (30, "ok"), (-1, "notice")])
def test_a_certificate_that_ends_soon_is_told(days: int, verdict: str) -> None:
    """A month before."""
    ends = time.strftime("%b %d %H:%M:%S %Y GMT", time.gmtime(1_800_000_000 + days * 86400))
    assert judge_certificate("TLSv1.3", {"notAfter": ends}, 1_800_000_000).verdict == verdict


def test_announcements_that_the_broker_has_lost_are_told(tmp_path: Path, mosquitto: Mosquitto) -> None:
    """Some: a notice with the name of one. All: nobody who is new would know any station."""
    known = [f"qingchuan/{name}/station" for name in ("1234A", "1235A")]
    migrate(tmp_path / "state.sqlite")
    state = State(tmp_path / "state.sqlite")
    state.record([], [], digests=dict.fromkeys([*known, "qingchuan/1234A/hour", "other/1/station"], b"digest"))
    state.close()
    seen = []
    with Publisher(mosquitto.port) as station:
        for announced in ((), ("1234A",), ("1235A",)):
            for name in announced:
                station.announce(name, kind="city")
            with patient_of(tmp_path, _on(mosquitto)) as patient:
                seen.append(look("broker-announcements", patient))
    assert [finding.verdict for finding in seen] == ["problem", "notice", "ok"]
    assert "qingchuan/1235A/station" in seen[1].saw.en


def test_many_announcements_come_though_few_may_be_in_flight(tmp_path: Path) -> None:
    """They are acknowledged as they come."""
    topics = [f"qingchuan/{number}/station" for number in range(300)]
    migrate(tmp_path / "state.sqlite")
    state = State(tmp_path / "state.sqlite")
    state.record([], [], digests=dict.fromkeys(topics, b"digest"))
    state.close()
    with Mosquitto(tmp_path / "mosquitto", DEFAULTS) as broker:
        with Publisher(broker.port) as station:
            for topic in topics:
                station.send(topic.removeprefix("qingchuan/"), b"{}", retain=True)
        with patient_of(tmp_path, _on(broker)) as patient:
            assert look("broker-announcements", patient).verdict == "ok"


def test_nothing_of_the_trial_stays_at_the_broker(tmp_path: Path) -> None:
    """Neither sessions, with what they would keep, nor retained messages; also when something went wrong."""
    with Mosquitto(tmp_path / "mosquitto", f"{DEFAULTS}sys_interval 1\n") as broker:
        with patient_of(tmp_path, _on(broker)) as patient:
            examine(patient)
        settings = load(None, {}, {"broker.port": broker.port}).broker
        with Probe(settings, "witness") as witness:
            witness.subscribe("qingchuan/#")
            assert witness.collect(1) == []
        with Probe(settings, "counter") as counter:
            counter.subscribe("$SYS/broker/clients/total")
            counter.subscribe("$SYS/broker/subscriptions/count")
            deadline = time.monotonic() + 20
            while (told := _last(counter)) != {"total": 1, "count": 2}:
                assert time.monotonic() < deadline, told
                counter.collect(len(counter.arrived) + 1)


def _last(probe: Probe) -> dict[str, int]:
    """The newest number of each topic, by its last level."""
    return {message.topic.rpartition("/")[2]: int(message.payload) for message in probe.arrived}


def test_a_running_collector_takes_nothing_of_the_trial(tmp_path: Path, mosquitto: Mosquitto) -> None:
    """Neither into its journal nor as a dead letter, and it stays connected."""
    collecting = Collecting(tmp_path / "data", mosquitto.port)
    try:
        with Publisher(mosquitto.port) as station:
            station.announce("330200", kind="city")
            _wait_for(lambda: collecting.journal.from_stations() == 1)
            with patient_of(tmp_path / "elsewhere", _on(mosquitto)) as patient:
                examine(patient)
            station.announce("330201", kind="city")
            _wait_for(lambda: collecting.journal.from_stations() > 1)
        assert collecting.journal.from_stations() == 2
        kinds = [message.kind for row in collecting.journal.rows() for message in row.batch().messages]
        assert kinds.count("connection") == 1
    finally:
        collecting.close()


def _wait_for(done: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 20
    while not done():
        assert time.monotonic() < deadline
        time.sleep(0.02)


def test_nothing_is_tried_where_the_collector_would_take_it(tmp_path: Path, mosquitto: Mosquitto) -> None:
    """Its journal is not filled with trials; the filter is named."""
    formats = [{"topic": "qingchuan/#", "codec": "senml"}]
    with patient_of(tmp_path, {**_on(mosquitto), "collector.formats": formats}) as patient:
        finding = look("broker-probe", patient)
        examined = examine(patient, checks=queues.CHECKS)
    assert finding.verdict == "notice"
    assert "qingchuan/#" in finding.saw.en
    assert len(not_tried(examined)) == len(queues.CHECKS)


def test_all_that_the_collector_takes_is_subscribed_to(tmp_path: Path, mosquitto: Mosquitto) -> None:
    """Also topics of other formats than ours."""
    formats = [{"topic": "sensors/+/senml", "codec": "senml"}]
    with patient_of(tmp_path, {**_on(mosquitto), "collector.formats": formats}) as patient:
        assert look("broker-subscription", patient).saw.en == "qingchuan/+/+, sensors/+/senml, QoS 1"
