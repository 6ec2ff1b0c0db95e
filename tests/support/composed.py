"""What `deploy/compose/prepare` makes for `deploy/compose.yaml`, in a folder of the test."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest

DEPLOY = Path(__file__).resolve().parents[2] / "deploy"


def prepare(local: Path, name: str, *stations: str) -> Path:
    """Run it for a broker that is called `name`; the folder, which stands for ``deploy/compose/local``."""
    for program in ("openssl", "mosquitto_passwd"):
        if shutil.which(program) is None:
            pytest.skip(f"{program} is not in PATH; apt-get install openssl mosquitto")
    places = {"QINGCHUAN_COMPOSE_LOCAL": str(local), "QINGCHUAN_COMPOSE_ENV": str(local.with_name("env"))}
    done = subprocess.run(
        ["bash", str(DEPLOY / "compose" / "prepare"), name, *stations],
        env={**os.environ, **places},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return local
