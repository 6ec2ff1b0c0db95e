"""The webhook against a real HTTP server on this machine."""

from __future__ import annotations

import hashlib
import hmac
import json
import socket
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Event, Thread
from time import monotonic
from typing import Any

import pytest

from qingchuan import __version__
from qingchuan.alerts.notifiers import DeliveryError
from qingchuan.alerts.notifiers.webhook import Webhook

BODY: dict[str, Any] = {"notice": 17, "title": {"zh": "大闸：劣Ⅴ类", "en": "Dazha"}, "possibly_repeated": False}


class Handler(BaseHTTPRequestHandler):
    """Keeps what it is sent and answers what the test wants."""

    server: Receiver

    def do_POST(self) -> None:
        """Answer one notice."""
        content = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.requests.append((self.path, dict(self.headers), content))
        self.send_response(self.server.status)
        self.send_header("Location", "/elsewhere")
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Keep quiet."""


class Receiver(HTTPServer):
    """A server whose next answers have `status`."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.status = 200
        self.requests: list[tuple[str, dict[str, str], bytes]] = []

    @property
    def url(self) -> str:
        """Where it listens."""
        return f"http://127.0.0.1:{self.server_port}/alerts?token=s3cret"


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    """A server in a thread of its own."""
    with Receiver() as server:
        thread = Thread(target=server.serve_forever, args=(0.01,), name="receiver")
        thread.start()
        yield server
        server.shutdown()
        thread.join()


def error_of(webhook: Webhook) -> DeliveryError:
    """The error of a delivery that fails."""
    with pytest.raises(DeliveryError) as refused:
        webhook.send(BODY)
    return refused.value


def test_a_notice_is_posted_as_json(receiver: Receiver) -> None:
    """Chinese as UTF-8, with type, sender and the notice's number as idempotency key."""
    Webhook(receiver.url).send(BODY)
    ((path, headers, content),) = receiver.requests
    assert (path, json.loads(content)) == ("/alerts?token=s3cret", BODY)
    assert headers["Content-Type"] == "application/json; charset=utf-8"
    assert headers["User-Agent"] == f"qingchuan/{__version__}"
    assert headers["Idempotency-Key"] == "17"
    assert "X-Qingchuan-Signature" not in headers


def test_a_secret_signs_the_body(receiver: Receiver) -> None:
    """HMAC-SHA256 over the bytes that were sent."""
    Webhook(receiver.url, "钥匙").send(BODY)
    ((_, headers, content),) = receiver.requests
    digest = hmac.new("钥匙".encode(), content, hashlib.sha256).hexdigest()
    assert headers["X-Qingchuan-Signature"] == f"sha256={digest}"


@pytest.mark.parametrize("status", [200, 201, 204, 299])
def test_any_success_takes_the_notice(receiver: Receiver, status: int) -> None:
    """What the answer holds is the other side's affair."""
    receiver.status = status
    Webhook(receiver.url).send(BODY)


@pytest.mark.parametrize(
    ("status", "permanent"),
    [(301, True), (400, True), (404, True), (499, True), (408, False), (429, False), (500, False), (503, False)],
)
def test_a_refusal_is_permanent_where_trying_again_is_of_no_use(
    receiver: Receiver, status: int, *, permanent: bool
) -> None:
    """The request as such is refused, or only now."""
    receiver.status = status
    error = error_of(Webhook(receiver.url))
    assert (error.permanent, error.arrived) == (permanent, True)
    assert str(error).startswith(f"127.0.0.1 answers {status}")


def test_redirects_are_not_followed(receiver: Receiver) -> None:
    """One request; the message says what would do."""
    receiver.status = 302
    assert "set url to where it leads" in str(error_of(Webhook(receiver.url)))
    assert len(receiver.requests) == 1


def test_an_error_names_the_host_and_no_secret(receiver: Receiver) -> None:
    """The URL may hold a token."""
    receiver.status = 500
    assert "s3cret" not in str(error_of(Webhook(receiver.url)))


def test_a_refused_connection_is_worth_another_try(free_port: int) -> None:
    """Nothing listens: it cannot have arrived."""
    error = error_of(Webhook(f"http://127.0.0.1:{free_port}/"))
    assert (error.permanent, error.arrived) == (False, False)


def test_silence_ends_with_the_timeout() -> None:
    """The other side takes the connection and says nothing: it may have the notice."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        error = error_of(Webhook(f"http://127.0.0.1:{server.getsockname()[1]}/", timeout=0.05))
    assert (error.permanent, error.arrived) == (False, True)


@pytest.mark.parametrize("begin", [b"HTTP/1.1 2", b"HTTP/1.1 200 OK\r\nX-Slow: ", b"HTTP/1.1 100 Continue\r\n\r\nHTTP"])
def test_an_answer_that_drips_ends_with_the_timeout(begin: bytes) -> None:
    """Each byte comes in time; the answer as a whole does not."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        thread = Thread(target=_drip, args=(server, begin), name="slow")
        thread.start()
        error = error_of(Webhook(f"http://127.0.0.1:{server.getsockname()[1]}/", timeout=0.1))
        thread.join()
    assert (error.permanent, error.arrived, "TimeoutError" in str(error)) == (False, True, True)


def _drip(server: socket.socket, begin: bytes) -> None:
    """Answer one request with `begin` and then a byte every hundredth of a second, for a second or until it is gone."""
    connection, _ = server.accept()
    gone = Event()
    with connection:
        connection.recv(65536)
        connection.sendall(begin)
        for _ in range(100):
            try:
                connection.sendall(b"0")
            except OSError:
                gone.set()
            if gone.wait(0.01):
                return
        connection.sendall(b"\r\n\r\n")


def test_a_handshake_that_does_not_come_ends_with_the_timeout() -> None:
    """Whoever listens speaks no TLS: the notice was not sent."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        error = error_of(Webhook(f"https://127.0.0.1:{server.getsockname()[1]}/", timeout=0.05))
    assert (error.permanent, error.arrived) == (False, False)


def test_the_addresses_of_a_host_share_the_timeout(monkeypatch: pytest.MonkeyPatch, receiver: Receiver) -> None:
    """The first is dead, the second answers."""
    with socket.create_server(("127.0.0.1", 0), backlog=0) as full, socket.create_connection(full.getsockname()):
        dead, alive = full.getsockname(), receiver.server_address
        found = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", address) for address in (dead, alive)]
        resolve = socket.getaddrinfo
        monkeypatch.setattr(
            socket,
            "getaddrinfo",
            lambda host, *rest, **more: found if host == "twice" else resolve(host, *rest, **more),
        )
        begun = monotonic()
        Webhook("http://twice/", timeout=1).send(BODY)
    assert monotonic() - begun < 1
    assert [headers["Host"] for _, headers, _ in receiver.requests] == ["twice"]


def test_an_answer_that_is_no_http_is_worth_another_try() -> None:
    """Something else listens there."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        thread = Thread(target=_answer, args=(server, b"SSH-2.0-OpenSSH\r\n"), name="other")
        thread.start()
        error = error_of(Webhook(f"http://127.0.0.1:{server.getsockname()[1]}/", timeout=5))
        thread.join()
    assert (error.permanent, error.arrived) == (False, True)


def _answer(server: socket.socket, answer: bytes) -> None:
    connection, _ = server.accept()
    with connection:
        connection.recv(65536)
        connection.sendall(answer)


@pytest.mark.parametrize(
    "url",
    [
        "ftp://example.org/",
        "example.org/alerts",
        "http:///alerts",
        "http://a:b@example.org/",
        "http://example.org/a b",
        "http://example.org/告警",
    ],
)
def test_a_url_that_cannot_work_is_refused_at_once(url: str) -> None:
    """Before the first alert needs it, and without a secret in the message."""
    with pytest.raises(ValueError, match="url of a webhook has the scheme") as refused:
        Webhook(url)
    assert "a:b" not in str(refused.value)
