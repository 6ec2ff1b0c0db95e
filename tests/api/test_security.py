"""The name a request was sent to, the size of its body, and the headers of answers."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator

import httpx
import pytest

from qingchuan.store.observations import Counts
from tests.api.serving import serving
from tests.api.world import World

LARGEST = 1000


@pytest.mark.parametrize(
    "host", ["localhost", "LOCALHOST:8080", "127.0.0.1:1", "[::1]", "[::1]:8080", "air.example:443"]
)
def test_loopback_and_configured_names_are_taken(client: httpx.Client, host: str) -> None:
    """With any port and in any case."""
    assert client.get("/healthz", headers={"host": host}).status_code == 200


@pytest.mark.parametrize(
    "host", ["evil.example", "192.168.1.5", "localhost.evil.example", "127.0.0.1.evil.example", ""]
)
def test_any_other_name_is_refused(client: httpx.Client, host: str) -> None:
    """So that a page elsewhere cannot read through a browser here."""
    answer = client.get("/healthz", headers={"host": host})
    assert answer.status_code == 400
    assert answer.headers["content-type"] == "application/problem+json"
    assert "localhost" in answer.json()["detail"]


def test_beyond_loopback_any_address_is_taken_but_no_name(world: World) -> None:
    """Rebinding needs a name."""
    with serving(dataclasses.replace(world.services, insecure=True)) as client:
        assert client.get("/healthz", headers={"host": "192.168.1.5:8080"}).status_code == 200
        assert client.get("/healthz", headers={"host": "evil.example"}).status_code == 400


@pytest.mark.parametrize(("size", "status"), [(LARGEST, 405), (LARGEST + 1, 413)])
def test_a_body_that_is_too_large_is_refused(client: httpx.Client, size: int, status: int) -> None:
    """No route takes one; up to the limit that is what is said."""
    assert client.post("/healthz", content=bytes(size)).status_code == status


@pytest.mark.parametrize(("size", "status"), [(LARGEST, 405), (LARGEST + 1, 413)])
def test_a_body_in_chunks_is_measured_as_it_comes(client: httpx.Client, size: int, status: int) -> None:
    """Nobody told its length."""

    def chunks() -> Iterator[bytes]:
        yield bytes(size - 1)
        yield bytes(1)

    answer = client.post("/healthz", content=chunks())
    assert answer.status_code == status
    assert status == 405 or answer.json()["detail"].startswith("the body has more than 1000 bytes;")


@pytest.mark.parametrize("url", ["/healthz", "/api/v1/nothing", "/api/v1/air/live", "/static/live.css"])
def test_every_answer_has_the_headers_that_keep_a_page_at_home(client: httpx.Client, url: str) -> None:
    """Problems too."""
    headers = client.get(url).headers
    assert headers["content-security-policy"].startswith("default-src 'self';")
    assert (headers["x-content-type-options"], headers["referrer-policy"]) == ("nosniff", "no-referrer")
    assert headers["x-frame-options"] == "DENY"


class _Failing:
    """Counts nothing."""

    def in_all(self) -> Counts:
        """Fails."""
        raise RuntimeError("a secret")

    def by_subject(self) -> dict[str, Counts] | None:
        """Nothing."""

    def lags(self) -> dict[str, int]:
        """Nothing."""
        return {}


def test_a_failure_is_a_problem_with_the_same_headers(world: World) -> None:
    """It says where to look, and nothing of what is inside."""
    with serving(dataclasses.replace(world.services, counting=_Failing())) as client:
        answer = client.get("/api/v1/collector")
    assert (answer.status_code, answer.headers["content-type"]) == (500, "application/problem+json")
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert "its log says more" in answer.json()["detail"]
    assert "a secret" not in answer.text
