"""Mosquitto as `deploy/mosquitto` has it: its files, and certificates and users made by the lines of its README."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.support.commands import blocks
from tests.support.mosquitto import Mosquitto
from tests.support.ports import unused_port

DEPLOY = Path(__file__).resolve().parents[2] / "deploy" / "mosquitto"
_ETC = "/etc/mosquitto"
_PROGRAMS = {"openssl", "mosquitto_passwd"}
_SHOWN = ("cd", "cp", "openssl", "printf", "mosquitto_passwd", "chmod")
"""How the lines begin that are typed; others install packages, change owners and start services."""


def follow_readme(folder: Path) -> None:
    """Type what `deploy/mosquitto/README.md` shows for the installation, with `folder` for ``/etc/mosquitto``."""
    for program in sorted(_PROGRAMS):
        if shutil.which(program) is None:
            pytest.skip(f"{program} is not in PATH; apt-get install openssl mosquitto")
    (folder / "certs").mkdir(parents=True)
    (folder / "conf.d").mkdir()
    installation = (DEPLOY / "README.md").read_text(encoding="utf-8").partition("## Connect")[0]
    commands = [command.text for block in blocks(installation) for command in block]
    typed = [text.replace(_ETC, str(folder)) for text in commands if text.startswith(_SHOWN)]
    script = "\n".join(["set -e -o pipefail", f"cd {DEPLOY.parents[1]}", *typed])
    done = subprocess.run(["bash", "-c", script], capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, f"{script}\n{done.stderr}"


class ShippedBroker(Mosquitto):
    """A broker with the shipped configuration, on free ports, below a folder of the test.

    Parameters
    ----------
    folder : Path
        Made here.
    etc : Path
        What `follow_readme` has made.
    durable : bool
        Whether ``conf.d/durable.conf`` is installed too.
    change : (str, str)
        What is replaced in the configuration.
    """

    def __init__(self, folder: Path, etc: Path, *, durable: bool = False, change: tuple[str, str] = ("", "")) -> None:
        super().__init__(folder)
        shutil.copytree(etc, folder, dirs_exist_ok=True)
        self.tls_port = unused_port()
        self.conf = folder / "mosquitto.conf"
        text = (DEPLOY / "mosquitto.conf").read_text(encoding="utf-8").replace(_ETC, str(folder))
        text = text.replace("/var/lib/mosquitto/", f"{folder}/").replace("listener 8883", f"listener {self.tls_port}")
        text = text.replace("listener 1883 ", f"listener {self.port} ")
        user = "\nuser root\n" if os.geteuid() == 0 else ""
        self.conf.write_text(text.replace(*change) + user, encoding="utf-8")
        if durable:
            shutil.copy(DEPLOY / "conf.d" / "durable.conf", folder / "conf.d")

    def environment(self, *, tls: bool) -> dict[str, str]:
        """Settings by which the service reaches it."""
        settings = {
            "QINGCHUAN_BROKER__PORT": str(self.tls_port if tls else self.port),
            "QINGCHUAN_BROKER__USERNAME": "collector",
            "QINGCHUAN_BROKER__PASSWORD_FILE": str(self.folder / "collector-password"),
        }
        encryption = {
            "QINGCHUAN_BROKER__TLS": "true",
            "QINGCHUAN_BROKER__CA_FILE": str(self.folder / "certs" / "authority.pem"),
        }
        return settings | (encryption if tls else {})

    def password(self, user: str) -> str:
        """The password that the README made for `user`."""
        return (self.folder / f"{user}-password").read_text(encoding="utf-8").strip()


def options(path: Path) -> dict[str, str]:
    """The options of a configuration that stands alone, such as the shipped ones, by plain reading."""
    return dict(re.findall(r"^([a-z_]+) +(.*)$", path.read_text(encoding="utf-8"), re.MULTILINE))
