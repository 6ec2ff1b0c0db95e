"""Settings: what wins, what is refused, and what the refusal says."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from qingchuan.service.settings import (
    Address,
    Settings,
    SettingsError,
    as_environment,
    load,
    load_with_origins,
)


def refusal(text: str, folder: Path, environ: dict[str, str] | None = None) -> list[str]:
    """The lines that a file with `text` and `environ` are refused with, the file named ``q.toml``."""
    path = folder / "q.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(SettingsError) as caught:
        load(path, environ or {})
    return [line.replace(str(path), "q.toml") for line in str(caught.value).splitlines()]


def written(text: str, folder: Path) -> Path:
    """A file with `text`."""
    path = folder / "q.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_without_anything_said_it_listens_on_loopback_only() -> None:
    """The defaults need no file."""
    settings = load(None, {})
    assert settings.api.address == Address("127.0.0.1", 8080)
    assert Address.parse(settings.broker.listen).is_loopback
    assert settings == Settings()


def test_command_line_wins_over_environment_over_file_over_default(tmp_path: Path) -> None:
    """Each source is laid over the ones below it, key by key within a section."""
    path = written("[api]\nmax_body = 2000\nhosts = ['a']\n[collector]\nbatch = 1", tmp_path)
    environ = {"QINGCHUAN_API__MAX_BODY": "3000", "QINGCHUAN_COLLECTOR__BATCH": "2"}
    settings, origins = load_with_origins(path, environ, {"collector.batch": 3, "data": None})
    assert (settings.collector.batch, settings.api.max_body, settings.api.hosts) == (3, 3000, ("a",))
    assert [origins[key] for key in ("collector.batch", "api.max_body", "api.hosts", "data")] == [
        "command line",
        "environment",
        str(path),
        "default",
    ]


def test_the_environment_may_name_the_file(tmp_path: Path) -> None:
    """QINGCHUAN_CONFIG is used when --config is not given."""
    path = written("[log]\nlevel = 'debug'", tmp_path)
    assert load(None, {"QINGCHUAN_CONFIG": str(path)}).log.level == "debug"


def test_all_connect_to_where_the_demo_listens_unless_told_otherwise() -> None:
    """One variable moves the demo's broker and all that connect to it."""
    broker = load(None, {"QINGCHUAN_BROKER__LISTEN": "[::1]:2883"}).broker
    assert (broker.host, broker.port) == ("::1", 2883)
    broker = load(None, {"QINGCHUAN_BROKER__HOST": "mq", "QINGCHUAN_BROKER__PORT": "8883"}).broker
    assert (broker.host, broker.port, broker.listen) == ("mq", 8883, "127.0.0.1:1883")


def test_settings_do_not_change() -> None:
    """They are frozen, sections too."""
    settings = load(None, {})
    with pytest.raises(ValueError, match="frozen"):
        settings.api.max_body = 1  # type: ignore[misc]  # that it is read-only is what is tested


def test_what_stands_in_the_process_environment_reaches_only_load(monkeypatch: pytest.MonkeyPatch) -> None:
    """Settings made directly depend on their arguments alone."""
    monkeypatch.setenv("QINGCHUAN_LOG__LEVEL", "debug")
    assert Settings().log.level == "info"
    assert load(None, os.environ).log.level == "debug"


@pytest.mark.parametrize(
    ("text", "line"),
    [
        (
            "[api]\nmax_body = 1023",
            (
                "q.toml: api.max_body = 1023: should be greater than or equal to 1024; "
                "a whole number of bytes from 1024 to 16777216 would do"
            ),
        ),
        (
            "[api]\nlisen = '127.0.0.1:1'",
            "q.toml: api.lisen = '127.0.0.1:1': unknown key; did you mean api.listen?",
        ),
        ("[apis]\nx = 1", "q.toml: apis = {'x': 1}: unknown key; deploy/config.toml lists all that there are"),
        ("api = 3", "q.toml: api = 3: not a table; [api] with its keys below would do"),
        (
            "[broker]\nport = true",
            "q.toml: broker.port = true: should be a number; a port from 1 to 65535 would do",
        ),
        (
            "[broker]\nlisten = 'here'",
            (
                "q.toml: broker.listen = 'here': not an address of that kind; "
                "host:port with a port from 1 to 65535, such as 127.0.0.1:1883, would do"
            ),
        ),
        (
            "[broker]\nprefix = 'a/#'",
            (
                "q.toml: broker.prefix = 'a/#': not the beginning of a topic; "
                "a text without + and #, and without / at its ends, such as qingchuan, would do"
            ),
        ),
        (
            "[broker]\npassword_file = 'nowhere'\nusername = 'x'",
            (
                "q.toml: broker.password_file = 'nowhere': No such file or directory; "
                "a file that this user may read, with the secret as its text, would do"
            ),
        ),
        (
            "[[alerts.webhooks]]\nname = 'duty'\nurl = 'ftp://x'",
            (
                "q.toml: alerts.webhooks[0].url = 'ftp://x': not a web address; "
                "an address that begins with http:// or https:// would do"
            ),
        ),
        (
            "[[alerts.webhooks]]\nname = 'duty'",
            "q.toml: alerts.webhooks[0].url: Field required; an address that begins with http:// or https:// would do",
        ),
        (
            "[clock]\norigin = 2026-11-25T08:00:00",
            (
                "q.toml: clock.origin = 2026-11-25 08:00:00: should have timezone info; "
                "a time with its offset, such as 2026-11-25T08:00:00+08:00, would do"
            ),
        ),
    ],
)
def test_a_bad_value_is_refused_with_file_key_value_and_what_would_do(text: str, line: str, tmp_path: Path) -> None:
    """Each line is enough to repair the file without looking anything up."""
    assert refusal(text, tmp_path) == [line]


def test_all_that_is_wrong_is_told_at_once(tmp_path: Path) -> None:
    """Three mistakes are three lines, not three starts."""
    assert len(refusal("data = 1\n[api]\nmax_body = 'many'\n[log]\nlevel = 'loud'", tmp_path)) == 3


def test_a_file_that_is_not_toml_is_refused_with_the_line(tmp_path: Path) -> None:
    """The parser's own place is kept."""
    assert "(at line 2, column 5)" in refusal("# air\n[api\n", tmp_path)[0]


def test_a_file_that_is_not_there_is_refused_with_its_name() -> None:
    """A named file must exist; nothing falls back to the defaults."""
    with pytest.raises(SettingsError, match=r"nowhere\.toml: No such file or directory; --config or QINGCHUAN_CONFIG"):
        load(Path("nowhere.toml"), {})


def test_a_bad_environment_variable_is_refused_by_its_own_name(tmp_path: Path) -> None:
    """Who set a variable is told the variable, not the key behind it."""
    assert refusal("", tmp_path, {"QINGCHUAN_API__MAX_BODY": "many"})[0].startswith(
        "environment: QINGCHUAN_API__MAX_BODY = 'many': should be a valid integer"
    )


def test_an_unknown_variable_with_our_prefix_is_refused(tmp_path: Path) -> None:
    """A misspelt variable would otherwise have no effect, unseen."""
    assert refusal("", tmp_path, {"QINGCHUAN_API__LISTE": "x"}) == [
        "environment: QINGCHUAN_API__LISTE = 'x': unknown name; did you mean QINGCHUAN_API__LISTEN?"
    ]


def test_variables_of_others_and_of_tests_pass() -> None:
    """Only unknown names with our prefix stop a start."""
    environ = dict.fromkeys(["QINGCHUAN_TEST_X", "QINGCHUAN_REFERENCE_DATA", "QINGCHUAN_CI", "PATH"], "1")
    assert load(None, environ) == Settings()


def test_an_empty_variable_counts_as_absent() -> None:
    """`QINGCHUAN_DATA= qingchuan run` does not mean the folder "."."""
    assert load(None, {"QINGCHUAN_DATA": ""}).data == Path("qingchuan-data")


def test_lists_stand_in_the_environment_as_json(tmp_path: Path) -> None:
    """What is not JSON is refused by the variable's name."""
    hooks = '[{"name": "duty", "url": "http://127.0.0.1:1/hook"}]'
    settings = load(None, {"QINGCHUAN_API__HOSTS": '["a", "b"]', "QINGCHUAN_ALERTS__WEBHOOKS": hooks})
    assert settings.api.hosts == ("a", "b")
    assert settings.alerts.webhooks[0].name == "duty"
    assert refusal("", tmp_path, {"QINGCHUAN_API__HOSTS": "a,b"})[0].startswith(
        "environment: QINGCHUAN_API__HOSTS = 'a,b': not JSON; a list of host names"
    )


@pytest.mark.parametrize("key", ["api.listen", "broker.listen"])
@pytest.mark.parametrize("address", ["0.0.0.0:80", "192.0.2.1:80", "air.example.cn:80", "[::]:80"])
def test_an_address_that_others_reach_needs_insecure(key: str, address: str) -> None:
    """There is no login: listening to a network is a decision that is written down."""
    with pytest.raises(SettingsError, match=rf"command line: {key} = .*no login; 127\.0\.0\.1 would do, or --insecure"):
        load(None, {}, {key: address})
    assert load(None, {}, {key: address, "api.insecure": True}).api.insecure


@pytest.mark.parametrize("address", ["127.0.0.1:80", "127.8.0.1:80", "localhost:80", "[::1]:80"])
def test_loopback_needs_no_permission(address: str) -> None:
    """All names of this machine for itself pass."""
    assert load(None, {}, {"api.listen": address}).api.listen == address


@pytest.mark.parametrize("text", ["", ":80", "host", "host:", "host:0", "host:65536", "a@b:80", "http://h:80", "h:80/"])
def test_what_is_no_address_is_refused(text: str) -> None:
    """host:port and nothing else; port 0 would be a different one at each start."""
    with pytest.raises(SettingsError, match=r"api.listen"):
        load(None, {}, {"api.listen": text})


def test_a_secret_is_read_from_its_file(tmp_path: Path) -> None:
    """The text without the line's end; an empty file is refused."""
    secret = tmp_path / "password"
    secret.write_text("晴川\n", encoding="utf-8")
    overrides = {"broker.username": "collector", "broker.password_file": secret}
    assert load(None, {}, overrides).broker.password() == "晴川"
    secret.write_text("\n", encoding="utf-8")
    with pytest.raises(SettingsError, match="the file is empty; write the secret into it"):
        load(None, {}, overrides)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        (None, "No such file or directory"),
        ("title = [", "Invalid"),
        ("issued = 2026-11-25", "Object missing required field"),
    ],
)
def test_a_file_of_thresholds_is_read_when_the_settings_are(tmp_path: Path, text: str | None, why: str) -> None:
    """So that check-config finds what is wrong with it."""
    file = tmp_path / "thresholds.toml"
    if text is not None:
        file.write_text(text, encoding="utf-8")
    config = tmp_path / "qingchuan.toml"
    config.write_text(f'[collector]\nthresholds = "{file}"\n', encoding="utf-8")
    with pytest.raises(SettingsError) as caught:
        load(config, {})
    assert why in str(caught.value)
    assert "a TOML file in the form of processing/quality/thresholds.toml would do" in str(caught.value)


def test_settings_that_only_make_sense_together_are_refused_alone(tmp_path: Path) -> None:
    """A password without a name, a certificate without TLS: both would silently do nothing."""
    secret = tmp_path / "secret"
    secret.write_text("x", encoding="utf-8")
    with pytest.raises(SettingsError, match=r"broker\.password_file = '.*secret': .*set broker\.username too"):
        load(None, {}, {"broker.password_file": secret})
    with pytest.raises(SettingsError, match=r"broker\.ca_file = '.*secret': .*set broker\.tls = true too"):
        load(None, {}, {"broker.ca_file": secret})


def test_two_webhooks_of_one_name_are_refused() -> None:
    """The name tells deliveries apart."""
    hooks = [{"name": "duty", "url": "http://a/"}, {"name": "duty", "url": "http://b/"}]
    with pytest.raises(SettingsError, match=r"alerts\.webhooks = 'duty': the name of two webhooks; .*change one"):
        load(None, {}, {"alerts.webhooks": hooks})


def test_data_that_is_a_file_is_refused(tmp_path: Path) -> None:
    """A folder is made later, a file would only fail there."""
    (tmp_path / "file").touch()
    with pytest.raises(SettingsError, match=r"data = .*file: is a file; a folder, or a path where one can be made"):
        load(None, {}, {"data": tmp_path / "file"})


def test_a_child_process_comes_to_the_same_settings(tmp_path: Path) -> None:
    """File, environment and command line of the parent all reach it."""
    path = written("[log]\nlevel = 'debug'", tmp_path)
    environ = {"QINGCHUAN_COLLECTOR__BATCH": "7"}
    overrides = {"data": tmp_path, "api.insecure": True, "clock.origin": "2026-11-25T08:00:00+08:00", "api.hosts": None}
    child = environ | as_environment(path, overrides)
    assert load(None, child) == load(path, environ, overrides)


def test_a_list_reaches_a_child_as_json() -> None:
    """So that load can read it back."""
    overrides = {"api.hosts": ["a", "b"]}
    assert load(None, as_environment(None, overrides)) == load(None, {}, overrides)


def test_reading_settings_starts_nothing_heavy() -> None:
    """check-config and the supervisor stay small: neither arrays nor the web are imported."""
    program = (
        "import sys, qingchuan.service.context; "
        "print([name for name in ('fastapi', 'numpy', 'sqlalchemy') if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, check=True, text=True)
    assert done.stdout.strip() == "[]"
