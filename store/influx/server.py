"""The InfluxDB server: its address, whether it is one that can serve, points to it and answers from it."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from http import HTTPStatus
from pathlib import Path
from typing import Any, NamedTuple

import structlog
from influxdb_client.client.influxdb_client import InfluxDBClient
from influxdb_client.rest import ApiException

from qingchuan.store.influx import answers, queries
from qingchuan.store.influx.errors import RefusedError, UnfitServerError
from qingchuan.store.influx.retrying import said, with_retries

_LINES = 10_000
"""So many points are sent at once."""
_MILLISECONDS = 1000
_EXPIRED = "outside retention policy"
_MISSING = {
    "1": "it has no organisations, buckets and tokens; InfluxDB 2.7 or later has, and takes over its data",
    "3": "it has no buckets API, answers nothing in MessagePack, and limits how many files a query may touch; "
    "InfluxDB 2.7 or later would do",
}
"""Versions that cannot serve, and what they lack."""

_log = structlog.get_logger("store")


@dataclass(frozen=True)
class InfluxPlace:
    """Where the points lie.

    Attributes
    ----------
    url : str
    org, bucket : str
    token : str
        May read and write the bucket.
    ca_file : Path or None
        The authority of the server's certificate, where it is not one that the system knows.
    connect, read, query : float
        How long to wait for a connection, for the answer to a write, and for that to a query. [s]
    """

    url: str
    org: str
    bucket: str
    token: str = field(repr=False)
    ca_file: Path | None = None
    connect: float = 3.0
    read: float = 15.0
    query: float = 60.0


class Bucket(NamedTuple):
    """A bucket of the server.

    Attributes
    ----------
    id : str
    keeps : int
        How long it keeps its points; 0 is for ever. [s]
    """

    id: str
    keeps: int


class InfluxServer:
    """A connection to the server; several threads may use it.

    Parameters
    ----------
    place : InfluxPlace
    sleep : callable
        Waits so many seconds.
    """

    def __init__(self, place: InfluxPlace, sleep: Callable[[float], object] = time.sleep) -> None:
        self.place = place
        self._sleep = sleep
        authority = str(place.ca_file) if place.ca_file else None
        self._client: Any = InfluxDBClient(place.url, place.token, org=place.org, ssl_ca_cert=authority)
        self._database, _, self._retention = place.bucket.partition("/")

    def write(self, lines: Sequence[str]) -> None:
        """Write points; they are on the server's disk when this returns.

        Raises
        ------
        ServerAwayError
            The server cannot take them now; some may be there.
        RefusedError
            It does not take them; the reason names what it dropped.
        """
        for first in range(0, len(lines), _LINES):
            self._write(lines[first : first + _LINES])

    def query(self, statements: Sequence[str]) -> list[answers.Series]:
        """The series that queries in InfluxQL find.

        Raises
        ------
        ServerAwayError
            The server cannot answer now.
        RefusedError
            It does not answer.
        """
        asked = {"db": self._database, "epoch": "s"} | ({"rp": self._retention} if self._retention else {})
        headers = {"Content-Type": "application/vnd.influxql", "Accept": "application/x-msgpack"}
        body = "; ".join(statements).encode()
        answer = self._call("POST", "/query", asked, headers, body, self.place.query)
        try:
            return answers.decode(answer.data)
        except answers.QueryError as error:
            raise RefusedError(f"InfluxDB at {self.place.url} does not answer a query: {error}") from error

    def version(self) -> str:
        """Version of the server.

        Raises
        ------
        UnfitServerError
            It is none that can serve; says what it lacks.
        """
        headers = self._call("GET", "/ping", {}, {}, None, self.place.read).headers
        version = str(headers.get("X-Influxdb-Version", "")).removeprefix("v")
        if not version:
            raise UnfitServerError(f"{self.place.url} names no version; an InfluxDB 2 does (store.url)")
        lacks = _MISSING.get(version.partition(".")[0])
        if lacks:
            raise UnfitServerError(f"{self.place.url} is InfluxDB {version}; {lacks} (store.url)")
        return version

    def bucket(self) -> Bucket:
        """The bucket.

        Raises
        ------
        RefusedError
            There is none of that name that the token may see.
        """
        place = self.place
        api = self._client.buckets_api()
        try:
            found = with_retries(
                lambda: api.find_buckets(org=place.org, name=place.bucket).buckets, place.url, self._sleep
            )
        except RefusedError as error:
            if _refusal(error)[0] != HTTPStatus.NOT_FOUND:
                raise
            found = []
        if not found:
            raise RefusedError(
                f"InfluxDB at {place.url} has no bucket {place.bucket!r} of {place.org!r} that the token may read; "
                "qingchuan influxdb-setup makes it (store.bucket, store.org, store.token_file)"
            )
        return Bucket(str(found[0].id), sum(rule.every_seconds for rule in found[0].retention_rules))

    def check_empty(self) -> None:
        """Make sure that the bucket holds no point, before a store begins in it.

        Raises
        ------
        UnfitServerError
            It does: of another data directory, or of this one as it was before.
        """
        if self.query([queries.ANY]):
            raise UnfitServerError(
                f"bucket {self.place.bucket!r} holds points that the ledger, which is new, knows nothing of: those of "
                "another data directory would be overwritten, and older ones of this one would stay beside what is "
                "made again. Give another one (store.bucket), or remove them: qingchuan influxdb-setup --empty"
            )

    def close(self) -> None:
        """Close the connections."""
        self._client.close()

    def _write(self, lines: Sequence[str]) -> None:
        place = self.place
        asked = {"org": place.org, "bucket": place.bucket, "precision": "s"}
        headers = {"Content-Type": "text/plain; charset=utf-8"}
        try:
            self._call("POST", "/api/v2/write", asked, headers, "\n".join(lines).encode(), place.read)
        except RefusedError as error:
            status, reason = _refusal(error)
            if status == HTTPStatus.REQUEST_ENTITY_TOO_LARGE and len(lines) > 1:  # mostly a proxy says so
                half = len(lines) // 2
                self._write(lines[:half])
                self._write(lines[half:])
            elif status == HTTPStatus.UNPROCESSABLE_ENTITY and _EXPIRED in reason:
                _log.warning("points older than the bucket keeps them", reason=reason, settings="store.retention_days")
            else:
                raise

    def _call(
        self,
        method: str,
        path: str,
        asked: dict[str, str],
        headers: dict[str, str],
        body: bytes | None,
        patience: float,
    ) -> Any:  # noqa: ANN401 - a response of urllib3, of which the client tells no type
        timeout = (self.place.connect * _MILLISECONDS, patience * _MILLISECONDS)

        def request() -> Any:  # noqa: ANN401 - the same
            answer = self._client.api_client.call_api(
                path,
                method,
                query_params=list(asked.items()),
                header_params=dict(headers),
                body=body,
                _return_http_data_only=True,
                _preload_content=False,
                _request_timeout=timeout,
            )
            _ = answer.data  # read to its end, so that a connection that breaks on the way is one that is tried again
            return answer

        return with_retries(request, self.place.url, self._sleep)


def _refusal(error: RefusedError) -> tuple[int, str]:
    """Status and reason of a refusal."""
    cause = error.__cause__
    return (cause.status, said(cause)) if isinstance(cause, ApiException) else (0, "")
