"""Running the commands that a document shows, as its reader would.

A command is a line of a block that is marked ``sh``; a line that ends in a backslash goes on in the next. What stands
in blocks with another mark is for the eye only. Commands are run one after the other in bash and share a folder, also
after ``cd``.

- A command whose comment names Ctrl-C (``make demo  # until Ctrl-C``) runs on until its block ends: what follows in the
  block runs beside it, then it gets what Ctrl-C sends and must end with 0. It counts as started when the page answers
  and it has said something.
- ``git clone URL [FOLDER]`` makes a copy of this checkout instead.
- Addresses that a document shows (`SHOWN`) are replaced by free ones.
"""

from __future__ import annotations

import os
import re
import shlex
import shutil
import signal
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

import httpx
import psutil

BLOCK = re.compile(r"^```sh\n(.*?)^```$", re.MULTILINE | re.DOTALL)
SHOWN = {"QINGCHUAN_API__LISTEN": "127.0.0.1:8080", "QINGCHUAN_BROKER__LISTEN": "127.0.0.1:1883"}
LEFT_OUT = shutil.ignore_patterns(
    ".git", ".venv", ".*_cache", ".hypothesis", "__pycache__", "*.egg-info", "build", "dist", "qingchuan-data"
)
PATIENCE = 120  # [s] for one command, and for the page to answer
STEP = 0.1  # [s] between two looks


class Command(NamedTuple):
    """One command of a document, without its comment."""

    text: str
    runs_on: bool


def blocks(document: str) -> list[list[Command]]:
    r"""Commands of a document, block by block.

    Examples
    --------
    >>> blocks("```sh\nmake demo  # until Ctrl-C\n```\n")
    [[Command(text='make demo', runs_on=True)]]
    """
    return [_commands(block.replace("\\\n", " ")) for block in BLOCK.findall(document)]


def _commands(block: str) -> list[Command]:
    parted = (re.split(r"(?:^|\s+)#", line, maxsplit=1) for line in block.splitlines())
    return [Command(text.strip(), "Ctrl-C" in "".join(comment)) for text, *comment in parted if text.strip()]


@dataclass
class Running:
    """A command that runs on."""

    command: Command
    process: subprocess.Popen[bytes]
    output: Path

    def told(self) -> str:
        """What it has written so far."""
        return self.output.read_text(encoding="utf-8", errors="replace")

    def interrupt(self) -> None:
        """Send what Ctrl-C sends to all but make, which would end with 130 whatever its command does."""
        family = [psutil.Process(self.process.pid), *psutil.Process(self.process.pid).children(recursive=True)]
        for member in family:
            if member.name() != "make" and os.getpgid(member.pid) == self.process.pid:
                member.send_signal(signal.SIGINT)


class Reader:
    """Somebody who types what a document shows.

    Parameters
    ----------
    folder : Path
        Where to begin; commands may leave files there.
    checkout : Path
        What ``git clone`` gives.
    environment : dict
        Variables of the commands; must hold the names of `SHOWN`.
    """

    def __init__(self, folder: Path, checkout: Path, environment: dict[str, str]) -> None:
        self.folder = folder
        self._checkout = checkout
        self._environment = environment
        self._notes = folder.parent

    def follow(self, block: list[Command]) -> None:
        """Run the commands of one block; an AssertionError says which of them went wrong."""
        running: list[Running] = []
        try:
            for command in block:
                if command.runs_on:
                    running.append(self._start(command))
                    self._wait_for_page(running[-1])
                else:
                    self._run(command)
            for each in reversed(running):
                _end(each)
        finally:
            _kill(running)

    def _run(self, command: Command) -> None:
        if command.text.startswith("git clone "):
            source, *folder = shlex.split(command.text)[2:]
            clone(self._checkout, self.folder / (folder or [Path(source).stem])[0])
            return
        place = self._notes / "folder"
        script = f"set -e -o pipefail\n{self._own(command)}\npwd > {shlex.quote(str(place))}"
        run = subprocess.run(
            ["bash", "-c", script],
            cwd=self.folder,
            env=self._environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=PATIENCE,
            check=False,
        )
        assert run.returncode == 0, f"{command.text!r} ended with {run.returncode}:\n{run.stdout}"
        self.folder = Path(place.read_text(encoding="utf-8").strip())

    def _start(self, command: Command) -> Running:
        output = self._notes / f"output-{time.monotonic_ns()}"
        with output.open("wb") as file:
            process = subprocess.Popen(
                ["bash", "-c", self._own(command)],
                cwd=self.folder,
                env=self._environment,
                stdin=subprocess.DEVNULL,
                stdout=file,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        return Running(command, process, output)

    def _wait_for_page(self, running: Running) -> None:
        page = f"http://{self._environment['QINGCHUAN_API__LISTEN']}/"
        deadline = time.monotonic() + PATIENCE
        while not (running.told() and answers(page)):
            name = running.command.text
            assert running.process.poll() is None, f"{name!r} ended before the page answered:\n{running.told()}"
            assert time.monotonic() < deadline, f"{page} does not answer to {name!r}:\n{running.told()}"
            time.sleep(STEP)

    def _own(self, command: Command) -> str:
        text = command.text
        for name, shown in SHOWN.items():
            text = text.replace(shown, self._environment[name])
        return text


def clone(checkout: Path, folder: Path) -> None:
    """A copy of `checkout` as git would give it; a `.venv` that is there is shared."""
    shutil.copytree(checkout, folder, symlinks=True, ignore=LEFT_OUT)
    if (checkout / ".venv").exists():
        (folder / ".venv").symlink_to(checkout / ".venv")


def answers(page: str) -> bool:
    """Whether `page` can be had."""
    try:
        return httpx.get(page, timeout=5).is_success
    except httpx.TransportError:
        return False


def _end(running: Running) -> None:
    running.interrupt()
    try:
        code = running.process.wait(PATIENCE)
    except subprocess.TimeoutExpired:
        code = None
    assert code == 0, f"{running.command.text!r} ended with {code} after Ctrl-C:\n{running.told()}"


def _kill(running: list[Running]) -> None:
    for each in running:
        if each.process.poll() is None:
            os.killpg(each.process.pid, signal.SIGKILL)
            each.process.wait(PATIENCE)
