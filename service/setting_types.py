"""The kinds of values that settings have: addresses, secrets in files, numbers, topics."""

from __future__ import annotations

import ipaddress
from pathlib import Path
from typing import Annotated, NamedTuple, Self
from urllib.parse import urlsplit

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field


class Section(BaseModel):
    """A part of the settings; unknown keys are errors."""

    model_config = ConfigDict(frozen=True, extra="forbid", validate_default=True)


class Address(NamedTuple):
    """A host and a port to listen at or to connect to.

    Examples
    --------
    >>> Address.parse("[::1]:8080")
    Address(host='::1', port=8080)
    >>> str(Address("::1", 8080)), Address("192.0.2.1", 80).is_loopback
    ('[::1]:8080', False)
    """

    host: str
    port: int

    @classmethod
    def parse(cls, text: str) -> Self:
        """The address written as ``host:port``, IPv6 in square brackets.

        Raises
        ------
        ValueError
            There is no host, no port, or the port is not within 1 to 65535.
        """
        parts = urlsplit(f"//{text}")
        if parts.hostname is None or parts.port in (None, 0) or parts.netloc != text or "@" in text:
            raise ValueError("not an address of that kind")
        return cls(parts.hostname, parts.port or 0)

    @property
    def is_loopback(self) -> bool:
        """Whether only this machine can reach it."""
        try:
            return ipaddress.ip_address(self.host).is_loopback
        except ValueError:
            return self.host == "localhost"

    def __str__(self) -> str:
        return f"[{self.host}]:{self.port}" if ":" in self.host else f"{self.host}:{self.port}"


def read_secret(path: Path) -> str:
    """The secret that the file at `path` holds: its text without the white space around it."""
    return path.read_text(encoding="utf-8").strip()


def _address(text: str) -> str:
    return str(Address.parse(text))


def _readable_secret(path: Path) -> Path:
    try:
        if not read_secret(path):
            raise ValueError("the file is empty; write the secret into it")
    except (OSError, UnicodeDecodeError) as error:
        why = error.strerror if isinstance(error, OSError) else "not UTF-8"
        raise ValueError(f"{why}; a file that this user may read, with the secret as its text, would do") from error
    return path


def _folder(path: Path) -> Path:
    if path.exists() and not path.is_dir():
        raise ValueError("is a file; a folder, or a path where one can be made, would do")
    return path


def _no_bool(value: object) -> object:
    if isinstance(value, bool):
        raise ValueError("should be a number")  # noqa: TRY004 - pydantic reports a ValueError only
    return value


def _http_url(text: str) -> str:
    parts = urlsplit(text)
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise ValueError("not a web address")
    return text


def _topic(text: str) -> str:
    if not text.strip("/") or text != text.strip("/") or set("+#\0") & set(text):
        raise ValueError("not the beginning of a topic")
    return text


def _topic_filter(text: str) -> str:
    levels = text.split("/")
    if not text or any(set("+#\0") & set(level) and level not in ("+", "#") for level in levels) or "#" in levels[:-1]:
        raise ValueError("not a topic filter")
    return text


Folder = Annotated[Path, AfterValidator(Path.expanduser), AfterValidator(_folder)]
Listen = Annotated[str, AfterValidator(_address)]
Secret = Annotated[Path, AfterValidator(_readable_secret)]
Integer = Annotated[int, BeforeValidator(_no_bool)]
Number = Annotated[float, BeforeValidator(_no_bool), Field(allow_inf_nan=False)]
Topic = Annotated[str, AfterValidator(_topic)]
TopicFilter = Annotated[str, AfterValidator(_topic_filter)]
Url = Annotated[str, AfterValidator(_http_url)]
