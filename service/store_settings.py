"""The settings of the observation store: a file of ours, or a bucket of an InfluxDB 2 server."""

from __future__ import annotations

from typing import Literal, Self

from pydantic import Field, SecretStr, model_validator

from qingchuan.service.setting_problems import wrong_together
from qingchuan.service.setting_types import Integer, Secret, Section, Url, read_secret


class StoreSettings(Section):
    """Where observations are kept; the journal has all of them whatever this says."""

    kind: Literal["embedded", "influxdb"] = Field("embedded", description="embedded or influxdb")
    url: Url = Field("http://127.0.0.1:8086", description="an address that begins with http:// or https://")
    org: str = Field("qingchuan", min_length=1, description="the name of an organisation of InfluxDB")
    bucket: str = Field("qingchuan", min_length=1, description="the name of a bucket of InfluxDB")
    token: SecretStr | None = Field(None, description="a token of InfluxDB; only in the environment")
    token_file: Secret | None = Field(None, description="the path of a file with the token")
    ca_file: Secret | None = Field(None, description="the path of a PEM file with the authority's certificate")
    retention_days: Integer = Field(0, ge=0, le=36600, description="a whole number of days from 0 to 36600")

    def secret(self) -> str:
        """The token that the settings or the file have; empty where there is none."""
        if self.token is not None:
            return self.token.get_secret_value()
        return read_secret(self.token_file) if self.token_file else ""

    @model_validator(mode="after")
    def _complete(self) -> Self:
        if self.token is not None and self.token_file is not None:
            raise wrong_together("token_file", self.token_file, "a token is given too; leave one of them out")
        if self.kind == "influxdb" and self.token is None and self.token_file is None:
            raise wrong_together(
                "kind",
                self.kind,
                "InfluxDB asks for a token; `qingchuan influxdb-setup` makes one for store.token_file",
            )
        return self
