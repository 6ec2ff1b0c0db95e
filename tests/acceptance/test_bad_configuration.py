"""A configuration that cannot be used stops the start: where it is written, the key, its value, and what would do."""

from __future__ import annotations

import socket
from pathlib import Path
from typing import NamedTuple

import pytest

from tests.support.ports import unused_port
from tests.support.service import clean_environment, qingchuan


class Wrong(NamedTuple):
    """A setting that cannot be used.

    Attributes
    ----------
    text : str
        The file of settings.
    variables : dict
        The environment.
    said : str
        What the start says, with the path of the file for ``FILE``.
    """

    text: str
    variables: dict[str, str]
    said: str


WRONG = {
    "an unknown key": Wrong(
        '[api]\nlisen = "127.0.0.1:8081"\n',
        {},
        "FILE: api.lisen = '127.0.0.1:8081': unknown key; did you mean api.listen?",
    ),
    "an unknown variable": Wrong(
        "",
        {"QINGCHUAN_API__LISEN": "127.0.0.1:8081"},
        "environment: QINGCHUAN_API__LISEN = '127.0.0.1:8081': unknown name; did you mean QINGCHUAN_API__LISTEN?",
    ),
    "a wrong type": Wrong(
        '[broker]\nport = "mqtt"\n',
        {},
        "FILE: broker.port = 'mqtt': should be a valid integer, unable to parse string as an integer; "
        "a port from 1 to 65535 would do",
    ),
    "a wrong type in the environment": Wrong(
        "",
        {"QINGCHUAN_COLLECTOR__BATCH": "many"},
        "environment: QINGCHUAN_COLLECTOR__BATCH = 'many': should be a valid integer, unable to parse string as an "
        "integer; a whole number of messages from 1 to 20000 would do",
    ),
    "an address that others reach": Wrong(
        '[api]\nlisten = "0.0.0.0:8080"\n',
        {},
        "FILE: api.listen = '0.0.0.0:8080': other machines could reach it, and there is no login; 127.0.0.1 would do, "
        "or --insecure (api.insecure = true) where the network itself is guarded",
    ),
    "a webhook without an address": Wrong(
        '[[alerts.webhooks]]\nname = "duty"\nurl = "example.org"\n',
        {},
        "FILE: alerts.webhooks[0].url = 'example.org': not a web address; "
        "an address that begins with http:// or https:// would do",
    ),
}


@pytest.mark.parametrize("name", WRONG)
def test_a_setting_that_cannot_be_used_stops_the_start(name: str, tmp_path: Path) -> None:
    """Exit status 1, one line on standard error, and nothing is written."""
    wrong, file = WRONG[name], tmp_path / "qingchuan.toml"
    file.write_text(wrong.text, encoding="utf-8")
    environment = clean_environment({"QINGCHUAN_DATA": str(tmp_path / "data"), **wrong.variables})
    done = qingchuan("--config", file, "run", environment=environment)
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.splitlines() == [wrong.said.replace("FILE", str(file))]
    assert not (tmp_path / "data").exists()


def test_everything_that_is_wrong_is_said_at_once(tmp_path: Path) -> None:
    """A line each, so that it is mended in one go."""
    file = tmp_path / "qingchuan.toml"
    file.write_text('colour = 3\n[broker]\nport = 70000\n[log]\nlevel = "loud"\n', encoding="utf-8")
    done = qingchuan("--config", file, "run", environment=clean_environment({}))
    assert done.returncode == 1
    lines = sorted(done.stderr.splitlines())
    assert [line.removeprefix(f"{file}: ").split(" = ")[0] for line in lines] == ["broker.port", "colour", "log.level"]
    assert "Traceback" not in done.stderr


def test_a_file_of_settings_that_is_not_there_stops_the_start(tmp_path: Path) -> None:
    """It says how the file is named."""
    file = tmp_path / "qingchuan.toml"
    done = qingchuan("run", environment=clean_environment({"QINGCHUAN_CONFIG": str(file)}))
    assert done.returncode == 1
    assert done.stderr == f"{file}: No such file or directory; --config or QINGCHUAN_CONFIG names the file\n"


@pytest.mark.parametrize("command", ["run", "serve", "demo"])
def test_a_port_that_is_in_use_stops_the_start(command: str, tmp_path: Path) -> None:
    """It says which key names it and how to set another."""
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        done = qingchuan(command, environment=_environment(tmp_path, port, unused_port()))
    assert done.returncode == 1
    assert done.stderr == (
        f"api.listen = 127.0.0.1:{port}: Address already in use; stop what listens there, or set another address, "
        f"such as QINGCHUAN_API__LISTEN=127.0.0.1:{port + 1}\n"
    )


def test_a_port_of_the_demos_broker_that_is_in_use_stops_the_start(tmp_path: Path) -> None:
    """As above."""
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        done = qingchuan("demo", environment=_environment(tmp_path, unused_port(), port))
    assert done.returncode == 1
    assert f"broker.listen = 127.0.0.1:{port}: Address already in use" in done.stderr
    assert f"such as QINGCHUAN_BROKER__LISTEN=127.0.0.1:{port + 1}" in done.stderr
    assert "Traceback" not in done.stderr


def _environment(folder: Path, api: int, broker: int) -> dict[str, str]:
    return clean_environment(
        {
            "QINGCHUAN_DATA": str(folder / "data"),
            "QINGCHUAN_API__LISTEN": f"127.0.0.1:{api}",
            "QINGCHUAN_BROKER__LISTEN": f"127.0.0.1:{broker}",
        }
    )
