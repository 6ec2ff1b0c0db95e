"""An authority and a broker's certificate that it signed, for a day, made by the openssl program."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path
from typing import NamedTuple

import pytest


class Certificates(NamedTuple):
    """Files in PEM.

    Attributes
    ----------
    authority : Path
        Certificate of the authority, which a client is given.
    certificate, key : Path
        Of the broker, for 127.0.0.1 and localhost.
    """

    authority: Path
    certificate: Path
    key: Path


def certificates(folder: Path) -> Certificates:
    """Make them in `folder`; skips the test where there is no openssl."""
    if shutil.which("openssl") is None:
        pytest.skip("openssl is not in PATH; apt-get install openssl")
    folder.mkdir(parents=True, exist_ok=True)
    made = Certificates(folder / "ca.pem", folder / "broker.pem", folder / "broker.key")
    authority_key, request, extensions = folder / "ca.key", folder / "broker.csr", folder / "broker.ext"
    extensions.write_text("subjectAltName = IP:127.0.0.1, DNS:localhost\n", encoding="utf-8")
    key = ["-newkey", "rsa:2048", "-nodes", "-keyout"]
    _openssl("req", "-x509", *key, authority_key, "-out", made.authority, "-days", "1", "-subj", "/CN=test CA")
    _openssl("req", *key, made.key, "-out", request, "-subj", "/CN=127.0.0.1")
    authority: list[str | Path] = ["-CA", made.authority, "-CAkey", authority_key, "-CAcreateserial"]
    _openssl("x509", "-req", *authority, "-in", request, "-out", made.certificate, "-days", "1", "-extfile", extensions)
    return made


def _openssl(*arguments: str | Path) -> None:
    subprocess.run(["openssl", *arguments], check=True, capture_output=True, timeout=60)
