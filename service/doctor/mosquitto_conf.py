"""Reading the configuration of a Mosquitto: options, listeners, and the folder that it includes."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

_HOURS = {"h": 1, "d": 24, "w": 168, "m": 720, "y": 8760}


class ConfError(Exception):
    """The configuration cannot be read; the message says where and why."""


class Line(NamedTuple):
    """One option as it is written.

    Attributes
    ----------
    key, text : str
        The option, and what stands behind it.
    where : str
        File and number of the line.
    """

    key: str
    text: str
    where: str


@dataclass
class Listener:
    """A port that Mosquitto listens at.

    Attributes
    ----------
    address : str
        What it is bound to; empty for all addresses.
    where : str
    options : dict of str to Line
        What stands below it.
    """

    address: str
    where: str
    options: dict[str, Line] = field(default_factory=dict)

    @property
    def is_loopback(self) -> bool:
        """Whether only this machine can reach it."""
        try:
            return ipaddress.ip_address(self.address).is_loopback
        except ValueError:
            return self.address == "localhost"

    @property
    def is_encrypted(self) -> bool:
        """Whether it speaks TLS."""
        return "certfile" in self.options or "psk_hint" in self.options


@dataclass
class Conf:
    """What a configuration says.

    Attributes
    ----------
    path : Path
    options : dict of str to Line
        The last line of each option, wherever it stands.
    listeners : list of Listener
        None at all means the port 1883 of this machine alone, without a login.
    """

    path: Path
    options: dict[str, Line] = field(default_factory=dict)
    listeners: list[Listener] = field(default_factory=list)

    def number(self, key: str, default: int) -> int:
        """The whole number of the option `key`.

        Raises
        ------
        ConfError
            It is none.
        """
        line = self.options.get(key)
        try:
            return default if line is None else int(line.text)
        except ValueError as error:
            raise _wrong(self.options[key], "a whole number") from error

    def switch(self, key: str, listener: Listener | None = None, *, default: bool = False) -> bool:
        """Whether the option `key` is on, below `listener` if one is given.

        Raises
        ------
        ConfError
            It is neither ``true`` nor ``false``.
        """
        line = self.line(key, listener)
        if line is not None and line.text.lower() not in {"true", "false", "1", "0"}:
            raise _wrong(line, "true or false")
        return default if line is None else line.text.lower() in {"true", "1"}

    def line(self, key: str, listener: Listener | None = None) -> Line | None:
        """The line of the option `key` as it holds for `listener`; of all, unless each has its own."""
        each = listener is not None and self.switch("per_listener_settings")
        return listener.options.get(key) if listener is not None and each else self.options.get(key)

    def where(self, key: str) -> str:
        """Where the option `key` is written, or that it is not."""
        line = self.options.get(key)
        return f"{self.path}: {key}" if line is None else f"{line.where}: {key}"

    def hours(self, key: str) -> float | None:
        """How long the option `key` says, such as ``2w``; None where it is not there, in h.

        Raises
        ------
        ConfError
            It has another form.
        """
        line = self.options.get(key)
        if line is None:
            return None
        found = re.fullmatch(r"(\d+)\s*([hdwmy])", line.text)
        if found is None:
            raise _wrong(line, "a number with h, d, w, m or y, such as 2w")
        return int(found[1]) * _HOURS[found[2]]


def read_conf(path: Path) -> Conf:
    r"""The configuration in the file at `path`, and in the folders that it includes.

    Raises
    ------
    ConfError
        A file or a folder cannot be read.

    Examples
    --------
    >>> import tempfile
    >>> path = Path(tempfile.mkdtemp()) / "mosquitto.conf"
    >>> _ = path.write_text("listener 1883 127.0.0.1\nmax_queued_messages 0\n", encoding="utf-8")
    >>> conf = read_conf(path)
    >>> conf.number("max_queued_messages", 1000), conf.listeners[0].is_loopback
    (0, True)
    """
    conf = Conf(path)
    for line in _lines(path, main=True):
        if line.key in {"listener", "port"}:
            address = line.text.split()[1:] or [""]
            conf.listeners.append(Listener(address[0], line.where))
        elif line.key == "bind_address" and conf.listeners:
            conf.listeners[-1].address = line.text
        if conf.listeners:
            conf.listeners[-1].options[line.key] = line
        conf.options[line.key] = line
    return conf


def _lines(path: Path, *, main: bool) -> Iterator[Line]:
    """The options of a file in order; those of included folders stand where the folder is named, in the main file."""
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise ConfError(f"{path} cannot be read: {error}") from error
    for number, written in enumerate(text.splitlines(), 1):
        if not written.strip() or written.startswith("#"):
            continue
        key, _, value = written.strip().partition(" ")
        if key == "include_dir" and main:
            for included in _included(Path(value.strip()), f"{path}:{number}"):
                yield from _lines(included, main=False)
        else:
            yield Line(key, value.strip(), f"{path}:{number}")


def _included(folder: Path, where: str) -> list[Path]:
    if not folder.is_dir():
        raise ConfError(f"{where}: include_dir has {folder}; a folder that is there would do")
    return sorted(folder.glob("*.conf"), key=lambda each: [(letter.lower(), letter) for letter in each.name])


def _wrong(line: Line, wanted: str) -> ConfError:
    return ConfError(f"{line.where}: {line.key} has {line.text!r}; {wanted} would do")
