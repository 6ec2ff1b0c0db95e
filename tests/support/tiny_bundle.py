"""An offline bundle of a few hundred bytes, for trying `deploy/bundle/install.sh`."""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

INSTALL = Path(__file__).resolve().parents[2] / "deploy" / "bundle" / "install.sh"
_ENTRY = "[console_scripts]\nqingchuan = qingchuan:main\n"
_MAIN = "import needed\n\n\ndef main() -> None:\n    print('qingchuan', needed.VERSION, '{version}')\n"


def make(folder: Path, version: str = "0.1.0") -> Path:
    """A bundle of a program `version`, which needs one distribution, for the Python of this test."""
    wheels = folder / "wheels"
    wheels.mkdir(parents=True)
    needed = _wheel(wheels, "needed", "1.0", "VERSION = '1.0'\n")
    _wheel(wheels, "qingchuan", version, _MAIN.format(version=version), _ENTRY)
    digest = hashlib.sha256(needed.read_bytes()).hexdigest()
    (folder / "requirements.lock").write_text(f"needed==1.0 --hash=sha256:{digest}\n", encoding="utf-8")
    (folder / "pythons").write_text(f"{sys.version_info[0]}.{sys.version_info[1]}\n", encoding="utf-8")
    shutil.copy(INSTALL, folder)
    sums = [f"{hashlib.sha256(path.read_bytes()).hexdigest()}  ./{path.relative_to(folder)}" for path in _files(folder)]
    (folder / "SHA256SUMS").write_text("\n".join([*sums, ""]), encoding="utf-8")
    return folder


def install(bundle: Path, prefix: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    """Install it; without a network, where such a namespace may be made."""
    python = Path(getattr(sys, "_base_executable", sys.executable))
    given = {
        "PATH": os.environ["PATH"],
        "HOME": str(bundle),
        "PREFIX": str(prefix),
        "PYTHON": str(python),
        **environment,
    }
    return subprocess.run(
        [*_alone(), "bash", str(bundle / "install.sh")],
        cwd="/",
        env=given,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=100,
        check=False,
    )


def _alone() -> list[str]:
    command = ["unshare", *([] if os.geteuid() == 0 else ["--map-root-user"]), "--net"]
    allowed = subprocess.run([*command, "true"], capture_output=True, check=False).returncode == 0
    return command if allowed else []


def _wheel(folder: Path, name: str, version: str, module: str, entry: str = "") -> Path:
    path = folder / f"{name}-{version}-py3-none-any.whl"
    about = f"{name}-{version}.dist-info"
    parts = {
        f"{name}/__init__.py": module,
        f"{about}/METADATA": f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n",
        f"{about}/WHEEL": "Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
        f"{about}/entry_points.txt": entry,
        f"{about}/RECORD": "",
    }
    with zipfile.ZipFile(path, "w") as wheel:
        for part, text in parts.items():
            wheel.writestr(part, text)
    return path


def _files(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if path.is_file())
