"""The server as it answers, recorded from InfluxDB 2.9.1: what is tried again, what is not, and what is said of it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from contextlib import closing

import pytest
from structlog.testing import capture_logs

from qingchuan.store.influx.errors import RefusedError, ServerAwayError, UnfitServerError
from qingchuan.store.influx.server import InfluxPlace, InfluxServer
from tests.support.influx_replies import Replies, Reply, error, recorded
from tests.support.ports import unused_port

WRITTEN = recorded("written")
LINES = ["observations,origin=reported,period=hour,subject=1235A seq=1i 0"]


def write(*replies: Reply, lines: Sequence[str] = LINES) -> tuple[Replies, list[float]]:
    """What a server that gives `replies` was asked when `lines` were written, and the pauses between."""
    pauses: list[float] = []
    with Replies(*replies) as server, closing(InfluxServer(place(server.url), pauses.append)) as client:
        client.write(lines)
    return server, pauses


def place(url: str) -> InfluxPlace:
    """A bucket of the server at `url`."""
    return InfluxPlace(url, "qingchuan", "observations", "secret-token", connect=1, read=2, query=2)


def test_lines_are_written_with_the_token_to_the_bucket() -> None:
    """Times are in seconds."""
    server, pauses = write(WRITTEN)
    [asked] = server.asked
    assert (asked.method, asked.path) == (
        "POST",
        "/api/v2/write?org=qingchuan&bucket=observations&precision=s",
    )
    assert asked.headers["Authorization"] == "Token secret-token"
    assert asked.body == LINES[0].encode()
    assert pauses == []


@pytest.mark.parametrize("status", [408, 429, 500, 502, 503, 504])
def test_a_server_that_cannot_now_is_asked_again(status: int) -> None:
    """Twice, with a pause that grows; nothing is lost by writing a point twice."""
    server, pauses = write(error(status), error(status), WRITTEN)
    assert [asked.body for asked in server.asked] == [LINES[0].encode()] * 3
    assert pauses == [0.2, 0.8]


@pytest.mark.parametrize("status", [429, 503])
def test_a_server_that_says_when_is_asked_then(status: int) -> None:
    """A date instead of seconds is not waited for."""
    date = "Wed, 25 Nov 2026 10:00:00 GMT"
    assert write(error(status, Retry_After="1"), error(status, Retry_After=date), WRITTEN)[1] == [1.0, 0.8]


def test_a_server_that_wants_to_be_left_alone_for_long_is_away() -> None:
    """What arrives is acknowledged meanwhile, which waiting here would delay."""
    with pytest.raises(ServerAwayError, match=r"answers 429, and again after 30 s: too many requests"):
        write(error(429, "too many requests", Retry_After="30"))


def test_a_server_that_stays_busy_is_away() -> None:
    """Its own word is told."""
    with pytest.raises(ServerAwayError, match=r"InfluxDB at http://127.0.0.1:\d+ answers 503: compacting"):
        write(*[error(503, "compacting")] * 3)


def test_a_server_that_is_not_there_is_away() -> None:
    """No token is told, but where to look."""
    nobody = f"http://127.0.0.1:{unused_port()}"
    with (
        closing(InfluxServer(place(nobody), lambda _: None)) as client,
        pytest.raises(ServerAwayError, match=r"does not answer .*store\.url") as told,
    ):
        client.write(LINES)
    assert "secret" not in str(told.value) + repr(client.place)


def test_an_answer_that_breaks_off_is_asked_for_again() -> None:
    """Half of it is never taken for the whole."""
    whole = recorded("select")
    half = whole._replace(body=whole.body[:100], cut=True)
    with Replies(half, whole) as server, closing(InfluxServer(place(server.url), lambda _: None)) as client:
        assert len(client.query(["SELECT"])) == 3
    assert len(server.asked) == 2


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("no token", r"refuses with 401: unauthorized access; is the token right\? \(store.token_file\)"),
        ("other bucket's token", r"refuses with 403: insufficient permissions for write; may the token read and write"),
        ("no such bucket", r"refuses with 404: bucket \"nothing\" not found; are organisation and bucket there\?"),
        ("no line", r"refuses with 400: unable to parse 'observations pm25= 0': missing field value"),
        ("other type", r"partial write: field type conflict: input field \"pm25\" .* dropped=1"),
    ],
)
def test_a_refusal_is_not_asked_for_again_and_names_what_it_is_about(name: str, says: str) -> None:
    """A partial write names how many points were dropped, and why."""
    with pytest.raises(RefusedError, match=says):
        write(recorded(name))


def test_points_that_the_bucket_is_not_to_keep_are_no_failure() -> None:
    """All others of the batch are there; the log says what was dropped."""
    with capture_logs() as logs:
        write(recorded("too old"))
    assert [(log["log_level"], "dropped 1 points" in log["reason"]) for log in logs] == [("warning", True)]


def test_a_body_that_is_too_large_for_a_proxy_is_sent_in_halves() -> None:
    """Down to a single point, which is then refused."""
    lines = ["a v=1 0", "b v=1 0", "c v=1 0"]
    server, _ = write(error(413), WRITTEN, error(413), WRITTEN, WRITTEN, lines=lines)
    assert [asked.body for asked in server.asked][1:] == [b"a v=1 0", b"b v=1 0\nc v=1 0", b"b v=1 0", b"c v=1 0"]
    with pytest.raises(RefusedError, match="413"):
        write(error(413))


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("bad query", r"refuses with 400: failed to parse query"),
        ("no database", r"does not answer a query: database not found: elsewhere"),
        ("not readable", r"does not answer a query: database not found: observations"),
        ("health", r"does not answer a query: the answer begins with b'\{\"name\""),
    ],
)
def test_a_query_that_is_not_answered_says_why(name: str, says: str) -> None:
    """Also where the server says it within an answer."""
    with (
        Replies(recorded(name)) as server,
        closing(InfluxServer(place(server.url))) as client,
        pytest.raises(RefusedError, match=says),
    ):
        client.query(["SELECT"])


@pytest.mark.parametrize(
    ("version", "says"),
    [
        ("1.8.10", r"is InfluxDB 1.8.10; it has no organisations, buckets and tokens"),
        ("3.10.0", r"is InfluxDB 3.10.0; it has no buckets API, answers nothing in MessagePack"),
        ("", r"names no version; an InfluxDB 2 does \(store.url\)"),
    ],
)
def test_a_server_that_cannot_serve_is_refused_with_what_it_lacks(version: str, says: str) -> None:
    """1.x and 3.x understand parts of the same interface."""
    reply = Reply(200, {"X-Influxdb-Version": version} if version else {})
    with (
        Replies(reply) as server,
        closing(InfluxServer(place(server.url))) as client,
        pytest.raises(UnfitServerError, match=says),
    ):
        client.version()


def test_an_influxdb_2_can_serve() -> None:
    """It names its version, and its bucket."""
    with (
        Replies(recorded("ping"), recorded("bucket")) as server,
        closing(InfluxServer(place(server.url))) as client,
    ):
        assert client.version() == "2.9.1"
        found = client.bucket()
        assert re.fullmatch(r"[0-9a-f]{16}", found.id)
        assert found.keeps == 0


def test_a_bucket_that_is_not_there_is_said_to_be_made_how() -> None:
    """Whoever reads that can act on it."""
    with (
        Replies(recorded("no bucket")) as server,
        closing(InfluxServer(place(server.url))) as client,
        pytest.raises(RefusedError, match=r"has no bucket 'observations' of 'qingchuan'.*influxdb-setup"),
    ):
        client.bucket()
