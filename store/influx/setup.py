"""Making what the store needs on a server: organisation, bucket with its retention, and a token for it alone."""

from __future__ import annotations

from http import HTTPStatus
from pathlib import Path
from typing import Any

from influxdb_client.client.influxdb_client import InfluxDBClient
from influxdb_client.domain.authorization import Authorization
from influxdb_client.domain.bucket_retention_rules import BucketRetentionRules
from influxdb_client.domain.permission import Permission
from influxdb_client.domain.permission_resource import PermissionResource
from influxdb_client.rest import ApiException
from urllib3.exceptions import HTTPError

from qingchuan.store.influx.errors import RefusedError, ServerAwayError
from qingchuan.store.influx.retrying import check_trusted, said

_DAY = 86400
_SHARD_DAYS = 30
"""Points of so many days lie together: hours and readings are few, and a year is read from few files."""
_LEAST_DAYS = 60
"""Of a bucket that keeps its points for less, InfluxDB decides itself how many lie together."""
_DESCRIPTION = "Qingchuan: reads and writes the bucket of its observations, nothing else"


def is_new(url: str, *, ca_file: Path | None = None) -> bool:
    """Whether the server at `url` has never been set up, so that anyone may."""
    with _client(url, "", ca_file=ca_file) as client:
        return bool(_call(client, "GET", "/api/v2/setup", None)["allowed"])


def set_up(url: str, org: str, bucket: str, username: str, password: str, *, ca_file: Path | None = None) -> str:
    """The token of the first user, who may do everything, of a server that has never been set up."""
    asked = {"username": username, "password": password, "org": org, "bucket": bucket}
    with _client(url, "", ca_file=ca_file) as client:
        return str(_call(client, "POST", "/api/v2/setup", asked)["auth"]["token"])


def provide(
    url: str, token: str, org: str, bucket: str, retention_days: int = 0, *, ca_file: Path | None = None
) -> str:
    """A token that may read and write `bucket` and nothing else; organisation and bucket are made where absent.

    Parameters
    ----------
    url : str
    token : str
        Of somebody who may make them.
    org, bucket : str
    retention_days : int
        How long the bucket keeps its points; 0 is for ever. [d]
    ca_file : Path or None
        The authority of the server's certificate, where it is not one that the system knows.

    Raises
    ------
    ServerAwayError, RefusedError, UntrustedError
        The server does not do it.
    """
    client = _client(url, token, org, ca_file)
    try:
        owner = _organisation(client, org)
        place = _bucket(client, owner, bucket, retention_days)
        wanted = Authorization(  # type: ignore[no-untyped-call]  # the client has no types
            org_id=owner, permissions=_both(owner, place), description=_DESCRIPTION
        )
        return str(client.authorizations_api().create_authorization(authorization=wanted).token)
    except ApiException as error:
        check_trusted(error, url)
        raise RefusedError(f"InfluxDB at {url} refuses with {error.status}: {said(error)}") from error
    except HTTPError as error:
        raise ServerAwayError(f"InfluxDB at {url} does not answer ({error}); is it there?") from error
    finally:
        client.close()


def remove(url: str, token: str, org: str, bucket: str, *, ca_file: Path | None = None) -> None:
    """Remove `bucket` with all its points, if it is there.

    Raises
    ------
    ServerAwayError, RefusedError, UntrustedError
        The server does not do it.
    """
    client = _client(url, token, org, ca_file)
    api = client.buckets_api()
    try:
        for found in api.find_buckets(org=org, name=bucket).buckets:
            api.delete_bucket(found)
    except ApiException as error:
        check_trusted(error, url)
        if error.status != HTTPStatus.NOT_FOUND:
            raise RefusedError(f"InfluxDB at {url} refuses with {error.status}: {said(error)}") from error
    except HTTPError as error:
        raise ServerAwayError(f"InfluxDB at {url} does not answer ({error}); is it there?") from error
    finally:
        client.close()


def _client(url: str, token: str, org: str = "", ca_file: Path | None = None) -> Any:  # noqa: ANN401 - the client has no types
    return InfluxDBClient(url, token, org=org, ssl_ca_cert=str(ca_file) if ca_file else None)


def _organisation(client: Any, org: str) -> str:  # noqa: ANN401 - the client tells no types
    api = client.organizations_api()
    found = [one for one in api.find_organizations() if one.name == org]
    return str(found[0].id if found else api.create_organization(name=org).id)


def _bucket(client: Any, owner: str, bucket: str, retention_days: int) -> str:  # noqa: ANN401 - the same
    api = client.buckets_api()
    rules = _rules(retention_days)
    try:
        found = api.find_buckets(org_id=owner, name=bucket).buckets[0]
    except ApiException as error:
        if error.status != HTTPStatus.NOT_FOUND:
            raise
        return str(api.create_bucket(bucket_name=bucket, org=owner, retention_rules=rules).id)
    found.retention_rules = [rules]
    return str(api.update_bucket(found).id)


def _rules(retention_days: int) -> Any:  # noqa: ANN401 - the same
    days = _SHARD_DAYS if retention_days == 0 or retention_days >= _LEAST_DAYS else None
    return BucketRetentionRules(  # type: ignore[no-untyped-call]  # the client has no types
        type="expire",
        every_seconds=retention_days * _DAY,
        shard_group_duration_seconds=days * _DAY if days else None,
    )


def _both(owner: str, place: str) -> list[Any]:
    resource = PermissionResource(type="buckets", id=place, org_id=owner)  # type: ignore[no-untyped-call]  # the same
    return [
        Permission(action=action, resource=resource)  # type: ignore[no-untyped-call]  # the client has no types
        for action in ("read", "write")
    ]


def _call(client: Any, method: str, path: str, body: dict[str, str] | None) -> Any:  # noqa: ANN401 - the same
    try:
        return client.api_client.call_api(path, method, body=body, response_type="object", _return_http_data_only=True)
    except ApiException as error:
        check_trusted(error, client.url)
        raise RefusedError(f"InfluxDB at {client.url} refuses with {error.status}: {said(error)}") from error
    except HTTPError as error:
        raise ServerAwayError(f"InfluxDB at {client.url} does not answer ({error}); is it there?") from error
