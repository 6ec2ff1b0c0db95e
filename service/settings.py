"""The settings of the service: what there is, what it is when nothing is said, and where it may be said.

A value given on the command line wins over the environment (``QINGCHUAN_API__LISTEN``), that over the TOML file, and
that over the default. `deploy/config.toml` shows every key with its reason.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Literal, Self

from pydantic import AwareDatetime, Field, ValidationError, model_validator
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict

from qingchuan.service.audit_settings import AuditSettings
from qingchuan.service.collector_settings import CollectorSettings, GatewaySettings
from qingchuan.service.setting_problems import DEFAULT, ENVIRONMENT, sentences, wrong_together
from qingchuan.service.setting_sources import (
    CONFIG_NAME,
    SettingsError,
    environment_name,
    flat,
    merged,
    nested,
    read_environment,
    read_toml,
)
from qingchuan.service.setting_types import (
    Address,
    Folder,
    Integer,
    Listen,
    Number,
    Secret,
    Section,
    Topic,
    Url,
    read_secret,
)
from qingchuan.service.store_settings import StoreSettings

__all__ = ["Address", "Settings", "SettingsError", "as_environment", "load", "load_with_origins", "read_secret"]

COMMAND_LINE = "command line"

_OPEN = (
    "other machines could reach it, and there is no login; 127.0.0.1 would do, "
    "or --insecure (api.insecure = true) where the network itself is guarded"
)


class BrokerSettings(Section):
    """The MQTT broker: where the demo starts one, and where all else finds it (there, if nothing else is said)."""

    listen: Listen = Field(
        "127.0.0.1:1883", description="host:port with a port from 1 to 65535, such as 127.0.0.1:1883,"
    )
    host: str = Field(
        default_factory=lambda said: Address.parse(said["listen"]).host,
        min_length=1,
        description="the name or address of the broker",
    )
    port: Integer = Field(
        default_factory=lambda said: Address.parse(said["listen"]).port,
        ge=1,
        le=65535,
        description="a port from 1 to 65535",
    )
    username: str | None = Field(None, min_length=1, description="the name that the broker knows us by")
    password_file: Secret | None = Field(None, description="the path of a file with the password")
    tls: bool = Field(default=False, description="true or false")
    ca_file: Secret | None = Field(None, description="the path of a PEM file with the authority's certificate")
    client_id: str = Field("qingchuan", min_length=1, max_length=64, description="a text of 1 to 64 characters")
    keepalive: Integer = Field(60, ge=5, le=3600, description="a whole number of seconds from 5 to 3600")
    prefix: Topic = Field(
        "qingchuan", description="a text without + and #, and without / at its ends, such as qingchuan,"
    )

    def password(self) -> str | None:
        """What `password_file` holds."""
        return read_secret(self.password_file) if self.password_file else None

    @model_validator(mode="after")
    def _complete(self) -> Self:
        if self.password_file and not self.username:
            raise wrong_together(
                "password_file", self.password_file, "a password without a name; set broker.username too"
            )
        if self.ca_file and not self.tls:
            raise wrong_together(
                "ca_file", self.ca_file, "the connection would not be encrypted; set broker.tls = true too"
            )
        return self


class ApiSettings(Section):
    """The pages and the interface for programs."""

    listen: Listen = Field(
        "127.0.0.1:8080", description="host:port with a port from 1 to 65535, such as 127.0.0.1:8080,"
    )
    hosts: tuple[str, ...] = Field((), description='a list of host names, such as ["air.example.cn"],')
    max_body: Integer = Field(65536, ge=1024, le=16777216, description="a whole number of bytes from 1024 to 16777216")
    insecure: bool = Field(default=False, description="true or false")

    @property
    def address(self) -> Address:
        """Where it listens."""
        return Address.parse(self.listen)


class WebhookSettings(Section):
    """An address that notices are posted to."""

    name: str = Field(min_length=1, description="a short text, different for each webhook,")
    url: Url = Field(description="an address that begins with http:// or https://")
    secret_file: Secret | None = Field(None, description="the path of a file with the secret")
    reports: bool = Field(default=False, description="true or false")

    def secret(self) -> str | None:
        """What `secret_file` holds."""
        return read_secret(self.secret_file) if self.secret_file else None


class AlertSettings(Section):
    """Who is told, and about what is still news."""

    notify_within: Number = Field(1, ge=0, le=8784, description="a number of hours from 0 to 8784")
    webhooks: tuple[WebhookSettings, ...] = Field(
        (), description='a list such as [{"name": "duty", "url": "https://…"}]'
    )

    @model_validator(mode="after")
    def _different_names(self) -> Self:
        names = [webhook.name for webhook in self.webhooks]
        if twice := [name for name in names if names.count(name) > 1]:
            raise wrong_together("webhooks", twice[0], "the name of two webhooks; names tell them apart, change one")
        return self


class ScheduleSettings(Section):
    """When what is done by the clock is done."""

    report_after: Number = Field(8, ge=0, le=240, description="a number of hours from 0 to 240")


class BackupSettings(Section):
    """When it is too long since the last backup."""

    warn_after: Integer = Field(7, ge=1, le=366, description="a whole number of days from 1 to 366")


class ClockSettings(Section):
    """The clock of the demo, which may run faster than the real one."""

    speed: Number = Field(1.0, gt=0, le=100000, description="a factor over 0 and up to 100000")
    origin: AwareDatetime | None = Field(None, description="a time with its offset, such as 2026-11-25T08:00:00+08:00,")


class LogSettings(Section):
    """What the service says about its work."""

    level: Literal["debug", "info", "warning", "error"] = Field("info", description="debug, info, warning or error")
    format: Literal["text", "json"] = Field("text", description="text or json")


class Settings(BaseSettings):
    """All settings; frozen, and made by `load` from what was written in one or several places.

    Examples
    --------
    >>> Settings().api.address
    Address(host='127.0.0.1', port=8080)
    """

    model_config = SettingsConfigDict(frozen=True, extra="forbid", validate_default=True)

    data: Folder = Field(Path("qingchuan-data"), description="the path of a folder")
    broker: BrokerSettings = BrokerSettings()
    store: StoreSettings = StoreSettings()
    collector: CollectorSettings = CollectorSettings()
    gateway: GatewaySettings = GatewaySettings()
    api: ApiSettings = ApiSettings()
    alerts: AlertSettings = AlertSettings()
    audit: AuditSettings = AuditSettings()
    schedule: ScheduleSettings = ScheduleSettings()
    backup: BackupSettings = BackupSettings()
    clock: ClockSettings = ClockSettings()
    log: LogSettings = LogSettings()

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],  # noqa: ARG003 - the signature is pydantic's
        init_settings: PydanticBaseSettingsSource,
        *_: PydanticBaseSettingsSource,
        **__: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Only what it is made with: `load` reads the sources, so that nothing else depends on the process."""
        return (init_settings,)

    @model_validator(mode="after")
    def _loopback_only(self) -> Self:
        for key, listen in {"api.listen": self.api.listen, "broker.listen": self.broker.listen}.items():
            if not self.api.insecure and not Address.parse(listen).is_loopback:
                raise wrong_together(key, listen, _OPEN)
        return self


def load(path: Path | None, environ: Mapping[str, str], overrides: Mapping[str, object] | None = None) -> Settings:
    """The settings of this start.

    Parameters
    ----------
    path : Path or None
        The TOML file; if None, the one that ``QINGCHUAN_CONFIG`` names, if any.
    environ : mapping of str to str
        The environment.
    overrides : mapping of str to object, optional
        What the command line gave, by dotted key; None means not given.

    Raises
    ------
    SettingsError
        A line for each thing that is wrong.

    Examples
    --------
    >>> load(None, {"QINGCHUAN_API__LISTEN": "127.0.0.1:8081"}, {"data": "/srv/air"}).api.listen
    '127.0.0.1:8081'
    """
    return load_with_origins(path, environ, overrides)[0]


def load_with_origins(
    path: Path | None, environ: Mapping[str, str], overrides: Mapping[str, object] | None = None
) -> tuple[Settings, dict[str, str]]:
    """The settings, and where each dotted key was written; see `load`."""
    path = path or (Path(environ[CONFIG_NAME]) if environ.get(CONFIG_NAME) else None)
    sources: dict[str, dict[str, Any]] = {str(path): read_toml(path)} if path else {}
    sources[ENVIRONMENT] = read_environment(Settings, environ)
    sources[COMMAND_LINE] = nested(overrides or {})
    values: dict[str, Any] = {}
    origins: dict[str, str] = {}
    for origin, tables in sources.items():
        values = merged(values, tables)
        origins |= dict.fromkeys(flat(tables), origin)
    try:
        settings = Settings(**values)
    except ValidationError as error:
        raise SettingsError(*sentences(error, Settings, origins)) from error
    return settings, dict.fromkeys(flat(settings.model_dump()), DEFAULT) | origins


def as_environment(path: Path | None, overrides: Mapping[str, object]) -> dict[str, str]:
    """Environment variables by which a child process comes to the same settings, beside those it inherits.

    Examples
    --------
    >>> as_environment(None, {"api.insecure": True, "clock.speed": None})
    {'QINGCHUAN_API__INSECURE': 'true'}
    """
    named = {} if path is None else {CONFIG_NAME: str(path.absolute())}
    given = {key: value for key, value in overrides.items() if value is not None}
    return named | {environment_name(key): _text(value) for key, value in given.items()}


def _text(value: object) -> str:
    return json.dumps(value) if isinstance(value, (bool, list, tuple)) else str(value)
