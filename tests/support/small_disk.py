"""A small disk of its own for a folder, in a mount namespace that ends with the test."""

from __future__ import annotations

import shutil
import subprocess
from contextlib import suppress
from pathlib import Path
from typing import Self

import pytest

from tests.support.service import ROOT

_PAGE = 4096
_SCRIPT = 'mount -t tmpfs -o size={size} tmpfs "$1" && echo mounted && exec sleep infinity'


class SmallDisk:
    """A disk of `size` bytes in memory, mounted at `folder` for those that are run by `enter`.

    Parameters
    ----------
    folder : Path
        Made if it is not there; outside the namespace it stays as it is.
    size : int
        [B]
    """

    def __init__(self, folder: Path, size: int) -> None:
        self._folder = folder
        folder.mkdir(parents=True, exist_ok=True)
        script = _SCRIPT.format(size=size)
        self._holder = subprocess.Popen(
            ["unshare", "--user", "--map-root-user", "--mount", "sh", "-c", script, "sh", str(folder)],
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        assert self._holder.stdout is not None
        said = self._holder.stdout.readline()
        if said != "mounted\n":
            self._end()
            why = f"no disk can be mounted in a namespace here ({said.strip()})"
            pytest.skip(f"{why}; allow unprivileged user namespaces")

    @property
    def enter(self) -> tuple[str, ...]:
        """What a command is run by to see the disk."""
        target = f"--target={self._holder.pid}"
        return "nsenter", target, "--user", "--mount", "--preserve-credentials", f"--wd={ROOT}"

    @property
    def inside(self) -> Path:
        """The folder as it is on that disk, seen from here."""
        return Path(f"/proc/{self._holder.pid}/root{self._folder.resolve()}")

    def fill(self) -> None:
        """Leave no room."""
        with (self.inside / "filler").open("wb", buffering=0) as filler, suppress(OSError):
            while True:
                filler.write(bytes(_PAGE))

    def free(self) -> None:
        """Make room again."""
        (self.inside / "filler").unlink()

    def copy_out(self) -> None:
        """Put what is on the disk into the folder outside the namespace."""
        shutil.copytree(self.inside, self._folder, dirs_exist_ok=True)

    def __enter__(self) -> Self:
        """It is there already."""
        return self

    def __exit__(self, *_: object) -> None:
        """Unmount it, with all that is on it."""
        self._end()

    def _end(self) -> None:
        self._holder.kill()
        self._holder.wait(20)
        if self._holder.stdout is not None:
            self._holder.stdout.close()
